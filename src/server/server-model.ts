import { SERVER_PORT } from './conventions';
import { McpServerOptions } from './server-options';
import { McpTransport, SourceConfig } from './source-config';
import { ServerValue } from '../api/mcp-server';
import { RestApi } from '../model/rest';
import { Endpoint, Protocol, Sessions, Tool, Transport } from '../model/server';
import { ToolPattern, toolGlob } from '../model/tool-pattern';
import { entryOf } from '../values/json';

/** Suffix of the headless Service that gives each replica of a session-keeping server a name. */
export const REPLICAS_SUFFIX = '-replicas';

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
  if (!needsStatefulSet({ stateful, replicas })) {
    return [{ host: serviceHost(place.name, place.namespace), port: SERVER_PORT, path: source.path }];
  }
  return Array.from({ length: replicas }, (_, ordinal) => ({
    host: `${place.name}-${ordinal}.${serviceHost(`${place.name}${REPLICAS_SUFFIX}`, place.namespace)}`,
    // A headless Service maps no ports.
    port: podPort ?? source.port,
    path: source.path,
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
