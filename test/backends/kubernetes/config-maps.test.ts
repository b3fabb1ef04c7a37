import { App, Chart } from 'cdk8s';
import { McpDiagnostics, McpGateway, McpRoute, McpServer, McpServerSource } from '../../../src';
import {
  checkConfigSize,
  configVolume,
  inConfigMaps,
  moreConfigMaps,
} from '../../../src/backends/kubernetes/config-maps';
import { gatewayOf, groupOf, planOf, serverOf } from '../../support/literals';

const MIB = 2 ** 20;
const plan = planOf([groupOf('default', [serverOf('ledger')])]);

/** Files of so many bytes, with their names. */
const filesOf = (sizes: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(sizes).map(([name, bytes]) => [name, 'x'.repeat(bytes - name.length)]));
const found = (sizes: Readonly<Record<string, number>>) =>
  checkConfigSize({ ...plan, entries: Array.from({ length: 300 }, () => plan.entries[0]) }, filesOf(sizes)).map(
    ({ severity, property, value, problem }) => `${severity} ${property} ${value}: ${problem}`,
  );

describe('the size', () => {
  it('takes what fits', () => {
    expect(found({ 'a.yaml': 250 * 1024 })).toEqual([]);
  });

  it('warns of what kubectl cannot note', () => {
    expect(found({ 'a.yaml': 256 * 1024 })).toEqual([
      'warning routes 262144 bytes: its configuration is too long for `kubectl apply` to note in an annotation',
    ]);
  });

  it('refuses a file that no ConfigMap holds, and says how many routes would fit', () => {
    expect(found({ 'a.yaml': MIB })).toEqual([expect.stringMatching(/^warning/)]);
    expect(found({ 'a.yaml': 1.5 * MIB, 'b.yaml': 100 })).toEqual([
      'error routes 1572964 bytes: its configuration has a file that does not fit into a ConfigMap, which holds 1048576 bytes: ' +
        'of 300 routes like these about 200 would',
    ]);
  });

  it('takes files that fit into a ConfigMap each', () => {
    expect(found({ 'a.yaml': MIB, 'b.yaml': MIB })).toEqual([expect.stringMatching(/^warning routes 2097152 bytes/)]);
  });
});

describe('several ConfigMaps', () => {
  const names = (sizes: Readonly<Record<string, number>>) =>
    [...inConfigMaps('gw', filesOf(sizes))].map(([name, files]) => `${name}: ${Object.keys(files).join(', ')}`);

  it('are there when one is full, for the largest files', () => {
    expect(names({ 'a.yaml': 0.5 * MIB, 'b.yaml': 0.5 * MIB })).toEqual(['gw-gateway-config: a.yaml, b.yaml']);
    expect(names({ 'a.yaml': 0.4 * MIB, 'b.yaml': 0.7 * MIB, 'c.yaml': 100 })).toEqual([
      'gw-gateway-config: a.yaml, c.yaml',
      'gw-gateway-config-b: b.yaml',
    ]);
    expect(names({ 'a.yaml': 0.9 * MIB, 'b.yaml': 0.8 * MIB, 'c.yaml': 0.3 * MIB })).toEqual([
      'gw-gateway-config: c.yaml',
      'gw-gateway-config-a: a.yaml',
      'gw-gateway-config-b: b.yaml',
    ]);
  });

  it('are one folder of the pods', () => {
    const files = filesOf({ 'a.yaml': 0.9 * MIB, 'b.yaml': 0.8 * MIB });
    expect(configVolume('gw', filesOf({ 'a.yaml': 100 }))).toBeUndefined();
    expect(configVolume('gw', files)).toEqual({
      name: 'config',
      projected: {
        sources: [{ configMap: { name: 'gw-gateway-config' } }, { configMap: { name: 'gw-gateway-config-a' } }],
      },
    });
    expect(moreConfigMaps(gatewayOf(), files)).toEqual([
      expect.objectContaining({
        metadata: expect.objectContaining({ name: 'gw-gateway-config-a', namespace: 'mcp-system' }),
        data: { 'a.yaml': files['a.yaml'] },
      }),
    ]);
  });
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
