import { IConstruct } from 'constructs';
import { permissionLines } from './permission-words';
import { InputError } from '../model/findings';
import type { WorkloadReport } from '../passes/permissions/report';
import { compiler } from '../synthesis/compiler';
import { Synthesis } from '../synthesis/synthesis';

/** What the pods of one workload may do. */
export interface WorkloadPermissions {
  /** The workload, as `MCPServer finance/ledger`. */
  readonly workload: string;

  /** Path of its construct. */
  readonly path: string;

  /** Rights on the Kubernetes API, in words. None: no token is mounted. */
  readonly kubernetes: string[];

  /** What it may connect to, with the ports of the pods. */
  readonly egress: string[];

  /** What may connect to it. */
  readonly ingress: string[];

  /** Paths that are mounted for reading. */
  readonly reads: string[];

  /** Paths that it may write to. */
  readonly writes: string[];

  /** Secrets it reads, as `name` or `name/key`. */
  readonly secrets: string[];
}

/**
 * What every server and gateway of an app may do: Kubernetes rights, connections, files and Secrets. For review, and for
 * snapshots that show in a diff what a change grants.
 *
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { McpServer, McpServerSource, PermissionReport } from 'cdk8s-mcp';
 *
 * const app = new App();
 * const chart = new Chart(app, 'finance', { namespace: 'finance' });
 * new McpServer(chart, 'ledger', { source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0') });
 * PermissionReport.of(app).toMarkdown();
 */
export class PermissionReport {
  /**
   * The report on an app as it is now. What an operator renders (controller mode) is not in it.
   *
   * @param scope any construct of the app; in an app for several clusters, the cluster or a construct of it
   * @throws when the app has errors, naming all of them: what it would emit is not known then
   */
  public static of(scope: IConstruct): PermissionReport {
    const synthesis = Synthesis.reported(scope);
    const errors = synthesis.errors();
    if (errors.length > 0) {
      throw new InputError(errors);
    }
    const { topology, network } = synthesis.compile();
    return new PermissionReport(
      compiler().permissionReport({
        servers: topology.servers,
        gateways: topology.gateways,
        network,
        secrets: synthesis.secrets(),
      }),
    );
  }

  /** What each workload may do, sorted by its name. */
  public readonly workloads: WorkloadPermissions[];

  private constructor(workloads: readonly WorkloadReport[]) {
    this.workloads = workloads.map(({ workload, path, kubernetes, egress, ingress, reads, writes, secrets }) => ({
      workload,
      path,
      kubernetes: [...kubernetes],
      egress: [...egress],
      ingress: [...ingress],
      reads: [...reads],
      writes: [...writes],
      secrets: [...secrets],
    }));
  }

  /** A section for each workload, with what it may do and nothing of what it may not. */
  public toMarkdown(): string {
    return this.workloads
      .map(workload =>
        [`## ${workload.workload}`, '', ...permissionLines(workload).map(line => `- ${line}`)].join('\n'),
      )
      .join('\n\n')
      .concat('\n');
  }

  /** The workloads as JSON. */
  public toJson(): string {
    return JSON.stringify(this.workloads, undefined, 2);
  }
}
