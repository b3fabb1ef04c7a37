import { ApiObject, App, Chart } from 'cdk8s';
import type * as Library from '../src';

/** How many servers, over how many charts. */
export interface Size {
  readonly servers: number;
  readonly charts: number;
}

/** How many routes of one gateway, on which plane, and whether they ask something of their callers. */
export interface RouteSize {
  readonly routes: number;
  readonly plane: 'agentgateway' | 'envoy';
  /** Whether each route has five rules and a limit of its own, and the gateway asks for a token. */
  readonly policies: boolean;
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

/** One gateway with many routes to one server. */
export function manyRoutes(library: typeof Library, app: App, { routes, plane, policies }: RouteSize): App {
  const { Condition, GatewayDataPlane, McpGateway, McpRoute, McpServer, McpServerSource } = library;
  const { McpSessions, Principal, RateLimit, RateLimitUnit, ToolAction } = library;
  const chart = new Chart(app, 'team', { namespace: 'team' });
  const gateway = new McpGateway(chart, 'gateway', {
    dataPlane: plane === 'envoy' ? GatewayDataPlane.envoy() : undefined,
    authentication: policies ? [tokens(library)] : undefined,
  });
  const server = new McpServer(chart, 'server', {
    source: McpServerSource.image('ghcr.io/acme/server:1.0.0'),
    tools: ['query', 'insert', 'drop', 'report'],
    sessions: McpSessions.STATELESS,
  });
  for (let i = 0; i < routes; i++) {
    const route = new McpRoute(chart, `route-${i}`, { gateway, backends: [{ server }] });
    if (policies) {
      const calls = { actions: [ToolAction.CALL] };
      route.allow(Principal.group(`team-${i}`), { tools: ['query'], ...calls });
      route.allow(Principal.user(`owner-${i}`), { tools: ['*'], ...calls });
      route.allow(Principal.group('auditors'), { tools: ['report'], ...calls });
      route.allow(Principal.group('operators'), { tools: ['i*'], when: [Condition.sourceIp('10.0.0.0/8')], ...calls });
      // Envoy shows all tools or none.
      route.allow(Principal.group('everyone'), { tools: ['*'], actions: [ToolAction.LIST] });
      route.addRateLimit(RateLimit.perUser(100 + i, RateLimitUnit.HOUR));
    }
  }
  return app;
}

/** How many teams share the servers of a matrix: those of one team are asked alike. */
const TEAMS = 50;

/** Servers with a route each, whose rules are those of their teams, and principals to ask about. */
export function matrixQuestion(
  library: typeof Library,
  app: App,
  size: { readonly routes: number; readonly principals: number; readonly tools: number },
): { readonly app: App; readonly principals: Library.Principal[] } {
  const { GatewayDataPlane, McpGateway, McpRoute, McpServer, McpServerSource, Principal, ToolAction } = library;
  const chart = new Chart(app, 'team', { namespace: 'team' });
  const gateway = new McpGateway(chart, 'gateway', {
    dataPlane: GatewayDataPlane.envoy(),
    authentication: [tokens(library)],
  });
  const tools = Array.from({ length: size.tools }, (_, i) => `tool-${i}`);
  for (let i = 0; i < size.routes; i++) {
    const server = new McpServer(chart, `server-${i}`, {
      source: McpServerSource.image(`ghcr.io/acme/server-${i}:1.0.0`),
      tools,
    });
    const route = new McpRoute(chart, `route-${i}`, { gateway, backends: [{ server }] });
    route.allow(Principal.group(`group-${i % TEAMS}`), { tools: ['tool-1*'], actions: [ToolAction.CALL] });
    route.allow(Principal.user(`user-${i % TEAMS}`), { tools: ['*'] });
  }
  const principals = Array.from({ length: size.principals }, (_, i) =>
    i % 2 === 0 ? Principal.user(`user-${i}`) : Principal.group(`group-${i}`),
  );
  return { app, principals };
}

function tokens({ Authentication }: typeof Library): Library.Authentication {
  const issuer = 'https://auth.acme.dev';
  return Authentication.jwt({ issuer, audiences: ['mcp'], jwksUri: `${issuer}/jwks.json` });
}
