import { IConstruct } from 'constructs';

/*
 * A cluster is a scope: names are unique within it, and references do not leave it. An app without any is for one cluster.
 */

/** The clusters of an app, by its root, in the order in which they were created. */
const CLUSTERS = new WeakMap<IConstruct, IConstruct[]>();

/** Says of a scope that everything below it is for a cluster of its own. */
export function beginCluster(scope: IConstruct): void {
  const { root } = scope.node;
  CLUSTERS.set(root, [...clustersOf(root), scope]);
}

/** The clusters of an app. */
export function clustersOf(root: IConstruct): readonly IConstruct[] {
  return CLUSTERS.get(root) ?? [];
}

/** The scope whose objects go to the same cluster as a construct: a cluster of its app, or else the app. */
export function clusterOf(construct: IConstruct): IConstruct {
  const { root } = construct.node;
  const clusters = clustersOf(root);
  for (
    let scope: IConstruct | undefined = construct;
    clusters.length > 0 && scope !== undefined;
    scope = scope.node.scope
  ) {
    if (clusters.includes(scope)) {
      return scope;
    }
  }
  return root;
}
