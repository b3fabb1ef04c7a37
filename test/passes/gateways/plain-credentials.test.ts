import { App, Chart, Testing } from 'cdk8s';
import {
  McpDiagnostics,
  McpGateway,
  McpManifest,
  McpRoute,
  McpRouteProps,
  McpServer,
  McpServerSource,
} from '../../../src';

/* Through the constructs and through documents: what is found must have the names that users know. */

function appWith(props: McpRouteProps, url = 'https://mcp.example.com/mcp'): Chart {
  const app = new App();
  const gateway = new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway');
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const server = new McpServer(chart, 'crm', { source: McpServerSource.remote(url) });
  new McpRoute(chart, 'smart', { gateway, backends: [{ server }], ...props });
  return chart;
}

/** What is found about secrets. */
function findings(chart: Chart): Pick<McpDiagnostics, 'errors' | 'warnings'> {
  const { errors, warnings } = McpDiagnostics.of(chart);
  return { errors, warnings: warnings.filter(({ problem }) => problem.includes('secret')) };
}

it.each(['Authorization', 'x-api-key', 'Cookie'])('refuses %s as a plain header, and does not show it', header => {
  const synth = (verb: 'set' | 'add') => () =>
    Testing.synth(appWith({ requestHeaders: { [verb]: { [header]: 'hunter2' } } }));
  for (const verb of ['set', 'add'] as const) {
    expect(synth(verb)).toThrow(
      `[finance/smart] requestHeaders.${verb}[${header.toLowerCase()}]: got "(not shown)": is for credentials`,
    );
    expect(synth(verb)).not.toThrow(/hunter2/);
  }
});

it('refuses it in a document, too', () => {
  const app = new App();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const manifest = () => {
    McpManifest.fromYaml(
      chart,
      'manifest',
      `apiVersion: ome.io/v1alpha1
kind: MCPRoute
metadata: {name: smart}
spec:
  backendRefs: [{serverRef: {name: crm}}]
  filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: authorization, value: Bearer hunter2}]}}]
---
apiVersion: ome.io/v1alpha1
kind: MCPServer
metadata: {name: crm}
spec: {remote: {url: https://mcp.example.com/mcp}}
---
apiVersion: ome.io/v1alpha1
kind: MCPGateway
metadata: {name: gateway}
spec: {}
`,
    );
    return Testing.synth(chart);
  };
  expect(manifest).toThrow(/is for credentials/);
  expect(manifest).not.toThrow(/hunter2/);
});

it('warns of what looks like a secret in headers and in the query of a URL', () => {
  const { errors, warnings } = findings(
    appWith(
      { requestHeaders: { set: { 'x-vendor-token': 'hunter2', 'x-team': 'finance' } } },
      'https://mcp.example.com/mcp?tavilyApiKey=hunter2&region=eu',
    ),
  );
  expect(errors).toEqual([]);
  expect(warnings.map(({ path, property }) => `${path} ${property}`)).toEqual([
    'finance/crm url ?tavilyApiKey',
    'finance/smart requestHeaders.set[x-vendor-token]',
  ]);
  expect(JSON.stringify(warnings)).not.toContain('hunter2');
});

it('says nothing of other headers and queries', () => {
  const chart = appWith({ requestHeaders: { set: { 'x-team': 'finance' } } }, 'https://mcp.example.com/mcp?region=eu');
  expect(findings(chart)).toEqual({ errors: [], warnings: [] });
});
