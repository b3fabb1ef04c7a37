/** OME's stories as YAML: whoever writes manifests gets the same compiler. */
import { join } from 'path';
import { App, Chart } from 'cdk8s';
import { Authentication, IngressSource, McpGateway, McpManifest } from 'cdk8s-mcp';

export function build(app: App): void {
  // The story "canary" limits each user, so callers must say who they are.
  new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway', {
    authentication: [
      Authentication.jwt({
        issuer: 'https://auth.acme.dev',
        audiences: ['mcp'],
        jwksUri: 'https://auth.acme.dev/jwks.json',
      }),
    ],
    ingress: [IngressSource.namespaces('agents')],
  });

  const chart = new Chart(app, 'stories');
  for (const story of ['database-tools', 'kubernetes-tools', 'canary']) {
    // Their InferenceServices get the routes that they ask for, and find them in MCP_GATEWAY_URL.
    McpManifest.fromFile(chart, story, join(__dirname, 'manifests', `${story}.yaml`));
  }
}
