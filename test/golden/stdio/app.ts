import { App } from 'cdk8s';
import { oneRoute } from '../one-route';
import { GatewayDataPlane, McpServerSource } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) => {
  const source = McpServerSource.command('ghcr.io/acme/files-mcp:0.9.1', ['files-mcp', '/data'], {
    writablePaths: ['/tmp'],
  });
  oneRoute(app, { gateway: { dataPlane }, server: { source } });
};
