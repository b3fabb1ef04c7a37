import { App, Chart, Duration } from 'cdk8s';
import {
  McpGateway,
  McpGatewayOptions,
  McpRoute,
  McpRouteProps,
  McpServer,
  McpServerOptions,
  McpServerSource,
  McpTenant,
} from '../src';
import { messageOf } from './support/synth';

/* Numbers that JavaScript holds and Kubernetes does not. */

const chart = () => new Chart(new App(), 'finance', { namespace: 'finance' });
const source = McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0');
const server = (options: Partial<McpServerOptions>) => new McpServer(chart(), 'ledger', { source, ...options });
const gateway = (options: McpGatewayOptions) => new McpGateway(chart(), 'gateway', options);
const route = (options: Partial<McpRouteProps>) => {
  const scope = chart();
  const backends = [{ server: new McpServer(scope, 'ledger', { source }) }];
  return new McpRoute(scope, 'books', { gateway: new McpGateway(scope, 'gateway'), backends, ...options });
};

it.each<[string, (number: number) => unknown]>([
  ['replicas', replicas => server({ replicas })],
  ['user', user => server({ user })],
  ['autoscaling.maxReplicas', maxReplicas => server({ sessions: undefined, autoscaling: { maxReplicas } })],
  ['replicas', replicas => gateway({ replicas })],
  ['autoscaling.maxReplicas', maxReplicas => gateway({ autoscaling: { maxReplicas } })],
  ['rateLimitService.replicas', replicas => gateway({ rateLimitService: { replicas } })],
  ['timeouts.request', seconds => route({ timeouts: { request: Duration.seconds(seconds) } })],
  ['terminationGracePeriod', seconds => server({ terminationGracePeriod: Duration.seconds(seconds * 1e12) })],
  ['quota.pods', pods => new McpTenant(chart(), 'acme', { name: 'acme', quota: { pods } } as any)],
])('%s has an end', (property, make) => {
  for (const number of [2 ** 31, 1e15]) {
    expect(messageOf(() => make(number))).toMatch(new RegExp(`\\] ${property}: got .* (is not a whole|is more )`));
  }
});
