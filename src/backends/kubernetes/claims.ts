import { inOrder } from './stored-form';
import { Json } from '../../values/json';

/*
 * Claims of volumes in workloads: who may write to them, and how pods that use them follow each other. What Kubernetes makes of a
 * claim on a volume is seen when a pod waits for it, so it is worked out here.
 */

/** How many nodes may mount a claim at a time; `unknown` for one of which the app only has the name. */
export type ClaimReach = 'one' | 'many' | 'unknown';

/** The group that owns volumes of programs of which nobody says whom they run as. Any number does: its processes are in it. */
const USUAL_GROUP = 65532;

/** Names of the claims that pods of a template write to. */
export function writtenClaims({ spec = {} }: Json): string[] {
  return (spec.volumes ?? [])
    .map((volume: Json) => volume.persistentVolumeClaim)
    .filter((claim: Json | undefined) => typeof claim?.claimName === 'string' && claim.readOnly !== true)
    .map((claim: Json) => claim.claimName);
}

/** What a claim with some access modes reaches. */
export function reachOf(accessModes: readonly string[]): ClaimReach {
  return accessModes.some(mode => mode === 'ReadWriteMany' || mode === 'ReadOnlyMany') ? 'many' : 'one';
}

/**
 * A workload that can live with its claims: their volumes belong to a group of its processes, unless it says which, and where a claim may
 * be for one node alone, an old pod goes before the new one comes, which would wait for the volume forever otherwise.
 */
export function withClaims(workload: Json, reach: (claim: string) => ClaimReach): Json {
  const { template, strategy, volumeClaimTemplates = [] } = workload.spec;
  const claims = writtenClaims(template);
  const ephemeral = (template.spec.volumes ?? []).some((volume: Json) => volume.ephemeral !== undefined);
  if (claims.length === 0 && volumeClaimTemplates.length === 0 && !ephemeral) {
    return workload;
  }
  const waits = workload.kind === 'Deployment' && strategy?.type !== 'Recreate' && surges(strategy);
  return {
    ...workload,
    spec: {
      ...workload.spec,
      ...(waits && claims.some(claim => reach(claim) !== 'many') ? { strategy: { type: 'Recreate' } } : {}),
      template: ownedVolumes(template),
    },
  };
}

/** Whether a new pod may come before an old one went. */
function surges(strategy: Json | undefined): boolean {
  return ![0, '0', '0%'].includes(strategy?.rollingUpdate?.maxSurge);
}

function ownedVolumes(template: Json): Json {
  const { spec } = template;
  const context: Json = spec.securityContext ?? {};
  const owners = (spec.containers ?? []).map(
    ({ securityContext: own = {} }: Json) => own.runAsGroup ?? own.runAsUser ?? context.runAsGroup ?? context.runAsUser,
  );
  const group = owners.find((owner: unknown) => owner !== undefined) ?? USUAL_GROUP;
  return context.fsGroup !== undefined || group === 0 || spec.os?.name === 'windows'
    ? template
    : {
        ...template,
        spec: {
          ...spec,
          // Files of a large volume get another owner once, and not each time a pod starts.
          securityContext: inOrder({ ...context, fsGroup: group, fsGroupChangePolicy: 'OnRootMismatch' }),
        },
      };
}
