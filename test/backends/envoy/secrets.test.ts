import { planOfEntries } from './plans';
import { secrets } from '../../../src/backends/envoy';
import { entryOf, groupOf, serverOf } from '../../support/literals';
import { anyOf, apiKeyOf, BASIC, CERTIFICATE, jwtOf, policyOf } from '../agentgateway/policy-fixtures';

it('needs nothing for a plan without policies', () => {
  expect(secrets(planOfEntries([entryOf([])]))).toEqual({ environment: [], mounts: [] });
});

it('mounts all that is verified by, and what servers are shown', () => {
  const tls = {
    certificate: { secretName: 'gateway-tls', key: 'tls.crt' },
    privateKey: { secretName: 'gateway-tls', key: 'tls.key' },
  };
  const server = serverOf('crm', {
    credentials: [
      { kind: 'header', name: 'authorization', prefix: 'Bearer ', value: { secretName: 'crm', key: 'token' } },
    ],
  });
  const policy = policyOf(
    { level: 'gateway', authentication: [CERTIFICATE] },
    { authentication: [anyOf(jwtOf(), apiKeyOf(), BASIC)] },
  );
  const { environment, mounts } = secrets(
    planOfEntries([entryOf([groupOf('default', [server])], { policy })], { tls }),
  );
  expect(environment).toEqual([]);
  expect(mounts.map(({ directory, keys }) => `${directory}: ${keys.join(' ')}`)).toEqual([
    '/etc/envoy-secrets/clients: ca.crt',
    '/etc/envoy-secrets/crm: token',
    '/etc/envoy-secrets/gateway-tls: tls.crt tls.key',
    '/etc/envoy-secrets/keys: ci',
    '/etc/envoy-secrets/passwords: htpasswd',
  ]);
});
