import { IConstruct } from 'constructs';
import { compiler } from './compiler';
import { reconcileObjects } from './materialize';
import { constructAt } from './synthesis-tree';
import { WorkloadNetwork } from '../model/network';
import { Json } from '../values/json';

type Labels = Readonly<Record<string, string>>;

/** Id of the scope of policies, below the construct of their workload. */
const SCOPE = 'Network';

/** The policies of an app in its tree: below the constructs whose pods they are about, as they depend on the whole app. */
export class NetworkObjects {
  private current?: readonly WorkloadNetwork[];
  private paths: ReadonlySet<string> = new Set();

  /** Makes the policies in the tree those of the workloads, with the labels that their constructs were given for everything that they emit. */
  reconcile(
    root: IConstruct,
    workloads: readonly WorkloadNetwork[],
    labelsOf: (construct: IConstruct) => Labels,
  ): void {
    if (this.current === workloads) {
      return;
    }
    const wanted = new Map<string, Json[]>();
    for (const workload of workloads) {
      const others = wanted.get(workload.path);
      const objects = compiler().networkObjects(workload);
      if (others === undefined) {
        wanted.set(workload.path, objects);
      } else {
        others.push(...objects);
      }
    }
    for (const path of new Set([...this.paths, ...wanted.keys()])) {
      const construct = constructAt(root, path);
      if (construct !== undefined) {
        reconcileObjects(
          construct,
          SCOPE,
          (wanted.get(path) ?? []).map(object => labelled(object, labelsOf(construct))),
        );
      }
    }
    this.current = workloads;
    this.paths = new Set(wanted.keys());
  }
}

function labelled(object: Json, labels: Labels): Json {
  const { metadata } = object;
  return { ...object, metadata: { ...metadata, labels: { ...labels, ...metadata.labels } } };
}
