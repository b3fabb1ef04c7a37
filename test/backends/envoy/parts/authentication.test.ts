import { callers } from '../../../../src/backends/envoy/parts/callers';
import { downstreamTls } from '../../../../src/backends/envoy/parts/downstream-tls';
import { tokens } from '../../../../src/backends/envoy/parts/tokens';
import { Gateway } from '../../../../src/model/gateway';
import { AuthenticationMethod, SingleMethod } from '../../../../src/model/policy';
import { entryOf } from '../../../support/literals';
import {
  anyOf,
  apiKeyOf,
  BASIC,
  CERTIFICATE,
  jwksOf,
  policyOf,
  verifiableJwt,
} from '../../agentgateway/policy-fixtures';
import { foundBy, planOfEntries } from '../plans';

const tls = { certificate: { secretName: 'tls', key: 'tls.crt' }, privateKey: { secretName: 'tls', key: 'tls.key' } };
const findings = (routes: readonly AuthenticationMethod[][], gateway: Partial<Gateway> = {}) =>
  [tokens, callers, downstreamTls].flatMap(part =>
    foundBy(
      part,
      planOfEntries(
        routes.map(authentication => entryOf([], { policy: policyOf({ authentication }) })),
        gateway,
      ),
    ),
  );

it('finds nothing in what Envoy can verify', () => {
  const jwt = verifiableJwt();
  const other = verifiableJwt({
    issuer: 'https://other.dev',
    keys: { kind: 'inline', jwks: jwksOf('k1') },
    header: { name: 'x-token', prefix: '' },
  });
  expect(
    findings([
      [jwt],
      [jwt, other],
      [apiKeyOf(), apiKeyOf({ header: { name: 'x-other', prefix: '' } })],
      [anyOf(jwt, apiKeyOf({ header: jwt.header }), BASIC)],
    ]),
  ).toEqual([]);
  expect(findings([[CERTIFICATE], [anyOf(CERTIFICATE, jwt)], []], { tls })).toEqual([]);
});

it.each<[string, SingleMethod]>([
  [
    'Envoy cannot verify tokens with these keys: it is not a JSON Web Key Set: it has no `keys`',
    verifiableJwt({ keys: { kind: 'inline', jwks: '{}' } }),
  ],
  [
    'Envoy cannot fetch keys from the API server: it presents no token there, and does not trust its certificate',
    verifiableJwt({ keys: { kind: 'url', url: 'https://kubernetes.default.svc/openid/v1/jwks' } }),
  ],
  [
    'Envoy cannot read a credential from this header: it sets the header itself, or refuses names with an underscore',
    apiKeyOf({ header: { name: 'x_api_key', prefix: '' } }),
  ],
  [
    'Envoy cannot read a credential from this header: it sets the header itself, or refuses names with an underscore',
    verifiableJwt({ header: { name: 'x-forwarded-for', prefix: '' } }),
  ],
  [
    'the pods of the gateway cannot read a Secret of another namespace than their own',
    { kind: 'basic', htpasswd: { secretName: 'passwords', secretNamespace: 'finance', key: 'htpasswd' } },
  ],
  [
    'the gateway cannot ask for client certificates without a certificate of its own: it serves plain HTTP',
    CERTIFICATE,
  ],
])('refuses: %s', (problem, method) => {
  const found = `app/smart authentication[0]: ${problem}`;
  expect(findings([[method]])).toEqual([found]);
  expect(findings([[anyOf(method, verifiableJwt())]])).toEqual([found]);
});

it('refuses client certificates of different authorities, and without TLS even while nothing is served', () => {
  const other: AuthenticationMethod = {
    kind: 'clientCertificate',
    ca: { kind: 'secret', ref: { secretName: 'others', key: 'ca.crt' } },
  };
  const problem =
    'Envoy cannot ask for client certificates of different authorities: a connection opens before a route is asked for';
  expect(findings([[CERTIFICATE], [other]], { tls })).toEqual([
    `app/smart authentication[0]: ${problem}`,
    `app/smart authentication[0]: ${problem}`,
  ]);
  expect(
    findings([], { policy: policyOf({ level: 'gateway', authentication: [CERTIFICATE] }).levels[0] }),
  ).toHaveLength(1);
});

it('refuses a certificate of the gateway that its pods cannot read', () => {
  expect(findings([], { tls: { ...tls, certificate: { ...tls.certificate, secretNamespace: 'finance' } } })).toEqual([
    'app/gw tls: the pods of the gateway cannot read a Secret of another namespace than their own',
  ]);
});
