import { App, Chart } from 'cdk8s';
import { IMAGE, oneRoute } from '../../one-route';
import { AllowedNamespaces, ClusterMcpServer } from 'cdk8s-mcp';

/** A route to a server that does not admit its namespace. */
export default (app: App) => {
  const shared = new ClusterMcpServer(new Chart(app, 'shared', { namespace: 'shared' }), 'search', {
    source: IMAGE,
    allowedNamespaces: AllowedNamespaces.names('hr'),
  });
  oneRoute(app, { gateway: {}, route: { backends: [{ server: shared }] } });
};
