import { App, Chart, Testing } from 'cdk8s';
import { validateObject, validateObjects } from './validate';
import { McpCrds } from '../../src';

const metadata = { name: 'a', namespace: 'n' };
const container = { name: 'c', image: 'i' };
const pods = (spec: object): object => ({
  selector: { matchLabels: { a: 'b' } },
  template: { metadata: { labels: { a: 'b' } }, spec },
});

it.each<[string, object, string[]]>([
  [
    'a Deployment',
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: pods({ containers: [container] }) },
    [],
  ],
  [
    'an unknown field, deep down',
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: pods({
        containers: [{ ...container, imagePolicy: 'x', livenessProbe: { tcpSocket: { prot: 1, port: 'http' } } }],
      }),
    },
    [
      'apps/v1 Deployment n/a: spec.template.spec.containers.0: must NOT have additional properties (imagePolicy)',
      'apps/v1 Deployment n/a: spec.template.spec.containers.0.livenessProbe.tcpSocket: must NOT have additional properties (prot)',
    ],
  ],
  [
    'a null',
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: pods({ containers: [container], nodeName: null }) },
    ['apps/v1 Deployment n/a: spec.template.spec.nodeName: must be string'],
  ],
  [
    'a quantity',
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata,
      spec: { resources: { requests: { storage: '1GiB' } } },
    },
    [
      'v1 PersistentVolumeClaim n/a: spec.resources.requests.storage: must be number',
      'v1 PersistentVolumeClaim n/a: spec.resources.requests.storage: must match format "quantity"',
      'v1 PersistentVolumeClaim n/a: spec.resources.requests.storage: must match exactly one schema in oneOf',
    ],
  ],
  [
    'a label that is not text',
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...metadata, labels: { a: 1 } } },
    ['v1 ServiceAccount n/a: metadata.labels.a: must be string'],
  ],
  [
    'a namespaced object without a namespace',
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec: {} },
    ["v1 Service a: metadata: must have required property 'namespace'"],
  ],
  [
    'a cluster-scoped object in a namespace',
    { apiVersion: 'v1', kind: 'Namespace', metadata },
    ['v1 Namespace n/a: metadata: must NOT be valid'],
  ],
  [
    'an unknown kind',
    { apiVersion: 'apps/v1', kind: 'Deploiment', metadata },
    ['apps/v1 Deploiment n/a: no schema for this apiVersion and kind'],
  ],
  [
    'an unknown version',
    { apiVersion: 'apps/v7', kind: 'Deployment', metadata },
    ['apps/v7 Deployment n/a: no schema for this apiVersion and kind'],
  ],
  [
    'an unknown kind of ours',
    { apiVersion: 'ome.io/v1alpha1', kind: 'MCPServerr', metadata },
    ['ome.io/v1alpha1 MCPServerr n/a: no schema for this apiVersion and kind'],
  ],
  [
    'a route',
    {
      apiVersion: 'ome.io/v1alpha1',
      kind: 'MCPRoute',
      metadata,
      spec: { backendRefs: [{ serverRef: { name: 'x' } }] },
    },
    [],
  ],
  [
    'an unknown field of ours',
    {
      apiVersion: 'ome.io/v1alpha1',
      kind: 'MCPRoute',
      metadata,
      spec: { backendRefs: [{ serverRef: { name: 'x', port: 1 }, weight: '1' }] },
    },
    [
      'ome.io/v1alpha1 MCPRoute n/a: spec.backendRefs.0.serverRef: must NOT have additional properties (port)',
      'ome.io/v1alpha1 MCPRoute n/a: spec.backendRefs.0.weight: must be integer',
    ],
  ],
  [
    'an unknown field of a pod template in a resource of ours',
    {
      apiVersion: 'ome.io/v1alpha1',
      kind: 'MCPServer',
      metadata,
      spec: {
        transport: 'streamable-http',
        hosted: { podSpec: { spec: { containers: [{ name: 'mcp-server', image: 'x', portz: [] }] } } },
      },
    },
    [
      'ome.io/v1alpha1 MCPServer n/a: spec.hosted.podSpec.spec.containers.0: must NOT have additional properties (portz)',
    ],
  ],
  [
    'a cluster-scoped resource of ours in a namespace',
    { apiVersion: 'ome.io/v1alpha1', kind: 'ClusterMCPGateway', metadata, spec: {} },
    ['ome.io/v1alpha1 ClusterMCPGateway n/a: metadata: must NOT be valid'],
  ],
])('%s', (_, object, errors) => {
  expect(validateObject(object)).toEqual(errors);
});

it('validates the CRDs that McpCrds emits', () => {
  const chart = new Chart(new App(), 'crds');
  new McpCrds(chart, 'crds');
  const objects = Testing.synth(chart);
  expect(objects).toHaveLength(5);
  expect(validateObjects(objects)).toEqual([]);
});
