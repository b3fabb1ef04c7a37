import { existsSync, readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { App, Yaml } from 'cdk8s';
import { Construct } from 'constructs';
import { parseAllDocuments } from 'yaml';
import { emitted, Emitted, Files, joined, lessCommon } from './emitted';
import { exampleNames, loadExample } from '../../scripts/demo/examples';
import { GatewayPlan } from '../../src/model/plan';
import { Synthesis } from '../../src/synthesis/synthesis';
import { permitted, workloadsOf } from '../support/connections';
import { NetworkPolicies } from '../support/network-policy';
import { Manifest } from '../support/validate';
import { AccessMatrix, GatewayDataPlane, McpApp, McpCluster, McpDiagnostics, PermissionReport } from 'cdk8s-mcp';

/* The folders, and what has to stand in each. */

export const ROOT = __dirname;
const REPOSITORY = join(__dirname, '..', '..');
const APP_FILE = 'app.ts';
/** The app that the others are compared with. */
const PLAIN = 'plain';
const EXAMPLES = 'examples/';
const REFUSED = 'refused/';

/** Builds an app with a data plane. */
type Build = (app: App, dataPlane: GatewayDataPlane) => unknown;

interface Plane {
  readonly dataPlane: GatewayDataPlane;
  /** Where the text of a refusal stands. */
  readonly errorFile: string;
}

const PLANES: readonly Plane[] = [
  { dataPlane: GatewayDataPlane.agentgateway(), errorFile: 'agentgateway-error.txt' },
  { dataPlane: GatewayDataPlane.envoy(), errorFile: 'envoy/error.txt' },
];

/** Names of all folders with an app, such as `retry` and `examples/canary`. */
export function folderNames(): string[] {
  return [
    ...subfolders('').filter(name => existsSync(join(ROOT, name, APP_FILE))),
    ...exampleNames().map(name => EXAMPLES + name),
    ...subfolders(REFUSED).map(name => REFUSED + name),
  ].sort();
}

/** Files of a folder by their paths in it, but for sources. */
export function filesOnDisk(folder: string): Files {
  const path = join(ROOT, folder);
  return !existsSync(path)
    ? {}
    : Object.fromEntries(
        readdirSync(path, { recursive: true, withFileTypes: true })
          .filter(entry => entry.isFile())
          .map(entry => join(entry.parentPath, entry.name).slice(path.length + 1))
          .filter(file => !file.endsWith('.ts'))
          .sort()
          .map(file => [file, readFileSync(join(path, file), 'utf8')]),
      );
}

/** Folders of files that no app emits, and that `folderNames` therefore does not have. */
export function strayFolders(): string[] {
  const known = new Set(folderNames());
  const top = subfolders('').map(name => `${name}/`);
  return top
    .flatMap(name =>
      name === EXAMPLES || name === REFUSED ? subfolders(name).map(sub => name + sub) : name.slice(0, -1),
    )
    .filter(name => !known.has(name));
}

/** What has to stand in a folder, besides its app. */
export function filesOf(folder: string): Files {
  if (folder.startsWith(EXAMPLES)) {
    return exampleFiles(folder.slice(EXAMPLES.length));
  }
  return folder.startsWith(REFUSED) ? refusedFiles(folder) : appFiles(folder);
}

/** The plan of the one gateway of a folder's app on a data plane, whether that enforces it or not. */
export function planOf(folder: string, plane: string): GatewayPlan {
  const app = new App();
  const { dataPlane } = PLANES.find(candidate => candidate.dataPlane.name === plane)!;
  loadApp(folder)(app, dataPlane);
  const { plans } = Synthesis.of(app).compile();
  if (plans.length !== 1) {
    throw new Error(`the app of test/golden/${folder} has ${plans.length} gateways`);
  }
  return plans[0];
}

function subfolders(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => name);
}

function loadApp(folder: string): Build {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require(join(ROOT, folder, APP_FILE)).default;
}

/** What an app emits, and what is worth a look. */
interface Accepted extends Emitted {
  readonly warnings: Files;
}

/** What comes of an app: what it emits, or why it does not. */
type Outcome = Accepted | string;

/** How errors that are meant begin: those of constructs, and those of synthesis. */
const REFUSAL = /^(Invalid input|Validation failed)/;

function outcomeOf(build: Build, dataPlane: GatewayDataPlane): Outcome {
  const app = new App();
  try {
    build(app, dataPlane);
    return acceptedOf(app, app.synthYaml());
  } catch (error) {
    const { message } = error as Error;
    if (!REFUSAL.test(message)) {
      throw error;
    }
    return `${message}\n`;
  }
}

function acceptedOf(scope: Construct, text: string): Accepted {
  const everything = emitted(text);
  // Where a manifest was read from is a path of the machine.
  const warnings = McpDiagnostics.of(scope).warnings.map(
    warning => `${warning.text.split(`${REPOSITORY}/`).join('')}\n`,
  );
  return { ...everything, warnings: warnings.length === 0 ? {} : { 'warnings.txt': warnings.join('') } };
}

const plainOutcomes = new Map<Plane, Emitted>();

function plainOn(plane: Plane): Emitted {
  const known = plainOutcomes.get(plane) ?? (outcomeOf(loadApp(PLAIN), plane.dataPlane) as Emitted);
  plainOutcomes.set(plane, known);
  return known;
}

function appFiles(folder: string): Files {
  const build = loadApp(folder);
  const files: Record<string, string> = {};
  let written = false;
  // An app that takes no data plane is the same on all of them.
  for (const plane of build.length < 2 ? PLANES.slice(0, 1) : PLANES) {
    const outcome = outcomeOf(build, plane.dataPlane);
    if (typeof outcome === 'string') {
      files[plane.errorFile] = outcome;
    } else if (folder === PLAIN) {
      Object.assign(files, configurationFiles(outcome));
      files[plane.errorFile.replace('error.txt', 'objects.yaml').replace('agentgateway-', '')] = joined(
        outcome.objects,
      );
    } else {
      const plain = plainOn(plane);
      Object.assign(files, withoutCommon(configurationFiles(outcome), configurationFiles(plain)));
      if (!written) {
        files['objects.yaml'] = lessCommon(outcome.objects, plain.objects, PLAIN);
        Object.assign(files, outcome.warnings);
        written = true;
      }
    }
  }
  return files;
}

/** The configuration of an app's gateway, or of each of them in a folder of its own. */
function configurationFiles({ configurations }: Emitted): Files {
  return configurations.length === 1
    ? configurations[0].files
    : Object.fromEntries(
        configurations.flatMap(({ gateway, files }) =>
          Object.entries(files).map(([file, text]) => [`${gateway}/${file}`, text]),
        ),
      );
}

function withoutCommon(files: Files, others: Files): Files {
  return Object.fromEntries(Object.entries(files).filter(([file, text]) => others[file] !== text));
}

function refusedFiles(folder: string): Files {
  const outcome = outcomeOf(loadApp(folder), PLANES[0].dataPlane);
  if (typeof outcome !== 'string') {
    throw new Error(`the app of test/golden/${folder} is not refused`);
  }
  return { 'error.txt': outcome };
}

function exampleFiles(name: string): Files {
  const app = new McpApp();
  loadExample(name).build(app);
  const clusters = app.node.findAll().filter(construct => construct instanceof McpCluster);
  if (clusters.length === 0) {
    return filesOfCluster(app, app.synthYaml());
  }
  app.synthYaml();
  return Object.fromEntries(
    clusters.flatMap(cluster => {
      const charts = app.charts.filter(chart => McpCluster.of(chart) === cluster);
      const text = charts.flatMap(chart => chart.toJson().map(object => Yaml.stringify(object))).join('---\n');
      return Object.entries(filesOfCluster(cluster, text)).map(([file, content]) => [
        `${cluster.name}/${file}`,
        content,
      ]);
    }),
  );
}

/** What an example emits for one cluster. */
function filesOfCluster(scope: Construct, text: string): Files {
  const outcome = acceptedOf(scope, text);
  return {
    ...configurationFiles(outcome),
    ...outcome.warnings,
    'objects.yaml': joined(outcome.objects),
    ...connectionFiles(parseAllDocuments(text).map(document => document.toJS())),
    'permissions.md': PermissionReport.of(scope).toMarkdown(),
    ...(isRestricted(scope) ? { 'access.md': AccessMatrix.of(scope, { sourceIp: '10.1.2.3' }).toMarkdown() } : {}),
  };
}

/** Who may connect to whom, a line each; strangers are pods that nothing was said of. Nothing where Cilium has to say it. */
function connectionFiles(objects: readonly Manifest[]): Files {
  if (objects.some(({ kind }) => kind === 'CiliumNetworkPolicy')) {
    return {};
  }
  const namespaces = [...new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []))].sort();
  const connections = permitted(new NetworkPolicies(objects), workloadsOf(objects), namespaces);
  return { 'connections.txt': connections.map(line => `${line}\n`).join('') };
}

/** Whether anything in an app says who may call what. */
function isRestricted(scope: Construct): boolean {
  const { guards, policies } = Synthesis.of(scope).compile();
  return (
    guards.size > 0 ||
    [...policies.values()].some(({ levels }) =>
      levels.some(({ rules, authzConfig }) => rules.length > 0 || authzConfig !== undefined),
    )
  );
}
