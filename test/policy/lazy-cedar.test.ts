import { App, Chart } from 'cdk8s';
import {
  AccessMatrix,
  Authentication,
  AuthzConfig,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  Principal,
} from '../../src';
import { messageOf } from '../support/synth';

/* Cedar is several megabytes, which only apps with policies in Cedar pay for. */

jest.mock('@cedar-policy/cedar-wasm/nodejs', () => {
  throw new Error('Cedar is loaded');
});
jest.mock('../../src/cedar', () => {
  throw new Error('the compiler of Cedar is loaded');
});

function build(authzConfig?: AuthzConfig) {
  const app = new App();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const gateway = new McpGateway(chart, 'gateway', {
    authentication: [
      Authentication.jwt({
        issuer: 'https://auth.acme.dev',
        audiences: ['mcp'],
        jwksUri: 'https://auth.acme.dev/jwks.json',
      }),
    ],
  });
  const ledger = new McpServer(chart, 'ledger', {
    source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0'),
    tools: ['db_query'],
  });
  const route = new McpRoute(chart, 'books', { gateway, backends: [{ server: ledger }], authzConfig });
  route.allow(Principal.group('admins'), { tools: ['*'] });
  return { app, route };
}

test('an app without policies in Cedar never loads it', () => {
  const { app, route } = build();
  app.synthYaml();
  AccessMatrix.of(app).expectAllowed({ route, principal: Principal.group('admins'), tool: 'db_query' });
  expect(route.effectivePolicy).toContain('group:admins');
});

test('an app with them does, when it is synthesized', () => {
  const { app } = build(AuthzConfig.inline({ policies: ['permit(principal, action, resource);'] }));
  expect(messageOf(() => app.synthYaml())).toContain('is loaded');
});
