import { DEFAULT_PROFILE } from '../../../src/model/cluster';
import { CertificateIssuer, SingleMethod } from '../../../src/model/policy';
import {
  authorityKey,
  checkIssuers,
  gatewayDnsNames,
  separateAuthority,
} from '../../../src/passes/gateways/certificates';
import { anyOf, jwtOf, policyOf } from '../../backends/agentgateway/policy-fixtures';
import { findingsInShort, gatewayOf } from '../../support/literals';

const ISSUER: CertificateIssuer = { kind: 'ClusterIssuer', name: 'ca' };
const NAMESAKE: CertificateIssuer = { kind: 'Issuer', name: 'ca' };
const issuedBy = (issuer: CertificateIssuer): SingleMethod => ({
  kind: 'clientCertificate',
  ca: { kind: 'issuer', issuer },
});
const tls = {
  certificate: { secretName: 'gw-tls', key: 'tls.crt' },
  privateKey: { secretName: 'gw-tls', key: 'tls.key' },
};
const secured = gatewayOf({ tls: { ...tls, issuer: ISSUER } });
const separate = (of: typeof secured, ...methods: SingleMethod[]) =>
  separateAuthority({
    gateway: of,
    entries: methods.map(method => ({
      origin: 'app/r',
      id: 'r',
      path: '/r',
      groups: [],
      skipUnavailable: false,
      counters: [],
      policy: policyOf({ authentication: [method] }),
    })),
  });

test('names of a gateway in the cluster', () => {
  expect(gatewayDnsNames('gw', 'mcp', 'acme.internal')).toEqual(['gw.mcp', 'gw.mcp.svc', 'gw.mcp.svc.acme.internal']);
});

test('authorities stand in the Secret that was named, in that of the gateway, or in one of their own', () => {
  const ref = { secretName: 'partners', secretNamespace: 'mcp', key: 'pem' };
  expect(authorityKey({ kind: 'secret', ref }, secured)).toBe(ref);
  expect(authorityKey({ kind: 'issuer', issuer: ISSUER }, secured)).toEqual({
    secretName: 'gw-tls',
    secretNamespace: 'mcp-system',
    key: 'ca.crt',
  });
  for (const [issuer, of] of [
    [NAMESAKE, secured],
    [ISSUER, gatewayOf({ tls })],
    [ISSUER, gatewayOf()],
  ] as const) {
    expect(authorityKey({ kind: 'issuer', issuer }, of)).toEqual({
      secretName: 'gw-client-ca',
      secretNamespace: 'mcp-system',
      key: 'ca.crt',
    });
  }
});

test('a certificate is asked for where an authority is not beside that of the gateway', () => {
  expect(separate(secured)).toBeUndefined();
  expect(separate(secured, jwtOf())).toBeUndefined();
  expect(separate(secured, issuedBy({ ...ISSUER }))).toBeUndefined();
  expect(
    separate(secured, { kind: 'clientCertificate', ca: { kind: 'secret', ref: { secretName: 'a', key: 'b' } } }),
  ).toBeUndefined();
  expect(separate(secured, jwtOf(), issuedBy(NAMESAKE))).toEqual(NAMESAKE);
  expect(separate(gatewayOf({ tls }), issuedBy(ISSUER))).toEqual(ISSUER);
  const choice = policyOf({ authentication: [anyOf(jwtOf(), issuedBy(NAMESAKE))] });
  expect(
    separateAuthority({
      gateway: secured,
      entries: [
        { origin: 'app/r', id: 'r', path: '/r', groups: [], skipUnavailable: false, counters: [], policy: choice },
      ],
    }),
  ).toEqual(NAMESAKE);
});

test('cert-manager is asked only where the cluster has it', () => {
  const choice = policyOf(
    { level: 'gateway', authentication: [issuedBy(ISSUER)] },
    { authentication: [issuedBy(NAMESAKE)] },
  );
  const plan = (of: typeof secured) => ({
    gateway: of,
    entries: [
      { origin: 'app/r', id: 'r', path: '/r', groups: [], skipUnavailable: false, counters: [], policy: choice },
    ],
  });
  const missing = 'needs cert-manager, and the profile of the cluster does not say that it is installed';
  expect(findingsInShort(checkIssuers(plan(secured)))).toEqual([
    `error app/gw tls: ${missing}`,
    `error app/smart authentication[0]: ${missing}`,
  ]);
  expect(
    checkIssuers(plan(gatewayOf({ tls: secured.tls, profile: { ...DEFAULT_PROFILE, addOns: ['cert-manager'] } }))),
  ).toEqual([]);
  expect(checkIssuers({ gateway: gatewayOf({ tls }), entries: [] })).toEqual([]);
});
