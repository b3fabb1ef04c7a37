import { timeCondition, timesOf } from '../../../../src/backends/envoy/dialect/conditions';
import { authorization, enforcedRules, timeOfDay } from '../../../../src/backends/envoy/parts/authorization';
import { Entry } from '../../../../src/model/plan';
import { Condition } from '../../../../src/model/policy';
import { entryOf, groupOf, serverOf } from '../../../support/literals';
import {
  allow,
  apiKeyOf,
  jwtOf,
  LevelOptions,
  policyOf,
  user,
  verifiableJwt,
} from '../../agentgateway/policy-fixtures';
import { emitted, entryFilters, foundBy, planOfEntries } from '../plans';

const entry = (...levels: LevelOptions[]) =>
  entryOf([groupOf('default', [serverOf('ledger')])], { policy: policyOf(...levels) });
const planOf = (...entries: readonly Entry[]) => planOfEntries(entries);
const perHost = (...entries: readonly Entry[]) => emitted(authorization.host!(planOf(...entries)));
const perRoute = (...entries: readonly Entry[]) => entryFilters(authorization, planOf(...entries));
const GATEWAY = { level: 'gateway', authentication: [jwtOf()], rules: [allow([user('alice')], ['*'])] } as const;

it('has its filters whatever is asked for: routes come from another file', () => {
  const names = ['mcp.rbac.authentication', 'mcp.rbac.gateway', 'mcp.rbac.route'];
  expect(authorization.filters!(planOf()).map(({ name }) => name)).toEqual(names);
  expect(authorization.filters!(planOf(entry(GATEWAY))).map(({ name }) => name)).toEqual(names);
});

it('asks what the gateway asks on all routes, and the rest on each', () => {
  const entries = [
    entry(GATEWAY, { rules: [allow([user('alice')], ['db_*'], ['tools/call'])] }),
    entry(GATEWAY, { authentication: [apiKeyOf()] }),
  ];
  expect(Object.keys(perHost(...entries))).toEqual(['mcp.rbac.gateway']);
  expect(perRoute(...entries).map(filters => Object.keys(filters))).toEqual([
    ['mcp.rbac.authentication', 'mcp.rbac.route'],
    ['mcp.rbac.authentication'],
  ]);
  // What one entry says of the gateway all say.
  expect(perHost(entries[1])).toEqual(perHost(...entries));
  expect(perRoute(...entries)[0]['mcp.rbac.route']).toMatchObject({
    rbac: { rules: { action: 'ALLOW', policies: { 'app/smart: allow': expect.anything() } } },
  });
});

it('asks nothing where nobody restricts anything', () => {
  const open = entryOf([groupOf('default', [serverOf('ledger')])]);
  expect([perHost(open), perRoute(open)]).toEqual([{}, [{}]]);
});

it('is evaluated as it is emitted', () => {
  const found = entry(GATEWAY);
  const [authentication, gateway] = enforcedRules(found);
  expect(JSON.parse(gateway.expression).policies).toEqual(perHost(found)['mcp.rbac.gateway'].rbac.rules.policies);
  expect(JSON.parse(authentication.expression).policies).toEqual(
    perRoute(found)[0]['mcp.rbac.authentication'].rbac.rules.policies,
  );
  expect(gateway.grants.map(({ words }) => words)).toEqual(['user:alice may call and list *']);
});

const found = (level: LevelOptions) =>
  foundBy(authorization, planOf(entry({ authentication: [verifiableJwt()], ...level })));
const onHeader = (name: string, authentication = [verifiableJwt()]) =>
  found({
    authentication,
    rules: [{ ...allow([user('a')], ['*']), conditions: [{ kind: 'header', name, operator: 'Equal', values: ['x'] }] }],
  });

it('refuses conditions on headers that are not what the client sent', () => {
  expect(onHeader('x-env')).toEqual([]);
  expect(onHeader('X-Api-Key', [verifiableJwt(), apiKeyOf()] as never)).toHaveLength(1);
  expect(onHeader('Authorization')[0]).toContain('takes the header of a credential out');
  for (const name of ['X-Forwarded-For', 'x-envoy-internal', 'x-request-id', 'connection', 'x_env']) {
    expect(onHeader(name)[0]).toContain(
      'Envoy sets this header itself, takes it out, or refuses requests that have it',
    );
  }
});

it('refuses a regex that Envoy would refuse its whole configuration for', () => {
  const matches = (value: string): Condition => ({
    kind: 'header',
    name: 'x-env',
    operator: 'NotMatches',
    values: [value],
  });
  const tools = (value: string) => [{ kind: 'regex' as const, value }];
  const rule = {
    ...allow([user('a')], ['*']),
    permissions: [{ tools: tools('\\p{L}{900}'), actions: ['tools/call' as const] }],
  };
  expect(found({ rules: [rule] })[0]).toContain('too large for Envoy');
  // Globs are regexes, too, and no bound is set for the names of prompts and for URIs.
  const glob = { kind: 'glob' as const, value: `file:///*${'x'.repeat(10_000)}` };
  for (const permission of [
    { resources: [glob], actions: ['resources/read' as const] },
    { prompts: [glob], actions: ['prompts/get' as const] },
  ]) {
    expect(found({ rules: [{ ...rule, permissions: [permission] }] })[0]).toContain('too large for Envoy');
  }
  expect(found({ rules: [{ ...allow([user('a')], ['*']), conditions: [matches('\\p{L}{900}')] }] })).toHaveLength(1);
  expect(
    found({ rules: [{ ...allow([user('a')], ['*']), conditions: [matches('\\p{L}{100}[^a-z]{900}')] }] }),
  ).toHaveLength(1);
  expect(
    found({
      rules: [{ ...rule, permissions: [{ tools: tools('\\p{L}{100}|(?:abc){900}'), actions: ['tools/call'] }] }],
    }),
  ).toHaveLength(1);
  expect(
    found({ rules: [{ ...rule, permissions: [{ tools: tools('(?:abc){900}'), actions: ['tools/call'] }] }] }),
  ).toEqual([]);
});

const NINE_TO_FIVE = { kind: 'timeOfDay', negated: false, from: 540, to: 1020, timeZone: 'UTC' } as const;
const entryWith = (...conditions: Condition[]) =>
  entryOf([groupOf('default', [serverOf('ledger')])], {
    policy: policyOf({ authentication: [jwtOf()], rules: [{ ...allow([user('alice')], ['*']), conditions }] }),
  });

it('is asked for once, however many routes have it', () => {
  const entries = [entryWith(NINE_TO_FIVE), entryWith(NINE_TO_FIVE, { ...NINE_TO_FIVE, negated: true })];
  const { 'mcp.time': config } = emitted(timeOfDay.host!(planOfEntries(entries)));
  expect(config.on_request_headers).toHaveLength(2);
  const { key, expression } = timeCondition(NINE_TO_FIVE);
  expect(config.on_request_headers).toContainEqual({
    object_key: key,
    factory_key: 'envoy.string',
    format_string: { text_format_source: { inline_string: `%CEL(${expression})%` } },
  });
  expect(timeOfDay.host!(planOfEntries([entryWith()]))).toEqual({});
  expect([...timesOf(entries[1]).keys()]).toHaveLength(2);
});
