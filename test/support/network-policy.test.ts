import { NetworkPolicies, Pod } from './network-policy';

const web: Pod = { namespace: 'shop', labels: { app: 'web' } };
const db: Pod = { namespace: 'shop', labels: { app: 'db' } };
const other: Pod = { namespace: 'audit', labels: { app: 'web' }, namespaceLabels: { team: 'audit' } };

function policies(...specs: object[]): NetworkPolicies {
  return new NetworkPolicies(
    specs.map((spec, i) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: `p${i}`, namespace: 'shop' },
      spec,
    })),
  );
}

const ofDb = { podSelector: { matchLabels: { app: 'db' } } };

it.each<[string, NetworkPolicies, Pod | string, Pod | string, number, boolean]>([
  ['nothing restricts pods that no policy selects', policies(), web, db, 5432, true],
  ['a policy without rules denies', policies({ ...ofDb, policyTypes: ['Ingress'], ingress: [] }), web, db, 5432, false],
  ['the other direction stays free', policies({ ...ofDb, policyTypes: ['Ingress'] }), db, web, 80, true],
  ['without types a policy is about ingress', policies(ofDb), web, db, 5432, false],
  ['an empty rule lets all pass', policies({ ...ofDb, ingress: [{}] }), '203.0.113.7', db, 1, true],
  [
    'a pod selector is about the namespace of the policy',
    policies({ ...ofDb, ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }] }] }),
    other,
    db,
    5432,
    false,
  ],
  [
    'and lets pods of it pass',
    policies({ ...ofDb, ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }] }] }),
    web,
    db,
    5432,
    true,
  ],
  [
    'a namespace selector is about all of its pods',
    policies({ ...ofDb, ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'audit' } } }] }] }),
    other,
    db,
    5432,
    true,
  ],
  [
    'both selectors of one peer must fit',
    policies({
      ...ofDb,
      ingress: [{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: 'api' } } }] }],
    }),
    other,
    db,
    5432,
    false,
  ],
  [
    'ports restrict a rule',
    policies({ ...ofDb, ingress: [{ ports: [{ protocol: 'TCP', port: 5432 }] }] }),
    web,
    db,
    5433,
    false,
  ],
  [
    'a port range',
    policies({ ...ofDb, ingress: [{ ports: [{ protocol: 'TCP', port: 5000, endPort: 6000 }] }] }),
    web,
    db,
    5433,
    true,
  ],
  ['policies add up', policies({ ...ofDb, ingress: [] }, { ...ofDb, ingress: [{}] }), web, db, 5432, true],
  [
    'a range covers addresses',
    policies({
      ...ofDb,
      policyTypes: ['Egress'],
      egress: [{ to: [{ ipBlock: { cidr: '203.0.113.0/24', except: ['203.0.113.128/25'] } }] }],
    }),
    db,
    '203.0.113.7',
    443,
    true,
  ],
  [
    'but for its exceptions',
    policies({
      ...ofDb,
      policyTypes: ['Egress'],
      egress: [{ to: [{ ipBlock: { cidr: '203.0.113.0/24', except: ['203.0.113.128/25'] } }] }],
    }),
    db,
    '203.0.113.200',
    443,
    false,
  ],
  [
    'and no pods',
    policies({ ...ofDb, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] }),
    db,
    web,
    80,
    false,
  ],
  [
    'expressions',
    policies({
      ...ofDb,
      ingress: [
        {
          from: [
            {
              podSelector: {
                matchExpressions: [
                  { key: 'app', operator: 'In', values: ['web'] },
                  { key: 'old', operator: 'DoesNotExist' },
                ],
              },
            },
          ],
        },
      ],
    }),
    web,
    db,
    5432,
    true,
  ],
])('%s', (_, cluster, from, to, port, expected) => {
  expect(cluster.mayConnect(from, to, port)).toBe(expected);
});

it('is about one protocol at a time', () => {
  const cluster = policies({ ...ofDb, ingress: [{ ports: [{ protocol: 'UDP', port: 53 }] }] });
  expect([cluster.mayConnect(web, db, 53, 'UDP'), cluster.mayConnect(web, db, 53, 'TCP')]).toEqual([true, false]);
});
