import { App } from 'cdk8s';
import { TOKEN, oneRoute } from '../one-route';
import { BackendCredential, GatewayDataPlane, McpServerSource } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) => {
  const source = McpServerSource.remote('https://mcp.crm.example.com/mcp', {
    credentials: [
      BackendCredential.callerHeader('X-CRM-Token'),
      BackendCredential.callerHeader('X-CRM-Tenant', { name: 'X-Tenant' }),
    ],
  });
  oneRoute(app, { gateway: { dataPlane }, server: { source }, route: { authentication: [TOKEN] } });
};
