import { tmpdir } from 'os';
import { join } from 'path';
import { clusterApp, ClusterApp, CONNECTED, PLATFORM, REPLICAS, STRANGER, TEAM } from './in-cluster/app';
import { ask, Call, Load, load, WORKERS } from './in-cluster/load';
import { Cluster } from '../../scripts/cluster/cluster';
import { provideCluster } from '../../scripts/cluster/tools';

/*
 * What an app emits, run by a whole Kubernetes: pods start, connections are as declared, and while pods come and go under steady calls
 * none is lost. The table of events is printed at the end; docs/operations.md has what platforms can count on.
 */

jest.setTimeout(600_000);

/** Calls that an event has to stand. */
const CALLS = 3000;
const SETTLE_MS = 5000;
const WHOAMI: Call = ['whoami', {}];
const ECHO: Call = ['echo', { message: 'hello' }];

const rows: string[][] = [];
let cluster: Cluster;
let app: ClusterApp;
let rolledOut: number;

beforeAll(async () => {
  cluster = await Cluster.start({ folder: join(tmpdir(), 'cluster'), tools: await provideCluster(), kept: false });
  app = clusterApp();
  cluster.apply(app.foundation);
  cluster.kubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=30s']);
  cluster.apply(app.objects);
  for (const workload of ['gateway', 'gateway-rate-limit', 'gateway-rate-limit-store']) {
    cluster.rolledOut(`deployment/${workload}`, PLATFORM);
  }
  for (const workload of [
    'deployment/tools',
    'statefulset/everything',
    `deployment/${CONNECTED}`,
    `deployment/${STRANGER}`,
  ]) {
    cluster.rolledOut(workload, TEAM);
  }
  rolledOut = Date.now();
});

afterAll(async () => {
  await cluster?.stop();
  const widths = HEAD.map((_, column) => Math.max(...[HEAD, ...rows].map(row => row[column].length)));
  const lines = [HEAD, ...rows].map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
  process.stderr.write(`\n${lines.join('\n')}\n`);
});

const HEAD = [
  'event',
  'calls',
  'lost',
  'sessions reopened',
  'seconds of the event',
  'slowest call (ms)',
  'share of calls',
];

/** Calls for some seconds, in the midst of which something happens. */
async function during(name: string, url: string, call: Call, seconds: number, event?: () => void): Promise<Load> {
  const calling = load(cluster, url, call, seconds, CALLS);
  let took = 0;
  if (event !== undefined) {
    await new Promise(resolve => setTimeout(resolve, SETTLE_MS));
    const started = Date.now();
    event();
    took = (Date.now() - started) / 1000;
  }
  const result = await calling;
  const shares = Object.values(result.answers).map(count => `${Math.round((100 * count) / result.calls)} %`);
  rows.push([
    name,
    String(result.calls),
    String(result.lost),
    String(result.reopened),
    took.toFixed(1),
    String(result.slowest),
    shares.join(', '),
  ]);
  // The pods of the event come and go while calls are made.
  expect(took + SETTLE_MS / 1000).toBeLessThan(result.seconds);
  return result;
}

function restart(workload: string, namespace: string): void {
  cluster.kubectl(['rollout', 'restart', workload, '-n', namespace]);
  cluster.rolledOut(workload, namespace);
}

it('serves tools as soon as everything is rolled out', async () => {
  let answer = await ask(cluster, CONNECTED, app.toolsUrl, WHOAMI);
  while ('error' in answer && Date.now() - rolledOut < 30_000) {
    answer = await ask(cluster, CONNECTED, app.toolsUrl, WHOAMI);
  }
  rows.push(['first call after all rollouts', '1', '0', '0', ((Date.now() - rolledOut) / 1000).toFixed(1), '', '']);
  expect(answer).toMatchObject({ tools: ['whoami'], answer: expect.stringContaining('tools-') });
  expect(await ask(cluster, CONNECTED, app.everythingUrl, ECHO)).toMatchObject({
    tools: expect.arrayContaining(['echo']),
    answer: expect.stringContaining('hello'),
  });
});

it('refuses a pod that nobody connected', async () => {
  expect(await ask(cluster, STRANGER, app.toolsUrl, WHOAMI)).toMatchObject({
    error: expect.stringContaining('failed'),
  });
});

it('shares calls among replicas', async () => {
  const { answers, calls, lost } = await during('none', app.toolsUrl, WHOAMI, 40);
  expect(lost).toBe(0);
  expect(Object.keys(answers)).toHaveLength(REPLICAS);
  expect(Math.min(...Object.values(answers))).toBeGreaterThan(calls / REPLICAS / 2);
});

/** Has the pods of a Deployment evicted one after the other, as the drain of a node does. */
function evict(deployment: string, namespace: string): void {
  const selector = `app.kubernetes.io/name=${deployment},app.kubernetes.io/component=mcp-gateway`;
  const pods = cluster.kubectl(['get', 'pods', '-n', namespace, '-l', selector, '-o', 'name']).trim().split('\n');
  expect(pods).toHaveLength(REPLICAS);
  for (const pod of pods.map(name => name.replace('pod/', ''))) {
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod, namespace } };
    const path = `/api/v1/namespaces/${namespace}/pods/${pod}/eviction`;
    cluster.kubectl(['create', '--raw', path, '-f', '-'], JSON.stringify(eviction));
    cluster.rolledOut(`deployment/${deployment}`, namespace);
  }
}

/** Scales a Deployment out, and in again. */
function scale(deployment: string, namespace: string): void {
  for (const replicas of [2 * REPLICAS, REPLICAS]) {
    cluster.kubectl(['scale', deployment, '-n', namespace, `--replicas=${replicas}`]);
    cluster.rolledOut(deployment, namespace);
  }
}

it.each<[string, () => void]>([
  ['rolling restart of the gateway', () => restart('deployment/gateway', PLATFORM)],
  ['eviction of each pod of the gateway', () => evict('gateway', PLATFORM)],
  ['rolling restart of a stateless server', () => restart('deployment/tools', TEAM)],
  ['scaling of a stateless server, out and in', () => scale('deployment/tools', TEAM)],
])('loses no call in a %s', async (name, event) => {
  const { lost, errors } = await during(name, app.toolsUrl, WHOAMI, 60, event);
  expect({ lost, errors }).toEqual({ lost: 0, errors: [] });
});

it('ends sessions with their replica, which clients open anew', async () => {
  const { lost, errors, reopened } = await during(
    'rolling restart of a stateful server',
    app.everythingUrl,
    ECHO,
    120,
    () => restart('statefulset/everything', TEAM),
  );
  // Each session is on one replica at a time, and each replica goes once.
  expect(reopened).toBeLessThanOrEqual(WORKERS * REPLICAS);
  expect({ lost, errors }).toEqual({ lost: 0, errors: [] });
});
