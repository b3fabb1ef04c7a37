import { authorityCertificates, certificate } from '../../../src/backends/kubernetes/add-ons';
import { CertificateIssuer } from '../../../src/model/policy';
import { gatewayOf } from '../../support/literals';
import { validateObjects } from '../../support/validate';
import { jwtOf, policyOf } from '../agentgateway/policy-fixtures';

const issuer: CertificateIssuer = { kind: 'Issuer', name: 'ca' };
const request = { name: 'gw-tls', namespace: 'mcp', labels: { a: 'b' }, issuer, dnsNames: ['gw.mcp'] };

test('a certificate of a server, and of no client', () => {
  const made = certificate(request);
  expect(validateObjects([made])).toEqual([]);
  expect(made.spec).toEqual({
    secretName: 'gw-tls',
    issuerRef: { group: 'cert-manager.io', kind: 'Issuer', name: 'ca' },
    dnsNames: ['gw.mcp'],
    privateKey: { rotationPolicy: 'Always' },
    usages: ['digital signature', 'key encipherment', 'server auth'],
  });
});

test("times are cert-manager's own unless they are given", () => {
  const made = certificate({ ...request, duration: '720h', renewBefore: '240h' });
  expect(validateObjects([made])).toEqual([]);
  expect(made.spec).toMatchObject({ duration: '720h', renewBefore: '240h' });
});

test("the authority of clients has a certificate where none of the gateway's own brings it", () => {
  const entry = { origin: 'app/r', id: 'r', path: '/r', groups: [], skipUnavailable: false, counters: [] };
  expect(
    authorityCertificates({
      gateway: gatewayOf(),
      entries: [{ ...entry, policy: policyOf({ authentication: [jwtOf()] }) }],
    }),
  ).toEqual([]);
  const made = authorityCertificates({
    gateway: gatewayOf({ name: 'g'.repeat(63) }),
    entries: [
      {
        ...entry,
        policy: policyOf({ authentication: [{ kind: 'clientCertificate', ca: { kind: 'issuer', issuer } }] }),
      },
    ],
  });
  expect(validateObjects(made)).toEqual([]);
  expect(
    made.map(({ metadata, spec }) => [metadata.name, metadata.namespace, spec.secretName, spec.issuerRef.name]),
  ).toEqual([[`${'g'.repeat(63)}-client-ca`, 'mcp-system', `${'g'.repeat(63)}-client-ca`, 'ca']]);
});
