import { EnvoyPlan } from '../../../../src/backends/envoy/config/plan';
import { exactly, methodMatcher, toolNameMatcher } from '../../../../src/backends/envoy/dialect/matchers';
import { inMetadata, Policy } from '../../../../src/backends/envoy/dialect/rbac';
import { rateLimits as part } from '../../../../src/backends/envoy/parts/rate-limits';
import { RateLimit } from '../../../../src/model/policy';
import { groupOf, serverOf } from '../../../support/literals';
import { jwtOf, limitOf, policyOf } from '../../agentgateway/policy-fixtures';
import { emitted, entryFilters, envoyPlanOf, foundBy, routeOf } from '../plans';

const planWith = (rateLimits: readonly RateLimit[], servers = [serverOf('ledger')]) =>
  envoyPlanOf(
    [groupOf('default', servers)],
    { policy: policyOf({ authentication: [jwtOf()], rateLimits }) },
    { plane: 'envoy' },
  );
const filters = (plan: EnvoyPlan) => part.filters!(plan);
const clusters = (plan: EnvoyPlan) => emitted(part.resources!(plan).clusters ?? []);
const descriptors = (plan: EnvoyPlan): any[] => routeOf(part, plan).action?.rate_limits ?? [];
const actions = (...rateLimits: RateLimit[]) => descriptors(planWith(rateLimits)).map(descriptor => descriptor.actions);
const selected = (index: number) => ({
  metadata: {
    descriptor_key: 'limit',
    source: 'DYNAMIC',
    metadata_key: { key: 'envoy.filters.http.rbac', path: [{ key: `limit-${index}.shadow_effective_policy_id` }] },
  },
});

it('asks the service of the gateway, and refuses calls where it does not answer', () => {
  const plan = planWith([limitOf('user', 5)]);
  expect(filters(plan)).toMatchObject([
    { name: 'mcp.limit.0' },
    { name: 'envoy.filters.http.ratelimit', typed_config: { domain: 'mcp-system/gw', failure_mode_deny: true } },
  ]);
  expect(clusters(plan)[0].load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address).toEqual({
    address: 'gw-rate-limit.mcp-system.svc',
    port_value: 8081,
  });
  expect([filters(planWith([])), clusters(planWith([])), actions()]).toEqual([[], [], []]);
});

it('counts by each dimension, and callers without a name together', () => {
  const dimensions = ['user', 'principal', 'ip', 'tool', 'namespace', 'server', 'global'] as const;
  const found = Object.fromEntries(
    actions(...dimensions.map(dimension => limitOf(dimension, 5))).map(([, value], i) => [
      [...dimensions].sort()[i],
      value,
    ]),
  );
  const inCaller = (name: string) => ({
    metadata: {
      descriptor_key: name,
      source: 'DYNAMIC',
      metadata_key: { key: 'mcp.caller', path: [{ key: name }] },
      default_value: '(none)',
    },
  });
  expect(found).toMatchObject({
    user: inCaller('user'),
    principal: inCaller('principal'),
    ip: {
      remote_address_match: {
        descriptor_key: 'ip',
        descriptor_value: '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%',
      },
    },
    namespace: { generic_key: { descriptor_key: 'namespace', descriptor_value: 'finance' } },
    server: { generic_key: { descriptor_key: 'server', descriptor_value: 'finance/ledger' } },
  });
  expect(found).toHaveProperty('global', undefined);
  expect(found.tool.extension.typed_config).toMatchObject({
    descriptor_key: 'tool',
    text: expect.stringContaining('size(metadata.filter_metadata["envoy.filters.http.mcp"].params.name) <= 128'),
  });
});

it('counts names that nobody declared as one, where all servers declare theirs', () => {
  const declaring = (name: string, ...tools: string[]) =>
    serverOf(name, { tools: tools.map(tool => ({ name: tool })) });
  const text = (limit: RateLimit, ...servers: ReturnType<typeof serverOf>[]): string =>
    descriptors(planWith([limit], servers))[0].actions[1].extension.typed_config.text;
  const both = [declaring('ledger', 'db_query', 'db_insert'), declaring('canary', 'db_query', 'report')];
  expect(text(limitOf('tool', 5), ...both)).toContain('params.name in ["db_insert", "db_query", "report"] ? metadata');
  expect(text(limitOf('tool', 5, { tools: [{ kind: 'prefix', value: 'db_' }] }), ...both)).toContain(
    'params.name in ["db_insert", "db_query"] ? metadata',
  );
  expect(text(limitOf('tool', 5), both[0], serverOf('other'))).toContain('params.name) <= 128 ? metadata');
});

it('counts calls alone, and of some tools where it says so, by policies that leave the name of the counter', () => {
  const plan = planWith([limitOf('global', 9), limitOf('global', 5, { tools: [{ kind: 'prefix', value: 'db_' }] })]);
  expect(descriptors(plan)).toEqual([{ actions: [selected(0)] }, { actions: [selected(1)] }]);
  expect(filters(plan).map(({ name }) => name)).toEqual(['mcp.limit.0', 'mcp.limit.1', 'envoy.filters.http.ratelimit']);
  const [all, some] = Object.values<any>(entryFilters(part, plan)[0]).map(({ rbac }) => rbac);
  expect([all.rules, some.rules]).toEqual([undefined, undefined]);
  const call = inMetadata(methodMatcher([exactly('tools/call')]));
  expect(all).toEqual({
    shadow_rules: {
      action: 'ALLOW',
      policies: { 'route/finance/smart/global': { permissions: [call], principals: [{ any: true }] } },
    },
    shadow_rules_stat_prefix: 'limit-0.',
  });
  const [[id, { permissions }]] = Object.entries<Policy>(some.shadow_rules.policies);
  expect(id).toMatch(/^route\/finance\/smart\/global\/[0-9a-f]{12}$/);
  expect(permissions).toEqual([
    { and_rules: { rules: [call, inMetadata(toolNameMatcher([{ kind: 'prefix', value: 'db_' }]))] } },
  ]);
});

const found = (...input: Parameters<typeof planWith>) => foundBy(part, planWith(...input));

it('refuses to count for each server where the choice falls after', () => {
  expect(found([limitOf('server', 5)])).toEqual([]);
  expect(found([limitOf('user', 5)], [serverOf('a'), serverOf('b')])).toEqual([]);
  expect(found([limitOf('server', 5)], [serverOf('a'), serverOf('b')])[0]).toContain(
    'app/smart rateLimits[0]: Envoy cannot tell which server a call goes to',
  );
});

it('refuses a regex that Envoy would refuse its whole configuration for', () => {
  const tools = [{ kind: 'regex' as const, value: '\\p{L}{900}' }];
  expect(found([limitOf('global', 5, { tools })])[0]).toContain('too large for Envoy');
});
