import { App } from 'cdk8s';
import { TOKEN, oneRoute } from '../one-route';
import { GatewayDataPlane, SessionAuditLevel, SessionIsolationMode } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) =>
  oneRoute(app, {
    gateway: {
      dataPlane,
      authentication: [TOKEN],
      sessionIsolation: {
        mode: SessionIsolationMode.RELAXED,
        auditLevel: SessionAuditLevel.NONE,
        enforceResourceBoundaries: true,
      },
    },
  });
