import { emitted, envoyPlanOf as planOf, planOfEntries } from './plans';
import { EnvoyPlan } from '../../../src/backends/envoy/config/plan';
import { filterChain } from '../../../src/backends/envoy/listener';
import { routeConfiguration } from '../../../src/backends/envoy/routes';
import { Json } from '../../../src/values/json';
import { entryOf, groupOf, serverOf } from '../../support/literals';
import { allow, apiKeyOf, limitOf, policyOf, user } from '../agentgateway/policy-fixtures';

const plain = planOf([groupOf('default', [serverOf('ledger')])]);
const limited = planOf([groupOf('default', [serverOf('ledger')])], {
  policy: policyOf({ rateLimits: [limitOf('ip', 5)] }),
});
const hostOf = (plan: EnvoyPlan) => emitted(routeConfiguration(plan, filterChain(plan))).virtual_hosts[0];
const routesOf = (plan: EnvoyPlan) => hostOf(plan).routes;
const filtersOf = (plan: EnvoyPlan): string[] => filterChain(plan).filters.map(({ name }) => name);
const admitted = (name: string) => name.startsWith('mcp.rbac.admitted');

it('serves a path as it is, and nothing else', () => {
  expect(routesOf(plain).map(({ name, match }: any) => [name, match])).toEqual([
    ['finance.smart/default', { path: '/routes/finance/smart' }],
  ]);
});

it('serves streams by a route of their own where requests have less time', () => {
  const plan = planOf([groupOf('default', [serverOf('ledger')])], { timeouts: { request: '10s' } });
  expect(routesOf(plan).map(({ name, route }: any) => [name, route.timeout])).toEqual([
    ['finance.smart/default/stream', '0s'],
    ['finance.smart/default/listen', '0s'],
    ['finance.smart/default', '10s'],
  ]);
});

it('answers what no group serves, where no group takes the rest', () => {
  const plan = planOf([
    groupOf('match-0', [serverOf('ledger')], { when: { headers: [{ name: 'x-a', kind: 'Exact', value: '1' }] } }),
  ]);
  expect(routesOf(plan).map(({ name, direct_response: response }: any) => [name, response?.status])).toEqual([
    ['finance.smart/match-0', undefined],
    ['finance.smart/not-served', 404],
  ]);
});

it('admits on each route, by a filter that denies where no route admits', () => {
  const [filter] = filtersOf(plain).filter(admitted);
  const denies = filterChain(plain).filters.find(({ name }) => name === filter)!;
  expect((denies.typed_config as Json).rules).toEqual({ action: 'ALLOW', policies: {} });
  expect(
    routesOf(plain).every(
      ({ typed_per_filter_config: own }: any) => own[filter] !== undefined && own[filter].rbac === undefined,
    ),
  ).toBe(true);
  expect(Object.keys(hostOf(plain).typed_per_filter_config).filter(admitted)).toEqual([]);
});

it('admits nothing by a listener that lacks a filter of the routes', () => {
  const [before, after] = [plain, limited].map(plan => filtersOf(plan).find(admitted)!);
  expect(before).not.toBe(after);
  expect(routesOf(limited)[0].typed_per_filter_config).not.toHaveProperty([before]);
  // What changes on routes alone changes no name.
  expect(
    filtersOf(
      planOf([
        groupOf('default', [
          [serverOf('a'), 90],
          [serverOf('b'), 10],
        ]),
      ]),
    ).find(admitted),
  ).toBe(before);
});

it('asks for the same credentials on all routes of a path', () => {
  const policy = policyOf({ authentication: [apiKeyOf()], rules: [allow([user('bot')], ['*'])] });
  const entry = entryOf(
    [
      groupOf('match-0', [serverOf('a', { sessions: 'stateless' })], { when: { method: 'tools/call', headers: [] } }),
      groupOf('default', [serverOf('b', { sessions: 'stateless' })]),
    ],
    { policy },
  );
  const host = hostOf(
    planOfEntries([
      entry,
      entryOf([groupOf('default', [serverOf('c')])], { id: 'finance/open', path: '/routes/finance/open' }),
    ]),
  );
  const asked = host.routes
    .filter(({ match }: any) => match.path === entry.path)
    .map(({ typed_per_filter_config: own }: any) => own['mcp.authentication']);
  expect(asked.length).toBeGreaterThan(1);
  asked.forEach((one: unknown) => expect(one).toEqual(asked[0]));
  expect(asked[0]).toBeDefined();
});

it('finds many routes by their paths, under which they stand in their order', () => {
  const entries = Array.from({ length: 40 }, (_, i) => ({
    ...entryOf([
      groupOf('match-0', [serverOf('ledger')], { when: { headers: [{ name: 'x-a', kind: 'Exact', value: '1' }] } }),
      groupOf('default', [serverOf('ledger')]),
    ]),
    id: `finance/r-${i}`,
    path: `/routes/finance/r-${i}`,
  }));
  const { matcher, routes } = hostOf(planOfEntries(entries));
  expect(routes).toBeUndefined();
  const { input, prefix_match_map: tree } = matcher.matcher_tree;
  expect(input.typed_config.header_name).toBe(':path');
  expect(Object.keys(tree.map)).toEqual(entries.map(({ path }) => path));
  expect(
    tree.map['/routes/finance/r-1'].action.typed_config.routes.map(({ name, match }: any) => [name, match.path]),
  ).toEqual([
    // The tree finds this for longer paths as well, which are another's.
    ['finance.r-1/match-0', '/routes/finance/r-1'],
    ['finance.r-1/default', '/routes/finance/r-1'],
  ]);
  // Few are read by people.
  expect(hostOf(planOfEntries(entries.slice(0, 32))).routes).toHaveLength(64);
  expect(hostOf(planOfEntries(entries.slice(0, 33))).routes).toBeUndefined();
});
