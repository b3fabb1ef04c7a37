import { readAuthzConfig } from './authz-document';
import { readCredentials } from './credentials-document';
import { Fields } from './fields';
import { readOidcConfig } from './oidc-document';
import { readPermissions } from './permissions-document';
import { METADATA_TRANSLATIONS, ManifestDocument, ReadContext, OptionsReading, Translations, translator } from './plan';
import { withoutAddress } from './pod-spec';
import { allowedNamespaces as allowedNamespacesField } from '../api/allowed-namespaces';
import { AllowedNamespaces } from '../server/allowed-namespaces';
import { BackendCredential } from '../server/backend-credential';
import { ClusterMcpServer } from '../server/cluster-mcp-server';
import { SERVER_PORT } from '../server/conventions';
import { McpServer } from '../server/mcp-server';
import { McpServerOptions } from '../server/server-options';
import { McpServerSource } from '../server/source';
import { McpOpenApiOptions } from '../server/source-options';
import { McpSessions, McpTransport } from '../server/transport';
import { Carried, carry } from '../synthesis/carried';
import { compact, Json } from '../values/json';
import { Path } from '../values/paths';

const TRANSLATIONS: Translations = {
  ...METADATA_TRANSLATIONS,
  replicas: 'spec.hosted.replicas',
  template: 'spec.hosted.podSpec',
  'source.template': 'spec.hosted.podSpec',
  'source.port': 'spec.port',
  'source.tls': 'spec.remote.tls',
  url: 'spec.remote.url',
  tls: 'spec.remote.tls',
};

function serverTranslator(translations: Translations): (property: string) => Path {
  const translate = translator(translations);
  return property => (/^tools\[[0-9]+\]$/.test(property) ? [...translate(property), 'name'] : translate(property));
}

/** Where options of a server were read from. */
export const translateServer = serverTranslator(TRANSLATIONS);
/** The same for a ClusterMCPServer, whose only namespace is that of its pods. */
export const translateClusterServer = serverTranslator({ ...TRANSLATIONS, namespace: 'spec.workloadNamespace' });

/** Stands for a source that cannot be read, so that the other options are checked in the same run. It is never emitted. */
const UNREADABLE = McpServerSource.image('unreadable');

/** Path of an adapter in front of a stdio program. */
const ADAPTER_PATH = '/mcp';

/** Reads an MCPServer or ClusterMCPServer. */
export function readServer(document: ManifestDocument, context: ReadContext): OptionsReading {
  const { check, kind, metadata } = document;
  const fields = new Fields(document.spec);
  const source = readSource(fields, document, context) ?? UNREADABLE;
  const tools: { readonly name: string; readonly description?: string }[] = fields.read('tools') ?? [];
  tools.forEach((tool, i) =>
    check.check(
      ['spec', 'tools', i, 'description'],
      tool.description,
      tool.description === '' ? 'is empty' : undefined,
      'Remove it',
    ),
  );
  const options: Omit<McpServerOptions, 'source'> = {
    name: metadata.name,
    labels: metadata.labels,
    annotations: metadata.annotations,
    replicas: fields.read('hosted', 'replicas'),
    sessions: fields.read('sessions') as McpSessions | undefined,
    tools: fields.peek('tools') === undefined ? undefined : tools.map(({ name }) => name),
    toolDescriptions: descriptionsOf(tools),
    toolsFilter: fields.read('toolsFilter'),
    capabilities: fields.read('capabilities'),
    version: fields.read('version'),
    ...readProtection(fields, document, context),
    ...readPermissions(fields, check, podNamespace(fields, document, context), context),
  };
  const carried = readPolicies(fields, context);
  if (kind === 'ClusterMCPServer') {
    const workloadNamespace = fields.read('workloadNamespace');
    const allowedNamespaces = readAllowedNamespaces(fields, document);
    refuseUnread(fields, document);
    return {
      form: 'options',
      carried,
      create: (scope, id, _, extra) =>
        new ClusterMcpServer(scope, id, carry({ ...options, source, workloadNamespace, allowedNamespaces }, extra)),
    };
  }
  refuseUnread(fields, document);
  return {
    form: 'options',
    carried,
    create: (scope, id, _, extra) =>
      new McpServer(scope, id, carry({ ...options, source, namespace: metadata.namespace }, extra)),
  };
}

/** Every field of the schema is read above; one that a later schema adds must not be lost. */
function refuseUnread(fields: Fields, { check }: ManifestDocument): void {
  fields.unread().forEach(({ path, value }) => check.error(path, value, 'is not supported yet', 'Remove it'));
}

function descriptionsOf(
  tools: readonly { readonly name: string; readonly description?: string }[],
): Record<string, string> | undefined {
  const described = tools.filter(tool => tool.description !== undefined);
  return described.length === 0
    ? undefined
    : Object.fromEntries(described.map(({ name, description }) => [name, description!]));
}

function readSource(fields: Fields, document: ManifestDocument, context: ReadContext): McpServerSource | undefined {
  const { check } = document;
  const transport = fields.read('transport') as McpTransport | undefined;
  const port: number | undefined = fields.read('port');
  const path: string | undefined = fields.read('path');
  const template = fields.read('hosted', 'podSpec');
  if (fields.peek('remote') !== undefined) {
    check.check(
      ['spec', 'port'],
      port,
      port === undefined ? undefined : 'is given for a remote server, whose URL says it',
      'Remove it',
    );
    check.check(
      ['spec', 'path'],
      path,
      path === undefined ? undefined : 'is given for a remote server, whose URL says it',
      'Remove it',
    );
    return readRemote(fields, document, context, transport);
  }
  // The schema's default, as upstream has it.
  const spoken = transport ?? McpTransport.STDIO;
  if (template === undefined) {
    return undefined;
  }
  if (spoken === McpTransport.STDIO) {
    const adapter = 'is given for a stdio server, which answers HTTP by an adapter of this library';
    check.check(
      ['spec', 'port'],
      port,
      port === undefined || port === SERVER_PORT ? undefined : adapter,
      `Remove it: the adapter listens on ${SERVER_PORT}`,
    );
    check.check(
      ['spec', 'path'],
      path,
      path === undefined || path === ADAPTER_PATH ? undefined : adapter,
      `Remove it: the adapter answers on ${ADAPTER_PATH}`,
    );
  }
  const credentials = readSourceCredentials(fields, document, context, 'hosted');
  return check.attempt(sourceTranslator('hosted'), () =>
    McpServerSource.podTemplate(withoutAddress(template), { transport: spoken, port, path, credentials }),
  );
}

function sourceTranslator(place: 'hosted' | 'remote'): (property: string) => Path {
  return serverTranslator({ ...TRANSLATIONS, credentials: `spec.${place}.credentials` });
}

/** In controller mode they are not the operator's: upstream has no field for them. */
function readSourceCredentials(
  fields: Fields,
  { check, metadata }: ManifestDocument,
  { rendered }: ReadContext,
  place: 'hosted' | 'remote',
): BackendCredential[] | undefined {
  const credentials: Json[] | undefined = fields.read(place, 'credentials');
  const path = ['spec', place, 'credentials'];
  return rendered ? readCredentials(credentials, check, path, metadata.namespace) : undefined;
}

function readRemote(
  fields: Fields,
  document: ManifestDocument,
  context: ReadContext,
  transport: McpTransport | undefined,
): McpServerSource | undefined {
  const { check } = document;
  const url: string = fields.read('remote', 'url');
  const tls = fields.read('remote', 'tls');
  const credentials = readSourceCredentials(fields, document, context, 'remote');
  const openApi = fields.read('remote', 'openAPI');
  if (openApi !== undefined) {
    return readOpenApi({ schema: openApi, url, tls, credentials }, document, context, transport);
  }
  const insecure = url.startsWith('http://');
  if (insecure && !context.allowInsecureRemotes) {
    check.error(
      ['spec', 'remote', 'url'],
      url,
      'has no TLS',
      'Use https, or read the manifest with allowInsecureRemotes: true to send requests in the clear',
    );
    return undefined;
  }
  // The schema's default, stdio, cannot be meant for a server that has a URL.
  return check.attempt(sourceTranslator('remote'), () =>
    McpServerSource.remote(url, { transport: transport ?? McpTransport.STREAMABLE_HTTP, insecure, tls, credentials }),
  );
}

/** Reads a REST service. A Service of the cluster needs no TLS. */
function readOpenApi(
  options: McpOpenApiOptions,
  { check }: ManifestDocument,
  { allowInsecureRemotes }: ReadContext,
  transport: McpTransport | undefined,
): McpServerSource | undefined {
  check.check(
    ['spec', 'transport'],
    transport,
    transport === undefined || transport === McpTransport.STREAMABLE_HTTP
      ? undefined
      : 'is given for a REST service, which gateways serve by streamable HTTP',
    'Remove it',
  );
  return check.attempt(openApiTranslator(options.schema), () =>
    McpServerSource.openApi({ ...options, ...(allowInsecureRemotes ? { insecure: true } : {}) }),
  );
}

/** Where options of a REST service were read from. */
function openApiTranslator(schema: unknown): (property: string) => Path {
  const translate = sourceTranslator('remote');
  return property =>
    property.startsWith('schema')
      ? ['spec', 'remote', 'openAPI', ...pathIn(schema, property.slice('schema'.length))]
      : translate(property);
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

/** What the server asks of its callers. */
function readProtection(
  fields: Fields,
  document: ManifestDocument,
  context: ReadContext,
): Pick<McpServerOptions, 'oidcConfig' | 'authzConfig'> {
  const { check } = document;
  const oidcConfig = fields.read('oidcConfig');
  const authzConfig = fields.read('authzConfig');
  if (!context.rendered) {
    return {};
  }
  const namespace = podNamespace(fields, document, context);
  return {
    oidcConfig: readOidcConfig(oidcConfig, check, namespace, context),
    authzConfig: readAuthzConfig(authzConfig, check, namespace, context),
  };
}

/** What is an operator's to read, as it stands. */
function readPolicies(fields: Fields, { rendered }: ReadContext): Carried {
  return {
    spec: rendered ? {} : compact({ oidcConfig: fields.peek('oidcConfig'), authzConfig: fields.peek('authzConfig') }),
    warnings: [],
  };
}

/** Namespace of a server's pods. */
function podNamespace(
  fields: Fields,
  { kind, metadata }: ManifestDocument,
  { chartNamespace }: ReadContext,
): string | undefined {
  return (kind === 'ClusterMCPServer' ? fields.peek('workloadNamespace') : metadata.namespace) ?? chartNamespace;
}

function readAllowedNamespaces(fields: Fields, { check }: ManifestDocument): AllowedNamespaces {
  const given = fields.read('allowedNamespaces') ?? {};
  return AllowedNamespaces._of(check.read(allowedNamespacesField, given, ['spec', 'allowedNamespaces']) ?? {});
}
