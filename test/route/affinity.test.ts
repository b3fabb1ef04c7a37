import { App, Chart } from 'cdk8s';
import { parse } from 'yaml';
import {
  Authentication,
  GatewayDataPlane,
  McpAffinity,
  McpGateway,
  McpManifest,
  McpRoute,
  McpServer,
  McpServerSource,
  McpSessions,
} from '../../src';
import { find, messageOf, objectsOf } from '../support/synth';

const TOKENS = Authentication.jwt({
  issuer: 'https://auth.acme.dev',
  audiences: ['mcp'],
  jwksUri: 'https://auth.acme.dev/jwks.json',
});

/** A gateway, and servers that share the requests of routes. */
function finance(dataPlane: GatewayDataPlane, sessions: McpSessions) {
  const app = new App();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const gateway = new McpGateway(chart, 'gateway', { dataPlane });
  const backends = ['stable', 'canary'].map(name => ({
    server: new McpServer(chart, name, { source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0'), sessions }),
  }));
  return { app, chart, gateway, backends };
}

function bucketOf(app: App): string {
  const [text] = Object.values<string>(find(objectsOf(app), 'ConfigMap').data);
  return parse(text).binds[0].listeners[0].policies.transformations.request.set['x-mcp-bucket'];
}

it('tells the callers of each route by what the route asks of them', () => {
  const { app, backends, chart, gateway } = finance(GatewayDataPlane.agentgateway(), McpSessions.STATELESS);
  new McpRoute(chart, 'open', { gateway, backends });
  const open = bucketOf(app);
  expect(open).toBe('sha256.encode(source.address).substring(0, 4)');
  new McpRoute(chart, 'users', { gateway, backends, authentication: [TOKENS] });
  const both = bucketOf(app);
  expect(both).toMatch(
    /^request\.path < "\/routes\/finance\/users" \? \(request\.path == "\/routes\/finance\/open" \?/,
  );
  expect(both).toContain(
    'request.path == "/routes/finance/users" ? (sha256.encode(coalesce("token " + unvalidatedJwtPayload(' +
      'request.headers.join()["authorization"].substring(7)).iss + " " + unvalidatedJwtPayload(' +
      'request.headers.join()["authorization"].substring(7)).sub, source.address)).substring(0, 4))',
  );
});

it('refuses to choose for each request among servers that keep sessions, where that would end them', () => {
  const { app, backends, chart, gateway } = finance(GatewayDataPlane.agentgateway(), McpSessions.STATEFUL);
  new McpRoute(chart, 'books', { gateway, backends, affinity: McpAffinity.NONE });
  const message = messageOf(() => app.synth());
  expect(message).toContain('finance/books');
  expect(message).toContain('affinity');
  expect(message).toContain('finance/canary: stateful');
  const envoy = finance(GatewayDataPlane.envoy(), McpSessions.STATEFUL);
  new McpRoute(envoy.chart, 'books', { gateway: envoy.gateway, backends: envoy.backends, affinity: McpAffinity.NONE });
  expect(find(objectsOf(envoy.app), 'MCPRoute').spec.affinity).toBe('none');
});

it('is read from documents, where another word is an error', () => {
  const { app, backends, chart, gateway } = finance(GatewayDataPlane.envoy(), McpSessions.STATELESS);
  new McpRoute(chart, 'books', { gateway, backends, affinity: McpAffinity.NONE });
  const documents = objectsOf(app).filter(({ apiVersion }) => apiVersion.startsWith('ome.io/'));
  const textOf = (affinity: string): string =>
    documents
      .map(document => JSON.stringify(document).replace('"affinity":"none"', `"affinity":"${affinity}"`))
      .join('\n---\n');
  const read = (text: string): App => {
    const other = new App();
    McpManifest.fromYaml(new Chart(other, 'finance'), 'manifest', text, { dataPlane: GatewayDataPlane.envoy() });
    return other;
  };
  const routes = (from: App): string => find(objectsOf(from), 'ConfigMap').data['routes.yaml'];
  expect(routes(read(textOf('none')))).not.toContain('hash_policy');
  expect(routes(read(textOf('caller')))).toContain('hash_policy');
  expect(messageOf(() => read(textOf('user')))).toContain('affinity');
});
