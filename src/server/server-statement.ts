import { OidcConfig } from './oidc-config';
import { McpServerOptions } from './server-options';
import { McpTransport, RemoteSource, SERVER_PORT, SourceConfig } from './source-config';
import { consentValue } from '../api/allowed-namespaces';
import { credentialsOf, secretOutside } from '../api/backend-credentials';
import { ServerValue } from '../api/mcp-server';
import { RestApi } from '../model/rest';
import { Endpoint, Protocol, Server, ServerKind, Sessions, Tool, Transport, UpstreamTls } from '../model/server';
import { toolGlob, ToolPattern } from '../model/tool-pattern';
import { writeOpenApi } from '../passes/open-api/write';
import { PermissionProfile } from '../permissions/permission-profile';
import { AuthzConfig } from '../policy/authz-config';
import { Statement } from '../synthesis/statement';
import { compact, entryOf, Json } from '../values/json';

/** What only code says of a server's pods. */
export type ServerPods = Omit<
  McpServerOptions,
  | 'source'
  | 'name'
  | 'labels'
  | 'annotations'
  | 'replicas'
  | 'sessions'
  | 'permissionProfile'
  | 'fileSystem'
  | 'tools'
  | 'toolDescriptions'
  | 'toolsFilter'
  | 'hostHeader'
  | 'oidcConfig'
  | 'authzConfig'
  | 'capabilities'
  | 'version'
>;

/** What a server is made of. */
export interface ServerStatement extends Statement<ServerValue> {
  readonly kind: ServerKind;
  /** Namespace of its pods; empty for a ClusterMCPServer that runs elsewhere, and so is in no namespace at all. */
  readonly workloadNamespace: string;
  /** Where its program is. */
  readonly source: SourceConfig;
  /** What it may do, with the data of a ConfigMap that says it. */
  readonly permissionProfile?: PermissionProfile;
  /** Whose tokens it takes, the same. */
  readonly oidcConfig?: OidcConfig;
  /** Its policies, the same. */
  readonly authzConfig?: AuthzConfig;
  readonly pods: ServerPods;
}

/** Where a server is. */
export interface ServerPlace {
  readonly kind: ServerKind;
  readonly name: string;
  readonly workloadNamespace: string;
}

/** What options of a server say; `own` is what only a ClusterMCPServer says. */
export function serverStatement(
  { kind, name, workloadNamespace }: ServerPlace,
  options: McpServerOptions,
  own: Pick<ServerValue, 'allowedNamespaces' | 'workloadNamespace'> = {},
): ServerStatement {
  const {
    source: { _config: source },
    name: ignored,
    labels,
    annotations,
    replicas,
    sessions,
    permissionProfile,
    fileSystem,
    tools,
    toolDescriptions,
    toolsFilter,
    hostHeader,
    oidcConfig,
    authzConfig,
    capabilities,
    version,
    ...pods
  } = options;
  return {
    kind,
    name,
    namespace: kind === 'MCPServer' ? workloadNamespace : undefined,
    workloadNamespace,
    labels,
    annotations,
    source,
    permissionProfile,
    oidcConfig,
    authzConfig,
    pods,
    value: {
      ...(source.kind === 'hosted' ? { hosted: { replicas, template: source.podTemplate } } : {}),
      sessions,
      tools: catalogueOf({ tools, toolDescriptions }),
      toolsFilter,
      hostHeader,
      capabilities,
      version,
      fileSystem,
      ...own,
    },
  };
}

/** What the resource of a server says: what was said of it, and what follows. */
export function resourceValue(
  { kind, workloadNamespace, pods, source, value, oidcConfig, authzConfig }: ServerStatement,
  server: Server,
  template: () => Json,
  rendered: boolean,
): ServerValue {
  const credentials = source.credentials && credentialsOf(server.namespace, source.credentials);
  // They follow from the document of a REST service, which is there.
  const listed = server.rest === undefined ? { sessions: server.sessions, tools: server.tools } : {};
  return {
    ...value,
    // Rendered pods answer HTTP whatever the program speaks: the resource describes what runs.
    transport: rendered && source.transport === McpTransport.STDIO ? McpTransport.STREAMABLE_HTTP : source.transport,
    hosted:
      source.kind === 'hosted'
        ? {
            replicas: pods.autoscaling?.minReplicas ?? value.hosted?.replicas ?? 1,
            template: template(),
            credentials,
            tls: source.tls && tlsValue(source.tls, server.namespace),
          }
        : undefined,
    remote: source.kind === 'remote' ? remoteValue(source, server.namespace, credentials) : undefined,
    ...(source.kind === 'hosted' ? { port: source.port, path: source.path } : {}),
    ...listed,
    workloadNamespace: kind === 'ClusterMCPServer' && source.kind === 'hosted' ? workloadNamespace : undefined,
    allowedNamespaces: server.consent && consentValue(server.consent),
    oidcConfig: oidcConfig?._value ?? value.oidcConfig,
    authzConfig: authzConfig?._spec ?? value.authzConfig,
  };
}

function remoteValue(
  { rest, tls, url }: RemoteSource,
  namespace: string | undefined,
  credentials: NonNullable<ServerValue['remote']>['credentials'],
): NonNullable<ServerValue['remote']> {
  return {
    url,
    ...compact({
      tls: tls && tlsValue(tls, namespace),
      credentials,
      schema: rest && writeOpenApi(rest),
    }),
  };
}

function tlsValue(
  { caBundle, caSecret, serverName }: UpstreamTls,
  namespace: string | undefined,
): NonNullable<NonNullable<ServerValue['remote']>['tls']> {
  return compact({ caBundle, caSecret: caSecret && secretOutside(namespace, caSecret), serverName });
}

/** Suffix of the headless Service that gives each replica of a session-keeping server a name. */
export const REPLICAS_SUFFIX = '-replicas';

/** Whether replicas are those of a StatefulSet: for names of their own, or for volumes. */
export function isStatefulSet(settings: {
  readonly stateful: boolean;
  readonly replicas: number;
  readonly volumeClaimTemplates?: readonly unknown[];
}): boolean {
  return (settings.volumeClaimTemplates ?? []).length > 0 || needsStatefulSet(settings);
}

/** Whether replicas need names of their own: only then can callers be kept with the replica that has their session. */
export function needsStatefulSet(settings: { readonly stateful: boolean; readonly replicas: number }): boolean {
  return settings.stateful && settings.replicas > 1;
}

/** What a gateway speaks to a program of a transport: stdio sits behind an adapter. */
export function protocolOf(transport: Transport): Protocol {
  return transport === McpTransport.SSE ? 'sse' : 'streamable-http';
}

/** Whether the server keeps sessions; a stdio program always does: it has one process a session. */
export function isStateful(sessions: Sessions | undefined): boolean {
  return sessions !== 'stateless';
}

/** Replicas of a server, unless they are scaled. */
export function replicasOf({ hosted }: ServerValue): number {
  return hosted?.replicas ?? 1;
}

/** Host name of a server's Service (OEP-0005, "Request Flow"). */
export function serviceHost(name: string, namespace: string): string {
  return `${name}.${namespace}.svc`;
}

/** Addresses of a server. Replicas that keep sessions have one each, so that a caller can be kept with one of them. */
export function endpointsOf(
  source: SourceConfig,
  place: { readonly name: string; readonly namespace: string },
  stateful: boolean,
  replicas: number,
  podPort?: number,
): Endpoint[] {
  if (source.kind === 'remote') {
    return [{ host: source.host, port: source.port, path: source.path, tls: source.tls }];
  }
  const service = serviceHost(place.name, place.namespace);
  const tls = source.tls && { ...source.tls, serverName: source.tls.serverName ?? service };
  if (!needsStatefulSet({ stateful, replicas })) {
    return [{ host: service, port: SERVER_PORT, path: source.path, tls }];
  }
  const replicasHost = serviceHost(`${place.name}${REPLICAS_SUFFIX}`, place.namespace);
  return Array.from({ length: replicas }, (_, ordinal) => ({
    host: `${place.name}-${ordinal}.${replicasHost}`,
    replicasHost,
    authority: `${service}:${SERVER_PORT}`,
    // A headless Service maps no ports.
    port: podPort ?? source.port,
    path: source.path,
    tls,
  }));
}

/** The declared catalogue: names first in the user's order, then tools that only have a description. */
export function catalogueOf(options: Pick<McpServerOptions, 'tools' | 'toolDescriptions'>): Tool[] | undefined {
  if (options.tools === undefined && options.toolDescriptions === undefined) {
    return undefined;
  }
  const descriptions = options.toolDescriptions ?? {};
  const names = [...new Set([...(options.tools ?? []), ...Object.keys(descriptions)])];
  return names.map(name => {
    const description = entryOf(descriptions, name);
    return description === undefined ? { name } : { name, description };
  });
}

/** The tools of a REST service: its operations. */
export function operationsOf({ operations }: RestApi): Tool[] {
  return operations.map(({ name, title, description = title }) =>
    description === undefined ? { name } : { name, description },
  );
}

/** The filter as patterns. */
export function filterOf(toolsFilter: readonly string[] | undefined): ToolPattern[] | undefined {
  return toolsFilter?.map(toolGlob);
}
