import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'fs';
import { join, resolve } from 'path';
import { App } from 'cdk8s';
import { parseAllDocuments, stringify } from 'yaml';
import { commandCost, inTurn } from './process';
import { Extent, Row } from './row';
import { byLibrary, objectsOf } from './topology';
import { HELM } from '../scripts/conformance/helm';
import { provide } from '../scripts/conformance/toolchain';
import * as library from '../src';

type Manifest = any;

const documentsOf = (text: string): Manifest[] =>
  parseAllDocuments(text)
    .map(document => document.toJS())
    .filter(document => document !== null);

const textOf = (objects: readonly Manifest[]): string => objects.map(object => stringify(object)).join('---\n');

/** Objects of one server: all that name it and none of the others. */
function isOf(server: string): (object: Manifest) => boolean {
  return ({ metadata }) => metadata.name === server;
}

/**
 * The chart that people would write for a platform of servers: a template of one server that is repeated for each, and what is there once
 * as it is. What helm makes of it must be what the library emits.
 */
function writeChart(folder: string, servers: number): readonly Manifest[] {
  const [{ namespace, objects }] = objectsOf(byLibrary(library, new App(), { servers, charts: 1 }));
  const names = Array.from({ length: servers }, (_, i) => `server-${i}`);
  const escaped = textOf(objects.filter(({ metadata }: Manifest) => !names.includes(metadata.name))).replaceAll(
    '{{',
    '{{ "{{" }}',
  );
  // Every tenth has a route, and so a policy by which the gateway may connect; no name that is looked for has one of these in it.
  const template = (server: string): string =>
    textOf(objects.filter(isOf(server)))
      .replaceAll(server, '{{ . }}')
      .replaceAll(`namespace: ${namespace}`, 'namespace: {{ $.Release.Namespace }}');
  const repeated = (list: string, server: string): string =>
    `{{- range .Values.${list} }}\n---\n${template(server)}{{- end }}\n`;
  mkdirSync(join(folder, 'templates'), { recursive: true });
  writeFileSync(join(folder, 'Chart.yaml'), stringify({ apiVersion: 'v2', name: 'platform', version: '1.0.0' }));
  writeFileSync(
    join(folder, 'values.yaml'),
    stringify({ routed: names.filter((_, i) => i % 10 === 0), others: names.filter((_, i) => i % 10 !== 0) }),
  );
  writeFileSync(join(folder, 'templates', 'platform.yaml'), escaped);
  writeFileSync(
    join(folder, 'templates', 'servers.yaml'),
    repeated('routed', 'server-0') + repeated('others', 'server-1'),
  );
  return objects;
}

const sorted = (objects: readonly Manifest[]): string[] =>
  objects.map(object => stringify(object, { sortMapEntries: true })).sort();

/** The program of the library, as a user compiles it. */
function writeProgram(folder: string, servers: number): string {
  const path = join(folder, 'main.js');
  const text = `
const { Chart } = require(${JSON.stringify(require.resolve('cdk8s'))});
const { McpApp, McpGateway, McpRoute, McpServer, McpServerSource } = require(${JSON.stringify(resolve(__dirname, '..', 'lib'))});
const app = new McpApp({ outdir: ${JSON.stringify(join(folder, 'dist'))} });
const chart = new Chart(app, 'team-0', { namespace: 'team-0' });
new McpGateway(chart, 'gateway', { replicas: 2 });
for (let i = 0; i < ${servers}; i++) {
  const server = new McpServer(chart, 'server-' + i, {
    source: McpServerSource.image('ghcr.io/acme/server-' + i + ':1.0.0'),
    tools: ['query', 'insert'],
  });
  if (i % 10 === 0) {
    new McpRoute(chart, 'route-' + i).addBackend(server);
  }
}
app.synth();
`;
  writeFileSync(path, text);
  return path;
}

/** The whole process of a compiled program, and that of `helm template` with the same objects, start and import included. */
export async function helmRows(folder: string, { smoke }: Extent): Promise<Row[]> {
  const helm = (await provide(HELM)).file;
  return (smoke ? [10] : [100, 1000]).map(servers => {
    const chart = join(folder, `helm-${servers}`, 'chart');
    const own = join(folder, `helm-${servers}`);
    const objects = writeChart(chart, servers);
    const program = writeProgram(own, servers);
    const output = join(own, 'output.yaml');
    const costs = inTurn(smoke ? 1 : 5, {
      own: () => commandCost([process.execPath, program], '/dev/null'),
      helm: () => commandCost([helm, 'template', 'platform', chart, '--namespace', 'team-0'], output),
    });
    const made = sorted(documentsOf(readFileSync(output, 'utf8')));
    const written = readdirSync(join(own, 'dist')).map(file => readFileSync(join(own, 'dist', file), 'utf8'));
    const wanted = sorted(objects);
    if (made.join('') !== wanted.join('') || sorted(written.flatMap(documentsOf)).join('') !== wanted.join('')) {
      throw new Error(`helm makes other objects of ${servers} servers than the library`);
    }
    return {
      title: `a compiled program of ${servers} servers, to helm template`,
      value: costs.own / costs.helm,
      unit: '×',
      atMost: 2,
      detail: `${costs.own.toFixed(0)} ms to ${costs.helm.toFixed(0)}`,
    };
  });
}
