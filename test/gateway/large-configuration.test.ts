import { App, Chart, Size } from 'cdk8s';
import { parse } from 'yaml';
import { GatewayDataPlane, McpApp, McpGateway, McpGatewayProps, McpRoute, McpServer, McpServerSource } from '../../src';
import { objectsOf } from '../support/synth';
import { Manifest } from '../support/validate';

/* A gateway whose configuration is as long as that of thousands of routes, by long values of few. */

const KILOBYTES = 70;
const ROUTES = 12;

function objects(props: Partial<McpGatewayProps> = {}, app: App = new McpApp()): Manifest[] {
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const gateway = new McpGateway(chart, 'gateway', { dataPlane: GatewayDataPlane.envoy(), ...props });
  for (let i = 0; i < ROUTES; i++) {
    const server = new McpServer(chart, `server-${i}`, {
      source: McpServerSource.remote(`https://mcp-${i}.example.com/mcp`, {
        tls: { caBundle: certificate(i) },
      }),
    });
    new McpRoute(chart, `route-${i}`, {
      gateway,
      backends: [{ server }],
      requestHeaders: { set: { 'x-note': `${i}`.repeat(1000 * KILOBYTES).slice(0, 1000 * KILOBYTES) } },
    });
  }
  return objectsOf(app);
}

/** Nobody verifies it. */
function certificate(i: number): string {
  const line = Buffer.alloc(48, i).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${`${line}\n`.repeat(KILOBYTES * 15)}-----END CERTIFICATE-----\n`;
}

const configMaps = (all: readonly Manifest[]): Manifest[] =>
  all.filter(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.startsWith('gateway-gateway-config'));
const podsOf = (all: readonly Manifest[]): Manifest =>
  all.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'gateway')!.spec.template.spec;

it('stands in several ConfigMaps, which pods have as one folder', () => {
  const all = objects();
  const maps = configMaps(all);
  expect(
    maps.map(({ metadata: { name, namespace }, data }) => [name, namespace, Object.keys(data).sort().join()]),
  ).toEqual([
    ['gateway-gateway-config', 'finance', 'envoy.yaml,listeners.yaml,routes.yaml'],
    ['gateway-gateway-config-clusters', 'finance', 'clusters.yaml'],
  ]);
  const {
    volumes,
    containers: [{ volumeMounts }],
  } = podsOf(all);
  expect(volumes.find(({ name }: Manifest) => name === 'config')).toEqual({
    name: 'config',
    projected: { sources: maps.map(({ metadata: { name } }) => ({ configMap: { name } })) },
  });
  expect(volumeMounts).toContainEqual({ name: 'config', mountPath: '/etc/envoy-config', readOnly: true });
});

it('is all there', () => {
  const data = Object.assign({}, ...configMaps(objects()).map(map => map.data));
  const routes = parse(data['routes.yaml'], { maxAliasCount: -1 }).resources[0].virtual_hosts[0].routes;
  expect(routes.filter(({ route }: Manifest) => route !== undefined)).toHaveLength(ROUTES);
  expect(parse(data['clusters.yaml'], { maxAliasCount: -1 }).resources).toHaveLength(ROUTES);
});

it('has pods with the memory to read it, by which Envoy bounds itself', () => {
  const all = objects();
  const [{ resources }] = podsOf(all).containers;
  const heap = Number(/max_heap_size_bytes: (\d+)/.exec(configMaps(all)[0].data['envoy.yaml'])![1]);
  expect(resources.limits.memory).toBe('640Mi');
  expect(resources.requests.memory).toBe('192Mi');
  expect(heap).toBe(Math.floor(640 * 2 ** 20 * 0.7));
});

it('takes the memory that the user gives', () => {
  const resources = { memory: { request: Size.mebibytes(100), limit: Size.mebibytes(600) } };
  expect(podsOf(objects({ resources })).containers[0].resources).toMatchObject({
    requests: { memory: '100Mi' },
    limits: { memory: '600Mi' },
  });
  const podTemplate = { spec: { containers: [{ name: 'gateway', resources: { limits: { memory: '3Gi' } } }] } };
  expect(podsOf(objects({ podTemplate })).containers[0].resources.limits.memory).toBe('3Gi');
});

it('is the same under the app of cdk8s', () => {
  expect(objects({}, new App())).toEqual(objects());
});
