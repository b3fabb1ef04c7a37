/** A gateway that clients outside the cluster reach by an Ingress, and that tells them where to get a token. */
import { App, Chart } from 'cdk8s';
import {
  Authentication,
  CertManagerIssuer,
  ClusterAddOn,
  ClusterProfile,
  GatewayExposure,
  IngressSource,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  Principal,
} from 'cdk8s-mcp';

export function build(app: App): void {
  new ClusterProfile({ addOns: [ClusterAddOn.CERT_MANAGER] }).applyTo(app);

  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const gateway = new McpGateway(platform, 'gateway', {
    replicas: 2,
    authentication: [
      Authentication.oidc({
        issuer: 'https://auth.acme.dev',
        audiences: ['https://mcp.acme.dev'],
        jwksUri: 'https://auth.acme.dev/jwks.json',
      }),
    ],
    exposures: [
      GatewayExposure.ingress({
        hosts: ['mcp.acme.dev'],
        // Routes of other namespaces stay inside the cluster.
        paths: ['/routes/finance'],
        className: 'nginx',
        issuer: CertManagerIssuer.clusterIssuer('public'),
        // The controller's pods alone may pass requests on.
        from: [
          IngressSource.pods({ namespaces: ['ingress-nginx'], labels: { 'app.kubernetes.io/name': 'ingress-nginx' } }),
        ],
        // MCP keeps a connection open for messages of the server.
        annotations: {
          'nginx.ingress.kubernetes.io/proxy-read-timeout': '3600',
          'nginx.ingress.kubernetes.io/proxy-buffering': 'off',
        },
      }),
    ],
  });

  const team = new Chart(app, 'finance', { namespace: 'finance' });
  const ledger = new McpServer(team, 'ledger', {
    source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0'),
    tools: ['db_query', 'db_insert'],
  });
  const route = new McpRoute(team, 'books', { gateway, backends: [{ server: ledger }] });
  // route.publicUrl is https://mcp.acme.dev/routes/finance/books
  route.allow(Principal.group('finance-admins'), { tools: ['db_*'] });
}
