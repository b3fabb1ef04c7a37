import { mkdirSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { ApiObject, App, AppProps } from 'cdk8s';
import { inApplyOrder, neededFirst } from './apply-order';
import { orderedCharts } from './charts';
import { helmChartOf, isHelmChart } from './helm-chart';
import { outputFiles, WrittenChart, WrittenObject } from './output-files';
import { YamlWriter } from './yaml-writer';
import { errorKind, findingOf, formatDiagnostic, InputError } from '../model/findings';
import { clusterOf, clustersOf } from '../synthesis/cluster-scope';
import { writesApart } from '../synthesis/file-names';
import { unwritableBecause } from '../synthesis/objects';
import { Synthesis } from '../synthesis/synthesis';

const CLUSTERS_IN_HELM_CHART = errorKind(
  'clusters-in-helm-chart',
  'is the folder of a Helm chart, which is for one cluster, and the app is for several',
  'Synthesize without `--format helm`, or make an app for each cluster',
);

/**
 * The app of cdk8s, faster: everything is validated once instead of once for each chart, and written without the detour of a
 * tree of YAML. Use it in place of `App`; it serves constructs of any library.
 *
 * Documents are those of `App`, byte for byte, and so are the names of files and what is in them, but for this:
 *
 * - Where each resource has a file, objects of one kind and name in several namespaces have the namespace in its name
 *   (`Deployment.ledger.hr.k8s.yaml`), while `App` leaves the last of them alone.
 * - A Namespace, and the definition of a resource (`McpCrds`), come before what needs them, which `kubectl apply -f` of the folder takes
 *   in order of names and lines: files are numbered where their names say otherwise (`0000-tenants.k8s.yaml`), as those of
 *   charts that depend on each other are.
 * - Each cluster of the app ({@link McpCluster}) has a folder, named by its id, for what is below it.
 * - In the format of Helm (`cdk8s synth --format helm`) definitions are in `crds/`, which Helm installs first, and what Helm would take
 *   for its own language (`{{`) is written so that it comes out as it is.
 *
 * @example
 *
 * import { Chart } from 'cdk8s';
 * import { McpApp, McpServer, McpServerSource } from 'cdk8s-mcp';
 *
 * const app = new McpApp();
 * const chart = new Chart(app, 'finance', { namespace: 'finance' });
 * new McpServer(chart, 'ledger', { source: McpServerSource.image('ghcr.io/acme/ledger:1.4.0') });
 *
 * app.synth();
 */
export class McpApp extends App {
  private readonly recordsConstructs: boolean;

  /** Creates an app, with the properties of `App` and their defaults. */
  constructor(props: AppProps = {}) {
    super(props);
    this.recordsConstructs = props.recordConstructMetadata ?? process.env.CDK8S_RECORD_CONSTRUCT_METADATA === 'true';
    writesApart(this);
  }

  /**
   * Writes everything to the output folder.
   *
   * @throws when validation finds something, or objects cannot be written: in one error with all of it, before the first file
   * is written
   */
  public synth(): void {
    const written = writtenClusters(this);
    const helm = isHelmChart(this.outdir);
    if (helm && written.some(({ folder }) => folder !== '')) {
      throw new InputError([findingOf(CLUSTERS_IN_HELM_CHART, 'App', 'outdir', this.outdir)]);
    }
    for (const { folder, charts, numbered } of written) {
      this.write(folder, charts, numbered, helm);
    }
    if (this.recordsConstructs) {
      writeFileSync(
        join(this.outdir, 'construct-metadata.json'),
        constructMetadata(written.flatMap(({ charts }) => charts)),
      );
    }
  }

  /**
   * Everything as one text, in the order of `synth`.
   *
   * @throws when validation finds something, or objects cannot be written: in one error with all of it
   */
  public synthYaml(): string {
    return writtenClusters(this)
      .flatMap(({ charts }) => charts)
      .flatMap(({ objects }) => objects.map(({ text }) => text))
      .join('---\n');
  }

  private write(cluster: string, charts: readonly WrittenChart[], numbered: boolean, helm: boolean): void {
    const { templates, definitions } = helm
      ? helmChartOf(charts, this.outputFileExtension)
      : { templates: charts, definitions: [] };
    const { folders, files } = outputFiles(this, templates, numbered);
    const outdir = join(this.outdir, cluster);
    for (const folder of ['', ...folders, ...definitions.map(([path]) => dirname(path))]) {
      mkdirSync(join(outdir, folder), { recursive: true });
    }
    for (const [path, text] of [...files, ...definitions]) {
      writeFileSync(join(outdir, path), text);
    }
  }
}

/** What is written for one cluster. */
interface WrittenCluster {
  /** Its folder; empty for what is in no cluster. */
  readonly folder: string;
  readonly charts: readonly WrittenChart[];
  readonly numbered: boolean;
}

/** All documents of an app, after its one validation: of what is in no cluster, and of its clusters. */
function writtenClusters(app: App): WrittenCluster[] {
  const validate = () =>
    app.node.findAll().flatMap(({ node }) => node.validate().map(message => `[${node.path}] ${message}`));
  throwAny(Synthesis.beforeWriting(app, validate));
  const writer = new YamlWriter();
  const failed: string[] = [];
  const write = (object: ApiObject, first: boolean): WrittenObject[] => {
    try {
      const json = object.toJson();
      return [{ object, json, text: writer.document(json), first }];
    } catch (error) {
      failed.push(formatDiagnostic(unwritableBecause(object.node.path, object.kind, object.name, error as Error)));
      return [];
    }
  };
  const { objects: all, numbered: dependent } = orderedCharts(app);
  const written = [app, ...clustersOf(app)].map(cluster => {
    const own = new Map([...all].filter(([chart]) => clusterOf(chart) === cluster));
    const { objects, numbered } = inApplyOrder({ objects: own, numbered: dependent });
    const needed = neededFirst(objects);
    return {
      folder: cluster === app ? '' : cluster.node.id,
      charts: [...objects].map(([chart, items]) => ({
        chart,
        objects: items.flatMap(object => write(object, needed.has(object))),
      })),
      numbered,
    };
  });
  throwAny(failed);
  throwAny(
    Synthesis.all(app)
      .flatMap(synthesis => synthesis.warnRendered())
      .map(formatDiagnostic),
  );
  return written;
}

/** As cdk8s does. */
function throwAny(errors: readonly string[]): void {
  if (errors.length > 0) {
    throw new Error(`Validation failed with the following errors:\n  ${errors.join('\n  ')}`);
  }
}

/** Where each object comes from, for editors. */
function constructMetadata(charts: readonly WrittenChart[]): string {
  const resources = Object.fromEntries(
    charts.flatMap(({ objects }) => objects.map(({ object: { name, node } }) => [name, { path: node.path }])),
  );
  return JSON.stringify({ version: '1.0.0', resources });
}
