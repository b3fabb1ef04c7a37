import { ApiObject, App, Chart } from 'cdk8s';
import { McpGateway, McpRoute, McpServer, McpServerSource } from '../src';

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
export function byLibrary(outdir: string, size: Size): App {
  const app = new App({ outdir });
  const charts = Array.from({ length: size.charts }, (_, i) => new Chart(app, `team-${i}`, { namespace: `team-${i}` }));
  new McpGateway(charts[0], 'gateway', { replicas: 2 });
  for (let i = 0; i < size.servers; i++) {
    const chart = charts[i % charts.length];
    const server = new McpServer(chart, `server-${i}`, { source: McpServerSource.image(`ghcr.io/acme/server-${i}:1.0.0`), tools: ['query', 'insert'] });
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
export function byHand(outdir: string, charts: readonly ChartObjects[]): App {
  const app = new App({ outdir });
  for (const { id, namespace, objects } of charts) {
    const chart = new Chart(app, id, { namespace });
    objects.forEach((object, i) => new ApiObject(chart, `object-${i}`, object));
  }
  return app;
}
