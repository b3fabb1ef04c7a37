import { Construct, IConstruct } from 'constructs';
import { ClusterProfile } from './cluster-profile';
import { because, errorKind, InputCheck } from '../model/findings';
import { dnsLabelProblem } from '../model/validation';
import { beginCluster, clusterOf, clustersOf } from '../synthesis/cluster-scope';

const CLUSTER_IN_CLUSTER = errorKind(
  'cluster-in-cluster',
  'is in the cluster "{outer}", and a cluster has no others in it',
  'Create it in the app',
);
const CLUSTER_NAME_INVALID = errorKind('cluster-name-invalid', '{problem}', 'Choose such an id: it names a folder');
const CLUSTER_NAME_TWICE = errorKind(
  'cluster-name-twice',
  'is the name of another cluster of the app ("{other}"), and so of its folder',
  'Choose another id',
);

/** Properties of {@link McpCluster}. */
export interface McpClusterProps {
  /**
   * What the cluster is like.
   *
   * @default - the profile of the scope around it, else a plain cluster
   */
  readonly profile?: ClusterProfile;
}

/**
 * One of several clusters that an app is for: staging and production, or regions. Everything below it is for that cluster alone.
 * Names are unique within a cluster and repeat in others; what refers to servers, routes, gateways or workloads of another cluster is
 * refused. {@link McpApp} writes a folder for each (`dist/production/`), so that nobody applies one to the other, and what is in no
 * cluster beside them. Reports are of one cluster: `AccessMatrix.of(production)`.
 *
 * An app without a cluster is for one.
 *
 * @example
 *
 * import { Chart } from 'cdk8s';
 * import { ClusterProfile, McpApp, McpCluster, McpServer, McpServerSource, NetworkEnforcement } from 'cdk8s-mcp';
 *
 * const app = new McpApp();
 * const staging = new McpCluster(app, 'staging');
 * const production = new McpCluster(app, 'production', {
 *   profile: new ClusterProfile({ network: NetworkEnforcement.cilium() }),
 * });
 * for (const cluster of [staging, production]) {
 *   const chart = new Chart(cluster, 'finance', { namespace: 'finance' });
 *   new McpServer(chart, 'ledger', { source: McpServerSource.image('ghcr.io/acme/ledger:1.4.0') });
 * }
 */
export class McpCluster extends Construct {
  /**
   * The cluster that a construct is for.
   *
   * @param scope the construct
   * @returns undefined in an app that is for one cluster, and for what is outside of all clusters
   */
  public static of(scope: IConstruct): McpCluster | undefined {
    const cluster = clusterOf(scope);
    return cluster instanceof McpCluster ? cluster : undefined;
  }

  /**
   * Adds a cluster to an app.
   *
   * @param scope the app, or a construct that is in no cluster
   * @param id id of the construct, and the name of its folder
   * @param props what the cluster is like
   * @throws when the scope is in a cluster, or the id is no DNS label
   */
  public constructor(scope: Construct, id: string, props: McpClusterProps = {}) {
    super(scope, id);
    const input = new InputCheck(this.node.path);
    const outer = McpCluster.of(scope);
    input.report(CLUSTER_IN_CLUSTER, 'scope', scope.node.path, outer && { outer: outer.node.path });
    input.report(CLUSTER_NAME_INVALID, 'id', id, because(dnsLabelProblem(id)));
    const other = clustersOf(this.node.root).find(({ node }) => node.id === id)?.node.path;
    input.report(CLUSTER_NAME_TWICE, 'id', id, other === undefined ? undefined : { other });
    input.throwIfAny();
    props.profile?.applyTo(this);
    beginCluster(this);
  }

  /** Name of the cluster, and of its folder. */
  public get name(): string {
    return this.node.id;
  }
}
