import { McpServerOptions } from './server-options';
import { RemoteSource, SourceConfig } from './source-config';
import { McpTransport } from './transport';
import { backendCredentials, credentialsOf } from '../api/backend-credentials';
import { Server } from '../model/server';
import { writeOpenApi } from '../passes/open-api/write';
import { compact, Json } from '../values/json';

/** The `spec` of an MCPServer or ClusterMCPServer resource. */
export function serverSpec(
  options: McpServerOptions,
  source: SourceConfig,
  server: Server,
  template: () => Json,
  rendered: boolean,
): Json {
  const credentials =
    source.credentials && backendCredentials.encode(credentialsOf(server.namespace, source.credentials));
  const upstream = {
    // Rendered pods answer HTTP whatever the program speaks: the resource describes what runs.
    transport: rendered && source.transport === McpTransport.STDIO ? McpTransport.STREAMABLE_HTTP : source.transport,
    hosted:
      source.kind === 'hosted'
        ? {
            replicas: options.autoscaling?.minReplicas ?? options.replicas ?? 1,
            podSpec: template(),
            ...(credentials === undefined ? {} : { credentials }),
          }
        : undefined,
    remote: source.kind === 'remote' ? remoteSpec(source, rendered, credentials) : undefined,
    oidcConfig: options.oidcConfig?._spec,
    authzConfig: options.authzConfig?._spec,
    toolsFilter: options.toolsFilter,
    capabilities: options.capabilities === undefined ? undefined : { ...options.capabilities },
    version: options.version,
  };
  return compact(
    rendered
      ? {
          ...upstream,
          // They follow from the document of a REST service, which is there.
          ...(server.rest === undefined
            ? { sessions: server.sessions, tools: server.tools?.map(tool => ({ ...tool })) }
            : {}),
          port: source.kind === 'hosted' ? source.port : undefined,
          path: source.kind === 'hosted' ? source.path : undefined,
        }
      : upstream,
  );
}

function remoteSpec({ rest, tls, url }: RemoteSource, rendered: boolean, credentials: Json[] | undefined): Json {
  return compact({
    url,
    tls: rendered ? remoteTls(tls) : undefined,
    credentials,
    openAPI: rest === undefined ? undefined : writeOpenApi(rest),
  });
}

function remoteTls(tls: Server['endpoints'][number]['tls']): Json | undefined {
  return tls?.caBundle === undefined && tls?.serverName === undefined
    ? undefined
    : { caBundle: tls.caBundle, serverName: tls.serverName };
}
