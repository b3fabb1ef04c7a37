import { App, Chart, Duration, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { McpGateway, McpServer, McpServerProps, McpServerSource, McpTenant, Reconciliation } from '../../src';
import { find, messageOf, newChart } from '../support/synth';

/* Sizes and times that cdk8s-plus cannot write: what it says itself names neither construct nor property. */

const source = McpServerSource.image('acme/ledger:1');
const server = (props: Partial<McpServerProps>, chart: Chart = newChart()): McpServer =>
  new McpServer(chart, 'ledger', { source, ...props });

it.each<[string, kplus.ContainerResources, string]>([
  ['memory.limit', { memory: { limit: Size.kibibytes(500) } }, 'got "500Ki": is not a whole number of mebibytes'],
  ['memory.request', { memory: { request: Size.mebibytes(0.5) } }, 'got "512Ki": is not a whole number of mebibytes'],
  [
    'ephemeralStorage.limit',
    { ephemeralStorage: { limit: Size.mebibytes(500) } },
    'got "500Mi": is not a whole number of gibibytes',
  ],
  [
    'ephemeralStorage.request',
    { ephemeralStorage: { request: Size.gibibytes(1.5) } },
    'got "1536Mi": is not a whole number of gibibytes',
  ],
])('refuses resources.%s that cannot be written', (property, resources, problem) => {
  const expected = `resources.${property}: ${problem}`;
  expect(messageOf(() => server({ resources }))).toContain(`ledger] ${expected}`);
  expect(messageOf(() => new McpGateway(newChart(), 'gw', { resources }))).toContain(`gw] ${expected}`);
});

it('takes what can be, in any unit', () => {
  const chart = newChart();
  server(
    { resources: { memory: { limit: Size.gibibytes(1.5) }, ephemeralStorage: { limit: Size.mebibytes(2048) } } },
    chart,
  );
  expect(find(Testing.synth(chart), 'Deployment').spec.template.spec.containers[0].resources.limits).toEqual({
    'ephemeral-storage': '2Gi',
    memory: '1536Mi',
  });
});

it('refuses a time to end that is no number of seconds', () => {
  expect(messageOf(() => server({ terminationGracePeriod: Duration.millis(1500) }))).toMatch(
    /ledger\] terminationGracePeriod: got .*: is not a whole number of seconds/,
  );
});

it.each<[string, Partial<McpServerProps>]>([
  ['readiness', { readiness: kplus.Probe.fromHttpGet('/', { periodSeconds: Duration.millis(1500) }) }],
  ['startup', { startup: kplus.Probe.fromTcpSocket({ timeoutSeconds: Duration.millis(500) }) }],
])('says where %s cannot be written, whatever the mode', (property, props) => {
  const rendered = newChart();
  const operated = new Chart(new App(), 'team', { namespace: 'finance' });
  Reconciliation.CONTROLLER.applyTo(operated);
  for (const chart of [rendered, operated]) {
    expect(
      messageOf(() => {
        server(props, chart);
        Testing.synth(chart);
      }),
    ).toMatch(new RegExp(`ledger\\] ${property}: got .*: cannot be written \\(.*cannot be converted`));
  }
});

it('writes sizes of its own in whatever unit is whole', () => {
  const chart = newChart();
  server({}, chart).allowWrite('/data', { sizeLimit: Size.kibibytes(500) });
  new McpTenant(chart, 'tenant', { namespace: 'finance', quota: { memoryRequests: Size.kibibytes(1536) } });
  const objects = Testing.synth(chart);
  const { volumes } = find(objects, 'Deployment').spec.template.spec;
  expect(volumes.map((volume: any) => volume.emptyDir?.sizeLimit)).toEqual(['500Ki']);
  expect(find(objects, 'ResourceQuota').spec.hard).toEqual({ 'requests.memory': '1536Ki' });
});
