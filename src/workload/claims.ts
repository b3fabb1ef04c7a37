import { Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { IConstruct } from 'constructs';
import { RenderedTemplate } from './rendered-template';
import { writtenClaims } from '../backends/kubernetes/claims';
import { Diagnostic, errorKind, findingIf, InputCheck, warningKind } from '../model/findings';
import { isNamespace } from '../model/validation';
import { bytesOf } from '../synthesis/statement';
import { Synthesis } from '../synthesis/synthesis';
import { Json } from '../values/json';
import { formatBytes } from '../values/quantities';

/** A volume that each replica of a server has for itself: its claim is made with the replica, and stays when that goes. */
export interface VolumeClaimTemplate {
  /** Folder that the volume is mounted to, for writing. */
  readonly path: string;

  /** How much room is claimed. */
  readonly storage: Size;

  /**
   * Name of the volume. The claims are called `{volume}-{server}-{number of the replica}`.
   *
   * @default 'data'
   */
  readonly name?: string;

  /**
   * Name of the StorageClass.
   *
   * @default - the cluster's own
   */
  readonly storageClass?: string;
}

/** Name of the volume of a claim template that has none. */
const USUAL_NAME = 'data';

const CLAIM_NAME_INVALID = errorKind(
  'claim-name-invalid',
  'is not a name of a volume (lower-case letters, digits and "-", at most 63)',
  'Name it as in "data"',
);
const CLAIM_NAME_TWICE = errorKind(
  'claim-name-twice',
  'is the name of an earlier one',
  'Give each a name of its own (name)',
);
const CLAIM_STORAGE_INVALID = errorKind(
  'claim-storage-invalid',
  'is no room at all',
  'Give a size such as Size.gibibytes(10)',
);
const CLAIM_OF_ONE_NODE = errorKind(
  'claim-of-one-node',
  'is a claim that one node at a time may mount (ReadWriteOnce), and there may be several pods: those on other nodes would never start',
  'Use 1 replica, give a server a claim for each replica (volumeClaimTemplates), or let the claim be ReadWriteMany where the storage can',
);
const CLAIM_UNKNOWN = warningKind(
  'claim-unknown',
  'is a claim that this app does not make, and there may be several pods: if one node at a time may mount it (ReadWriteOnce), those on other nodes never start',
  'Make sure that it is ReadWriteMany, and acknowledge this; or give a server a claim for each replica (volumeClaimTemplates)',
);

/** Name of the volume of a claim template. */
export function claimVolume({ name }: VolumeClaimTemplate): string {
  return name ?? USUAL_NAME;
}

/** Checks claim templates, but for where they are mounted. */
export function checkClaimTemplates(input: InputCheck, templates: readonly VolumeClaimTemplate[] = []): void {
  const names = templates.map(claimVolume);
  templates.forEach(({ storage }, i) => {
    const place = `volumeClaimTemplates[${i}]`;
    input.report(CLAIM_NAME_INVALID, `${place}.name`, names[i], !isNamespace(names[i]));
    input.report(CLAIM_NAME_TWICE, `${place}.name`, names[i], names.indexOf(names[i]) < i);
    input.report(CLAIM_STORAGE_INVALID, `${place}.storage`, formatBytes(bytesOf(storage)), bytesOf(storage) <= 0);
  });
}

/** Claim templates as a StatefulSet has them. */
export function claimTemplatesJson(templates: readonly VolumeClaimTemplate[]): Json[] {
  return templates.map(template => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: claimVolume(template) },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: formatBytes(bytesOf(template.storage)) } },
      ...(template.storageClass === undefined ? {} : { storageClassName: template.storageClass }),
      volumeMode: 'Filesystem',
    },
  }));
}

/** Whether a workload or templates of the user's have claims, as far as that can be told without rendering. */
function mayHaveClaims(workload: kplus.Workload, templates: readonly (Json | undefined)[]): boolean {
  const volumes = [
    ...workload.volumes,
    ...workload.containers.flatMap(({ mounts }) => mounts.map(({ volume }) => volume)),
  ];
  return (
    volumes.some(volume => volume._toKube().persistentVolumeClaim !== undefined) ||
    templates.some(template =>
      template?.spec?.volumes?.some((volume: Json) => volume.persistentVolumeClaim !== undefined),
    )
  );
}

/** The pods of a construct, as far as claims matter to them. */
interface ClaimingPods {
  readonly workload: kplus.Workload;
  readonly namespace: string;
  /** Whether there may be several at a time. */
  readonly several: boolean;
  /** Pod templates of the user's own. */
  readonly templates: readonly (Json | undefined)[];
  readonly template: RenderedTemplate;
}

/** What is wrong with claims that the pods of a construct share. */
export function claimFindings(construct: IConstruct, pods: ClaimingPods): Diagnostic[] {
  if (!pods.several || !mayHaveClaims(pods.workload, pods.templates)) {
    return [];
  }
  const { path } = construct.node;
  const synthesis = Synthesis.of(construct);
  return writtenClaims(pods.template.read()).flatMap(claim => {
    const reach = synthesis.claimReach(pods.namespace, claim);
    return [
      ...findingIf(CLAIM_OF_ONE_NODE, path, 'volumes', claim, reach === 'one'),
      ...findingIf(CLAIM_UNKNOWN, path, 'volumes', claim, reach === 'unknown'),
    ];
  });
}
