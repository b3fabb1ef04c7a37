/** OME's story "database tools": two replicas that keep sessions, and a password that stays in its Secret. */
import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { EgressTarget, IngressSource, McpGateway, McpRoute, McpServer, McpServerSource } from 'cdk8s-mcp';

export function build(app: App): void {
  new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway', {
    ingress: [IngressSource.namespaces('agents')],
  });

  const team = new Chart(app, 'my-team', { namespace: 'my-team' });
  const credentials = kplus.Secret.fromSecretName(team, 'credentials', 'db-credentials');
  const postgres = new McpServer(team, 'postgres-tools', {
    source: McpServerSource.image('my-registry/postgres-mcp:1.0.0'),
    replicas: 2,
    env: { DATABASE_URI: kplus.EnvValue.fromSecretValue({ secret: credentials, key: 'uri' }) },
  });
  postgres.allowEgress(EgressTarget.host('postgres.my-team.svc.cluster.local', 5432));

  // The app has one gateway, so the route needs not name it.
  new McpRoute(team, 'my-llm-route', { backends: [{ server: postgres, weight: 100 }] });
}
