import { ApiObject, App, Chart, Cron, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { IConstruct } from 'constructs';
import { ConnectOptions, McpGateway, McpRoute, McpServer, McpServerSource } from '../../src';
import { find, messageOf, synth } from '../support/synth';
import { Manifest, validateObjects } from '../support/validate';

interface Program {
  readonly chart: Chart;
  readonly gateway: McpGateway;
  readonly route: McpRoute;
  readonly other: McpRoute;
}

function program(): Program {
  const chart = new Chart(new App(), 'finance', { namespace: 'finance' });
  const gateway = new McpGateway(chart, 'gateway', { namespace: 'mcp-system' });
  const server = new McpServer(chart, 'ledger', { source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0') });
  return {
    chart,
    gateway,
    route: new McpRoute(chart, 'smart', { gateway, backends: [{ server }] }),
    other: new McpRoute(chart, 'raw-tools', { gateway, backends: [{ server }] }),
  };
}

const containers = [{ image: 'ghcr.io/acme/assistant:1.0.0' }];

const WORKLOADS: [string, (chart: Chart) => IConstruct, (object: Manifest) => Manifest][] = [
  ['Deployment', chart => new kplus.Deployment(chart, 'client', { containers }), object => object.spec.template],
  [
    'StatefulSet',
    chart =>
      new kplus.StatefulSet(chart, 'client', {
        containers,
        service: new kplus.Service(chart, 'service', { ports: [{ port: 80 }] }),
      }),
    object => object.spec.template,
  ],
  ['DaemonSet', chart => new kplus.DaemonSet(chart, 'client', { containers }), object => object.spec.template],
  ['Job', chart => new kplus.Job(chart, 'client', { containers }), object => object.spec.template],
  [
    'CronJob',
    chart => new kplus.CronJob(chart, 'client', { containers, schedule: Cron.hourly() }),
    object => object.spec.jobTemplate.spec.template,
  ],
  ['Pod', chart => new kplus.Pod(chart, 'client', { containers }), object => object],
  [
    'ReplicaSet',
    chart =>
      new ApiObject(chart, 'client', {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        spec: {
          selector: { matchLabels: { app: 'client' } },
          template: {
            metadata: { labels: { app: 'client' } },
            spec: { containers: [{ name: 'main', image: 'ghcr.io/acme/assistant:1.0.0' }] },
          },
        },
      }),
    object => object.spec.template,
  ],
];

test.each(WORKLOADS)('gives a %s the URL of the route', (kind, create, podsOf) => {
  const { chart, route } = program();
  const workload = create(chart);
  route.connect(workload);
  const objects = synth(chart);
  expect(validateObjects(objects)).toEqual([]);
  expect(podsOf(find(objects, kind, ApiObject.of(workload).name)).spec.containers[0].env).toEqual([
    { name: 'MCP_GATEWAY_URL', value: 'http://gateway.mcp-system/routes/finance/smart' },
  ]);
});

it('gives it to containers that come later, and keeps what they have', () => {
  const { chart, route } = program();
  const deployment = new kplus.Deployment(chart, 'client', {
    containers: [{ ...containers[0], envVariables: { MODE: kplus.EnvValue.fromValue('x') } }],
  });
  route.connect(deployment);
  deployment.addContainer({ name: 'second', image: 'ghcr.io/acme/other:1.0.0', portNumber: 81 });
  const [first, second] = find(synth(chart), 'Deployment', deployment.name).spec.template.spec.containers;
  expect(first.env.map(({ name }: Manifest) => name)).toEqual(['MODE', 'MCP_GATEWAY_URL']);
  expect(second.env.map(({ name }: Manifest) => name)).toEqual(['MCP_GATEWAY_URL']);
});

it('gives it to the containers that are named', () => {
  const { chart, route } = program();
  const deployment = new kplus.Deployment(chart, 'client', {
    containers: [
      { ...containers[0], name: 'assistant' },
      { name: 'logs', image: 'ghcr.io/acme/logs:1.0.0', portNumber: 81 },
    ],
  });
  route.connect(deployment, { containers: ['assistant'], variable: 'TOOLS_URL' });
  const [assistant, logs] = find(synth(chart), 'Deployment', deployment.name).spec.template.spec.containers;
  expect(assistant.env).toEqual([{ name: 'TOOLS_URL', value: 'http://gateway.mcp-system/routes/finance/smart' }]);
  expect(logs.env).toBeUndefined();
});

it('connects a workload to several routes, in whatever order', () => {
  const yaml = (order: (program: Program) => McpRoute[]) => {
    const built = program();
    const workload = job(built.chart);
    order(built).forEach(route => route.connect(workload, { perRoute: true }));
    return find(synth(built.chart), 'Job').spec.template.spec.containers[0].env;
  };
  expect(yaml(({ route, other }) => [route, other])).toEqual([
    { name: 'MCP_GATEWAY_URL_RAW_TOOLS', value: 'http://gateway.mcp-system/routes/finance/raw-tools' },
    { name: 'MCP_GATEWAY_URL_SMART', value: 'http://gateway.mcp-system/routes/finance/smart' },
  ]);
  expect(yaml(({ route, other }) => [other, route])).toEqual(yaml(({ route, other }) => [route, other]));
});

it('connects to what a gateway serves together', () => {
  const { chart } = program();
  const gateway = new McpGateway(chart, 'shared', {
    discovery: {
      servers: [new McpServer(chart, 'search', { source: McpServerSource.image('ghcr.io/acme/search-mcp:1.0.0') })],
    },
  });
  gateway.connect(new kplus.Job(chart, 'client', { containers }));
  expect(find(synth(chart), 'Job').spec.template.spec.containers[0].env).toEqual([
    { name: 'MCP_GATEWAY_URL', value: 'http://shared.finance/mcp' },
  ]);
});

it('mounts a token of the service account', () => {
  const { chart, route, other } = program();
  const workload = job(chart);
  route.connect(workload, { token: { audience: 'mcp' } });
  other.connect(workload, { variable: 'RAW_URL', token: { audience: 'raw', expiration: Duration.minutes(10) } });
  const objects = synth(chart);
  expect(validateObjects(objects)).toEqual([]);
  const {
    containers: [container],
    volumes,
  } = find(objects, 'Job').spec.template.spec;
  const file = (variable: string) => container.env.find(({ name }: Manifest) => name === variable).value;
  expect([file('MCP_GATEWAY_URL_TOKEN_FILE'), file('RAW_URL_TOKEN_FILE')]).toEqual(
    container.volumeMounts.map(({ mountPath }: Manifest) => `${mountPath}/token`),
  );
  expect(volumes.map(({ projected }: Manifest) => projected.sources[0].serviceAccountToken)).toEqual([
    { audience: 'mcp', expirationSeconds: 3600, path: 'token' },
    { audience: 'raw', expirationSeconds: 600, path: 'token' },
  ]);
});

it('lets each client be removed again', () => {
  const { chart, route } = program();
  route.connect(new kplus.Job(chart, 'client', { containers }));
  chart.node.tryRemoveChild('client');
  expect(synth(chart).some(({ kind }) => kind === 'Job')).toBe(false);
});

test.each<[string, (program: Program) => void, string]>([
  [
    'what has no object',
    ({ chart, route }) => route.connect(chart),
    'connect.workload: got "finance": is not a workload',
  ],
  [
    'a workload without a namespace',
    ({ route, chart }) => route.connect(new kplus.Job(new Chart(App.of(chart) as App, 'b'), 'client', { containers })),
    'connect.workload: got "b/client": has no namespace',
  ],
  [
    'a workload of another app',
    ({ route }) =>
      route.connect(new kplus.Job(new Chart(new App(), 'b', { namespace: 'b' }), 'client', { containers })),
    'belongs to another app',
  ],
  [
    'a variable that is none',
    ({ route, chart }) => route.connect(job(chart), { variable: 'A-B' }),
    'connect.variable: got "A-B": is not the name of an environment variable',
  ],
  [
    'a variable and perRoute',
    ({ route, chart }) => route.connect(job(chart), { variable: 'A', perRoute: true }),
    'Drop one of the two',
  ],
  [
    'one variable for two routes',
    ({ route, other, chart }) =>
      [route, other].forEach(
        (
          client => (each: McpRoute) =>
            each.connect(client)
        )(job(chart)),
      ),
    'is the variable of another connection of finance/client',
  ],
  [
    'no containers',
    ({ route, chart }) => route.connect(job(chart), { containers: [] }),
    'connect.containers: got []: is empty',
  ],
  [
    'a token for nobody',
    ({ route, chart }) => route.connect(job(chart), { token: { audience: '' } }),
    'connect.token.audience: got "": is empty',
  ],
  [
    'a token that Kubernetes would not give',
    ({ route, chart }) => route.connect(job(chart), { token: { audience: 'a', expiration: Duration.minutes(5) } }),
    'connect.token.expiration: got 300',
  ],
  [
    'a gateway that serves nothing together',
    ({ gateway, chart }) => gateway.connect(job(chart)),
    'the gateway serves no servers at /mcp',
  ],
])('refuses %s', (_, action, message) => {
  expect(messageOf(() => action(program()))).toContain(message);
});

function job(chart: Chart): kplus.Job {
  return new kplus.Job(chart, 'client', { containers });
}

test.each<[string, (chart: Chart) => IConstruct, ConnectOptions, string]>([
  [
    'a container that is not there',
    job,
    { containers: ['assistant'] },
    'connect.containers: got "assistant": Job finance-client-c8a3a8d5 has no such container. Name one of: main',
  ],
  [
    'a variable with another value',
    chart =>
      new kplus.Pod(chart, 'client', {
        containers: [
          { ...containers[0], envVariables: { MCP_GATEWAY_URL: kplus.EnvValue.fromValue('http://elsewhere') } },
        ],
      }),
    {},
    'has this variable already, with another value',
  ],
  ['what runs nothing', chart => new kplus.ConfigMap(chart, 'client'), {}, 'has no containers'],
])('fails synthesis for %s', (_, create, options, message) => {
  const { chart, route } = program();
  route.connect(create(chart), options);
  expect(messageOf(() => synth(chart)).replace(/finance-client-c[0-9a-f]+/, 'finance-client-c8a3a8d5')).toContain(
    message,
  );
});
