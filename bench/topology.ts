import { ApiObject, App, Chart } from 'cdk8s';
import type * as Library from '../src';

/** How many servers, over how many charts. */
export interface Size {
  readonly servers: number;
  readonly charts: number;
}

/** One chart's objects as Kubernetes JSON. */
export interface ChartObjects {
  readonly id: string;
  readonly namespace: string;
  readonly objects: readonly any[];
}

/** A platform of servers with one gateway, and a route for every tenth server. */
export function byLibrary(
  { McpGateway, McpRoute, McpServer, McpServerSource }: typeof Library,
  app: App,
  size: Size,
): App {
  const charts = Array.from({ length: size.charts }, (_, i) => new Chart(app, `team-${i}`, { namespace: `team-${i}` }));
  new McpGateway(charts[0], 'gateway', { replicas: 2 });
  for (let i = 0; i < size.servers; i++) {
    const chart = charts[i % charts.length];
    const server = new McpServer(chart, `server-${i}`, {
      source: McpServerSource.image(`ghcr.io/acme/server-${i}:1.0.0`),
      tools: ['query', 'insert'],
    });
    if (i % 10 === 0) {
      new McpRoute(chart, `route-${i}`).addBackend(server);
    }
  }
  return app;
}

/** What a topology emits, chart by chart. */
export function objectsOf(app: App): ChartObjects[] {
  return app.charts.map(chart => ({ id: chart.node.id, namespace: chart.namespace!, objects: chart.toJson() }));
}

/** The same objects written by hand. */
export function byHand(app: App, charts: readonly ChartObjects[]): App {
  for (const { id, namespace, objects } of charts) {
    const chart = new Chart(app, id, { namespace });
    objects.forEach((object, i) => new ApiObject(chart, `object-${i}`, object));
  }
  return app;
}

/** A gateway with one server and many routes. With policies: a token, and for each route two rules and a limit of its users. */
export function manyRoutes(
  library: typeof Library,
  app: App,
  routes: number,
  tools: readonly string[],
  policies: boolean,
): App {
  const {
    Authentication,
    Condition,
    McpGateway,
    McpRoute,
    McpServer,
    McpServerSource,
    Principal,
    RateLimit,
    RateLimitUnit,
  } = library;
  const chart = new Chart(app, 'team', { namespace: 'team' });
  const gateway = new McpGateway(
    chart,
    'gateway',
    policies
      ? {
          authentication: [
            Authentication.jwt({
              issuer: 'https://auth.acme.dev',
              audiences: ['mcp'],
              jwksUri: 'https://auth.acme.dev/jwks.json',
            }),
          ],
          rateLimits: [RateLimit.perNamespace(10_000, RateLimitUnit.HOUR)],
        }
      : {},
  );
  const server = new McpServer(chart, 'server', {
    source: McpServerSource.image('ghcr.io/acme/server:1.0.0'),
    tools: [...tools],
  });
  for (let i = 0; i < routes; i++) {
    const route = new McpRoute(chart, `route-${i}`, { gateway, backends: [{ server }] });
    if (policies) {
      route.allow(Principal.group(`group-${i % 10}`), { tools: ['tool-1*'] });
      route.allow(Principal.user(`user-${i % 50}`), { tools: [tools[0]], when: [Condition.sourceIp('10.0.0.0/8')] });
      route.addRateLimit(RateLimit.perUser(100 + i, RateLimitUnit.HOUR));
    }
  }
  return app;
}
