import { DNS, PEERS, networkOf, pods, rule, tcp } from './network-fixtures';
import { networkPolicy } from '../../../src/backends/kubernetes/network-policy';
import { validateObject } from '../../support/validate';

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

it.each(Object.keys(PEERS))('lets %s pass', name => {
  const policy = networkPolicy(networkOf({ egress: [rule(PEERS[name], tcp(5432))] }));
  expect(validateObject(policy)).toEqual([]);
  expect(policy.spec.egress).toMatchSnapshot();
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
