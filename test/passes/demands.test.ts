import { AGENTGATEWAY } from '../../src/backends/interface/data-plane';
import { BackendGroup, Entry, GatewayPlan } from '../../src/model/plan';
import { ToolPattern } from '../../src/model/tool-pattern';
import { demandsOf } from '../../src/passes/demands';
import {
  allow,
  anyOf,
  apiKeyOf,
  CERTIFICATE,
  levelOf,
  LevelOptions,
  limitOf,
  policyOf,
  user,
  verifiableJwt,
} from '../backends/agentgateway/policy-fixtures';
import { ASKED_FEATURES } from '../golden/features';
import * as golden from '../golden/folders';
import { entryOf, gatewayOf, groupOf, planOf, serverOf } from '../support/literals';
import { apiOf, LIST, restServerOf } from '../support/rest';

const asked = (plan: GatewayPlan) =>
  demandsOf(plan).map(({ feature, path, property }) => `${path} ${property}: ${feature}`);
const ofGroups = (groups: readonly BackendGroup[], options: Partial<Entry> = {}) => asked(planOf(groups, options));
const ofPolicy = (...levels: readonly LevelOptions[]) =>
  ofGroups([groupOf('default', [serverOf('a')])], { policy: policyOf(...levels) });
const TOOLS: readonly ToolPattern[] = [{ kind: 'prefix', value: 'db_' }];

it('asks nothing for one server at one route', () => {
  expect(asked(golden.planOf('plain', AGENTGATEWAY))).toEqual([]);
});

it.each(ASKED_FEATURES)('%s is found where it is asked for', feature => {
  const demands = demandsOf(golden.planOf(feature, AGENTGATEWAY));
  expect(demands.map(demand => demand.feature)).toContain(feature);
});

it('tells matches of calls from those that lists have to show', () => {
  const match = (method?: string) =>
    ofGroups([
      groupOf('match-0', [serverOf('a')], { when: { tools: TOOLS, method, headers: [] } }),
      groupOf('default', [serverOf('b')]),
    ]);
  const tools = 'app/smart matches[0].tools: match.tools';
  expect(match('tools/call')).toEqual([tools, 'app/smart matches[0].method: match.method']);
  expect(match()).toEqual([tools, 'app/smart matches[0].tools: match.tools.listing']);
  expect(match('tools/list')).toHaveLength(3);
});

it('asks for one virtual server where several are discovered', () => {
  const discovery = (...names: readonly string[]) =>
    ofGroups(
      names.map(name => groupOf(name, [serverOf(name)])),
      { origin: 'app/gw', id: 'mcp', path: '/mcp', skipUnavailable: true },
    );
  const skips = 'app/gw discovery.skipUnavailable: skipUnavailable';
  expect(discovery('a')).toEqual([skips]);
  expect(discovery('a', 'b')).toEqual(['app/gw discovery: virtualServers', skips]);
});

it('asks once for what a server of several groups needs', () => {
  const old = serverOf('old', { protocol: 'sse', toolsFilter: TOOLS });
  expect(
    ofGroups([
      groupOf('match-0', [old], { when: { headers: [{ name: 'x-a', kind: 'Exact', value: '1' }] } }),
      groupOf('default', [old]),
    ]),
  ).toEqual([
    'app/smart matches[0].headers: match.headers',
    'app/smart backends: sse',
    'app/old toolsFilter: toolsFilter',
  ]);
});

it('takes the filter of a REST service for a part of serving it', () => {
  const crm = { ...restServerOf('crm', apiOf(LIST)), toolsFilter: TOOLS };
  expect(ofGroups([groupOf('default', [crm])])).toEqual(['app/crm source: openApi']);
});

it('asks for every way to prove who calls', () => {
  expect(ofPolicy({ authentication: [anyOf(verifiableJwt({ resource: { scopes: [] } }), apiKeyOf())] })).toEqual([
    'app/smart authentication[0]: authentication.anyOf',
    'app/smart authentication[0]: authentication.jwt',
    'app/smart authentication[0]: authentication.oidc',
    'app/smart authentication[0]: authentication.apiKey',
  ]);
});

it('asks for the methods of a gateway that serves nothing yet', () => {
  const gateway = gatewayOf({ policy: levelOf({ level: 'gateway', authentication: [CERTIFICATE] }) });
  expect(demandsOf({ gateway, entries: [] })).toMatchObject([{ feature: 'authentication.clientCertificate' }]);
});

it('tells rules that grant some of a list from those that grant all of it, or nothing', () => {
  const listing = (...rules: LevelOptions['rules'] & object) =>
    ofPolicy({ rules }).filter(demand => demand.endsWith('authorization.listing')).length;
  expect(listing(allow([user('a')], ['*']), allow([user('a')], ['db_*'], ['tools/call']))).toBe(0);
  expect(listing(allow([user('a')], ['db_*', '*'], ['tools/list']))).toBe(0);
  expect(listing(allow([user('a')], ['db_*']))).toBe(1);
});

it('asks for bursts of gateways and of routes, each once', () => {
  const gateway = gatewayOf({
    policy: levelOf({
      level: 'gateway',
      rateLimits: [limitOf('ip', 5, { burst: 9, origin: { path: 'app/gw', property: 'rateLimits[0]' } })],
    }),
  });
  const entry = entryOf([groupOf('default', [serverOf('ledger')])], {
    policy: policyOf({ rateLimits: [limitOf('ip', 3, { burst: 2 })] }),
  });
  expect(
    demandsOf({ gateway, entries: [entry, { ...entry, id: 'finance/other' }] }).map(({ feature, path, value }) => [
      feature,
      path,
      value,
    ]),
  ).toEqual([
    ['rateLimits', 'app/gw', '5 per hour for each IP address, 9 at once'],
    ['policy.rateLimit', 'app/gw', '5 per hour for each IP address, 9 at once'],
    ['policy.rateLimit.burst', 'app/gw', '5 per hour for each IP address, 9 at once'],
    ['rateLimits', 'app/smart', '3 per hour for each IP address, 2 at once'],
    ['policy.rateLimit.burst', 'app/smart', '3 per hour for each IP address, 2 at once'],
  ]);
});
