import { App, Chart, Testing } from 'cdk8s';
import { McpManifest, McpManifestOptions, Reconciliation } from '../../src';
import { Diagnostic, formatDiagnostic } from '../../src/model/findings';
import { Synthesis } from '../../src/synthesis/synthesis';

/** Plain Kubernetes JSON. */
export type Json = { [key: string]: any };

/** A chart of namespace `finance`, unless another is wanted. */
export function chartOf(namespace: string | undefined = 'finance'): Chart {
  return new Chart(new App(), 'chart', { namespace });
}

/** A chart without a namespace of its own. */
export function chartWithoutNamespace(): Chart {
  return new Chart(new App(), 'chart');
}

/** A chart whose resources an operator reconciles. */
export function controllerChart(): Chart {
  const chart = chartOf();
  Reconciliation.CONTROLLER.applyTo(chart);
  return chart;
}

/** Reads a text into a chart. */
export function readInto(chart: Chart, text: string, options: McpManifestOptions = {}): McpManifest {
  return McpManifest.fromYaml(chart, 'manifest', text, { source: 'f.yaml', ...options });
}

/** The objects that a text becomes. */
export function synthesize(text: string, options: McpManifestOptions = {}, chart: Chart = chartOf()): Json[] {
  readInto(chart, text, options);
  return Testing.synth(chart);
}

/** Objects without the label in which cdk8s-plus keeps the path of a construct: it differs from tree to tree. */
export function withoutPaths<T>(objects: T): T {
  return JSON.parse(JSON.stringify(objects, (key, value) => (key === 'cdk8s.io/metadata.addr' ? 'path' : value)));
}

/** The only object of a kind. */
export function only(objects: readonly Json[], kind: string): Json {
  const found = objects.filter(object => object.kind === kind);
  expect(found.map(object => object.kind)).toEqual([kind]);
  return found[0];
}

/** What is wrong with a text, a line each; nothing may have been created then. */
export function faults(text: string, options: McpManifestOptions = {}, chart: Chart = chartOf()): string[] {
  const before = chart.node.findAll().length;
  try {
    readInto(chart, text, options);
  } catch (error) {
    expect((error as Error).name).toBe('InputError');
    expect(chart.node.findAll()).toHaveLength(before);
    expect(Synthesis.of(chart).diagnostics()).toEqual([]);
    return (error as { diagnostics: Diagnostic[] } & Error).diagnostics.map(formatDiagnostic);
  }
  return [];
}

/** Warnings about a tree. */
export function warningsOf(chart: Chart): string[] {
  return Synthesis.of(chart)
    .diagnostics()
    .filter(({ severity }) => severity === 'warning')
    .map(formatDiagnostic);
}

/** A document of the API. */
export function documentOf(kind: string, name: string, spec: string, metadata = ''): string {
  return `apiVersion: ome.io/v1alpha1\nkind: ${kind}\nmetadata: {name: ${name}${metadata === '' ? '' : `, ${metadata}`}}\nspec: ${spec}\n`;
}

/** Several documents. */
export function documents(...texts: readonly string[]): string {
  return texts.join('---\n');
}

/** A pod template whose server listens on HTTP. */
export const POD = 'podSpec: {spec: {containers: [{name: mcp-server, image: "ghcr.io/acme/ledger-mcp:1.4.0"}]}}';

/** A server that listens on HTTP. */
export function serverOf(name: string, fields = '', metadata = ''): string {
  return documentOf(
    'MCPServer',
    name,
    `{transport: streamable-http, hosted: {${POD}}${fields === '' ? '' : `, ${fields}`}}`,
    metadata,
  );
}

/** A gateway. */
export function gatewayOf(fields = '', kind = 'MCPGateway'): string {
  return documentOf(kind, 'gw', `{${fields}}`);
}
