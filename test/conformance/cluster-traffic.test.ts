import { isDeepStrictEqual } from 'util';
import {
  CONNECTED,
  inspectorSecret,
  KEYS,
  keySecret,
  PLATFORM,
  REPLICAS,
  STRANGER,
  TEAM,
  Workload,
} from './in-cluster/app';
import { Event, EVENTS } from './in-cluster/events';
import { testExamples } from './in-cluster/examples';
import { testFurnished } from './in-cluster/furnished';
import { ask, Call, untilAnswered } from './in-cluster/load';
import { connectionsOf, connectsTo } from './in-cluster/network';
import { Table } from './in-cluster/report';
import { testSpread } from './in-cluster/spread';
import { LIMITS, pause, SETTLE_MS, STATELESS, until, WAITING, World } from './in-cluster/world';
import { NODE_ADDRESS } from '../../scripts/cluster/settings';
import { connection } from '../support/connections';

/*
 * What an app emits, run by a whole Kubernetes: pods start, connections are as declared, and while pods come and go under steady calls
 * none is lost, or few where that cannot be helped. The table of events is printed at the end; docs/operations.md has what platforms can
 * count on. CI has some events; CLUSTER_EVENTS=all has all, CLUSTER_DNS=plain a DNS that keeps answers for half a minute.
 */

jest.setTimeout(600_000);
// A whole cluster and its clients share the cores of this machine: what failed is printed, and tried once more.
jest.retryTimes(1, { logErrorsBeforeRetry: true });

const ALL = process.env.CLUSTER_EVENTS === 'all';

const WHOAMI: Call = ['whoami', {}];
const ECHO: Call = ['echo', { message: 'hello' }];
/** How far the share of a replica may be from its part of all calls. */
const UNEVEN = 0.1;

/** How often in a row something has to be seen that two gateways have to agree on. */
const SURE = 4;
/** Asks the Kubernetes API for what there is of a resource, as NAMESPACE/RESOURCE, and prints the status, or why there is none. */
const KUBERNETES_API = `
const { readFileSync } = require('fs');
const [namespace, resource] = process.argv[1].split('/');
const folder = '/var/run/secrets/kubernetes.io/serviceaccount/';
try {
  const headers = { authorization: 'Bearer ' + readFileSync(folder + 'token', 'utf8') };
  const path = '/api/v1/namespaces/' + namespace + '/' + resource;
  // The certificate of the tests' API server is no subject of theirs.
  require('https').get('https://kubernetes.default.svc' + path, { headers, rejectUnauthorized: false, timeout: 5000 }, ({ statusCode }) => {
    console.log(statusCode);
    process.exit(0);
  }).on('timeout', () => process.exit(1));
} catch ({ code }) {
  console.log(code);
}
`;

const table = new Table();
const { report } = table;

let world: World;
let rolledOut: number;

beforeAll(async () => {
  world = await World.start();
  rolledOut = Date.now();
});

afterAll(async () => {
  await world?.cluster.stop();
  table.print();
});

function secondsSince(time: number): number {
  return (Date.now() - time) / 1000;
}

function urlOf(route: Event['route']): string {
  const { toolsUrl, everythingUrl, sharedUrl, deskUrl } = world.app;
  return { stateless: toolsUrl, stateful: everythingUrl, shared: sharedUrl, desk: deskUrl }[route];
}

it('serves tools as soon as everything is rolled out', async () => {
  await untilAnswered(world.cluster, urlOf('stateless'), WHOAMI, 1);
  report({ event: 'first call after all rollouts', seconds: secondsSince(rolledOut) });
  await untilAnswered(world.cluster, urlOf('stateful'), ECHO, 1);
  report({ event: 'first session after all rollouts', seconds: secondsSince(rolledOut) });
  expect(await ask(world.cluster, CONNECTED, urlOf('stateless'), WHOAMI)).toMatchObject({
    tools: ['whoami'],
    answer: expect.stringContaining('tools-'),
  });
  expect(await ask(world.cluster, CONNECTED, urlOf('stateful'), ECHO)).toMatchObject({
    tools: expect.arrayContaining(['echo']),
    answer: expect.stringContaining('hello'),
  });
});

it('starts what counts calls when its store answers', () => {
  const restarts: number[] = world.pods(LIMITS).map(({ status }) => status.containerStatuses[0].restartCount);
  // One may lose its way to the store when policies of the network come into force. Without waiting, all would start anew.
  expect(restarts).toContain(0);
});

it('refuses a pod that nobody connected', async () => {
  expect(await ask(world.cluster, STRANGER, urlOf('stateless'), WHOAMI)).toMatchObject({
    error: expect.stringContaining('failed'),
  });
});

it('connects exactly what is declared', async () => {
  let { found, declared } = connectionsOf(world);
  // What enforces policies has heard of pods a moment after they are ready.
  for (let again = 0; again < SURE && !isDeepStrictEqual(found, declared); again++) {
    await pause(SETTLE_MS);
    ({ found, declared } = connectionsOf(world));
  }
  expect(found).toEqual(declared);
  expect(found).toEqual(
    expect.arrayContaining([
      connection(`${TEAM}/assistant`, `${PLATFORM}/gateway`, 8080),
      connection(`${PLATFORM}/gateway`, `${TEAM}/everything`, 8080),
      connection(`${PLATFORM}/gateway-rate-limit`, `${PLATFORM}/gateway-rate-limit-store`, 6379),
    ]),
  );
});

it('starts a pod when the Secret is there that it waits for, and serves others meanwhile', async () => {
  expect(world.pods(WAITING)[0].status.phase).toBe('Pending');
  world.cluster.apply([inspectorSecret()]);
  const applied = Date.now();
  world.rolledOut(WAITING);
  await untilAnswered(world.cluster, world.app.inspectorUrl, WHOAMI, 1);
  report({ event: 'first call after a missing Secret', seconds: secondsSince(applied) });
});

it('lets a server do on the Kubernetes API what it was allowed, and nothing else', () => {
  const status = (workload: Workload, resource: string): string => {
    const [{ metadata }] = world.pods(workload);
    const exec = ['exec', '-n', TEAM, metadata.name, '--', 'node', '-e', KUBERNETES_API, `${TEAM}/${resource}`];
    return world.cluster.kubectl(exec).trim();
  };
  expect(status(WAITING, 'pods')).toBe('200');
  expect(status(WAITING, 'secrets')).toBe('403');
  // Nobody gave it a token, nor a way to the API server.
  expect(status(STATELESS, 'pods')).toBe('ENOENT');
  const api = `${NODE_ADDRESS}:6443`;
  expect(connectsTo(world.cluster, world.pods(WAITING)[0], [api, `${NODE_ADDRESS}:10250`])).toEqual([api]);
  expect(connectsTo(world.cluster, world.pods(STATELESS)[0], [api])).toEqual([]);
});

it('takes another key in place of one as soon as the Secret has it', async () => {
  const { cluster, app } = world;
  const isTaken = async (key: string): Promise<boolean> =>
    !('error' in (await ask(cluster, CONNECTED, app.toolsUrl, WHOAMI, key)));
  expect([await isTaken(KEYS[0]), await isTaken(KEYS[1])]).toEqual([true, false]);
  cluster.apply([keySecret(KEYS[1])]);
  const applied = Date.now();
  let inARow = 0;
  await until('both gateways take the other key alone', async () => {
    inARow = (await isTaken(KEYS[1])) && !(await isTaken(KEYS[0])) ? inARow + 1 : 0;
    return inARow === SURE;
  });
  report({ event: 'a key replaced', seconds: secondsSince(applied) });
});

describe('an app that needs something of its cluster', () => testFurnished(() => world, report));

it.each(EVENTS.filter(({ inCi }) => ALL || inCi).map(event => [event.name, event] as const))(
  'stands: %s',
  async (name, { route, before, happens, mayLose = 0, mayEnd = 0 }) => {
    await before?.(world);
    let configured: readonly number[] = [];
    const { answers, ...result } = await world.during(
      urlOf(route),
      route === 'stateful' || route === 'desk' ? ECHO : WHOAMI,
      async () => void (configured = (await happens(world)) ?? []),
    );
    const answered = Object.values(answers).reduce((sum, count) => sum + count, 0);
    const shares = Object.values(answers).map(count => count / answered);
    const { calls, lost, errors, reopened, took, slowest } = result;
    report({ event: name, calls, lost, ended: reopened, seconds: took, slowest, shares, configured });
    if (lost > mayLose || ALL) {
      process.stderr.write(errors.map(error => `${name}: ${error}\n`).join(''));
    }
    expect(lost).toBeLessThanOrEqual(mayLose);
    expect(reopened).toBeLessThanOrEqual(mayEnd);
    if (name === 'nothing') {
      expect(shares).toHaveLength(REPLICAS);
      shares.forEach(share => expect(Math.abs(share - 1 / REPLICAS)).toBeLessThan(UNEVEN));
    }
  },
);

if (ALL) {
  describe('two nodes', () => testSpread(() => world, report));

  // The last, since it removes the app.
  describe('all examples', () => testExamples(() => world, report));
}
