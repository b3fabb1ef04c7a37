import { App, Chart } from 'cdk8s';
import { callOf } from './end-to-end/attacks';
import { describeWithEnvoy } from './end-to-end/describe';
import { Front, frontsOf } from './end-to-end/front-proxy';
import { ISSUER } from './end-to-end/identities';
import { rawExchange, statusesIn } from './end-to-end/raw-exchange';
import { RunningApp } from './end-to-end/running-app';
import { until } from './end-to-end/until';
import {
  Authentication,
  Condition,
  GatewayDataPlane,
  GatewayExposure,
  IngressSource,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  McpSessions,
  Principal,
  ToolAction,
} from '../../src';
import { objectsOf } from '../support/synth';
import { Manifest } from '../support/validate';

/*
 * Where callers are, on a real Envoy behind real proxies: a proxy that it trusts says so, and nobody else does.
 */

const HOST = 'mcp.acme.dev';
/** Proxies connect from here, as whatever does not choose its address. */
const PROXY = '127.0.0.1';
const [INSIDE, OUTSIDE] = ['127.9.0.5', '127.8.0.5'];

function appBehindProxies(): Manifest[] {
  const app = new App();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const gateway = new McpGateway(chart, 'gateway', {
    dataPlane: GatewayDataPlane.envoy(),
    authentication: [Authentication.jwt({ issuer: ISSUER.issuer, audiences: ['mcp'], jwks: ISSUER.jwks })],
    trustedProxies: [PROXY, '192.0.2.0/24'],
    exposures: [
      GatewayExposure.ingress({
        hosts: [HOST],
        paths: ['/routes/finance'],
        https: false,
        from: [IngressSource.namespaces('ingress')],
      }),
    ],
  });
  const server = new McpServer(chart, 'server', {
    source: McpServerSource.image('ghcr.io/acme/tools:1.0.0'),
    sessions: McpSessions.STATELESS,
    tools: ['query'],
  });
  const conditions = { inside: Condition.sourceIp('127.9.0.0/16'), elsewhere: Condition.notSourceIp('127.8.0.0/16') };
  for (const [name, condition] of Object.entries(conditions)) {
    new McpRoute(chart, name, { gateway, backends: [{ server }] }).allow(Principal.anyAuthenticated(), {
      tools: ['query'],
      actions: [ToolAction.CALL],
      when: [condition],
    });
  }
  return objectsOf(app);
}

describeWithEnvoy('callers behind proxies that a real Envoy trusts', envoy => {
  let running: RunningApp;
  let fronts: Record<string, Front> = {};

  /** Calls as a user from an address, with headers as they are written. */
  const callAs = async (
    user: string,
    front: string,
    route: string,
    from: string,
    ...headers: string[]
  ): Promise<number | undefined> => {
    const body = callOf('query');
    const lines = [
      `POST /routes/finance/${route} HTTP/1.1`,
      `Host: ${HOST}`,
      `Authorization: Bearer ${ISSUER.token({ aud: 'mcp', sub: user })}`,
      'Content-Type: application/json',
      'Accept: application/json, text/event-stream',
      `Content-Length: ${body.length}`,
      ...headers,
    ];
    return statusesIn(await rawExchange(fronts[front].url, [`${lines.join('\r\n')}\r\n\r\n${body}`], { from }))[0];
  };
  const call = (front: string, route: string, from: string, ...headers: string[]): Promise<number | undefined> =>
    callAs('alice', front, route, from, ...headers);
  const said = (value: string): string => `X-Forwarded-For: ${value}`;

  beforeAll(async () => {
    const objects = appBehindProxies();
    running = await envoy().start(objects);
    fronts = await frontsOf(objects, running.gateway().url);
  }, 60_000);
  afterAll(async () => {
    await Promise.all([...Object.values(fronts).map(front => front.stop?.()), running?.stop()]);
  });

  it.each(['nginx', 'haproxy', 'gateway'])('are where they are, whatever they say: %s', async front => {
    const statuses = async (from: string, ...headers: string[]) => [
      await call(front, 'inside', from, ...headers),
      await call(front, 'elsewhere', from, ...headers),
    ];
    expect(await statuses(INSIDE)).toEqual([200, 200]);
    expect(await statuses(OUTSIDE)).toEqual([403, 403]);
    expect(await statuses(OUTSIDE, said(INSIDE))).toEqual([403, 403]);
    expect(await statuses(OUTSIDE, said(INSIDE), said(`${INSIDE}, ${PROXY}`))).toEqual([403, 403]);
    expect(await statuses(INSIDE, said(OUTSIDE))).toEqual([200, 200]);
  });

  it('are the last that is no proxy', async () => {
    expect(await call('gateway', 'inside', PROXY, said(`${OUTSIDE}, ${INSIDE}`))).toBe(200);
    expect(await call('gateway', 'inside', PROXY, said(`${INSIDE}, 192.0.2.7`))).toBe(200);
    expect(await call('gateway', 'inside', PROXY, said(INSIDE), said('192.0.2.7'))).toBe(200);
    expect(await call('gateway', 'inside', PROXY, said(`${INSIDE}, ${OUTSIDE}, 192.0.2.7`))).toBe(403);
  });

  it.each([
    [[]],
    [['']],
    [['unknown']],
    [[`${INSIDE}, unknown`]],
    [[`${INSIDE}:443`]],
    [[`::ffff:${INSIDE}`]],
    [[PROXY]],
    [['192.0.2.7']],
  ])('meet nothing where a proxy does not name them: %j', async values => {
    const headers = values.map(said);
    expect(await call('gateway', 'inside', PROXY, ...headers)).toBe(403);
    expect(await call('gateway', 'elsewhere', PROXY, ...headers)).toBe(403);
  });

  it('are logged by it', async () => {
    await callAs('bob', 'nginx', 'inside', INSIDE, said(OUTSIDE));
    const logged = () =>
      running
        .gateway()
        .accessLog()
        .filter(line => line.user === 'bob');
    await until('it is logged', () => logged().length > 0);
    expect(logged()).toEqual([expect.objectContaining({ client: INSIDE })]);
  });

  it('tell Envoy nothing about itself', async () => {
    const before = (await running.server('server').executed()).length;
    const forged = ['X-Envoy-Upstream-Rq-Timeout-Ms: 1', 'X-Envoy-Original-Path: /x', 'X-Request-Id: forged'];
    expect(await call('gateway', 'inside', INSIDE, ...forged, 'X-Forwarded-Proto: https')).toBe(200);
    const [{ headers }] = (await running.server('server').executed()).slice(before);
    expect(Object.keys(headers).filter(name => name.startsWith('x-envoy-'))).toEqual([]);
    expect(headers['x-request-id']).not.toBe('forged');
    expect(headers['x-forwarded-proto']).toBe('http');
  });
});
