import { App, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { oneRoute } from '../one-route';
import { McpRoute } from 'cdk8s-mcp';

export default (app: App) => {
  const { chart, gateway, server, route } = oneRoute(app, { gateway: {} });
  const raw = new McpRoute(chart, 'raw', { gateway, backends: [{ server }] });
  const job = new kplus.Job(chart, 'assistant', { containers: [{ image: 'ghcr.io/acme/assistant:1.0.0' }] });
  route.connect(job, { token: { audience: 'mcp' }, isolate: true });
  raw.connect(job, {
    variable: 'RAW_URL',
    token: { audience: 'raw', expiration: Duration.minutes(10) },
    isolate: true,
  });
};
