import { App, Chart } from 'cdk8s';
import {
  Authentication,
  GatewayDataPlane,
  IngressSource,
  McpGateway,
  McpGatewayProps,
  McpRoute,
  McpRouteProps,
  McpServer,
  McpServerProps,
  McpServerSource,
} from 'cdk8s-mcp';

/** What an app says beyond a gateway with one route to one server. */
export interface OneRouteOptions {
  readonly gateway: McpGatewayProps;
  readonly server?: Partial<McpServerProps>;
  readonly route?: Partial<McpRouteProps>;
}

/** A gateway with one route to one server. */
export interface OneRoute {
  readonly chart: Chart;
  readonly gateway: McpGateway;
  readonly server: McpServer;
  readonly route: McpRoute;
}

/** The image that the servers of golden apps run, unless they say otherwise. */
export const IMAGE = McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0');

/** Callers with a token of https://auth.acme.dev. */
export const TOKEN = Authentication.jwt({
  issuer: 'https://auth.acme.dev',
  audiences: ['mcp'],
  jwks: '{"keys":[{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","use":"sig","kid":"acme-1","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}',
});

/** Who may connect to gateways. */
export const CLIENTS = [IngressSource.namespaces('agents')];

/** The chart of most golden apps: an app is `plain` but for what it says beyond it. */
export function financeChart(app: App): Chart {
  return new Chart(app, 'finance', { namespace: 'finance' });
}

/** Whether answers lose all headers of their servers: agentgateway always does that, and Envoy never. */
export function removesHeaders(dataPlane: GatewayDataPlane): boolean {
  return dataPlane.name === 'agentgateway';
}

/** A gateway with one route to one server, as `plain` has it. */
export function oneRoute(scope: App | Chart, options: OneRouteOptions): OneRoute {
  const chart = Chart.isChart(scope) ? scope : financeChart(scope);
  const gateway = new McpGateway(chart, 'gateway', { ingress: CLIENTS, ...options.gateway });
  const server = new McpServer(chart, 'ledger', { source: IMAGE, ...options.server });
  const route = new McpRoute(chart, 'books', { gateway, backends: [{ server }], ...options.route });
  return { chart, gateway, server, route };
}
