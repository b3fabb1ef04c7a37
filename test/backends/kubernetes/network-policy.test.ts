import { DNS, PEERS, networkOf, pods, rule, tcp } from './network-fixtures';
import { networkPolicy } from '../../../src/backends/kubernetes/network-policy';
import { NetworkPolicies, Party, Pod } from '../../support/network-policy';
import { validateObject } from '../../support/validate';

const pod = (namespace: string, labels: Pod['labels'] = {}): Pod => ({ namespace, labels });

it('denies what it does not name', () => {
  const policy = networkPolicy(networkOf({}));
  expect(validateObject(policy)).toEqual([]);
  expect(policy).toEqual({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'ledger', namespace: 'finance', labels: { app: 'ledger' } },
    spec: { podSelector: { matchLabels: { app: 'ledger' } }, policyTypes: ['Ingress', 'Egress'] },
  });
});

it("is about one direction where the other is the user's own", () => {
  const policy = networkPolicy(networkOf({ ingress: undefined, egress: [DNS] }));
  expect(policy.spec.policyTypes).toEqual(['Egress']);
  expect(policy.spec).not.toHaveProperty('ingress');
});

/** For each peer something that it is, and something that it is not. */
const REACHED: Readonly<Record<string, readonly [inside: Party, outside?: Party]>> = {
  'pods of a workload': [pod('finance', { app: 'db' }), pod('finance', { app: 'other' })],
  'pods of a namespace': [pod('hr'), pod('audit')],
  'pods of several namespaces': [pod('audit', { app: 'db' }), pod('audit', { app: 'db', old: 'yes' })],
  'pods of namespaces by label': [
    { ...pod('a'), namespaceLabels: { tier: 'data', env: 'test' } },
    { ...pod('a'), namespaceLabels: { tier: 'data', env: 'dev' } },
  ],
  'pods of all namespaces': [pod('a', { app: 'db' }), pod('a')],
  'a range': ['10.20.0.1', '10.20.7.1'],
  'the API server': ['10.0.0.10', '10.0.0.11'],
  anywhere: ['203.0.113.7'],
};

it.each(Object.keys(PEERS))('lets %s pass, and nothing else', name => {
  const policy = networkPolicy(networkOf({ egress: [rule(PEERS[name], tcp(5432))] }));
  expect(validateObject(policy)).toEqual([]);
  const [inside, outside] = REACHED[name];
  const passes = (party: Party, port: number) =>
    new NetworkPolicies([policy]).lets('Egress', pod('finance', { app: 'ledger' }), party, port);
  expect([passes(inside, 5432), passes(inside, 5433)]).toEqual([true, false]);
  expect(outside !== undefined && passes(outside, 5432)).toBe(false);
});

it('lists the peers that share their ports together, and everyone by naming nobody', () => {
  const policy = networkPolicy(
    networkOf({
      ingress: [
        rule(pods('a', 'x'), tcp(80)),
        rule(pods('b', 'y'), tcp(80)),
        rule(pods('c', 'z')),
        rule({ kind: 'anywhere' }, tcp(443)),
      ],
    }),
  );
  expect(validateObject(policy)).toEqual([]);
  expect(
    policy.spec.ingress.map(({ from, ports }: any) => [from?.length, ports?.map(({ port }: any) => port)]),
  ).toEqual([
    [2, [80]],
    [1, undefined],
    [undefined, [443]],
  ]);
});

it('knows all ports of a protocol, ranges, and an API server of which the address is not known', () => {
  const policy = networkPolicy(
    networkOf(
      { egress: [rule(pods('a', 'x'), tcp(), tcp(8000, 8100)), rule({ kind: 'apiServer' }, tcp(6443))] },
      { apiServerCidrs: [] },
    ),
  );
  expect(validateObject(policy)).toEqual([]);
  expect(policy.spec.egress[0].ports).toEqual([{ protocol: 'TCP' }, { protocol: 'TCP', port: 8000, endPort: 8100 }]);
  expect(policy.spec.egress[1]).toEqual({ ports: [{ protocol: 'TCP', port: 6443 }] });
});
