import { ConfigMapDocument, readAuthzConfig } from './authz-document';
import { withoutAddress } from './other-document';
import { ManifestDocument, placesIn, ReadContext, Reading } from './plan';
import { DocumentCheck } from './source-document';
import { credentialsIn } from '../api/backend-credentials';
import { clusterMcpServer, mcpServer, ServerValue } from '../api/mcp-server';
import { issuerSettings, IssuerValue, missingSettings, OidcConfigValue, OidcForm } from '../api/oidc';
import { PermissionProfileValue } from '../api/permission-profile';
import { errorKind, InputCheck, within } from '../model/findings';
import { PermissionProfile } from '../permissions/permission-profile';
import { BackendCredential } from '../server/backend-credential';
import { ClusterMcpServer } from '../server/cluster-mcp-server';
import { McpServer } from '../server/mcp-server';
import { OidcConfig } from '../server/oidc-config';
import { checkStatement, checkTools, longestSuffix } from '../server/server-checks';
import { ServerStatement } from '../server/server-statement';
import { McpServerSource } from '../server/source';
import { McpTransport } from '../server/source-config';
import { McpServerTls } from '../server/source-options';
import { checkName, checkNamespace } from '../synthesis/placement';
import { Json } from '../values/json';
import { Path } from '../values/paths';
import { compareText } from '../values/text';

const OIDC_WITHOUT_ISSUER = errorKind(
  'oidc-without-issuer',
  'names no issuer, so that anyone could call',
  'Add inline, kubernetes or configMap, or remove it',
);
const OIDC_CONFIG_MAP_UNKNOWN = errorKind(
  'oidc-config-map-unknown',
  'there is no ConfigMap {configMap} in the manifest, {others}, so its issuer is not known',
  'Add the ConfigMap with its namespace to the manifest (with otherKinds: OtherKinds.PASS_THROUGH), or write the issuer in inline',
);

/** Stands for an issuer that cannot be read, so that the other options are checked in the same run. It is never emitted. */
const UNREADABLE_ISSUER = OidcConfig._of('inline', {
  issuer: 'https://unreadable',
  audiences: ['unreadable'],
  jwksUri: 'https://unreadable/keys',
});

/** Whose tokens a server takes whose pods are in a namespace, by the field of its document and its value. */
function readOidcConfig(
  json: Json | undefined,
  value: OidcConfigValue | undefined,
  check: DocumentCheck,
  namespace: string | undefined,
  { configMaps }: Pick<ReadContext, 'configMaps'>,
): OidcConfig | undefined {
  if (json === undefined || value === undefined) {
    return undefined;
  }
  const { configMap, inline, kubernetes } = value;
  const given = Object.keys(json).length;
  check.report(OIDC_WITHOUT_ISSUER, ['spec', 'oidcConfig'], json, given === 0);
  const read =
    given !== 1
      ? undefined
      : configMap !== undefined
        ? issuerOfConfigMap(configMap, check, namespace, configMaps)
        : inline !== undefined
          ? complete('inline', inline)
          : kubernetes && complete('kubernetes', kubernetes);
  return read ?? UNREADABLE_ISSUER;
}

/** An issuer by which tokens can be verified; undefined where what that takes is missing, which is reported already. */
function complete(form: OidcForm, value: IssuerValue): OidcConfig | undefined {
  return missingSettings(issuerSettings(value), form).length > 0 ? undefined : OidcConfig._of(form, value);
}

function issuerOfConfigMap(
  { name, key }: NonNullable<OidcConfigValue['configMap']>,
  check: DocumentCheck,
  namespace: string | undefined,
  configMaps: readonly ConfigMapDocument[],
): OidcConfig | undefined {
  const path = ['spec', 'oidcConfig', 'configMap'];
  const found = configMaps.find(candidate => candidate.name === name && candidate.namespace === namespace);
  if (found === undefined) {
    const names = configMaps
      .map(candidate => `${candidate.namespace ?? '(no namespace)'}/${candidate.name}`)
      .sort(compareText);
    const others = names.length === 0 ? 'and no other ConfigMap' : `only ${names.join(', ')}`;
    const configMap = `${namespace ?? '(no namespace)'}/${name}`;
    check.report(OIDC_CONFIG_MAP_UNKNOWN, [...path, 'name'], name, { configMap, others });
    return undefined;
  }
  const read = OidcConfig._fromData(name, key, found.data);
  const { findings } = read._read('document');
  findings.forEach(({ property, value, ...said }) =>
    check.say(path, value, within(property.replace(/^oidcConfig\.configMap/, ''), said)),
  );
  return findings.length > 0 ? undefined : read;
}

const PROFILE_CONFIG_MAP_UNKNOWN = errorKind(
  'profile-config-map-unknown',
  'there is no ConfigMap {configMap} in the manifest, {others}, so what it allows is not known',
  'Add the ConfigMap with its namespace to the manifest (with otherKinds: OtherKinds.PASS_THROUGH), or write the permissions in inline',
);

/** Where the profile stands in a document. */
const PLACE = ['spec', 'permissionProfile'];

/** What a server, whose pods are in a namespace, may do. */
function readProfile(
  value: PermissionProfileValue,
  check: DocumentCheck,
  namespace: string | undefined,
  context: ReadContext,
): PermissionProfile | undefined {
  return value.configMap === undefined || value.builtin !== undefined || !context.rendered
    ? PermissionProfile._of(value)
    : profileOfConfigMap(value, value.configMap, check, namespace, context);
}

/** A profile in a ConfigMap of the manifest. */
function profileOfConfigMap(
  value: PermissionProfileValue,
  { name = '' }: NonNullable<PermissionProfileValue['configMap']>,
  check: DocumentCheck,
  namespace: string | undefined,
  { configMaps }: ReadContext,
): PermissionProfile | undefined {
  const path = [...PLACE, 'configMap'];
  const found = configMaps.find(candidate => candidate.name === name && candidate.namespace === namespace);
  if (found === undefined) {
    const names = configMaps.map(candidate => placeOf(candidate)).sort(compareText);
    const others = names.length === 0 ? 'and no other ConfigMap' : `only ${names.join(', ')}`;
    const configMap = placeOf({ name, namespace });
    check.report(PROFILE_CONFIG_MAP_UNKNOWN, [...path, 'name'], name, { configMap, others });
    return undefined;
  }
  const profile = PermissionProfile._of(value, found.data)!;
  const { problems } = profile._model('document', namespace ?? '');
  problems.forEach(({ property, value: given, ...said }) =>
    check.say(path, given, within(property.replace(/^permissionProfile\.configMap/, ''), said)),
  );
  return problems.length > 0 ? undefined : profile;
}

function placeOf({ namespace, name }: Pick<ConfigMapDocument, 'name' | 'namespace'>): string {
  return `${namespace ?? '(no namespace)'}/${name}`;
}

const REMOTE_WITHOUT_TLS = errorKind(
  'remote-without-tls',
  'has no TLS',
  'Use https, or read the manifest with allowInsecureRemotes: true to send requests in the clear',
);

/** Stands for a source that cannot be read, so that the rest is checked in the same run. It is never emitted. */
const UNREADABLE = McpServerSource.image('unreadable');

/** Reads an MCPServer or ClusterMCPServer. */
export function readServer(document: ManifestDocument, context: ReadContext): Reading {
  const { check, kind, metadata, spec } = document;
  const cluster = kind === 'ClusterMCPServer';
  const table = cluster ? clusterMcpServer.spec : mcpServer.spec;
  // An object has a value, whatever is wrong with its fields.
  const read: ServerValue = check.read(table, spec, ['spec'], said => (context.rendered ? said : operated(said)))!;
  const value = context.rendered
    ? read
    : { ...operated(read), oidcConfig: read.oidcConfig, authzConfig: read.authzConfig };
  const { _config: source } = readSource(value, document, context) ?? UNREADABLE;
  const namespace = (cluster ? value.workloadNamespace : metadata.namespace) ?? context.chartNamespace;
  const statement: ServerStatement = {
    ...metadata,
    kind: cluster ? 'ClusterMCPServer' : 'MCPServer',
    workloadNamespace: cluster && source.kind === 'remote' ? '' : (namespace ?? ''),
    source,
    value,
    permissionProfile: value.permissionProfile && readProfile(value.permissionProfile, check, namespace, context),
    ...(context.rendered
      ? {
          oidcConfig: readOidcConfig(spec.oidcConfig, value.oidcConfig, check, namespace, context),
          authzConfig: readAuthzConfig(spec.authzConfig, check, namespace, context),
        }
      : {}),
    pods: {},
  };
  check.attempt(placesIn(document), () => {
    const input = new InputCheck('');
    checkName(
      input,
      metadata.name,
      longestSuffix({ sessions: value.sessions, replicas: value.hosted?.replicas }, source),
    );
    if (cluster && source.kind === 'hosted') {
      checkNamespace(input, namespace, 'workloadNamespace');
    }
    checkTools(input, value.tools?.map(({ name }) => name) ?? []);
    const { fileSystem, permissionProfile, tools } = value;
    checkStatement(input, '', context.rendered, statement, { fileSystem, permissionProfile, tools });
    input.throwIfAny();
  });
  return {
    create: (scope, id) => (cluster ? ClusterMcpServer : McpServer)._stated(scope, id, statement),
  };
}

/** What is judged where an operator reads the resource: not what it alone knows, nor what it has no field for. */
function operated({ fileSystem, oidcConfig, authzConfig, hosted, remote, ...rest }: ServerValue): ServerValue {
  return {
    ...rest,
    hosted: hosted && { ...hosted, credentials: undefined, tls: undefined },
    remote: remote && { ...remote, credentials: undefined },
  };
}

function readSource(value: ServerValue, document: ManifestDocument, context: ReadContext): McpServerSource | undefined {
  const { check, metadata } = document;
  const { hosted, path, port, remote, transport } = value;
  const spoken = transport as McpTransport | undefined;
  const proved = (remote ?? hosted)?.credentials;
  const credentials = proved && credentialsIn(metadata.namespace, proved).map(model => BackendCredential._of(model));
  const places = placesIn(document);
  const place = (property: string) => places(`source.${property}`);
  if (remote?.schema !== undefined) {
    const { schema, url } = remote;
    const tls = tlsIn(metadata.namespace, remote.tls);
    const insecure = context.allowInsecureRemotes ? { insecure: true } : {};
    return check.attempt(
      property =>
        property.startsWith('schema')
          ? ['spec', 'remote', 'openAPI', ...pathIn(schema, property.slice('schema'.length))]
          : place(property),
      () => McpServerSource.openApi({ schema, url, tls, credentials, ...insecure }),
    );
  }
  if (remote !== undefined) {
    const { url } = remote;
    const tls = tlsIn(metadata.namespace, remote.tls);
    const insecure = url.startsWith('http://');
    if (insecure && !context.allowInsecureRemotes) {
      check.report(REMOTE_WITHOUT_TLS, ['spec', 'remote', 'url'], url, true);
      return undefined;
    }
    // The schema's default, stdio, cannot be meant for a server that has a URL.
    const asked = spoken ?? McpTransport.STREAMABLE_HTTP;
    return check.attempt(place, () => McpServerSource.remote(url, { transport: asked, insecure, tls, credentials }));
  }
  // The schema's default, as upstream has it.
  const asked = spoken ?? McpTransport.STDIO;
  return (
    hosted &&
    check.attempt(place, () =>
      McpServerSource.podTemplate(withoutAddress(hosted.template), {
        transport: asked,
        port,
        path,
        credentials,
        tls: tlsIn(metadata.namespace, hosted.tls),
      }),
    )
  );
}

/** How a certificate is checked. A Secret is in the namespace of the resource where no other is said; what code refers to, a document names. */
function tlsIn(
  namespace: string | undefined,
  tls: NonNullable<ServerValue['remote']>['tls'],
): McpServerTls | undefined {
  const { caSecret, ...rest } = tls ?? {};
  const named = caSecret && { ...caSecret, secretNamespace: caSecret.secretNamespace ?? namespace };
  return tls && { ...rest, ...(named && { caSecret: named as unknown as McpServerTls['caSecret'] }) };
}

/** A place in a document, as far as it is there: keys may have dots in them. */
function pathIn(value: any, place: string): Path {
  const rest = place.replace(/^\./, '');
  const index = /^\[([0-9]+)\]/.exec(rest);
  if (index !== null) {
    return [Number(index[1]), ...pathIn(value?.[Number(index[1])], rest.slice(index[0].length))];
  }
  const keys = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  const [key] = keys
    .filter(name => rest === name || rest.startsWith(`${name}.`) || rest.startsWith(`${name}[`))
    .sort((a, b) => b.length - a.length);
  return key !== undefined ? [key, ...pathIn(value[key], rest.slice(key.length))] : rest === '' ? [] : [rest];
}
