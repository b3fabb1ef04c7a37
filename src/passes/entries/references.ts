import { Diagnostic, errorKind, findingIf, findingOf } from '../../model/findings';
import { Gateway } from '../../model/gateway';
import { Backend, gatewayKey, GatewayRef, Route } from '../../model/route';
import { formatServerRef, Server, serverKey, ServerRef } from '../../model/server';
import { Index, mayUse, SERVER_UNKNOWN } from '../../model/topology';
import { compareText } from '../../values/text';

const GATEWAY_UNKNOWN = errorKind(
  'gateway-unknown',
  'no such gateway in this app',
  'Pass a gateway of this app, or declare an existing one with McpGateway.fromMcpGatewayName',
);
const ROUTE_WITHOUT_GATEWAY = errorKind(
  'route-without-gateway',
  'the app has no gateway to serve the route',
  'Create an McpGateway, or declare an existing one with McpGateway.fromMcpGatewayName',
);
const ROUTE_GATEWAY_AMBIGUOUS = errorKind(
  'route-gateway-ambiguous',
  'the app has several gateways ({gateways})',
  'Pass the one that serves this route as `gateway`',
);
const ROUTE_UNATTENDED = errorKind(
  'route-unattended',
  'exists outside this app, and nobody is known to turn the route into its configuration: it would not be served, and nothing that it asks of callers would be enforced',
  'Serve it by a gateway of this app, use Reconciliation.CONTROLLER where an operator does it, or say who does: compiledBy of McpGateway.fromMcpGatewayName (docs/several-repositories.md)',
);
const SERVER_OF_OTHER_NAMESPACE = errorKind(
  'server-of-other-namespace',
  'the server is in namespace "{namespace}", and a route refers to servers of its own namespace "{own}" only',
  'Put the route into "{namespace}", or share the server as a ClusterMcpServer',
);
const SERVER_WITHOUT_CONSENT = errorKind(
  'server-without-consent',
  'the ClusterMCPServer does not consent to namespace "{namespace}"',
  'Add "{namespace}" to its allowedNamespaces',
);
const ROUTE_CLUSTER_SERVER_CONTROLLER = errorKind(
  'route-cluster-server-controller',
  'the MCPRoute resource refers to MCPServers only, so an operator would take another server for it',
  'Use an McpServer of the namespace, or Reconciliation.RENDERED',
);

function formatGateway(ref: GatewayRef): string {
  return `${ref.kind} ${ref.namespace === undefined ? '' : `${ref.namespace}/`}${ref.name}`;
}

/** The gateway that serves a route: the one it names, or the only one of the app. */
export function resolveGateway(route: Route, index: Index): Gateway | Diagnostic {
  if (route.gateway !== undefined) {
    return (
      index.gateways.get(gatewayKey(route.gateway)) ??
      findingOf(GATEWAY_UNKNOWN, route.path, 'gateway', formatGateway(route.gateway))
    );
  }
  const candidates = [...index.gateways.values()];
  if (candidates.length === 1) {
    return candidates[0];
  }
  return candidates.length === 0
    ? findingOf(ROUTE_WITHOUT_GATEWAY, route.path, 'gateway', undefined)
    : findingOf(ROUTE_GATEWAY_AMBIGUOUS, route.path, 'gateway', undefined, {
        gateways: candidates.map(formatGateway).sort(compareText).join(', '),
      });
}

/** A rendered route at a gateway whose configuration nobody makes. */
export function checkAttended(route: Route, gateway: Gateway): Diagnostic[] {
  return findingIf(
    ROUTE_UNATTENDED,
    route.path,
    'gateway',
    formatGateway(gateway),
    route.rendered && gateway.unattended === true,
  );
}

/** Finds a backend's server, with the reason when it can not be used. */
export function resolveServer(ref: ServerRef, route: Route, property: string, index: Index): Server | Diagnostic {
  const server = index.servers.get(serverKey(ref));
  const at = [route.path, property, formatServerRef(ref)] as const;
  if (server === undefined) {
    return findingOf(SERVER_UNKNOWN, ...at, {
      declared: 'McpServer.fromMcpServerName or ClusterMcpServer.fromClusterMcpServerName',
    });
  }
  if (!route.rendered && server.kind === 'ClusterMCPServer') {
    return findingOf(ROUTE_CLUSTER_SERVER_CONTROLLER, ...at);
  }
  if (!mayUse(route.namespace, server, index)) {
    return server.kind === 'MCPServer'
      ? findingOf(SERVER_OF_OTHER_NAMESPACE, ...at, { namespace: server.namespace!, own: route.namespace })
      : findingOf(SERVER_WITHOUT_CONSENT, ...at, { namespace: route.namespace });
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
