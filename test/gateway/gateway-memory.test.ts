import { App, Chart, Size } from 'cdk8s';
import { GatewayDataPlane, McpGateway, McpGatewayProps, McpRoute, McpServer, McpServerSource } from '../../src';
import { objectsOf } from '../support/synth';

/* The memory that Envoy bounds itself by is that which Kubernetes holds its pods to. */

function heapOf(props: Partial<McpGatewayProps>): number | undefined {
  const app = new App();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const gateway = new McpGateway(chart, 'gateway', { dataPlane: GatewayDataPlane.envoy(), ...props });
  const server = new McpServer(chart, 'ledger', { source: McpServerSource.image('a/b:1') });
  new McpRoute(chart, 'books', { gateway, backends: [{ server }] });
  const config = objectsOf(app).find(
    ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.endsWith('-config'),
  )!;
  const [, bytes] = /max_heap_size_bytes: (\d+)/.exec(config.data['envoy.yaml']) ?? [];
  return bytes === undefined ? undefined : Math.round(Number(bytes) / 0.7 / 2 ** 20);
}

const template = (memory?: unknown) => ({
  podTemplate: { spec: { containers: [{ name: 'gateway', resources: { limits: { memory } } }] } },
});
const resources = { memory: { limit: Size.gibibytes(1) } };

it.each<[string, Partial<McpGatewayProps>, number | undefined]>([
  ['nothing', {}, 512],
  ['resources', { resources }, 1024],
  ['a template', template('2Gi'), 2048],
  ['a template in bytes', template(2 ** 30), 1024],
  ['a template over resources', { resources, ...template('300Mi') }, 300],
  [
    'a template that says other things',
    { resources, podTemplate: { spec: { containers: [{ name: 'gateway' }] } } },
    1024,
  ],
  ['resources without a limit', { resources: {} }, undefined],
])('by %s', (_, props, mebibytes) => {
  expect(heapOf(props)).toBe(mebibytes);
});
