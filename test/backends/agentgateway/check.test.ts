import * as fc from 'fast-check';
import { planArbitrary } from './plan-arbitrary';
import { agentgateway } from '../../../src/backends/agentgateway';
import { checkPlan } from '../../../src/backends/planes';
import { GatewayPlan } from '../../../src/model/plan';
import { MatchConditions } from '../../../src/model/route';
import { groupOf, planOf, serverOf } from '../../support/literals';

const findings = (plan: GatewayPlan) =>
  agentgateway.check(plan).map(({ path, property, problem }) => `${path} ${property}: ${problem}`);
const ledger = serverOf('ledger');
const stateless = serverOf('calc', { sessions: 'stateless' });

it('finds nothing in what agentgateway can do', () => {
  fc.assert(
    fc.property(planArbitrary, plan => {
      expect(checkPlan(plan)).toEqual([]);
    }),
    { numRuns: 50 },
  );
});

it('refuses what the gateway cannot do, all at once', () => {
  expect(
    findings(
      planOf(
        [groupOf('default', [ledger])],
        {},
        {
          port: 15020,
          affinity: { header: 'mcp-session-id' },
        },
      ),
    ),
  ).toEqual([
    'app/gw port: agentgateway cannot listen there: the port is taken inside its own pod',
    'app/gw affinity.header: agentgateway cannot tell callers apart by this header: it changes within a session',
  ]);
});

it('refuses methods among session-keeping servers', () => {
  const calls = { method: 'tools/call', headers: [] };
  expect(
    findings(
      planOf([groupOf('match-0', [stateless], { when: calls }), groupOf('default', [ledger], { unless: [calls] })]),
    ),
  ).toEqual(['app/smart matches[0].method: agentgateway cannot send the methods of one session to different servers']);
});

it('refuses a route that no client could connect to', () => {
  expect(findings(planOf([groupOf('match-0', [stateless], { when: { method: 'tools/call', headers: [] } })]))).toEqual([
    'app/smart matches: no server of the route answers `initialize`, without which no client can connect',
  ]);
});

it('refuses conditions on headers that agentgateway sets itself', () => {
  const when: MatchConditions = {
    headers: [
      { name: 'x-a', kind: 'Exact', value: '1' },
      { name: 'accept', kind: 'Prefix', value: 'text/' },
    ],
  };
  expect(
    findings(planOf([groupOf('match-0', [ledger], { when }), groupOf('default', [ledger], { unless: [when] })])),
  ).toEqual([
    'app/smart matches[0].headers[1].name: agentgateway cannot match this header: it sets the header itself on the way',
  ]);
});

it('refuses to retry where answers come on another connection', () => {
  expect(
    findings(
      planOf([groupOf('default', [serverOf('old', { protocol: 'sse' })])], { retry: { attempts: 2, codes: [503] } }),
    ),
  ).toEqual([
    'app/smart retry: agentgateway cannot retry requests to a server that speaks HTTP+SSE: its answers come on another connection',
  ]);
});
