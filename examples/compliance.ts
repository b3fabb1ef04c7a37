/** A gateway for data of customers: who called what is on record, personal data is kept out, and sessions are their callers' alone. */
import { App, Chart, Duration, Size } from 'cdk8s';
import {
  Authentication,
  BodyFilterType,
  CertManagerIssuer,
  ClusterAddOn,
  ClusterProfile,
  FilterAction,
  GatewayTls,
  IngressSource,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  PiiAction,
  PiiType,
  Principal,
} from 'cdk8s-mcp';

export function build(app: App): void {
  new ClusterProfile({ addOns: [ClusterAddOn.CERT_MANAGER] }).applyTo(app);

  // The platform team says it once, for all routes. What the gateway's data plane could not enforce would fail synthesis.
  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const gateway = new McpGateway(platform, 'gateway', {
    ingress: [IngressSource.namespaces('agents')],
    tls: GatewayTls.fromIssuer(CertManagerIssuer.clusterIssuer('cluster-ca')),
    authentication: [
      Authentication.jwt({
        issuer: 'https://auth.acme.dev',
        audiences: ['mcp'],
        jwksUri: 'https://auth.acme.dev/jwks.json',
      }),
    ],
    // A line in the log of the pods for each request, refused ones included: user, tool, outcome.
    audit: {},
    // With the id of a session another caller gets nothing, and after eight hours nobody.
    sessionIsolation: { contextRetention: Duration.hours(8) },
    requestFiltering: {
      sizeLimit: Size.kibibytes(256),
      headerFilters: [
        { name: 'x-debug', action: FilterAction.DENY },
        { name: 'x-forwarded-email', action: FilterAction.REDACT },
      ],
      bodyFilters: [
        { type: BodyFilterType.JSON_PATH, action: FilterAction.DENY, pattern: '$.params.arguments.password' },
      ],
    },
    responseFiltering: { sizeLimit: Size.mebibytes(1) },
    compliance: {
      encryption: { encryptionInTransit: true },
      piiDetection: {
        action: PiiAction.BLOCK,
        patterns: [
          { type: PiiType.SSN },
          { type: PiiType.CUSTOM, pattern: 'ACME-[0-9]{8}', description: 'customer number' },
        ],
      },
    },
    // Servers may ask neither the models of clients nor their users.
    sampling: { enabled: false },
    elicitation: { enabled: false },
    protocolVersion: { minVersion: '2025-06-18', maxVersion: '2025-11-25' },
  });

  const team = new Chart(app, 'finance', { namespace: 'finance' });
  const ledger = new McpServer(team, 'ledger', {
    source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0'),
    tools: ['db_query', 'db_insert'],
  });
  const route = new McpRoute(team, 'books', { gateway, backends: [{ server: ledger }] });
  route.allow(Principal.group('finance-admins'), { tools: ['db_*'] });
}
