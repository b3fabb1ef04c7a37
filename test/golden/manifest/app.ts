import { App, Chart } from 'cdk8s';
import { McpManifest } from 'cdk8s-mcp';

const YAML = `
apiVersion: ome.io/v1alpha1
kind: MCPServer
metadata: { name: ledger, namespace: finance }
spec:
  transport: streamable-http
  tools: [{ name: db_query }]
  hosted:
    replicas: 2
    podSpec:
      spec:
        containers:
          - name: mcp-server
            image: ghcr.io/acme/ledger-mcp:1.4.0
---
apiVersion: ome.io/v1alpha1
kind: MCPGateway
metadata: { name: gateway, namespace: finance }
spec:
  policy:
    requestFiltering: { sizeLimit: 64Ki, contentTypeFilter: [application/json] }
---
apiVersion: ome.io/v1alpha1
kind: MCPRoute
metadata: { name: books, namespace: finance }
spec:
  gatewayRef: { name: gateway }
  backendRefs: [{ serverRef: { name: ledger } }]
`;

export default (app: App) => {
  McpManifest.fromYaml(new Chart(app, 'finance'), 'ledger', YAML);
};
