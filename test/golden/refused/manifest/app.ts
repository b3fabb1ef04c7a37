import { App, Chart } from 'cdk8s';
import { McpManifest } from 'cdk8s-mcp';

/** Fields that are not there, values of another type, and a reference to nothing, each with its line. */
const YAML = `
apiVersion: ome.io/v1alpha1
kind: MCPServer
metadata: { name: ledger, namespace: finance }
spec:
  transport: streamable-htp
  port: '8080'
  hosted:
    replicaCount: 2
---
apiVersion: ome.io/v1alpha1
kind: MCPRoute
metadata: { name: books, namespace: finance }
spec:
  backendRefs: [{ serverRef: { name: leger } }]
`;

export default (app: App) => McpManifest.fromYaml(new Chart(app, 'finance'), 'ledger', YAML);
