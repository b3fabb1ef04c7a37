import { anyOf, apiKeyOf, BASIC, CERTIFICATE, jwtOf, policyOf } from './policy-fixtures';
import { agentgateway } from '../../../src/backends/agentgateway';
import { configOf } from '../../../src/backends/agentgateway/render';
import { entryOf, gatewayOf, groupOf, serverOf } from '../../support/literals';

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
  expect(agentgateway.render(plan)['config.yaml']).toContain(
    `key: |-\n                      \${${agentgateway.secrets(plan).environment[0].variable}}`,
  );
});

it('asks for no client certificate where no policy does', () => {
  expect(configOf({ gateway: gatewayOf({ tls }), entries: [] }).binds[0].listeners[0].tls).not.toHaveProperty('root');
});
