import { EnvoyPlan } from '../../../../src/backends/envoy/config/plan';
import { downstreamTls } from '../../../../src/backends/envoy/parts/listener';
import { AuthenticationMethod } from '../../../../src/model/policy';
import { entryOf } from '../../../support/literals';
import { anyOf, apiKeyOf, CERTIFICATE, policyOf } from '../../agentgateway/policy-fixtures';
import { emitted, planOfEntries } from '../plans';

const tls = {
  certificate: { secretName: 'gateway-tls', key: 'tls.crt' },
  privateKey: { secretName: 'gateway-tls', key: 'tls.key' },
};
const plan = (...routes: AuthenticationMethod[][]) =>
  planOfEntries(
    routes.map(authentication => entryOf([], { policy: policyOf({ authentication }) })),
    { tls },
  );
const socketOf = (one: EnvoyPlan) => emitted(downstreamTls.listener!(one)).chain?.transport_socket;
const certificates = (one: EnvoyPlan) => downstreamTls.resources!(one).secrets ?? [];

it('is plain HTTP without a certificate', () => {
  expect(socketOf(planOfEntries([]))).toBeUndefined();
  expect(certificates(planOfEntries([]))).toEqual([]);
});

it('reads the certificate again when its Secret changes', () => {
  expect(certificates(plan([]))).toEqual([
    {
      name: 'certificate',
      tls_certificate: {
        certificate_chain: { filename: '/etc/envoy-secrets/gateway-tls/tls.crt' },
        private_key: { filename: '/etc/envoy-secrets/gateway-tls/tls.key' },
        watched_directory: { path: '/etc/envoy-secrets/gateway-tls' },
      },
    },
  ]);
  expect(socketOf(plan([])).typed_config).not.toHaveProperty('require_client_certificate');
});

it.each([
  ['all routes', [[CERTIFICATE], [CERTIFICATE, apiKeyOf()]], true],
  ['some routes', [[CERTIFICATE], []], false],
  ['a choice', [[anyOf(CERTIFICATE, apiKeyOf())]], false],
])('asks for client certificates where %s want them, and verifies each', (_, routes, required) => {
  const { common_tls_context: context, ...config } = socketOf(plan(...routes)).typed_config;
  expect(config).toMatchObject({
    require_client_certificate: required,
    disable_stateless_session_resumption: true,
    disable_stateful_session_resumption: true,
  });
  expect(context.validation_context_sds_secret_config.name).toBe('client-authorities');
  expect(certificates(plan(...routes))[1]).toEqual({
    name: 'client-authorities',
    validation_context: {
      trusted_ca: { filename: '/etc/envoy-secrets/clients/ca.crt' },
      watched_directory: { path: '/etc/envoy-secrets/clients' },
    },
  });
});
