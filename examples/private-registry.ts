/** A cluster that reaches no public registry: all images come from one of its own, with one Secret, and npm packages from a mirror. */
import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  ClusterProfile,
  IngressSource,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  RateLimit,
  RateLimitUnit,
} from 'cdk8s-mcp';

export function build(app: App): void {
  new ClusterProfile({
    // ghcr.io/acme/ledger:1.4.0 is pulled as registry.acme.dev/mirror/acme/ledger:1.4.0.
    imageRegistry: 'registry.acme.dev/mirror',
    // What is built here is pulled from where it is pushed to.
    directRegistries: ['harbor.acme.dev'],
    // One image is another one: by its digest.
    images: {
      rateLimitStore:
        'registry.acme.dev/hardened/valkey@sha256:6b0e4a6f1f0f7c4f4f0a6b6d3d1c7d0a9e6f6a2b4c8d9e0f1a2b3c4d5e6f7a8b',
    },
    // Every namespace with pods has this Secret.
    imagePullSecrets: ['regcred'],
  }).applyTo(app);

  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const gateway = new McpGateway(platform, 'gateway', {
    ingress: [IngressSource.namespaces('agents')],
    // The service that counts calls, and its store, run on these nodes as well.
    nodeSelector: { pool: 'mcp' },
    tolerations: [kplus.NodeTaintQuery.is('dedicated', 'mcp')],
    rateLimits: [RateLimit.perNamespace(1000, RateLimitUnit.HOUR)],
  });

  const team = new Chart(app, 'finance', { namespace: 'finance' });
  const ledger = new McpServer(team, 'ledger', { source: McpServerSource.image('ghcr.io/acme/ledger:1.4.0') });
  const reports = new McpServer(team, 'reports', {
    source: McpServerSource.image('harbor.acme.dev/finance/reports:2.0.0'),
  });
  const files = new McpServer(team, 'files', {
    source: McpServerSource.npx('@modelcontextprotocol/server-filesystem@2025.8.21', {
      args: ['/data'],
      registry: 'http://nexus.tools.svc:8081/repository/npm',
    }),
    fileSystem: { write: ['/data'] },
  });
  for (const server of [ledger, reports, files]) {
    new McpRoute(team, `${server.name}-route`, { name: server.name, gateway, backends: [{ server }] });
  }
}
