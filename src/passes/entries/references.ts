import { Diagnostic, errorAt } from '../../model/diagnostic';
import { Gateway } from '../../model/gateway';
import { Backend, gatewayKey, GatewayRef, Route } from '../../model/route';
import { formatServerRef, Server, serverKey, ServerRef } from '../../model/server';
import { Index } from '../../model/topology';
import { compareText } from '../../values/text';
import { mayUse } from '../servers/consent';

function formatGateway(ref: GatewayRef): string {
  return `${ref.kind} ${ref.namespace === undefined ? '' : `${ref.namespace}/`}${ref.name}`;
}

/** The gateway that serves a route: the one it names, or the only one of the app. */
export function resolveGateway(route: Route, index: Index): Gateway | Diagnostic {
  if (route.gateway !== undefined) {
    return (
      index.gateways.get(gatewayKey(route.gateway)) ??
      errorAt(
        route.path,
        'gateway',
        formatGateway(route.gateway),
        'no such gateway in this app',
        'Pass a gateway of this app, or declare an existing one with McpGateway.fromMcpGatewayName',
      )
    );
  }
  const candidates = [...index.gateways.values()];
  if (candidates.length === 1) {
    return candidates[0];
  }
  return candidates.length === 0
    ? errorAt(
        route.path,
        'gateway',
        undefined,
        'the app has no gateway to serve the route',
        'Create an McpGateway, or declare an existing one with McpGateway.fromMcpGatewayName',
      )
    : errorAt(
        route.path,
        'gateway',
        undefined,
        `the app has several gateways (${candidates.map(formatGateway).sort(compareText).join(', ')})`,
        'Pass the one that serves this route as `gateway`',
      );
}

function refusal(namespace: string, server: Server): { problem: string; remedy: string } {
  return server.kind === 'MCPServer'
    ? {
        problem: `the server is in namespace "${server.namespace}", and a route refers to servers of its own namespace "${namespace}" only`,
        remedy: `Put the route into "${server.namespace}", or share the server as a ClusterMcpServer`,
      }
    : {
        problem: `the ClusterMCPServer does not consent to namespace "${namespace}"`,
        remedy: `Add "${namespace}" to its allowedNamespaces`,
      };
}

/** Finds a backend's server, with the reason when it can not be used. */
export function resolveServer(ref: ServerRef, route: Route, property: string, index: Index): Server | Diagnostic {
  const server = index.servers.get(serverKey(ref));
  if (server === undefined) {
    return errorAt(
      route.path,
      property,
      formatServerRef(ref),
      'no such server in this app',
      'Create it, or declare an existing one with McpServer.fromMcpServerName or ClusterMcpServer.fromClusterMcpServerName',
    );
  }
  if (!route.rendered && server.kind === 'ClusterMCPServer') {
    return errorAt(
      route.path,
      property,
      formatServerRef(ref),
      'the MCPRoute resource refers to MCPServers only, so an operator would take another server for it',
      'Use an McpServer of the namespace, or Reconciliation.RENDERED',
    );
  }
  if (!mayUse(route.namespace, server, index)) {
    const { problem, remedy } = refusal(route.namespace, server);
    return errorAt(route.path, property, formatServerRef(ref), problem, remedy);
  }
  return server;
}

/** Narrows the outcome of a resolution. */
export function isDiagnostic(outcome: object): outcome is Diagnostic {
  return 'severity' in outcome;
}

/** Every backend of a route with the property it stands in. */
export function backendsOf(route: Route): { readonly property: string; readonly backend: Backend }[] {
  return [
    ...route.backends.map((backend, i) => ({ property: `backends[${i}]`, backend })),
    ...route.matches.flatMap((match, m) =>
      match.backends.map((backend, i) => ({ property: `matches[${m}].backends[${i}]`, backend })),
    ),
  ];
}
