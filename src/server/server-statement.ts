import { OidcConfig } from './oidc-config';
import { catalogueOf } from './server-model';
import { McpServerOptions } from './server-options';
import { McpTransport, RemoteSource, SourceConfig } from './source-config';
import { consentValue } from '../api/allowed-namespaces';
import { credentialsOf } from '../api/backend-credentials';
import { ServerValue } from '../api/mcp-server';
import { Server, ServerKind } from '../model/server';
import { writeOpenApi } from '../passes/open-api/write';
import { PermissionProfile } from '../permissions/permission-profile';
import { AuthzConfig } from '../policy/authz-config';
import { Statement } from '../synthesis/statement';
import { compact, Json } from '../values/json';

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
          }
        : undefined,
    remote: source.kind === 'remote' ? remoteValue(source, credentials) : undefined,
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
  credentials: NonNullable<ServerValue['remote']>['credentials'],
): NonNullable<ServerValue['remote']> {
  return {
    url,
    ...compact({
      tls: compact({ caBundle: tls?.caBundle, serverName: tls?.serverName }),
      credentials,
      schema: rest && writeOpenApi(rest),
    }),
  };
}
