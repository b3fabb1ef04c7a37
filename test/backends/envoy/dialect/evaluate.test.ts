import { enforcement } from '../../../../src/backends/envoy';
import { MatchConditions } from '../../../../src/model/route';
import { AccessRequest } from '../../../../src/passes/access/caller';
import { decide } from '../../../../src/passes/access/decide';
import { entryOf, groupOf, serverOf } from '../../../support/literals';

const CALLS: MatchConditions = { method: 'tools/call', tools: [{ kind: 'prefix', value: 'k8s_' }], headers: [] };
const DEV: MatchConditions = { headers: [{ name: 'x-env', kind: 'Regex', value: 'dev.*' }] };
const groups = [
  groupOf('match-0', [serverOf('k8s')], { when: CALLS }),
  groupOf('match-1', [serverOf('dev')], { when: DEV, unless: [CALLS] }),
];
const everything = groupOf('default', [serverOf('ledger')], { unless: [CALLS, DEV] });
const ask = (entry: ReturnType<typeof entryOf>, rest: Partial<Extract<AccessRequest, { tool: string }>>) =>
  decide(enforcement(entry), { tool: 'x', action: 'tools/call', ...rest });

it('serves what some group gets', () => {
  const entry = entryOf(groups);
  expect(ask(entry, { tool: 'k8s_get' }).allowed).toBe(true);
  expect(ask(entry, { headers: { 'x-env': 'dev1' } }).allowed).toBe(true);
  expect(ask(entry, {}).allowed).toBe(false);
  expect(ask(entry, { tool: 'k8s_get', action: 'tools/list' }).allowed).toBe(false);
  expect(ask(entryOf([...groups, everything]), {}).allowed).toBe(true);
});

it('names the servers that do not, and asks what a server asks by itself', () => {
  expect(ask(entryOf(groups), {}).reasons[0].words).toContain('match-0: k8s, match-1: dev');
  const closed = {
    ...enforcement(entryOf([])),
    rules: [
      {
        level: 'authentication' as const,
        expression: '{"policies":{}}',
        holds: () => ({ kind: 'value' as const, value: false }),
        origins: [],
        grants: [],
      },
    ],
  };
  const behind = enforcement(entryOf([...groups, everything]), ({ name }) => (name === 'k8s' ? closed : undefined));
  expect(decide(behind, { tool: 'k8s_get', action: 'tools/call' }).allowed).toBe(false);
  expect(decide(behind, { tool: 'x', action: 'tools/call' }).allowed).toBe(true);
});
