/**
 * Synthesizes an example and says what came out.
 *
 *   npm run demo              the north star
 *   npm run demo -- NAME      another example
 *   npm run demo -- --list    what there is
 */
import { readdirSync, rmSync } from 'fs';
import { join, relative } from 'path';
import { Chart } from 'cdk8s';
import { exampleNames, loadExample } from './examples';
import { McpApp, McpCluster, McpCrds, McpReport } from '../../src';

const FOLDER = join(__dirname, '..', '..', 'dist', 'demo');

function list(): string {
  const names = exampleNames();
  const width = Math.max(...names.map(name => name.length));
  return names.map(name => `  ${name.padEnd(width)}  ${loadExample(name).summary}`).join('\n');
}

function demo(name: string): void {
  // The report has them.
  process.env.CDK8S_MCP_WARNINGS = 'off';
  rmSync(FOLDER, { recursive: true, force: true });
  const example = loadExample(name);
  const app = new McpApp({ outdir: FOLDER });
  example.build(app);
  app.synth();

  // Custom resource definitions have to be there before resources of their kinds: a folder of their own.
  const crds = new McpApp({ outdir: join(FOLDER, 'crds') });
  new McpCrds(new Chart(crds, 'ome'), 'crds');
  crds.synth();

  const folder = relative(process.cwd(), FOLDER);
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.yaml'))
    .map(file => join(folder, file));
  console.log(`\nexamples/${name}.ts: ${example.summary}\nSynthesized to ${files.join(', ')}\n`);
  const clusters = app.node.findAll().filter(construct => construct instanceof McpCluster);
  for (const scope of clusters.length === 0 ? [app] : clusters) {
    console.log(McpReport.of(scope).toText({ folder: join(folder, scope.node.path) }));
  }
  console.log('\nOther examples: npm run demo -- --list');
}

const name = process.argv[2] ?? 'north-star';
if (exampleNames().includes(name)) {
  demo(name);
} else {
  console.log(`Examples, for npm run demo -- NAME:\n${list()}`);
  process.exitCode = name === '--list' ? 0 : 1;
}
