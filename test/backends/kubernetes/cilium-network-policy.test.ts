import { DNS, PEERS, networkOf, pods, rule, tcp } from './network-fixtures';
import { ciliumNetworkPolicy } from '../../../src/backends/kubernetes/cilium-network-policy';
import { validateObject } from '../../support/validate';

/* Held against Cilium's own CRD by the conformance tests. */

it('denies what it does not name', () => {
  const policy = ciliumNetworkPolicy(networkOf({}));
  expect(validateObject(policy)).toEqual([]);
  expect(policy).toEqual({
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: 'ledger', namespace: 'finance', labels: { app: 'ledger' } },
    // An empty rule selects nobody, and makes the direction one that is denied.
    spec: { endpointSelector: { matchLabels: { app: 'ledger' } }, ingress: [{}], egress: [{}] },
  });
});

it.each(Object.keys(PEERS))('lets %s pass, on their ports alone', name => {
  const policy = ciliumNetworkPolicy(networkOf({ egress: [rule(PEERS[name], tcp(5432))] }));
  expect(validateObject(policy)).toEqual([]);
  expect(policy.spec.egress).toHaveLength(1);
  expect(policy.spec.egress[0].toPorts).toEqual([{ ports: [{ port: '5432', protocol: 'TCP' }] }]);
});

it.each([
  [
    'pods of namespaces by label',
    [
      {
        matchLabels: { 'k8s:io.cilium.k8s.namespace.labels.tier': 'data' },
        matchExpressions: [{ key: 'k8s:io.cilium.k8s.namespace.labels.env', operator: 'In', values: ['prod', 'test'] }],
      },
    ],
  ],
  [
    'pods of several namespaces',
    ['audit', 'hr'].map(namespace => ({
      matchLabels: { 'k8s:io.kubernetes.pod.namespace': namespace, 'k8s:app': 'db' },
      matchExpressions: [{ key: 'k8s:old', operator: 'DoesNotExist' }],
    })),
  ],
])("writes %s in Cilium's own labels", (name, endpoints) => {
  const { egress } = ciliumNetworkPolicy(networkOf({ egress: [rule(PEERS[name], tcp(5432))] })).spec;
  expect(egress[0].toEndpoints).toEqual(endpoints);
});

it('knows hosts by their names, and looks at the answers of DNS for them', () => {
  const { egress } = ciliumNetworkPolicy(
    networkOf({
      egress: [
        rule({ kind: 'fqdn', host: 'api.example.com' }, tcp(443)),
        rule({ kind: 'fqdn', host: '*.example.com' }, tcp(443)),
        DNS,
      ],
    }),
  ).spec;
  expect(egress).toEqual([
    {
      toFQDNs: [{ matchName: 'api.example.com' }, { matchPattern: '**.example.com' }],
      toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }],
    },
    {
      toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s:k8s-app': 'kube-dns' } }],
      toPorts: [
        {
          ports: [
            { port: '53', protocol: 'UDP' },
            { port: '53', protocol: 'TCP' },
          ],
          rules: { dns: [{ matchPattern: '*' }] },
        },
      ],
    },
  ]);
});

it('leaves DNS alone where no host is named', () => {
  expect(JSON.stringify(ciliumNetworkPolicy(networkOf({ egress: [DNS] })))).not.toContain('matchPattern');
});

it('holds peers of one kind in a rule, as Cilium demands', () => {
  const { egress } = ciliumNetworkPolicy(
    networkOf({
      egress: [
        rule(pods('a', 'x'), tcp(443)),
        rule({ kind: 'cidr', cidr: '10.0.0.0/8', except: [] }, tcp(443)),
        rule({ kind: 'anywhere' }, tcp(443)),
      ],
    }),
  ).spec;
  expect(egress.map((one: object) => Object.keys(one))).toEqual([
    ['toEndpoints', 'toPorts'],
    ['toCIDRSet', 'toPorts'],
    ['toEntities', 'toPorts'],
  ]);
});

it('splits long lists of ports, of which Cilium takes 40', () => {
  const ports = Array.from({ length: 41 }, (_, i) => tcp(1000 + i));
  const [{ toPorts }] = ciliumNetworkPolicy(networkOf({ egress: [rule(pods('a', 'x'), ...ports)] })).spec.egress;
  expect(toPorts.map((list: { ports: unknown[] }) => list.ports.length)).toEqual([40, 1]);
});
