/** Two clusters from one program: what differs stands in one place, and nobody applies one to the other. */
import { App, Chart } from 'cdk8s';
import {
  Authentication,
  ClusterAddOn,
  ClusterProfile,
  IngressSource,
  McpCluster,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  NetworkEnforcement,
  Principal,
} from 'cdk8s-mcp';

/** What differs between the stages. */
interface Stage {
  readonly ledger: string;
  readonly replicas: number;
  readonly testers: boolean;
}

function company(cluster: McpCluster, { ledger, replicas, testers }: Stage): void {
  const issuer = `https://auth.${cluster.name}.acme.dev`;
  const gateway = new McpGateway(new Chart(cluster, 'platform', { namespace: 'mcp-system' }), 'gateway', {
    replicas,
    authentication: [Authentication.jwt({ issuer, audiences: ['mcp'], jwksUri: `${issuer}/jwks.json` })],
    ingress: [IngressSource.namespaces('agents')],
  });
  const finance = new Chart(cluster, 'finance', { namespace: 'finance' });
  const server = new McpServer(finance, 'ledger', {
    source: McpServerSource.image(`ghcr.io/acme/ledger:${ledger}`),
    tools: ['db_query', 'db_insert'],
  });
  const route = new McpRoute(finance, 'books', { gateway, backends: [{ server }] });
  route.allow(Principal.group('finance'), { tools: ['db_*'] });
  if (testers) {
    route.allow(Principal.group('testers'), { tools: ['db_query'] });
  }
}

export function build(app: App): void {
  // With McpApp, dist/staging/ and dist/production/.
  const staging = new McpCluster(app, 'staging');
  company(staging, { ledger: '1.5.0-rc.1', replicas: 1, testers: true });

  const production = new McpCluster(app, 'production', {
    profile: new ClusterProfile({
      network: NetworkEnforcement.cilium(),
      addOns: [ClusterAddOn.PROMETHEUS_OPERATOR],
      monitoring: { namespace: 'monitoring', podLabels: { 'app.kubernetes.io/name': 'prometheus' } },
      imageRegistry: 'registry.acme.dev',
    }),
  });
  company(production, { ledger: '1.4.0', replicas: 3, testers: false });
}
