import { checkReferences, checkYaml, refKey } from './references';
import { Manifest } from './validate';

const object = (kind: string, name: string, rest: object = {}): Manifest => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: 'n' },
  ...rest,
});
const pod = (spec: object = {}): object => ({
  containers: [{ name: 'c', ports: [{ name: 'http', containerPort: 8080 }] }],
  ...spec,
});
const workload = (name: string, spec: object = pod(), labels: object = { app: name }): Manifest =>
  object('Deployment', name, {
    apiVersion: 'apps/v1',
    spec: { selector: { matchLabels: { app: name } }, template: { metadata: { labels }, spec } },
  });
const service = (name: string, spec: object = {}): Manifest =>
  object('Service', name, { spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }], ...spec } });

it.each<[string, Manifest[], RegExp]>([
  [
    'a Service that selects nothing',
    [workload('a'), service('b')],
    /^v1 Service n\/b: spec.selector selects the pods of 0 workloads$/,
  ],
  [
    'a Service that selects two workloads',
    [
      workload('b', pod(), { app: 'b', x: 'y' }),
      workload('c', pod(), { app: 'c', x: 'y' }),
      service('s', { selector: { x: 'y' } }),
    ],
    /selects the pods of 2 workloads/,
  ],
  [
    'a Service of another namespace',
    [workload('a'), { ...service('a'), metadata: { name: 'a', namespace: 'm' } }],
    /m\/a: spec.selector selects the pods of 0 workloads/,
  ],
  ['a port nobody listens on', [workload('a'), service('a', { ports: [{ port: 80 }] })], /no container listens on 80/],
  [
    'a headless Service that maps a port',
    [workload('a'), service('a', { clusterIP: 'None' })],
    /no container listens on 8080/,
  ],
  [
    'a selector that does not match its template',
    [workload('a', pod(), { app: 'b' })],
    /its selector selects the pods of nothing/,
  ],
  [
    'a selector that matches another template',
    [workload('a'), workload('b', pod(), { app: 'a' })],
    /its selector selects the pods of/,
  ],
  [
    'a missing ServiceAccount',
    [workload('a', pod({ serviceAccountName: 'x' }))],
    /serviceAccountName refers to ServiceAccount\/n\/x, which is neither emitted nor declared external/,
  ],
  [
    'a missing volume source',
    [workload('a', pod({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'p' } }] }))],
    /volume v refers to PersistentVolumeClaim\/n\/p/,
  ],
  [
    'a missing volume',
    [workload('a', pod({ containers: [{ name: 'c', volumeMounts: [{ name: 'v', mountPath: '/v' }] }] }))],
    /c mounts v, which is no volume/,
  ],
  [
    'a missing Secret',
    [
      workload(
        'a',
        pod({
          containers: [{ name: 'c', env: [{ name: 'E', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }] }],
        }),
      ),
    ],
    /env E refers to Secret\/n\/s/,
  ],
  [
    'a missing key',
    [
      object('ConfigMap', 's', { data: { other: '' } }),
      workload(
        'a',
        pod({
          containers: [{ name: 'c', env: [{ name: 'E', valueFrom: { configMapKeyRef: { name: 's', key: 'k' } } }] }],
        }),
      ),
    ],
    /env E: ConfigMap s has no key k/,
  ],
  [
    'a missing target of an autoscaler',
    [object('HorizontalPodAutoscaler', 'h', { spec: { scaleTargetRef: { kind: 'Deployment', name: 'x' } } })],
    /spec.scaleTargetRef refers to Deployment\/n\/x/,
  ],
  [
    'a budget for nothing',
    [object('PodDisruptionBudget', 'h', { spec: { selector: { matchLabels: { a: 'b' } } } })],
    /selects the pods of 0 workloads/,
  ],
  ['a missing headless Service', [{ ...workload('a'), kind: 'StatefulSet' }], /is not a headless Service of its pods/],
  ['a name that is no DNS name', [object('ConfigMap', 'A_b')], /"A_b" is not a name for a ConfigMap/],
  [
    'a name too long for a Service',
    [object('ConfigMap', 'a'.repeat(64)), workload('a'.repeat(64)), service('a'.repeat(64))],
    /is not a name for a Service/,
  ],
  [
    'a label that is none',
    [{ ...object('ConfigMap', 'a'), metadata: { name: 'a', namespace: 'n', labels: { 'a b': 'c' } } }],
    /a b=c is not a label/,
  ],
  [
    'two objects of one name',
    [object('ConfigMap', 'a'), object('ConfigMap', 'a')],
    /^ConfigMap\/n\/a is emitted more than once$/,
  ],
  [
    'a container twice',
    [workload('a', { containers: [{ name: 'c' }, { name: 'c' }] })],
    /containers: c is there twice/,
  ],
  [
    'a route to no server',
    [object('MCPRoute', 'r', { apiVersion: 'ome.io/v1alpha1', spec: { backendRefs: [{ serverRef: { name: 'x' } }] } })],
    /serverRef refers to MCPServer\/n\/x/,
  ],
])('%s is a fault', (_, objects, fault) => {
  expect(checkReferences(objects)).toEqual(expect.arrayContaining([expect.stringMatching(fault)]));
});

it('finds no fault in what holds', () => {
  const secret = { secretKeyRef: { name: 's', key: 'k' } };
  expect(
    checkReferences(
      [
        workload(
          'a',
          pod({
            containers: [{ name: 'c', ports: [{ containerPort: 8080 }], env: [{ name: 'E', valueFrom: secret }] }],
          }),
        ),
        service('a'),
      ],
      { externals: new Set([refKey('Secret', 'n', 's')]) },
    ),
  ).toEqual([]);
});

it('finds anchors, aliases and what is not YAML', () => {
  expect(checkYaml('a: &x [1]\nb: *x\n---\nc: 1\n')).toEqual(['anchor &x', 'alias *x']);
  expect(checkYaml('a: [')).not.toEqual([]);
  expect(checkYaml('a: "&x"\nb: 2\n')).toEqual([]);
});
