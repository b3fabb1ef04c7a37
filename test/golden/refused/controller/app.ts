import { App, Duration } from 'cdk8s';
import { oneRoute } from '../../one-route';
import { AccessLogField, Reconciliation } from 'cdk8s-mcp';

/** Options that upstream's resources have no fields for. */
export default (app: App) => {
  Reconciliation.CONTROLLER.applyTo(app);
  oneRoute(app, {
    gateway: {
      replicas: 2,
      sessionAffinityHeader: 'x-user',
      observability: { accessLog: [AccessLogField.toolName('tool')] },
    },
    server: { podLabels: { team: 'finance' } },
    route: { labels: { team: 'finance' }, timeouts: { request: Duration.seconds(10) } },
  });
};
