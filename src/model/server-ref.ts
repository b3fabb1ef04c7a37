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
