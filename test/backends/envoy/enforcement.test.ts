import { enforcement } from '../../../src/backends/envoy';
import { ToolAction } from '../../../src/model/items';
import { Condition } from '../../../src/model/policy';
import { AccessRequest } from '../../../src/passes/access/caller';
import { decide } from '../../../src/passes/access/decide';
import { entryOf, groupOf, serverOf } from '../../support/literals';
import { allow, apiKeyOf, group, jwtOf, policyOf, user } from '../agentgateway/policy-fixtures';

const conditioned = (name: string, condition: Condition) => ({
  ...allow([user(name)], ['*'], ['tools/call']),
  conditions: [condition],
});
const policy = policyOf(
  { level: 'gateway', authentication: [jwtOf()], rules: [allow([group('staff')], ['*'])] },
  {
    rules: [
      allow([user('caller'), user('q"\\$é')], ['db_*'], ['tools/call']),
      allow([user('lister')], ['*'], ['tools/list']),
      conditioned('near', { kind: 'sourceIp', negated: false, cidrs: ['10.0.0.0/8'] }),
      conditioned('far', { kind: 'sourceIp', negated: true, cidrs: ['10.0.0.0/8'] }),
      conditioned('tester', { kind: 'header', name: 'x-env', operator: 'NotEqual', values: ['prod'] }),
      conditioned('worker', { kind: 'timeOfDay', negated: false, from: 540, to: 1020, timeZone: 'Europe/Berlin' }),
    ],
  },
);
const plane = enforcement(entryOf([groupOf('default', [serverOf('ledger')])], { policy }));
const ask = (name: string, rest: Partial<Extract<AccessRequest, { tool: string }>> = {}) =>
  decide(plane, { caller: { user: name, groups: ['staff'] }, tool: 'db_query', action: 'tools/call', ...rest });

it.each<[string, ToolAction, string, boolean]>([
  ['caller', 'tools/call', 'db_query', true],
  ['caller', 'tools/call', 'log', false],
  ['caller', 'tools/list', 'db_query', false],
  ['lister', 'tools/call', 'db_query', false],
  ['lister', 'tools/list', 'anything', true],
  ['q"\\$é', 'tools/call', 'db_', true],
  ['nobody', 'tools/call', 'db_query', false],
])('%s %s %s: %s', (name, action, tool, expected) => {
  expect(ask(name, { action, tool }).allowed).toBe(expected);
  expect(ask(name, { action, tool, caller: { user: name, groups: ['guests'] } }).allowed).toBe(false);
  expect(ask(name, { action, tool, caller: undefined }).allowed).toBe(false);
});

it.each<[string, Partial<Extract<AccessRequest, { tool: string }>>, boolean]>([
  ['near', { sourceIp: '10.1.2.3' }, true],
  ['near', { sourceIp: '11.1.2.3' }, false],
  ['near', { sourceIp: '::ffff:10.1.2.3' }, false],
  ['near', {}, false],
  ['far', { sourceIp: '11.1.2.3' }, true],
  ['far', { sourceIp: '10.1.2.3' }, false],
  ['far', {}, false],
  ['far', { sourceIp: 'here' }, false],
  ['tester', { headers: { 'X-Env': 'dev' } }, true],
  ['tester', { headers: { 'x-env': ['prod', 'dev'] } }, true],
  ['tester', { headers: { 'x-env': 'prod' } }, false],
  ['tester', {}, false],
  ['worker', { time: new Date('2026-07-01T07:00:00Z') }, true],
  ['worker', { time: new Date('2026-01-01T07:00:00Z') }, false],
  ['worker', {}, false],
])('%s with %j: %s', (name, rest, expected) => {
  expect(ask(name, rest).allowed).toBe(expected);
});

it('says which rule granted, and what could not be asked', () => {
  expect(ask('caller').reasons.map(({ level, words }) => `${level}: ${words}`)).toEqual([
    'gateway: group:staff may call and list *',
    'route: user:caller or user:q"\\$é may call db_*',
  ]);
  expect(ask('far').reasons[0].words).toContain(
    'cannot be evaluated for this request: the address of the caller is not known',
  );
});

it('does not take what an inner level verifies for what the outer one asks', () => {
  const key = apiKeyOf({
    keys: [{ secret: { kind: 'sha256', hex: '00'.repeat(32) }, user: 'alice', groups: ['staff'] }],
  });
  const layered = policyOf(
    { level: 'gateway', authentication: [jwtOf()], rules: [allow([user('alice')], ['*'])] },
    { authentication: [key] },
  );
  const found = enforcement(entryOf([groupOf('default', [serverOf('ledger')])], { policy: layered }));
  expect(decide(found, { caller: { user: 'alice' }, tool: 'x', action: 'tools/call' }).allowed).toBe(true);
  expect(
    decide(found, { caller: { user: 'alice', claims: { sub: 'mallory' } }, tool: 'x', action: 'tools/call' }).allowed,
  ).toBe(false);
});
