import { Encryption, SessionIsolation, TrafficPolicy } from '../../../src/model/traffic-policy';
import { checkTrafficPolicy } from '../../../src/passes/gateways/traffic-checks';
import { jwtOf, policyOf } from '../../backends/agentgateway/policy-fixtures';
import { entryOf, gatewayOf, groupOf, serverOf } from '../../support/literals';

const TLS = { certificate: { secretName: 'tls', key: 'tls.crt' }, privateKey: { secretName: 'tls', key: 'tls.key' } };
const https = serverOf('crm', {
  workloadNamespace: undefined,
  endpoints: [{ host: 'crm.dev', port: 443, path: '/mcp', tls: { insecureSkipVerify: false } }],
});
const http = serverOf('old', { workloadNamespace: undefined });
const hosted = serverOf('ledger');

const encryption = (options: Partial<Encryption>): Partial<TrafficPolicy> => ({
  compliance: { encryption: { atRest: false, inTransit: true, required: false, ...options } },
});

function problems(
  traffic: Partial<TrafficPolicy>,
  gateway: Parameters<typeof gatewayOf>[0],
  ...entries: readonly ReturnType<typeof entryOf>[]
): string[] {
  const plan = { gateway: gatewayOf({ ...gateway, traffic: { path: 'app/gw', demands: [], ...traffic } }), entries };
  return checkTrafficPolicy(plan).map(({ property, problem }) => `${property}: ${problem}`);
}

test('what is encrypted passes', () => {
  expect(problems(encryption({}), { tls: TLS }, entryOf([groupOf('default', [https, hosted])]))).toEqual([]);
  expect(
    problems(
      encryption({ required: true }),
      { tls: TLS, tracing: { endpoint: 'https://otel', protocol: 'grpc', sampling: 1 } },
      entryOf([groupOf('default', [https])]),
    ),
  ).toEqual([]);
  expect(problems(encryption({ inTransit: false }), {}, entryOf([groupOf('default', [http])]))).toEqual([]);
});

test('what is not is named, once', () => {
  const entry = entryOf([groupOf('a', [http]), groupOf('b', [http, hosted])]);
  expect(problems(encryption({}), { tls: TLS }, entry, entry)).toEqual([
    'compliance.encryption.encryptionInTransit: the gateway reaches MCPServer finance/old, outside the cluster, by plain HTTP',
  ]);
  expect(
    problems(
      encryption({ inTransit: false, required: true }),
      { tls: TLS },
      entryOf([groupOf('default', [hosted])], {
        policy: policyOf({ authentication: [jwtOf({ keys: { kind: 'url', url: 'http://auth.sso.svc/jwks' } })] }),
      }),
    ),
  ).toEqual([
    'compliance.encryption.requireEncryption: the gateway reaches MCPServer finance/ledger by plain HTTP',
    'compliance.encryption.requireEncryption: keys of an issuer come from http://auth.sso.svc/jwks',
  ]);
});

test("sessions of nobody are no one's alone", () => {
  const isolation: SessionIsolation = {
    mode: 'strict',
    lifetime: 1000,
    sharing: false,
    sharedData: [],
    resourceBoundaries: true,
    auditLevel: 'None',
  };
  const entry = entryOf([groupOf('default', [hosted])]);
  const named = entryOf([groupOf('default', [hosted])], { policy: policyOf({ authentication: [jwtOf()] }) });
  expect(problems({ sessionIsolation: isolation }, {}, entry, named)).toEqual([
    "sessionIsolation.mode: a session cannot be its caller's alone at /routes/finance/smart: callers are not authenticated there",
  ]);
  expect(problems({ sessionIsolation: isolation }, {}, named)).toEqual([]);
  expect(problems({ sessionIsolation: { ...isolation, mode: 'relaxed' } }, {}, entry)).toEqual([]);
});
