import * as fc from 'fast-check';
import { KubernetesGrant } from '../../../src/model/permissions';
import { scopedRules } from '../../../src/passes/permissions/kubernetes-rules';

const origin = { path: 'app/k8s', property: 'kubernetes[0]' };

function grant(rest: Partial<KubernetesGrant>): KubernetesGrant {
  return {
    apiGroups: [''],
    resources: ['pods'],
    verbs: ['get'],
    scope: { kind: 'namespaces', namespaces: ['finance'] },
    origin,
    ...rest,
  };
}

it('has each namespace once, and the cluster last', () => {
  const scopes = scopedRules([
    grant({ scope: { kind: 'cluster' }, resources: ['nodes'] }),
    grant({ scope: { kind: 'namespaces', namespaces: ['ops', 'finance'] } }),
    grant({ scope: { kind: 'namespaces', namespaces: ['finance'] }, verbs: ['list'] }),
  ]);
  expect(scopes).toEqual([
    { namespace: 'finance', rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }] },
    { namespace: 'ops', rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] },
    { rules: [{ apiGroups: [''], resources: ['nodes'], verbs: ['get'] }] },
  ]);
});

it.each<[string, Partial<KubernetesGrant>[], object[]]>([
  [
    'resources with the same verbs',
    [{ resources: ['services'] }, { resources: ['pods', 'pods/log'] }],
    [{ apiGroups: [''], resources: ['pods', 'pods/log', 'services'], verbs: ['get'] }],
  ],
  [
    'verbs of one resource',
    [{ verbs: ['watch', 'get'] }, { verbs: ['list', 'get'] }],
    [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }],
  ],
  [
    'no API groups: a rule grants every resource in every group',
    [{}, { apiGroups: ['apps'], resources: ['deployments'] }],
    [
      { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get'] },
    ],
  ],
  [
    'no resources with different verbs',
    [{}, { resources: ['services'], verbs: ['list'] }],
    [
      { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
      { apiGroups: [''], resources: ['services'], verbs: ['list'] },
    ],
  ],
  [
    'names of one resource',
    [{ resourceNames: ['b'] }, { resourceNames: ['a', 'b'] }],
    [{ apiGroups: [''], resources: ['pods'], resourceNames: ['a', 'b'], verbs: ['get'] }],
  ],
  [
    'no names with no name',
    [{ resourceNames: ['a'] }, {}],
    [
      { apiGroups: [''], resources: ['pods'], resourceNames: ['a'], verbs: ['get'] },
      { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
    ],
  ],
  [
    'every verb into *',
    [{ verbs: ['get'] }, { verbs: ['*'] }],
    [{ apiGroups: [''], resources: ['pods'], verbs: ['*'] }],
  ],
  ['the same twice', [{}, {}], [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }]],
])('merges %s', (_, grants, rules) => {
  expect(scopedRules(grants.map(grant))).toEqual([{ namespace: 'finance', rules }]);
});

it('makes the same rules of grants in any order', () => {
  const part = fc.record({
    apiGroups: fc.subarray(['', 'apps'], { minLength: 1 }),
    resources: fc.subarray(['pods', 'secrets', '*'], { minLength: 1 }),
    verbs: fc.subarray(['get', 'list', '*'], { minLength: 1 }),
    resourceNames: fc.option(fc.subarray(['a', 'b'], { minLength: 1 }), { nil: undefined }),
    scope: fc.constantFrom<KubernetesGrant['scope']>(
      { kind: 'cluster' },
      { kind: 'namespaces', namespaces: ['b', 'a'] },
      { kind: 'namespaces', namespaces: ['a'] },
    ),
    origin: fc.constant(origin),
  });
  fc.assert(
    fc.property(
      fc
        .array(part, { maxLength: 5 })
        .chain(grants => fc.tuple(fc.constant(grants), fc.shuffledSubarray(grants, { minLength: grants.length }))),
      ([grants, shuffled]) => {
        expect(scopedRules(shuffled)).toEqual(scopedRules(grants));
      },
    ),
  );
});
