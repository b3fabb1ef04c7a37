import { App, Chart } from 'cdk8s';
import { describeWithEnvoy } from './end-to-end/describe';
import { ISSUER } from './end-to-end/identities';
import { McpCaller } from './end-to-end/mcp-caller';
import { RunningApp } from './end-to-end/running-app';
import { StatelessCaller } from './end-to-end/stateless-caller';
import { StatelessServer } from './end-to-end/stateless-server';
import { until } from './end-to-end/until';
import {
  Authentication,
  GatewayDataPlane,
  McpAffinity,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  McpSessions,
} from '../../src';
import { objectsOf } from '../support/synth';

/* Who keeps which of several servers that share requests, on a real Envoy. */

const STABLE = 80;
const CANARY = 20;
/** Of so many callers, more than four standard deviations. */
const USERS = 400;
const POINTS = 0.085;

describeWithEnvoy('callers of servers that share requests by weight', envoy => {
  let running: RunningApp;
  let stable: StatelessServer;
  let canary: StatelessServer;
  beforeAll(async () => {
    stable = await StatelessServer.start('stable');
    canary = await StatelessServer.start('canary');
    const app = new App();
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    const server = (name: string, sessions: McpSessions): McpServer =>
      new McpServer(chart, name, {
        source: McpServerSource.image('ghcr.io/acme/ledger:2.0.0'),
        sessions,
        tools: ['query'],
      });
    const backends = (suffix: string, sessions: McpSessions) => [
      { server: server(`stable${suffix}`, sessions), weight: STABLE },
      { server: server(`canary${suffix}`, sessions), weight: CANARY },
    ];
    const stateless = backends('', McpSessions.STATELESS);
    const open = new McpGateway(chart, 'open', { dataPlane: GatewayDataPlane.envoy() });
    new McpRoute(chart, 'anyone', { gateway: open, backends: stateless });
    new McpRoute(chart, 'any-version', { gateway: open, backends: stateless, affinity: McpAffinity.NONE });
    new McpRoute(chart, 'sessions', { gateway: open, backends: backends('-sessions', McpSessions.STATEFUL) });
    const guarded = new McpGateway(chart, 'guarded', {
      dataPlane: GatewayDataPlane.envoy(),
      replicas: 2,
      authentication: [Authentication.jwt({ issuer: ISSUER.issuer, audiences: ['mcp'], jwks: ISSUER.jwks })],
    });
    new McpRoute(chart, 'users', { gateway: guarded, backends: stateless });
    running = await envoy().start(objectsOf(app), {
      elsewhere: { 'finance/stable': stable.address, 'finance/canary': canary.address },
    });
  }, 60_000);
  afterAll(async () => {
    await running?.stop();
    await Promise.all([stable?.stop(), canary?.stop()]);
  });

  const urlOf = (route: string, replica = 0): string =>
    `${running.gateway(route === 'users' ? 'guarded' : 'open', replica).url}/routes/finance/${route}`;

  /** Who answers some calls of one caller, each on a connection of its own. */
  const answers = async (
    route: string,
    { user, from, replica, calls = 6 }: { user?: string; from?: string; replica?: number; calls?: number },
  ): Promise<string[]> => {
    const headers: Record<string, string> =
      user === undefined ? {} : { authorization: `Bearer ${ISSUER.token({ aud: 'mcp', sub: user })}` };
    const found: string[] = [];
    for (let i = 0; i < calls; i++) {
      const caller = new StatelessCaller(urlOf(route, replica), { headers, from });
      found.push(await caller.call('query'));
      caller.close();
    }
    return found;
  };
  const addressOf = (i: number): string => `127.8.${1 + Math.floor(i / 200)}.${1 + (i % 200)}`;
  const isFair = (servers: readonly string[]): void =>
    expect(
      Math.abs(servers.filter(name => name.startsWith('canary')).length / servers.length - CANARY / 100),
    ).toBeLessThan(POINTS);

  /** Does something for each of many callers, a few at a time. */
  const each = async <T>(count: number, action: (i: number) => Promise<T>): Promise<T[]> => {
    const results: T[] = [];
    for (let i = 0; i < count; i += 20) {
      const batch = Array.from({ length: Math.min(20, count - i) }, (_, j) => action(i + j));
      results.push(...(await Promise.all(batch)));
    }
    return results;
  };

  it('gives each address a server of its own, in the shares that were asked for', async () => {
    const seen = await each(USERS, i => answers('anyone', { from: addressOf(i), calls: 2 }));
    expect(seen.filter(([one, other]) => one !== other)).toEqual([]);
    isFair(seen.flat());
  });

  it('gives each user a server, wherever the calls come from and whichever replica of the gateway is asked', async () => {
    const seen = await each(USERS, async i => {
      const user = `user-${i}`;
      const here = await answers('users', { user, from: addressOf(i), calls: 1 });
      const elsewhere = await answers('users', { user, from: addressOf(i + 1), replica: 1, calls: 1 });
      return [...here, ...elsewhere];
    });
    expect(seen.filter(([one, other]) => one !== other)).toEqual([]);
    isFair(seen.flat());
  });

  it('chooses for each request where nothing keeps a caller', async () => {
    isFair(await answers('any-version', { calls: USERS }));
  });

  it('opens all sessions of a caller at one server', async () => {
    const seen = await each(USERS, async i => {
      const places: string[] = [];
      for (const _ of [1, 2]) {
        const caller = new McpCaller(urlOf('sessions'), { from: addressOf(i) });
        places.push((await caller.call('query')).answer!.server.replace('finance/', ''));
        caller.close();
      }
      return places;
    });
    expect(seen.filter(([one, other]) => one !== other)).toEqual([]);
    isFair(seen.flat());
  });

  it('gives the callers of a server that is gone to the others, until it is back', async () => {
    const callers = Array.from({ length: 40 }, (_, i) => addressOf(i));
    const before = await Promise.all(callers.map(async from => (await answers('anyone', { from, calls: 1 }))[0]));
    expect(new Set(before)).toEqual(new Set(['stable', 'canary']));
    await canary.stop();
    const meanwhile = await Promise.all(
      callers.map(async from => (await answers('anyone', { from, calls: 3 })).join()),
    );
    expect(new Set(meanwhile)).toEqual(new Set(['stable,stable,stable']));
    await canary.restart();
    await until(
      'each caller is back at its server',
      async () => {
        const after = await Promise.all(callers.map(async from => (await answers('anyone', { from, calls: 1 }))[0]));
        return after.join() === before.join();
      },
      { timeoutMs: 60_000 },
    );
  });
});
