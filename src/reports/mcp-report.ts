import { readFileSync, writeFileSync } from 'fs';
import { App } from 'cdk8s';
import { IConstruct } from 'constructs';
import { AccessMatrix } from './access-matrix';
import { appliedObjects, reportedObjects, secretsToCreate } from './applied-objects';
import { PermissionReport } from './permission-report';
import { ReportContent, ReportedClient } from './report-parts';
import { reportMarkdown, reportText } from './report-words';
import { nameOf, reportedEndpoints, reportedServers } from './served-endpoints';
import { topologyGraph } from './topology-graph';
import { Diagnostic, errorKind, findingOf, InputError } from '../model/findings';
import { McpClient } from '../model/network';
import { Entry } from '../model/plan';
import { describePolicy } from '../policy/level-policy';
import { IMcpGateway } from '../references';
import { clusterOf } from '../synthesis/cluster-scope';
import { McpDiagnostics, toFinding } from '../synthesis/diagnostics';
import { Outcome } from '../synthesis/outcome';
import { Synthesis } from '../synthesis/synthesis';
import { compareText } from '../values/text';

const FORMAT = 'cdk8s-mcp/report/v1';

const UNREADABLE = errorKind(
  'report-unreadable',
  'is no report as McpReport.writeJson writes it',
  'Name a file that was written so, by this release',
);

/** How a report is written. */
export interface ReportTextOptions {
  /**
   * Folder that the commands for applying it name.
   *
   * @default - that of the app, or `dist` where it was read from a file
   */
  readonly folder?: string;
}

/**
 * All that a reviewer wants to know of an app, in one place: what is emitted, what is served where and by whom, who may use which tool,
 * what each workload may do, which Secrets have to be there, what the compiler has to say, and how to apply it.
 *
 * @example
 *
 * import { Chart } from 'cdk8s';
 * import { McpApp, McpReport, McpServer, McpServerSource } from 'cdk8s-mcp';
 *
 * const app = new McpApp();
 * const chart = new Chart(app, 'finance', { namespace: 'finance' });
 * new McpServer(chart, 'ledger', { source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0') });
 *
 * const report = McpReport.of(app);
 * report.toMarkdown();
 * report.toMermaid();
 * report.content.secrets;
 */
export class McpReport {
  /**
   * The report on an app as it is now. Of an app with errors it has those, and nothing else: what it would emit is not known then.
   *
   * @param scope any construct of the app; in an app for several clusters, the cluster or a construct of it
   * @throws when an object cannot be written, naming all of them
   */
  public static of(scope: IConstruct): McpReport {
    const { acknowledged, errors, warnings } = McpDiagnostics.of(scope);
    const { outdir } = scope.node.root as Partial<App>;
    const cluster = clusterOf(scope);
    const folder = cluster === scope.node.root || outdir === undefined ? outdir : `${outdir}/${cluster.node.id}`;
    const findings = { errors, warnings, acknowledged };
    return new McpReport(
      errors.length > 0 ? { ...findings, ...NOTHING } : { ...findings, ...contentOf(scope) },
      folder,
    );
  }

  /** @internal The report of an app that is found to be wrong while it is validated. */
  public static _failed(errors: readonly Diagnostic[]): McpReport {
    return new McpReport({ errors: errors.map(error => toFinding(error)), warnings: [], acknowledged: [], ...NOTHING });
  }

  /**
   * A report that was written to a file.
   *
   * @param path of a file that {@link writeJson} wrote
   * @throws when there is no such file, or it is no such report
   */
  public static fromFile(path: string): McpReport {
    const text = readFileSync(path, 'utf8');
    try {
      const { content, format } = JSON.parse(text);
      if (format === FORMAT) {
        return new McpReport(content);
      }
    } catch {
      // Said below.
    }
    throw new InputError([findingOf(UNREADABLE, 'McpReport', 'path', path)]);
  }

  private constructor(
    /** All of it, as plain data. */
    public readonly content: ReportContent,
    private readonly folder?: string,
  ) {}

  /**
   * The report for a terminal.
   *
   * @param options how it is written
   */
  public toText(options: ReportTextOptions = {}): string {
    return reportText(this.content, options.folder ?? this.folder ?? 'dist');
  }

  /**
   * The report for a page, such as a pull request.
   *
   * @param options how it is written
   */
  public toMarkdown(options: ReportTextOptions = {}): string {
    return reportMarkdown(this.content, options.folder ?? this.folder ?? 'dist');
  }

  /** The topology as a flowchart, which README files and pull requests show as a picture (`mermaid`). */
  public toMermaid(): string {
    return topologyGraph(this.content);
  }

  /** The report as JSON, which {@link McpReport.fromFile} reads from a file. */
  public toJson(): string {
    return `${JSON.stringify({ format: FORMAT, content: this.content }, undefined, 2)}\n`;
  }

  /**
   * Writes the report as JSON.
   *
   * @param path of the file, which is replaced if it is there
   * @throws when the file cannot be written
   */
  public writeJson(path: string): void {
    writeFileSync(path, this.toJson());
  }
}

type Emitted = Omit<ReportContent, 'errors' | 'warnings' | 'acknowledged'>;

const NOTHING: Emitted = {
  objects: [],
  endpoints: [],
  servers: [],
  clients: [],
  access: [],
  permissions: [],
  secrets: [],
};

function contentOf(scope: IConstruct): Emitted {
  const synthesis = Synthesis.reported(scope);
  const objects = appliedObjects(synthesis.objects());
  const { plans, policies, topology } = synthesis.compile();
  const urls = new Map(
    synthesis.gatewayConstructs.map(gateway => [gateway.node.path, (gateway as IConstruct as IMcpGateway).url]),
  );
  const policyOf = ({ origin, policy }: Entry): string[] => {
    const known = policies.get(origin) ?? policy;
    return known === undefined ? [] : describePolicy(known).split('\n');
  };
  return {
    objects: reportedObjects(objects),
    endpoints: reportedEndpoints(plans, path => urls.get(path)!, policyOf),
    servers: reportedServers(topology.servers),
    clients: (topology.clients ?? []).map(client => reportedClient(client, topology)).sort(byText),
    access: AccessMatrix.of(scope)._reported(),
    permissions: PermissionReport.of(scope).workloads,
    secrets: secretsToCreate(objects),
  };
}

function reportedClient({ name, pods, target }: McpClient, { routes }: Outcome['topology']): ReportedClient {
  const client = `${pods.namespace}/${name}`;
  switch (target.kind) {
    case 'gateway':
      return { name: client, target: `gateway ${nameOf(target.gateway)}` };
    case 'server':
      return { name: client, target: `server ${nameOf(target.server)}` };
    default: {
      const route = routes.find(({ path }) => path === target.path);
      // A route that exists outside of the app is known by its construct alone.
      return { name: client, target: `route ${route === undefined ? target.path : nameOf(route)}` };
    }
  }
}

function byText(a: ReportedClient, b: ReportedClient): number {
  return compareText(`${a.name} ${a.target}`, `${b.name} ${b.target}`);
}
