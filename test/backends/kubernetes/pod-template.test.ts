import * as fc from 'fast-check';
import { mergePodTemplates, podTemplateChanges } from '../../../src/backends/kubernetes/pod-template';
import { Json } from '../../../src/values/json';

const merge = (base: Json, ...patches: Json[]): Json =>
  mergePodTemplates({ spec: base }, ...patches.map(spec => ({ spec }))).spec;
const container = (rest: Json): Json => ({ containers: [{ name: 'c', ...rest }] });

it('merges objects field by field, the last one last', () => {
  expect(
    mergePodTemplates(
      { metadata: { labels: { a: '1', b: '1' } } },
      { metadata: { labels: { b: '2' } } },
      { metadata: { labels: { b: '3' }, annotations: { c: '3' } } },
    ),
  ).toEqual({ metadata: { labels: { a: '1', b: '3' }, annotations: { c: '3' } } });
});

it.each<[string, Json, Json, Json]>([
  [
    'containers by name, new ones at the end',
    { containers: [{ name: 'a', image: 'x', tty: true }] },
    { containers: [{ name: 'b' }, { name: 'a', image: 'y' }] },
    {
      containers: [{ name: 'a', image: 'y', tty: true }, { name: 'b' }],
    },
  ],
  [
    'init containers by name',
    { initContainers: [{ name: 'a', image: 'x' }] },
    { initContainers: [{ name: 'a', image: 'y' }] },
    { initContainers: [{ name: 'a', image: 'y' }] },
  ],
  [
    'volumes by name, replaced whole',
    { volumes: [{ name: 'v', emptyDir: {} }] },
    { volumes: [{ name: 'v', configMap: { name: 'c' } }] },
    { volumes: [{ name: 'v', configMap: { name: 'c' } }] },
  ],
  [
    'variables by name, replaced whole',
    container({
      env: [
        { name: 'E', value: 'x' },
        { name: 'F', value: 'y' },
      ],
    }),
    container({ env: [{ name: 'E', valueFrom: { fieldRef: { fieldPath: 'p' } } }] }),
    container({
      env: [
        { name: 'E', valueFrom: { fieldRef: { fieldPath: 'p' } } },
        { name: 'F', value: 'y' },
      ],
    }),
  ],
  [
    'ports by number and protocol',
    container({ ports: [{ name: 'http', containerPort: 80 }] }),
    container({ ports: [{ containerPort: 80, protocol: 'TCP' }, { containerPort: 81 }] }),
    container({ ports: [{ name: 'http', containerPort: 80, protocol: 'TCP' }, { containerPort: 81 }] }),
  ],
  [
    'ports of TCP and UDP apart',
    container({ ports: [{ name: 'dns', containerPort: 53 }] }),
    container({ ports: [{ name: 'dns-udp', containerPort: 53, protocol: 'UDP' }] }),
    container({
      ports: [
        { name: 'dns', containerPort: 53 },
        { name: 'dns-udp', containerPort: 53, protocol: 'UDP' },
      ],
    }),
  ],
  [
    'mounts by path',
    container({ volumeMounts: [{ mountPath: '/a', name: 'v' }] }),
    container({ volumeMounts: [{ mountPath: '/a', readOnly: true }] }),
    container({ volumeMounts: [{ mountPath: '/a', name: 'v', readOnly: true }] }),
  ],
  [
    'secrets for images by name',
    { imagePullSecrets: [{ name: 'a' }] },
    { imagePullSecrets: [{ name: 'b' }, { name: 'a' }] },
    { imagePullSecrets: [{ name: 'a' }, { name: 'b' }] },
  ],
  [
    'tolerations, added',
    { tolerations: [{ key: 'a' }] },
    { tolerations: [{ key: 'b' }] },
    { tolerations: [{ key: 'a' }, { key: 'b' }] },
  ],
  [
    'sources of variables, added',
    container({ envFrom: [{ prefix: 'a' }] }),
    container({ envFrom: [{ prefix: 'b' }] }),
    container({ envFrom: [{ prefix: 'a' }, { prefix: 'b' }] }),
  ],
  ['other lists, replaced', container({ args: ['a', 'b'] }), container({ args: ['c'] }), container({ args: ['c'] })],
  ['other lists, emptied', container({ args: ['a', 'b'] }), container({ args: [] }), container({ args: [] })],
  ['null, removing a field', { nodeName: 'x', priorityClassName: 'y' }, { nodeName: null }, { priorityClassName: 'y' }],
  ['null, removing an object', { securityContext: { runAsUser: 1 } }, { securityContext: null }, {}],
  ['undefined, changing nothing', { nodeName: 'x' }, { nodeName: undefined }, { nodeName: 'x' }],
  ['scalars of another type, replaced', { a: 1 }, { a: 'b' }, { a: 'b' }],
  ['an object where there was none', {}, { affinity: { nodeAffinity: {} } }, { affinity: { nodeAffinity: {} } }],
  [
    'a probe of another handler, replacing the handler and keeping the timing',
    container({ livenessProbe: { tcpSocket: { port: 1 }, periodSeconds: 20 } }),
    container({ livenessProbe: { exec: { command: ['x'] } } }),
    container({ livenessProbe: { exec: { command: ['x'] }, periodSeconds: 20 } }),
  ],
  [
    'the timing of a probe, keeping its handler',
    container({ livenessProbe: { tcpSocket: { port: 1 }, periodSeconds: 20 } }),
    container({ livenessProbe: { periodSeconds: 5 } }),
    container({ livenessProbe: { tcpSocket: { port: 1 }, periodSeconds: 5 } }),
  ],
  [
    'a hook of another handler',
    container({ lifecycle: { preStop: { exec: { command: ['x'] } } } }),
    container({ lifecycle: { preStop: { sleep: { seconds: 5 } } } }),
    container({ lifecycle: { preStop: { sleep: { seconds: 5 } } } }),
  ],
])('merges %s', (_, base, patch, merged) => {
  expect(merge(base, patch)).toEqual(merged);
});

it('leaves nulls out of what it adds', () => {
  expect(merge({}, { securityContext: { runAsUser: null, runAsGroup: 1 } })).toEqual({
    securityContext: { runAsGroup: 1 },
  });
  expect(merge({ containers: [{ name: 'a' }] }, { containers: [{ name: 'b', livenessProbe: null }] })).toEqual({
    containers: [{ name: 'a' }, { name: 'b' }],
  });
});

it('leaves its inputs alone', () => {
  const base = { spec: { containers: [{ name: 'c', env: [{ name: 'E', value: 'x' }] }] } };
  const patch = { spec: { containers: [{ name: 'c', env: [{ name: 'E', value: 'y' }] }], nodeName: null } };
  const before = JSON.stringify([base, patch]);
  mergePodTemplates(base, patch);
  expect(JSON.stringify([base, patch])).toBe(before);
});

describe('changes of a template', () => {
  const named = (keys: readonly string[]) => fc.uniqueArray(fc.constantFrom(...keys), { minLength: 1 });
  const items = (keys: readonly string[], item: (name: string) => fc.Arbitrary<Json>) =>
    named(keys).chain(names => fc.tuple(...names.map(item)));
  const variable = (name: string) => fc.record({ name: fc.constant(name), value: fc.constantFrom('1', '2') });
  const containerOf = (name: string) =>
    fc.record(
      {
        name: fc.constant(name),
        image: fc.constantFrom('a:1', 'a:2'),
        env: items(['A', 'B'], variable),
        args: fc.array(fc.constantFrom('x', 'y')),
        resources: fc.record({ limits: fc.dictionary(fc.constantFrom('cpu', 'memory'), fc.constantFrom('1', '2')) }),
      },
      { requiredKeys: ['name'] },
    );
  const template = fc.record(
    {
      metadata: fc.record({ labels: fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('1', '2')) }),
      spec: fc.record({
        containers: items(['gateway', 'sidecar'], containerOf),
        tolerations: fc.array(fc.record({ key: fc.constantFrom('gpu', 'spot') })),
        hostname: fc.constantFrom('a', 'b'),
      }),
    },
    { requiredKeys: ['spec'] },
  );

  it('make of the one the other', () => {
    fc.assert(
      fc.property(template, template, (before, patch) => {
        const after = mergePodTemplates(before, patch);
        expect(mergePodTemplates(before, podTemplateChanges(before, after) ?? {})).toEqual(after);
      }),
    );
  });

  it('are nothing where nothing changed', () => {
    fc.assert(
      fc.property(template, before => {
        expect(podTemplateChanges(before, JSON.parse(JSON.stringify(before)))).toBeUndefined();
      }),
    );
  });

  it('name of a container what is another, and no more', () => {
    const before = { spec: { containers: [{ name: 'gateway', image: 'a:1', args: ['x'] }] } };
    const after = { spec: { containers: [{ name: 'gateway', image: 'a:1', args: ['x', 'y'] }, { name: 'sidecar' }] } };
    expect(podTemplateChanges(before, after)).toEqual({
      spec: { containers: [{ name: 'gateway', args: ['x', 'y'] }, { name: 'sidecar' }] },
    });
  });
});
