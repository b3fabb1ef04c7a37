import { chownSync, mkdirSync } from 'fs';
import { join } from 'path';
import { Cluster } from '../../../scripts/cluster/cluster';
import { NODE } from '../../../scripts/cluster/settings';
import { Manifest } from '../../support/validate';

/**
 * Volumes for claims, which are folders of the node. Nobody but root may use them until the kubelet gives them to the group of a pod, which it
 * does not do for volumes of the type `hostPath`.
 */
export function volumesFor(cluster: Cluster, names: string, claims: readonly Manifest[]): Manifest[] {
  return claims.map(({ accessModes, resources, storageClassName }, number) => {
    const name = `${names}-${number}`;
    const path = join(cluster.machine.folder, 'volumes', name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    chownSync(path, 0, 0);
    return {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name },
      spec: {
        capacity: { storage: resources.requests.storage },
        accessModes,
        storageClassName,
        local: { path },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [NODE] }] },
            ],
          },
        },
      },
    };
  });
}
