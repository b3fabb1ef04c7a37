import * as fc from 'fast-check';
import { parse } from 'yaml';
import { configOf } from '../../../src/backends/agentgateway/render';
import { needsRateLimitService, rateLimitServiceConfig } from '../../../src/backends/kubernetes/rate-limit-service';
import { entryOf, gatewayOf, groupOf, serverOf } from '../../support/literals';
import { planArbitrary } from '../agentgateway/plan-arbitrary';
import { jwtOf, LevelOptions, limitOf, policyOf } from '../agentgateway/policy-fixtures';

const groups = [groupOf('default', [serverOf('ledger')])];

it('needs the service for a limit, and for nothing else', () => {
  const plan = (policy?: LevelOptions) => ({
    gateway: gatewayOf(),
    entries: [entryOf(groups, { policy: policy && policyOf(policy) })],
  });
  expect(
    [plan(), plan({ authentication: [jwtOf()] }), plan({ rateLimits: [limitOf('global', 1)] })].map(
      needsRateLimitService,
    ),
  ).toEqual([false, false, true]);
});

it('has a file for each gateway, and a descriptor for each counter', () => {
  const gateway = policyOf({ level: 'gateway', rateLimits: [limitOf('namespace', 10_000)] });
  const route = policyOf(
    { level: 'gateway', rateLimits: [limitOf('namespace', 10_000)] },
    { rateLimits: [limitOf('ip', 5, { unit: 'minute' }), limitOf('global', 2 ** 40)] },
  );
  const files = rateLimitServiceConfig([
    {
      gateway: gatewayOf(),
      entries: [entryOf(groups, { policy: route }), entryOf(groups, { id: 'finance/b', path: '/b', policy: gateway })],
    },
    { gateway: gatewayOf({ name: 'other' }), entries: [entryOf(groups)] },
  ]);
  expect(Object.keys(files)).toEqual(['mcp-system.gw.yaml']);
  const { domain, descriptors } = parse(files['mcp-system.gw.yaml']);
  const hour = (requests: number) => ({ unit: 'hour', requests_per_unit: requests });
  expect(domain).toBe('mcp-system/gw');
  expect(descriptors).toEqual([
    { key: 'limit', value: 'gateway/namespace', descriptors: [{ key: 'namespace', rate_limit: hour(10_000) }] },
    // The service counts in 32 bits.
    { key: 'limit', value: 'route/finance/smart/global', rate_limit: hour(2 ** 32 - 1) },
    {
      key: 'limit',
      value: 'route/finance/smart/ip',
      descriptors: [{ key: 'ip', rate_limit: { unit: 'minute', requests_per_unit: 5 } }],
    },
  ]);
});

it('knows every counter that the gateway asks for, in the same keys, and no other', () => {
  fc.assert(
    fc.property(planArbitrary, plan => {
      const asked = new Set(
        configOf(plan)
          .binds[0].listeners[0].routes.flatMap(({ policies }) => policies?.remoteRateLimit?.descriptors ?? [])
          .map(({ entries: [{ key, value }, ...rest] }) =>
            JSON.stringify([
              key,
              /\? "([^"]*)" : fail\("not counted"\)$/.exec(value)![1],
              rest.map(entry => entry.key),
            ]),
          ),
      );
      const known = Object.values(rateLimitServiceConfig([plan]))
        .flatMap(text => parse(text).descriptors)
        .map(({ key, value, descriptors = [] }: any) =>
          JSON.stringify([key, value, descriptors.map((inner: any) => inner.key)]),
        );
      expect(known).toEqual([...asked].sort((a, b) => (JSON.parse(a)[1] < JSON.parse(b)[1] ? -1 : 1)));
    }),
    { numRuns: 50 },
  );
});
