import { App, Chart } from 'cdk8s';
import {
  AccessMatrix,
  Authentication,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  Principal,
  ToolAction,
} from '../../src';

require('../../jest');

/** As jest.d.ts says them, which users have with the package. */
interface Matchers {
  readonly not: Matchers;
  toAllowTool(question: object): void;
  toDenyTool(question: object): void;
}

const chart = new Chart(new App(), 'finance', { namespace: 'finance' });
const gateway = new McpGateway(chart, 'gateway', {
  authentication: [
    Authentication.jwt({
      issuer: 'https://auth.acme.dev',
      audiences: ['mcp'],
      jwksUri: 'https://auth.acme.dev/jwks.json',
    }),
  ],
});
const server = new McpServer(chart, 'ledger', {
  source: McpServerSource.image('ghcr.io/acme/ledger:1.4.0'),
  tools: ['db_query', 'db_insert'],
});
const route = new McpRoute(chart, 'books', { gateway, backends: [{ server }] });
route.allow(Principal.group('admins'), { tools: ['db_query'] });

const access = expect(AccessMatrix.of(chart)) as unknown as Matchers;
const admitted = { route, principal: Principal.group('admins'), tool: 'db_query' };
const denied = { route, principal: Principal.group('admins'), tool: 'db_insert', action: ToolAction.LIST };

it('what is admitted is allowed and not denied', () => {
  access.toAllowTool(admitted);
  access.not.toDenyTool(admitted);
  expect(() => access.toDenyTool(admitted)).toThrow('tools/call of db_query by group:admins is admitted:\n  route: ');
  expect(() => access.not.toAllowTool(admitted)).toThrow('is admitted');
});

it('what is denied is denied and not allowed', () => {
  access.toDenyTool(denied);
  access.not.toAllowTool(denied);
  expect(() => access.toAllowTool(denied)).toThrow('tools/list of db_insert by group:admins is denied:\n');
  expect(() => access.not.toDenyTool(denied)).toThrow('is denied');
});

it('a caller without credentials is named so', () => {
  expect(() => access.toAllowTool({ route, tool: 'db_query' })).toThrow(
    'tools/call of db_query by a caller without credentials is denied',
  );
});

it('a question about what is not there is an error, whatever was expected', () => {
  const slip = { ...admitted, tool: 'db_qery' };
  expect(() => access.toDenyTool(slip)).toThrow('db_query is one of those that are offered');
  expect(() => access.not.toAllowTool(slip)).toThrow('db_query is one of those that are offered');
});
