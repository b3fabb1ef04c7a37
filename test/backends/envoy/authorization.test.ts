import {
  authorizationFilters,
  authorizationPerHost,
  authorizationPerRoute,
  enforcedRules,
} from '../../../src/backends/envoy/authorization';
import { GatewayPlan } from '../../../src/model/plan';
import { entryOf, gatewayOf, groupOf, serverOf } from '../../support/literals';
import { allow, apiKeyOf, jwtOf, LevelOptions, policyOf, user } from '../agentgateway/policy-fixtures';

const entry = (...levels: LevelOptions[]) =>
  entryOf([groupOf('default', [serverOf('ledger')])], { policy: policyOf(...levels) });
const planOf = (...entries: GatewayPlan['entries']): GatewayPlan => ({ gateway: gatewayOf(), entries });
const GATEWAY = { level: 'gateway', authentication: [jwtOf()], rules: [allow([user('alice')], ['*'])] } as const;

it('has its filters whatever is asked for: routes come from another file', () => {
  const names = ['mcp.time', 'mcp.message', 'mcp.rbac.authentication', 'mcp.rbac.gateway', 'mcp.rbac.route'];
  expect(authorizationFilters(planOf()).map(({ name }) => name)).toEqual(names);
  expect(authorizationFilters(planOf(entry(GATEWAY))).map(({ name }) => name)).toEqual(names);
});

it('asks what the gateway asks on all routes, and the rest on each', () => {
  const plan = planOf(
    entry(GATEWAY, { rules: [allow([user('alice')], ['db_*'], ['tools/call'])] }),
    entry(GATEWAY, { authentication: [apiKeyOf()] }),
  );
  expect(Object.keys(authorizationPerHost(plan))).toEqual(['mcp.rbac.gateway']);
  expect(plan.entries.map(one => Object.keys(authorizationPerRoute(plan, one)))).toEqual([
    ['mcp.rbac.authentication', 'mcp.rbac.route'],
    ['mcp.rbac.authentication'],
  ]);
  // What one entry says of the gateway all say.
  expect(authorizationPerHost(planOf(plan.entries[1]))).toEqual(authorizationPerHost(plan));
  expect(authorizationPerRoute(plan, plan.entries[0])['mcp.rbac.route']).toMatchObject({
    rbac: { rules: { action: 'ALLOW', policies: { 'app/smart: allow': expect.anything() } } },
  });
});

it('asks nothing where nobody restricts anything', () => {
  const open = entryOf([groupOf('default', [serverOf('ledger')])]);
  expect([authorizationPerHost(planOf(open)), authorizationPerRoute(planOf(open), open)]).toEqual([{}, {}]);
});

it('is evaluated as it is emitted', () => {
  const found = entry(GATEWAY);
  const [authentication, gateway] = enforcedRules(found);
  const plan = planOf(found);
  expect(JSON.parse(gateway.expression).policies).toEqual(
    authorizationPerHost(plan)['mcp.rbac.gateway'].rbac.rules.policies,
  );
  expect(JSON.parse(authentication.expression).policies).toEqual(
    authorizationPerRoute(plan, found)['mcp.rbac.authentication'].rbac.rules.policies,
  );
  expect(gateway.grants.map(({ words }) => words)).toEqual(['user:alice may call and list *']);
});
