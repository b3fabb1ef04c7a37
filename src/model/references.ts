import { entryOf } from '../values/json';

/** Kinds of the API that serve tools. */
export type ServerKind = 'MCPServer' | 'ClusterMCPServer';

/** Identifies a server in an app: unique, and stable whatever the order of calls. */
export interface ServerRef {
  readonly kind: ServerKind;
  readonly name: string;
  /** Namespace of the resource; undefined for the cluster-scoped kind. */
  readonly namespace?: string;
}

/** Key of a server in maps and sorts. */
export function serverKey(ref: ServerRef): string {
  return `${ref.kind}/${ref.namespace ?? ''}/${ref.name}`;
}

/** The server as a user would name it. */
export function formatServerRef(ref: ServerRef): string {
  return `${ref.kind} ${ref.namespace === undefined ? '' : `${ref.namespace}/`}${ref.name}`;
}

/** A server as policies name it: `namespace/name`, or the name alone of a ClusterMCPServer. */
export function cedarServerName({ namespace, name }: ServerRef): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** A Kubernetes label selector. */
export interface LabelSelector {
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly matchExpressions: readonly LabelRequirement[];
}

/** One requirement of a label selector. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values: readonly string[];
}

type Labels = Readonly<Record<string, string>>;

function meets(labels: Labels, requirement: LabelRequirement): boolean {
  const value = entryOf(labels, requirement.key);
  switch (requirement.operator) {
    case 'In':
      return value !== undefined && requirement.values.includes(value);
    // As Kubernetes has it: a missing label is not in any list.
    case 'NotIn':
      return value === undefined || !requirement.values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}

/** Whether labels match a selector; an empty selector matches everything, as in Kubernetes. */
export function selects(selector: LabelSelector, labels: Labels): boolean {
  return (
    Object.entries(selector.matchLabels).every(([key, value]) => entryOf(labels, key) === value) &&
    selector.matchExpressions.every(requirement => meets(labels, requirement))
  );
}
