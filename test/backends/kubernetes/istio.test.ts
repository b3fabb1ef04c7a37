import { DNS, networkOf, pods, rule, tcp } from './network-fixtures';
import { istioPodMetadata, istioPolicies, istioProblems } from '../../../src/backends/kubernetes/istio';
import { NetworkPeer } from '../../../src/model/network';
import { NetworkPolicies, Party } from '../../support/network-policy';
import { validateObject } from '../../support/validate';

/* Held against Istio's own CRDs by the conformance tests. */

const fqdn = (host: string): NetworkPeer => ({ kind: 'fqdn', host });
const LEDGER = { namespace: 'finance', labels: { app: 'ledger' } };

it('needs a NetworkPolicy alone where no host outside the cluster is named, and no sidecar', () => {
  const network = networkOf({ egress: [rule(pods('finance', 'db'), tcp(5432)), DNS] });
  expect(istioPolicies(network).map(({ kind }) => kind)).toEqual(['NetworkPolicy']);
  expect(istioPodMetadata(network)).toEqual({ labels: { 'sidecar.istio.io/inject': 'false' } });
  expect(istioPodMetadata(undefined)).toEqual({ labels: { 'sidecar.istio.io/inject': 'false' } });
});

it('tells a sidecar which hosts there are', () => {
  const network = networkOf({
    ingress: [rule(pods('mcp-system', 'gateway'), tcp(8080))],
    egress: [
      rule(fqdn('api.example.com'), tcp(443)),
      rule(fqdn('*.example.org'), tcp(443), tcp(80)),
      rule(pods('finance', 'db'), tcp(5432)),
      rule({ kind: 'cidr', cidr: '10.0.0.0/8', except: [] }, tcp(22)),
      rule({ kind: 'apiServer' }, tcp(6443)),
      DNS,
    ],
  });
  const objects = istioPolicies(network);
  expect(objects.map(({ kind }) => kind)).toEqual([
    'NetworkPolicy',
    'ServiceEntry',
    'ServiceEntry',
    'Sidecar',
    'PeerAuthentication',
    'AuthorizationPolicy',
  ]);
  // A name with a wildcard has no address; the port tells whether the name is that of TLS or of HTTP.
  expect(
    objects.slice(1, 3).map(({ spec }) => [spec.hosts, spec.resolution, spec.ports.map(({ name }: any) => name)]),
  ).toEqual([
    [['*.example.org'], 'NONE', ['tls-443', 'http-80']],
    [['api.example.com'], 'DNS', ['tls-443']],
  ]);
  expect(objects[3].spec.egress[0].hosts).toContain('default/kubernetes.default.svc.cluster.local');
  expect(validateObject(objects[0])).toEqual([]);
  expect(istioPodMetadata(network)).toEqual({
    labels: { 'sidecar.istio.io/inject': 'true' },
    annotations: { 'traffic.sidecar.istio.io/excludeOutboundIPRanges': '10.0.0.0/8' },
  });
  expect(istioProblems(network)).toEqual([]);
  const cluster = new NetworkPolicies(objects);
  const istiod = { namespace: 'istio-system', labels: { app: 'istiod' } };
  const passes = (party: Party, port: number) => cluster.mayConnect(LEDGER, party, port);
  expect([passes('203.0.113.7', 443), passes(istiod, 15012), passes('203.0.113.7', 22), passes(istiod, 443)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

it('needs no sidecar where everything is allowed, or the public internet on the same ports', () => {
  const anywhere = networkOf({ egress: [rule(fqdn('api.example.com'), tcp(443)), rule({ kind: 'anywhere' })] });
  const internet = networkOf({
    egress: [
      rule(fqdn('api.example.com'), tcp(443)),
      rule({ kind: 'cidr', cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] }, tcp(443)),
    ],
  });
  for (const network of [anywhere, internet]) {
    expect(istioPolicies(network).map(({ kind }) => kind)).toEqual(['NetworkPolicy']);
    expect(istioProblems(network)).toEqual([]);
  }
});

it.each([
  ['no ports', [rule(fqdn('api.example.com'))], 'needs to know them'],
  ['UDP', [rule(fqdn('api.example.com'), { protocol: 'UDP' as const, port: 53 })], 'single TCP ports'],
  [
    'two hosts on a port where connections have no name',
    [rule(fqdn('db.example.com'), tcp(5432)), rule(fqdn('db.example.org'), tcp(5432))],
    'cannot tell it from db.example.org: on ports other than 443 and 80',
  ],
  [
    'a host beside the internet on other ports',
    [rule(fqdn('db.example.com'), tcp(5432)), rule({ kind: 'cidr' as const, cidr: '0.0.0.0/0', except: [] }, tcp(443))],
    'stops connections to other public addresses',
  ],
])('refuses %s', (_, egress, problem) => {
  expect(istioProblems(networkOf({ egress }))[0]).toMatchObject({
    severity: 'error',
    path: 'finance/ledger',
    property: 'egress[0]',
    problem: expect.stringContaining(problem),
  });
});
