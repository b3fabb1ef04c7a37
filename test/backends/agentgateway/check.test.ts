import * as fc from 'fast-check';
import { agentgateway, CAPABILITIES } from '../../../src/backends/agentgateway';
import { formatDiagnostic } from '../../../src/model/diagnostic';
import { GatewayPlan } from '../../../src/model/plan';
import { groupOf, planOf, serverOf } from './fixtures';
import { planArbitrary } from './plan-arbitrary';

const findings = (plan: GatewayPlan) => agentgateway.check(plan).map(formatDiagnostic);
const ledger = serverOf('ledger');
const stateless = serverOf('calc', { sessions: 'stateless' });

it('finds nothing in what agentgateway can do', () => {
  fc.assert(fc.property(planArbitrary, (plan) => {
    expect(findings(plan)).toEqual([]);
  }), { numRuns: 50 });
});

it('refuses what the gateway cannot do, all at once', () => {
  expect(findings(planOf([groupOf('default', [ledger])], {}, {
  port: 15020,
  affinity: { header: 'mcp-session-id' },
  circuitBreaker: { consecutiveFailures: 3, ejection: '30s' },
  healthCheck: { interval: '10s', timeout: '1s', healthyThreshold: 1, unhealthyThreshold: 3 }
}))).toMatchInlineSnapshot(`
[
  "[app/gw] circuitBreaker: got {"consecutiveFailures":3,"ejection":"30s"}: agentgateway cannot leave out a server that fails: eviction removes nothing from MCP backends. remove circuitBreaker; for hosted servers the readiness probe behind their Service is the failover.",
  "[app/gw] healthCheck: got {"interval":"10s","timeout":"1s","healthyThreshold":1,"unhealthyThreshold":3}: agentgateway cannot check the health of servers. remove healthCheck; for hosted servers the readiness probe behind their Service takes its place.",
  "[app/gw] port: got 15020: agentgateway cannot listen there: the port is taken inside its own pod. choose a port other than 15000, 15020, 15021, 15100.",
  "[app/gw] affinity.header: got "mcp-session-id": agentgateway cannot tell callers apart by this header: it changes within a session. name a header that the caller sends from its first request on.",
]
`);
});

it('refuses methods among session-keeping servers', () => {
  expect(findings(planOf([
groupOf('match-0', [stateless], { when: { method: 'tools/call', headers: [] } }),
groupOf('default', [ledger], { unless: [{ method: 'tools/call', headers: [] }] })]
))).toMatchInlineSnapshot(`
[
  "[app/smart] matches[0].method: got "tools/call": agentgateway cannot send the methods of one session to different servers. declare the servers of the route \`sessions: stateless\`, or match by tools.",
]
`);
});

it('refuses a route that no client could connect to', () => {
  expect(findings(planOf([groupOf('match-0', [stateless], { when: { method: 'tools/call', headers: [] } })]))).toMatchInlineSnapshot(`
[
  "[app/smart] matches: got ["tools/call"]: no server of the route answers \`initialize\`, without which no client can connect. add a match without a method, or give every match backends of its own, so that those of the route serve the rest.",
]
`);
});

it('refuses conditions on headers that agentgateway sets itself', () => {
  expect(findings(planOf([
groupOf('match-0', [ledger], { when: { headers: [{ name: 'x-a', kind: 'Exact', value: '1' }, { name: 'accept', kind: 'Prefix', value: 'text/' }] } }),
groupOf('default', [ledger])]
))).toMatchInlineSnapshot(`
[
  "[app/smart] matches[0].headers[1].name: got "accept": agentgateway cannot match this header: it sets the header itself on the way. match another header.",
]
`);
});

it('refuses to retry where answers come on another connection', () => {
  expect(findings(planOf([groupOf('default', [serverOf('old', { protocol: 'sse' })])], { retry: { attempts: 2, codes: [503] } }))).toMatchInlineSnapshot(`
[
  "[app/smart] retry: got {"attempts":2,"codes":[503]}: agentgateway cannot retry requests to a server that speaks HTTP+SSE: its answers come on another connection. remove retry, or serve the server by streamable HTTP.",
]
`);
});

it('says of every feature that is not supported what to do instead', () => {
  expect(CAPABILITIES.filter(({ supported, remedy }) => !supported && remedy === undefined)).toEqual([]);
});
