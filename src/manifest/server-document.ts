import { readAuthzConfig } from './authz-document';
import { readOidcConfig } from './oidc-document';
import { withoutAddress } from './other-document';
import { readProfile } from './permissions-document';
import { ManifestDocument, placesIn, ReadContext, Reading } from './plan';
import { credentialsIn } from '../api/backend-credentials';
import { clusterMcpServer, mcpServer, ServerValue } from '../api/mcp-server';
import { errorKind, InputCheck } from '../model/findings';
import { BackendCredential } from '../server/backend-credential';
import { ClusterMcpServer } from '../server/cluster-mcp-server';
import { McpServer } from '../server/mcp-server';
import { checkStatement, checkTools, longestSuffix } from '../server/server-checks';
import { ServerStatement } from '../server/server-statement';
import { McpServerSource } from '../server/source';
import { McpTransport } from '../server/source-config';
import { checkName, checkNamespace } from '../synthesis/placement';
import { Path } from '../values/paths';

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
    hosted: hosted && { ...hosted, credentials: undefined },
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
    const { schema, url, tls } = remote;
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
    const { url, tls } = remote;
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
      McpServerSource.podTemplate(withoutAddress(hosted.template), { transport: asked, port, path, credentials }),
    )
  );
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
