import * as fc from 'fast-check';
import { planArbitrary } from './plan-arbitrary';
import { anyOf, apiKeyOf, BASIC, CERTIFICATE, jwtOf, policyOf } from './policy-fixtures';
import { agentgateway } from '../../../src/backends/agentgateway';
import { configOf } from '../../../src/backends/agentgateway/render';
import { checkPlan } from '../../../src/backends/planes';
import { GatewayPlan } from '../../../src/model/plan';
import { MatchConditions } from '../../../src/model/route';
import { entryOf, gatewayOf, groupOf, planOf, serverOf } from '../../support/literals';

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

const tls = {
  certificate: { secretName: 'gateway-tls', key: 'tls.crt' },
  privateKey: { secretName: 'gateway-tls', key: 'tls.key' },
};
const entry = (policy: ReturnType<typeof policyOf>) => entryOf([groupOf('default', [serverOf('ledger')])], { policy });

it('needs nothing for a plan without policies', () => {
  expect(
    agentgateway.secrets({ gateway: gatewayOf(), entries: [entryOf([groupOf('default', [serverOf('ledger')])])] }),
  ).toEqual({ environment: [], mounts: [] });
});

it('takes API keys from the environment, and files from folders', () => {
  const plan = {
    gateway: gatewayOf({ tls }),
    entries: [
      entry(
        policyOf(
          { level: 'gateway', authentication: [CERTIFICATE] },
          { authentication: [anyOf(jwtOf(), apiKeyOf(), BASIC)] },
        ),
      ),
    ],
  };
  expect(agentgateway.secrets(plan)).toMatchInlineSnapshot(`
{
  "environment": [
    {
      "secretKey": "ci",
      "secretName": "keys",
      "variable": "API_KEY_C3F6B09A7E0B",
    },
  ],
  "mounts": [
    {
      "directory": "/etc/agentgateway-secrets/clients",
      "keys": [
        "ca.crt",
      ],
      "name": "secret-8f4d9088121a",
      "secretName": "clients",
    },
    {
      "directory": "/etc/agentgateway-secrets/gateway-tls",
      "keys": [
        "tls.crt",
        "tls.key",
      ],
      "name": "secret-e34cac71a8b3",
      "secretName": "gateway-tls",
    },
    {
      "directory": "/etc/agentgateway-secrets/passwords",
      "keys": [
        "htpasswd",
      ],
      "name": "secret-3049a1f8327e",
      "secretName": "passwords",
    },
  ],
}
`);
});

it('names the same things in the configuration', () => {
  const plan = {
    gateway: gatewayOf({ tls }),
    entries: [entry(policyOf({ level: 'gateway', authentication: [CERTIFICATE] }, { authentication: [apiKeyOf()] }))],
  };
  const [{ protocol, tls: files }] = configOf(plan).binds[0].listeners;
  expect([protocol, files]).toEqual([
    'HTTPS',
    {
      cert: '/etc/agentgateway-secrets/gateway-tls/tls.crt',
      key: '/etc/agentgateway-secrets/gateway-tls/tls.key',
      root: '/etc/agentgateway-secrets/clients/ca.crt',
    },
  ]);
  expect(agentgateway.configure(plan).files['config.yaml']).toContain(
    `key: |-\n                      \${${agentgateway.secrets(plan).environment[0].variable}}`,
  );
});

it('asks for no client certificate where no policy does', () => {
  expect(configOf({ gateway: gatewayOf({ tls }), entries: [] }).binds[0].listeners[0].tls).not.toHaveProperty('root');
});
