import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { ApiObject, ApiObjectProps } from 'cdk8s';
import { Construct } from 'constructs';
import { clusterScoped } from '../synthesis/materialize';
import { yamlLibrary } from '../values/yaml';

/** `crds/` of the package: two levels up from `lib/cluster` as from `src/cluster`. */
const CRDS_DIR = join(__dirname, '..', '..', 'crds');

/**
 * The custom resource definitions of the API `ome.io/v1alpha1`: MCPServer, ClusterMCPServer, MCPRoute, MCPGateway and
 * ClusterMCPGateway.
 *
 * They are the files in `crds/` of this package, added to the chart as they are. A cluster needs them once, before any
 * resource of these kinds is applied: give them a chart of their own that is applied first, or run
 * `kubectl apply -f node_modules/cdk8s-mcp/crds` instead. Custom resource definitions belong to the whole cluster, so
 * the chart's namespace is not set on them.
 *
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { McpCrds } from 'cdk8s-mcp';
 *
 * const app = new App();
 * const chart = new Chart(app, 'mcp-crds');
 * new McpCrds(chart, 'crds');
 * app.synth();
 */
export class McpCrds extends Construct {
  /**
   * The five CustomResourceDefinitions, in alphabetical order of their names.
   */
  public readonly crds: ApiObject[];

  /**
   * Adds the definitions to the chart of `scope`. Reads files of this package, which takes a good part of a second.
   *
   * @param scope the scope in which to define the construct, within a chart
   * @param id a scope-local name for the construct
   * @throws if `scope` is not within a chart, or if the package was installed without its `crds` directory
   */
  public constructor(scope: Construct, id: string) {
    super(scope, id);

    this.crds = readCrds().map(crd => clusterScoped(new ApiObject(this, crd.metadata!.name!, crd)));
  }
}

function readCrds(): ApiObjectProps[] {
  const { parse } = yamlLibrary();
  return readdirSync(CRDS_DIR)
    .filter(file => file.endsWith('.yaml'))
    .sort()
    .map(file => parse(readFileSync(join(CRDS_DIR, file), 'utf8')));
}
