import { App } from 'cdk8s';
import { oneRoute } from '../one-route';
import { ClusterProfile, GatewayDataPlane, McpServerSource } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) => {
  new ClusterProfile({ proxy: { url: 'http://proxy.infra.svc:3128' } }).applyTo(app);
  oneRoute(app, {
    gateway: { dataPlane },
    server: { source: McpServerSource.remote('https://mcp.crm.example.com/mcp') },
  });
};
