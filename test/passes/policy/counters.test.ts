import { countersOf } from '../../../src/passes/policy/counters';
import { jwtOf, LevelOptions, limitOf, policyOf } from '../../backends/agentgateway/policy-fixtures';
import { gatewayOf } from '../../support/literals';

const counters = (...levels: LevelOptions[]) =>
  countersOf(policyOf(...levels), 'finance/smart', gatewayOf()).map(
    ({ id, requests, unit, namespace }) => `${id}: ${requests} per ${unit} in ${namespace}`,
  );

it("counts a gateway's limit over its routes, and a route's on it alone", () => {
  expect(
    counters(
      { level: 'gateway', authentication: [jwtOf()], rateLimits: [limitOf('namespace', 10_000)] },
      { rateLimits: [limitOf('user', 100)] },
    ),
  ).toEqual(['gateway/namespace: 10000 per hour in finance', 'route/finance/smart/user: 100 per hour in finance']);
});

it("keeps a gateway's limit below which a route has one, and drops a route's that says nothing new", () => {
  const gateway: LevelOptions = { level: 'gateway', rateLimits: [limitOf('ip', 100)] };
  expect(counters(gateway, { rateLimits: [limitOf('ip', 10)] })).toEqual([
    'gateway/ip: 100 per hour in finance',
    'route/finance/smart/ip: 10 per hour in finance',
  ]);
  expect(counters(gateway, { rateLimits: [limitOf('ip', 10, { unit: 'second' })] })).toEqual([
    'gateway/ip: 100 per hour in finance',
  ]);
});

it('takes the lowest of several at one level', () => {
  expect(
    counters({
      level: 'gateway',
      rateLimits: [limitOf('ip', 100), limitOf('ip', 50), limitOf('ip', 1, { unit: 'second' })],
    }),
  ).toEqual(['gateway/ip: 50 per hour in finance']);
});

it('counts selections of tools apart, whatever their order, and keeps the counter of a changed rate', () => {
  const tools = [
    { kind: 'exact' as const, value: 'a' },
    { kind: 'prefix' as const, value: 'b' },
  ];
  const [some] = counters({ rateLimits: [limitOf('ip', 1, { tools })] });
  expect(some).toMatch(/^route\/finance\/smart\/ip\/[0-9a-f]{12}: 1 per hour/);
  expect(counters({ rateLimits: [limitOf('ip', 2, { tools: [...tools].reverse() }), limitOf('ip', 3)] })).toEqual([
    'route/finance/smart/ip: 3 per hour in finance',
    some.replace(': 1', ': 2'),
  ]);
});

it('counts discovered servers in the namespace of their gateway', () => {
  const policy = policyOf({ level: 'gateway', rateLimits: [limitOf('namespace', 1)] });
  expect(countersOf(policy, 'mcp', gatewayOf()).map(({ namespace }) => namespace)).toEqual(['mcp-system']);
});
