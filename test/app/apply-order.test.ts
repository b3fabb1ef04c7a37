import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiObject, App, Chart, YamlOutputType } from 'cdk8s';
import { parse, parseAllDocuments } from 'yaml';
import { McpApp, McpCrds, McpServer, McpServerSource, McpTenant } from '../../src';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'apply-order-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const source = McpServerSource.image('ghcr.io/acme/ledger:1.0.0');

/** Paths of files in the order in which `kubectl apply -R -f` takes them. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .sort();
}

/** Kinds and names of objects in the order in which they are applied. */
function applied(folder: string): string[] {
  return filesIn(folder).flatMap(file =>
    parseAllDocuments(readFileSync(join(folder, file), 'utf8'))
      .map(document => document.toJS())
      .map(({ kind, metadata }) => `${kind} ${metadata.name}`),
  );
}

function company(app: App): void {
  new McpServer(new Chart(app, 'finance', { namespace: 'finance' }), 'ledger', { source });
  new McpTenant(new Chart(app, 'tenants'), 'finance', {});
  new McpCrds(new Chart(app, 'mcp-crds'), 'crds');
}

/** Whether what others need is applied before all that needs it. */
function expectInOrder(objects: readonly string[]): void {
  const place = (name: string) => objects.indexOf(name);
  expect(place('Namespace finance')).toBeGreaterThanOrEqual(0);
  expect(place('Namespace finance')).toBeLessThan(place('Deployment ledger'));
  expect(place('Namespace finance')).toBeLessThan(place('Role mcp-members'));
  expect(place('CustomResourceDefinition mcpservers.ome.io')).toBeLessThan(place('MCPServer ledger'));
}

it.each(Object.values(YamlOutputType).filter(type => typeof type === 'number'))(
  'definitions and namespaces come before what needs them (type of output %s)',
  yamlOutputType => {
    const app = new McpApp({ outdir: root, yamlOutputType: yamlOutputType as YamlOutputType });
    company(app);
    app.synth();
    expectInOrder(applied(root));
  },
);

it('numbers files of charts, and gives one text in the same order', () => {
  const app = new McpApp({ outdir: root });
  company(app);
  app.synth();
  expect(filesIn(root)).toEqual(['0000-tenants.k8s.yaml', '0001-mcp-crds.k8s.yaml', '0002-finance.k8s.yaml']);
  const text = parseAllDocuments(app.synthYaml()).map(document => document.toJS());
  expectInOrder(text.map(({ kind, metadata }) => `${kind} ${metadata.name}`));
});

it('leaves names and order as they are where they are right', () => {
  const app = new McpApp({ outdir: root });
  const chart = new Chart(app, 'a-tenants');
  new McpTenant(chart, 'finance', {});
  const team = new Chart(app, 'finance', { namespace: 'finance' });
  new McpServer(team, 'ledger', { source });
  app.synth();
  expect(filesIn(root)).toEqual(['a-tenants.k8s.yaml', 'finance.k8s.yaml']);
  expect(app.synthYaml()).toBe(App.prototype.synthYaml.call(app));
});

it('tells names of files apart as kubectl does, which sorts "a-b" before "a"', () => {
  const app = new McpApp({ outdir: root });
  new McpServer(new Chart(app, 'team-a', { namespace: 'finance' }), 'ledger', { source });
  new McpTenant(new Chart(app, 'team'), 'finance', {});
  app.synth();
  expect(filesIn(root)).toEqual(['0000-team.k8s.yaml', '0001-team-a.k8s.yaml']);
});

it('has the Namespace first within a file', () => {
  const app = new McpApp({ outdir: root });
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  new McpServer(chart, 'ledger', { source });
  new McpTenant(chart, 'finance', {});
  app.synth();
  expect(applied(root)[0]).toBe('Namespace finance');
});

it('respects dependencies of charts, and goes on where charts need each other', () => {
  const app = new McpApp({ outdir: root });
  const charts = ['a', 'b', 'c'].map(id => new Chart(app, id, { namespace: id }));
  const object = (chart: Chart, kind: string, name: string, namespace?: string) =>
    new ApiObject(chart, `${kind}-${name}`, { apiVersion: 'v1', kind, metadata: { name, namespace } });
  object(charts[0], 'Namespace', 'a');
  object(charts[0], 'ConfigMap', 'in-b', 'b');
  object(charts[1], 'Namespace', 'b');
  object(charts[1], 'ConfigMap', 'in-a', 'a');
  object(charts[2], 'ConfigMap', 'in-c');
  charts[0].addDependency(charts[2]);
  app.synth();
  expect(filesIn(root)).toEqual(['0000-c.k8s.yaml', '0001-b.k8s.yaml', '0002-a.k8s.yaml']);
});

describe('in the format of Helm', () => {
  const templates = () => join(root, 'templates');

  function helm(build: (app: App) => void, outputFileExtension?: string): void {
    mkdirSync(templates());
    writeFileSync(join(root, 'Chart.yaml'), 'apiVersion: v2\nname: mcp\nversion: 0.1.0\n');
    const app = new McpApp({ outdir: templates(), outputFileExtension });
    build(app);
    app.synth();
  }

  it('definitions are where Helm installs them first, whole, and nowhere else', () => {
    helm(company);
    const files = readdirSync(join(root, 'crds'));
    expect(files).toHaveLength(5);
    const definition = parse(readFileSync(join(root, 'crds', 'mcpservers.ome.io.k8s.yaml'), 'utf8'));
    expect(definition.spec.names.kind).toBe('MCPServer');
    expect(applied(templates()).filter(name => name.startsWith('CustomResourceDefinition'))).toEqual([]);
    expect(applied(templates())).toContain('Deployment ledger');
  });

  it('braces in texts come out of Helm as they are', () => {
    helm(
      app =>
        new ApiObject(new Chart(app, 'a'), 'm', {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'm' },
          data: { prompt: 'Dear {{ name }}, {{- all }}' },
        }),
    );
    const text = readFileSync(join(templates(), 'a.k8s.yaml'), 'utf8');
    // Go prints a text in its own quotes as it is.
    const rendered = text.replace(/\{\{ "(\{\{)" \}\}/g, '$1');
    expect(text).not.toBe(rendered);
    expect(parse(rendered).data.prompt).toBe('Dear {{ name }}, {{- all }}');
  });

  it('a folder of that name without a Helm chart is a folder', () => {
    mkdirSync(templates());
    const app = new McpApp({ outdir: templates() });
    company(app);
    app.synth();
    expect(applied(templates())).toContain('CustomResourceDefinition mcpservers.ome.io');
  });
});
