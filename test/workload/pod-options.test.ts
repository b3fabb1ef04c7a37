import { App, Chart, Duration, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  ClusterProfile,
  ClusterProfileProps,
  EgressTarget,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerProps,
  McpServerSource,
  McpTenant,
  OidcConfig,
  RateLimit,
  RateLimitUnit,
  Reconciliation,
} from '../../src';
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

it('has no variables for the Services of its namespace, unless a template asks for them', () => {
  const linksOf = (props: Partial<McpServerProps>): unknown => {
    const chart = newChart();
    server(props, chart);
    new McpGateway(chart, 'gw', props.podTemplate === undefined ? {} : { podTemplate: props.podTemplate });
    return Testing.synth(chart)
      .filter(({ kind }) => kind === 'Deployment')
      .map(({ spec }) => spec.template.spec.enableServiceLinks);
  };
  expect(linksOf({})).toEqual([false, false]);
  expect(linksOf({ podTemplate: { spec: { enableServiceLinks: true } } })).toEqual([true, true]);
});

it('has the priority that is named', () => {
  const chart = newChart();
  server({ priorityClass: 'high' }, chart);
  new McpGateway(chart, 'gw', { priorityClass: 'higher' });
  expect(
    Testing.synth(chart)
      .filter(({ kind }) => kind === 'Deployment')
      .map(({ spec }) => spec.template.spec.priorityClassName),
  ).toEqual(['high', 'higher']);
  expect(messageOf(() => server({ priorityClass: 'Very High' }))).toContain(
    'ledger] priorityClass: got "Very High": is not the name of a PriorityClass',
  );
});

it('has limits of CPU unless the cluster wants none, and what is asked for stays', () => {
  const limits = (props: ClusterProfileProps): unknown[] => {
    const app = new App();
    new ClusterProfile(props).applyTo(app);
    const chart = new Chart(app, 'team', { namespace: 'team' });
    const gateway = new McpGateway(chart, 'gw', { rateLimits: [RateLimit.perNamespace(10, RateLimitUnit.HOUR)] });
    const oidcConfig = OidcConfig.inline({
      issuer: 'https://auth.acme.dev',
      audiences: ['mcp'],
      jwksUri: 'https://auth.acme.dev/jwks.json',
    });
    const guarded = new McpServer(chart, 'guarded', { source, oidcConfig, egress: [EgressTarget.anywhere()] });
    new McpServer(chart, 'stdio', { source: McpServerSource.npx('@acme/docs@1.0.0') });
    new McpRoute(chart, 'books', { gateway, backends: [{ server: guarded }] });
    return Testing.synth(chart)
      .filter(({ kind }) => kind === 'Deployment')
      .flatMap(({ spec: { template } }) => [...(template.spec.initContainers ?? []), ...template.spec.containers])
      .map(({ name, resources }) => [name, resources.requests.cpu, resources.limits.cpu, resources.limits.memory]);
  };
  const usual = [
    ['gateway', '100m', '2', '512Mi'],
    ['rate-limit', '50m', '1', '128Mi'],
    ['store', '50m', '500m', '192Mi'],
    ['mcp-guard', '50m', '1', '256Mi'],
    ['mcp-server', '100m', '1', '512Mi'],
    ['mcp-adapter', '50m', '500m', '256Mi'],
    ['mcp-server', '100m', '1', '1Gi'],
  ];
  expect(limits({})).toEqual(expect.arrayContaining(usual));
  expect(limits({ cpuLimits: false })).toEqual(
    expect.arrayContaining(usual.map(([name, request, , memory]) => [name, request, undefined, memory])),
  );
});
