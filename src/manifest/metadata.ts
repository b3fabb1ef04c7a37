import { KindInfo, KINDS, ManifestKind } from './kinds';
import { DocumentCheck } from './source-document';
import { describeType, unknownField, wrongType } from '../api/schema-findings';
import { Component, objectLabels } from '../backends/kubernetes/labels';
import { errorKind, because, FindingKind } from '../model/findings';
import {
  dnsLabelProblem,
  isLabelKey,
  isLabelValue,
  LABEL_KEY_INVALID,
  LABEL_VALUE_INVALID,
  namespaceProblem,
} from '../model/validation';
import { entryOf, Json, isObject } from '../values/json';

const METADATA_NAMESPACE_OF_CLUSTER = errorKind(
  'metadata-namespace-of-cluster',
  'is given, but a {kind} is in no namespace',
  'Remove it; spec.workloadNamespace says where pods run',
);
const METADATA_NAMESPACE_MISSING = errorKind(
  'metadata-namespace-missing',
  'there is no namespace, neither here nor on the chart',
  'Add it, or create the chart with a namespace',
);
const METADATA_MISSING = errorKind('metadata-missing', 'is missing', 'Add it');
const METADATA_LABEL_RESERVED = errorKind(
  'metadata-label-reserved',
  'is a label that this library sets itself, to "{own}"',
  'Remove it, or use another key',
);

const METADATA_NAME_RULE = errorKind('metadata-name-rule', '{problem}', 'Choose such a name');
const METADATA_NOT_OBJECT = errorKind('metadata-not-object', '{what}', 'Write metadata.name');

/** Whether the metadata of a document is an object; what is none is reported. */
export function isMetadata(check: DocumentCheck, metadata: unknown): metadata is Json {
  const wrong = !isObject(metadata);
  const what = metadata === undefined ? 'is missing' : `is ${describeType(metadata)}, not an object`;
  check.report(METADATA_NOT_OBJECT, ['metadata'], metadata, wrong ? { what } : undefined);
  return !wrong;
}

/** Who a document is about, and what it is labelled with. */
export interface Metadata {
  readonly name: string;
  /** Undefined for a cluster-scoped kind. */
  readonly namespace?: string;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
}

/** Written by an API server: a dump of a cluster has them, and they say nothing of what is wanted. */
const SERVER_MANAGED = ['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'managedFields', 'selfLink'];

/** kubectl's memory of what it applied last: a second copy of the document. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Fields of metadata that mean something to a cluster, but have no place in a construct. */
const DELETED = errorKind('metadata-deleted', 'says that the resource is being deleted', 'Remove the document');
const REFUSED: Readonly<Record<string, FindingKind>> = {
  generateName: errorKind(
    'metadata-generate-name',
    'makes up a name, and names are part of URLs',
    'Write metadata.name',
  ),
  ownerReferences: errorKind(
    'metadata-owner-references',
    "belongs to the cluster it was read from: this library's objects have no owner there",
    'Remove it',
  ),
  finalizers: errorKind(
    'metadata-finalizers',
    'would keep a resource that nothing finalizes',
    'Remove it, or add finalizers to the resource of the construct',
  ),
  deletionTimestamp: DELETED,
  deletionGracePeriodSeconds: DELETED,
};

const KNOWN = ['name', 'namespace', 'labels', 'annotations'];

/** A kind whose metadata is read. */
export type MetadataKind = ManifestKind | 'InferenceService';

function infoOf(kind: MetadataKind): Pick<KindInfo, 'clusterScoped'> & { readonly component: Component } {
  return kind === 'InferenceService' ? { clusterScoped: false, component: 'mcp-inference-service' } : KINDS[kind];
}

/** Reads the metadata of a document, as far as it is right; undefined when it does not say who the document is about. */
export function readMetadata(
  check: DocumentCheck,
  kind: MetadataKind,
  metadata: unknown,
  chartNamespace: string | undefined,
): Metadata | undefined {
  if (!isMetadata(check, metadata)) {
    return undefined;
  }
  const given = withoutServerState(metadata as Json);
  for (const [field, value] of Object.entries(given)) {
    const refused = entryOf(REFUSED, field);
    if (refused !== undefined) {
      check.report(refused, ['metadata', field], value, true);
    } else if (!KNOWN.includes(field)) {
      unknownField(check, ['metadata', field], value, KNOWN);
    }
  }
  const { clusterScoped } = infoOf(kind);
  checkName(check, 'name', given.name, dnsLabelProblem);
  if (given.namespace !== undefined) {
    checkName(check, 'namespace', given.namespace, namespaceProblem);
    check.report(
      METADATA_NAMESPACE_OF_CLUSTER,
      ['metadata', 'namespace'],
      given.namespace,
      clusterScoped ? { kind } : undefined,
    );
  } else if (!clusterScoped) {
    check.report(METADATA_NAMESPACE_MISSING, ['metadata', 'namespace'], chartNamespace, chartNamespace === undefined);
  }
  const labels = checkTexts(check, 'labels', given.labels);
  const annotations = checkTexts(check, 'annotations', given.annotations);
  for (const [key, value] of Object.entries(labels ?? {})) {
    check.report(LABEL_KEY_INVALID, ['metadata', 'labels', key], key, !isLabelKey(key));
    check.report(LABEL_VALUE_INVALID, ['metadata', 'labels', key], value, !isLabelValue(value));
  }
  const namespace = clusterScoped ? undefined : (given.namespace ?? chartNamespace);
  if (typeof given.name !== 'string' || (!clusterScoped && typeof namespace !== 'string')) {
    return undefined;
  }
  checkOwnLabels(check, kind, given.name, labels ?? {});
  return { name: given.name, namespace, labels, annotations };
}

/** Metadata without what an API server and kubectl wrote into it, and without nulls at its top. */
export function withoutServerState(metadata: Json): Json {
  const kept = Object.fromEntries(
    Object.entries(metadata).filter(([field, value]) => value !== null && !SERVER_MANAGED.includes(field)),
  );
  if (typeof kept.annotations !== 'object' || !(LAST_APPLIED in kept.annotations)) {
    return kept;
  }
  const { [LAST_APPLIED]: dropped, ...annotations } = kept.annotations;
  return { ...kept, annotations };
}

function checkName(
  check: DocumentCheck,
  field: string,
  value: unknown,
  rule: (name: string) => string | undefined,
): void {
  if (value === undefined) {
    check.report(METADATA_MISSING, ['metadata', field], value, true);
  } else if (typeof value !== 'string') {
    wrongType(check, ['metadata', field], value);
  } else {
    check.report(METADATA_NAME_RULE, ['metadata', field], value, because(rule(value)));
  }
}

/** The entries that are text; others are reported. */
function checkTexts(check: DocumentCheck, field: string, values: unknown): Record<string, string> | undefined {
  if (values === undefined) {
    return undefined;
  }
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    wrongType(check, ['metadata', field], values, 'an object');
    return undefined;
  }
  return Object.fromEntries(
    Object.entries(values as Json).filter(([key, value]) => {
      if (typeof value !== 'string') {
        wrongType(check, ['metadata', field, key], value);
      }
      return typeof value === 'string';
    }),
  );
}

/** Labels that constructs set themselves would replace the document's without a word. */
function checkOwnLabels(check: DocumentCheck, kind: MetadataKind, name: string, labels: Record<string, string>): void {
  for (const [key, own] of Object.entries(objectLabels(infoOf(kind).component, name))) {
    check.report(
      METADATA_LABEL_RESERVED,
      ['metadata', 'labels', key],
      labels[key],
      labels[key] !== undefined && labels[key] !== own ? { own } : undefined,
    );
  }
}
