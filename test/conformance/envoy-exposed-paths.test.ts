import { App, Chart } from 'cdk8s';
import { callOf } from './end-to-end/attacks';
import { describeWithEnvoy } from './end-to-end/describe';
import { Front, frontsOf } from './end-to-end/front-proxy';
import { rawExchange, statusesIn } from './end-to-end/raw-exchange';
import { RunningApp } from './end-to-end/running-app';
import { until } from './end-to-end/until';
import {
  GatewayDataPlane,
  GatewayExposure,
  IngressSource,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  McpSessions,
} from '../../src';
import { objectsOf } from '../support/synth';
import { Manifest } from '../support/validate';

/*
 * A gateway of which some routes are exposed, behind proxies that let requests through by their path: whatever a path is to a
 * proxy, a route that is not exposed serves nobody who comes by it.
 */

const HOST = 'mcp.acme.dev';
const EXPOSED = '/routes/public/r';
const HIDDEN = '/routes/internal/r';

/** Ways to write a path that some take for the hidden route, and others for one below the exposed folder. */
const SPELLINGS: readonly string[] = [
  '/routes/public/../internal/r',
  '/routes/public/%2e%2e/internal/r',
  '/routes/public/%2E%2E/internal/r',
  '/routes/public/.%2e/internal/r',
  '/routes/public/%252e%252e/internal/r',
  '/routes/public/..;/internal/r',
  '/routes/public/..;x=y/internal/r',
  '/routes/public/%2e%2e;/internal/r',
  '/routes/public/..%3b/internal/r',
  '/routes/public/..%2finternal/r',
  '/routes/public/..%2Finternal/r',
  '/routes/public/..%5cinternal/r',
  '/routes/public/..\\internal/r',
  '/routes/public\\../internal/r',
  '/routes/public//../internal/r',
  '/routes/public/..//internal/r',
  '/routes/public/./../internal/r',
  '/routes/public/r/../../internal/r',
  '/routes/public/x/../../internal/r',
  '/routes/public/..%00/internal/r',
  '/routes/public/..%20/internal/r',
  '/routes/public/..%09/internal/r',
  '/routes/public/../internal/r#',
  '/routes/public/../internal/r?x',
  '/routes/internal/r#/../../public/r',
  '/routes/internal/r;/../../public/r',
  '/routes/internal/r/../../public/../internal/r',
  `http://${HOST}/routes/public/../internal/r`,
];

/** Ways to write the path of the exposed route that are not its path. */
const INEXACT: readonly string[] = [
  '/routes/public/./r',
  '/routes/public//r',
  '//routes/public/r',
  '/routes/public/r/',
  '/routes/public/r;x',
  '/routes/public/r%2f',
  '/routes/public/r/.',
  '/routes/public/x/../r',
  '/routes/public/x/%2e%2e/r',
  '/routes/public%2fr',
  '/routes/public\\r',
  '/routes/public/%72',
  '/routes/public/r#x',
];

/** How many of them reach the gateway at least, by where they were sent. */
const REACHING: Readonly<Record<string, number>> = { gateway: 30, nginx: 8, haproxy: 16 };

function exposedApp(): Manifest[] {
  const app = new App();
  const gateway = new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway', {
    dataPlane: GatewayDataPlane.envoy(),
    exposures: [
      GatewayExposure.ingress({
        hosts: [HOST],
        paths: ['/routes/public'],
        https: false,
        from: [IngressSource.namespaces('ingress')],
      }),
    ],
  });
  for (const namespace of ['public', 'internal']) {
    const chart = new Chart(app, namespace, { namespace });
    const server = new McpServer(chart, `${namespace}-server`, {
      source: McpServerSource.image('ghcr.io/acme/tools:1.0.0'),
      sessions: McpSessions.STATELESS,
      tools: ['query'],
    });
    new McpRoute(chart, 'r', { gateway, backends: [{ server }] });
  }
  return objectsOf(app);
}

describeWithEnvoy('paths that a real Envoy serves behind proxies', envoy => {
  let running: RunningApp;
  let fronts: Record<string, Front> = {};

  const post = async (front: string, path: string): Promise<number | undefined> => {
    const body = callOf('query');
    const lines = [
      `POST ${path} HTTP/1.1`,
      `Host: ${HOST}`,
      'Content-Type: application/json',
      'Accept: application/json, text/event-stream',
      `Content-Length: ${body.length}`,
    ];
    return statusesIn(await rawExchange(fronts[front].url, [`${lines.join('\r\n')}\r\n\r\n${body}`]))[0];
  };
  const executed = async (name: string): Promise<number> => (await running.server(name).executed()).length;

  beforeAll(async () => {
    const objects = exposedApp();
    running = await envoy().start(objects);
    fronts = await frontsOf(objects, running.gateway().url);
  }, 60_000);
  afterAll(async () => {
    await Promise.all([...Object.values(fronts).map(front => front.stop?.()), running?.stop()]);
  });

  it.each([
    ['gateway', 200],
    ['nginx', 404],
    ['haproxy', 404],
  ] as const)('serves what is exposed, by itself or through the proxy: %s', async (front, hidden) => {
    const before = await executed('public-server');
    expect([await post(front, EXPOSED), await post(front, HIDDEN)]).toEqual([200, hidden]);
    expect(await executed('public-server')).toBe(before + 1);
  });

  it.each(Object.keys(REACHING))('refuses paths that mean two things: %s', async front => {
    const before = [await executed('public-server'), await executed('internal-server')];
    const logged = running.gateway().accessLog().length;
    const served: string[] = [];
    for (const path of [...SPELLINGS, ...INEXACT]) {
      const status = await post(front, path);
      if (status === undefined || status < 400) {
        served.push(`${path}: ${status}`);
      }
    }
    expect(served).toEqual([]);
    expect([await executed('public-server'), await executed('internal-server')]).toEqual(before);
    // The proxy refuses some of them itself, and not so many that the gateway would not be asked.
    await until('the gateway has logged them', () => running.gateway().accessLog().length >= logged + REACHING[front]);
  });
});
