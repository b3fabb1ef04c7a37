import { App, Chart } from 'cdk8s';
import { McpDiagnostics, McpGateway, McpRoute, McpServer, McpServerSource } from '../../../src';
import { checkConfigSize } from '../../../src/backends/kubernetes/config-size';
import { gatewayOf } from '../../support/literals';

const found = (bytes: number) =>
  checkConfigSize(gatewayOf(), { 'a.yaml': 'x'.repeat(bytes - 6) }).map(
    ({ severity, property, value, problem }) => `${severity} ${property} ${value}: ${problem}`,
  );

it('takes what fits', () => {
  expect(found(250 * 1024)).toEqual([]);
});

it('warns of what kubectl cannot note', () => {
  expect(found(256 * 1024)).toEqual([
    'warning routes 262144 bytes: its configuration is too long for `kubectl apply` to note in an annotation',
  ]);
});

it('refuses what no ConfigMap holds', () => {
  expect(found(1024 * 1024)).toEqual([expect.stringMatching(/^warning/)]);
  expect(found(1024 * 1024 + 1)).toEqual([
    'error routes 1048577 bytes: its configuration does not fit into a ConfigMap, which holds 1048576 bytes',
  ]);
});

it('is said of a gateway of many routes, which is synthesized all the same', () => {
  const app = new App();
  const gateway = new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway');
  const team = new Chart(app, 'team', { namespace: 'finance' });
  const server = new McpServer(team, 'server', { source: McpServerSource.image('acme/server:1') });
  for (let i = 0; i < 1500; i++) {
    new McpRoute(team, `route-${i}`, { gateway }).addBackend(server);
  }
  expect(McpDiagnostics.of(app).warnings.filter(({ remedy }) => remedy.includes('--server-side'))).toHaveLength(1);
});
