import { App, Chart } from 'cdk8s';
import { financeChart, IMAGE } from '../../one-route';
import { McpGateway, McpRoute, McpServer, McpServerSource } from 'cdk8s-mcp';

/** Another team's server, the gateway itself and its node, each as a "remote" one. */
export default (app: App) => {
  const finance = financeChart(app);
  const gateway = new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway');
  new McpServer(finance, 'ledger', { source: IMAGE });
  const team = new Chart(app, 'other', { namespace: 'other' });
  const remote = (name: string, url: string) => {
    const server = new McpServer(team, name, { source: McpServerSource.remote(url, { insecure: true }) });
    new McpRoute(team, `${name}-route`, { gateway, backends: [{ server }] });
  };
  remote('books', 'http://ledger.finance.svc.cluster.local:8080/mcp');
  remote('books-in-short', 'http://LEDGER.finance:8080/mcp');
  remote('pod', 'http://10.244.1.17:8080/mcp');
  remote('admin', 'http://127.0.0.1:15000/quitquitquit');
  remote('metadata', 'http://169.254.169.254/latest');
};
