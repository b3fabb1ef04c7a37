import { App, Chart } from 'cdk8s';
import { McpGateway, McpManifest } from 'cdk8s-mcp';

const YAML = `
apiVersion: ome.io/v1beta1
kind: MCPServer
metadata: { name: ledger, namespace: finance }
spec:
  type: Hosted
  image: ghcr.io/acme/ledger-mcp:1.4.0
  transport: streamable-http
  targetPort: 3000
  secrets: [{ name: db, key: url, targetEnvName: DATABASE_URL }]
  permissionProfile:
    type: inline
    inline: { network: { outbound: { allowHost: [10.20.0.7], allowPort: [5432] } } }
---
apiVersion: ome.io/v1beta1
kind: InferenceService
metadata: { name: llm, namespace: finance }
spec:
  model: { name: llama-3-70b }
  mcpServers: [{ serverRef: { name: ledger } }]
`;

export default (app: App) => {
  new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway');
  McpManifest.fromYaml(new Chart(app, 'finance'), 'ledger', YAML);
};
