import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { withoutServerState, isMetadata } from './metadata';
import { DocumentCheck, SourceDocument } from './source-document';
import { errorKind } from '../model/findings';
import { clusterScoped } from '../synthesis/materialize';
import { Json } from '../values/json';

const METADATA_NAME_INVALID = errorKind('metadata-name-invalid', 'is not a name', 'Write metadata.name');

/** An object that a manifest emits as it is. */
export interface OtherPlan {
  /** Group, kind, namespace and name, joined: none but the last may contain a colon. */
  readonly id: string;
  readonly create: (scope: Construct, id: string) => ApiObject;
}

/** Reads a document of a kind that has no construct. */
export function readOther(check: DocumentCheck, { object }: SourceDocument): OtherPlan | undefined {
  const { status, ...rest } = object;
  const metadata: unknown = object.metadata;
  if (!isMetadata(check, metadata)) {
    return undefined;
  }
  const { name, namespace } = metadata as Json;
  check.report(METADATA_NAME_INVALID, ['metadata', 'name'], name, !(typeof name === 'string' && name !== ''));
  const group = object.apiVersion.includes('/') ? object.apiVersion.split('/')[0] : 'core';
  return {
    id: [group, object.kind, namespace ?? '', name].join(':'),
    create: (scope, id) => {
      const emitted = new ApiObject(scope, id, {
        ...rest,
        apiVersion: object.apiVersion,
        kind: object.kind,
        metadata: withoutServerState(metadata as Json),
      });
      // Whether its kind has namespaces is not known here, and cdk8s would put the chart's on it.
      return namespace === undefined ? clusterScoped(emitted) : emitted;
    },
  };
}

/**
 * Label by which cdk8s-plus selects pods: the address of a construct in its tree. In a document it
 * was written by another tree, and on these pods it would keep their Services from finding them.
 */
const ADDRESS_LABEL = 'cdk8s.io/metadata.addr';

/** A pod template without what only the tree that rendered it could mean. */
export function withoutAddress(template: Json): Json {
  const labels = template.metadata?.labels;
  if (labels?.[ADDRESS_LABEL] === undefined) {
    return template;
  }
  const { [ADDRESS_LABEL]: address, ...rest } = labels;
  return { ...template, metadata: { ...template.metadata, labels: rest } };
}
