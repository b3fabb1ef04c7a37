/** Callers that prove who they are by certificates of cert-manager, over HTTPS. */
import { App, Chart } from 'cdk8s';
import {
  Authentication,
  CertificateAuthority,
  CertManagerIssuer,
  ClusterAddOn,
  ClusterProfile,
  GatewayTls,
  IngressSource,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  Principal,
} from 'cdk8s-mcp';

export function build(app: App): void {
  new ClusterProfile({ addOns: [ClusterAddOn.CERT_MANAGER] }).applyTo(app);

  // The gateway's certificate and those of its callers are of two authorities: a server cannot pass for a caller.
  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const gateway = new McpGateway(platform, 'gateway', {
    replicas: 2,
    ingress: [IngressSource.namespaces('agents')],
    tls: GatewayTls.fromIssuer(CertManagerIssuer.clusterIssuer('cluster-ca'), { dnsNames: ['mcp.acme.dev'] }),
    authentication: [
      Authentication.clientCertificate(CertificateAuthority.fromIssuer(CertManagerIssuer.issuer('mcp-callers'))),
    ],
  });

  const team = new Chart(app, 'finance', { namespace: 'finance' });
  const ledger = new McpServer(team, 'ledger', {
    source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0'),
    tools: ['db_query', 'db_insert'],
  });

  // A caller is the user that the common name (CN) of its certificate says.
  const route = new McpRoute(team, 'books', { gateway, backends: [{ server: ledger }] });
  route.allow(Principal.user('report-agent'), { tools: ['db_query'] });
  route.allow(Principal.user('booking-agent'), { tools: ['db_*'] });
}
