import { ClusterService } from './cluster';
import { errorKind } from './findings';
import { Gateway } from './gateway';
import { IsolatedPods, McpClient } from './network';
import { selects } from './references';
import { gatewayKey, Route } from './route';
import { Server, serverKey } from './server';

/** A namespace whose labels the app declares. */
export interface NamespaceLabels {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Everything the user said in one app, as plain data. */
export interface Topology {
  readonly servers: readonly Server[];
  readonly routes: readonly Route[];
  readonly gateways: readonly Gateway[];
  readonly namespaces: readonly NamespaceLabels[];
  /** Workloads that connect to what the app serves. */
  readonly clients?: readonly McpClient[];
  /** Services of the app; only read when names have to be resolved. */
  readonly services?: readonly ClusterService[];
  /** Pods that policies of the user's own isolate; only read when there are clients. */
  readonly isolated?: readonly IsolatedPods[];
}

/** A server that is referred to, and is none of the app. */
export const SERVER_UNKNOWN = errorKind(
  'server-unknown',
  'no such server in this app',
  'Create it, or declare an existing one with {declared}',
);

/** Lookups over one topology. */
export interface Index {
  readonly servers: ReadonlyMap<string, Server>;
  readonly gateways: ReadonlyMap<string, Gateway>;
  readonly namespaces: ReadonlyMap<string, NamespaceLabels>;
}

/** What a topology has, by its keys. */
export function indexTopology(topology: Topology): Index {
  return {
    servers: new Map(topology.servers.map(server => [serverKey(server), server])),
    gateways: new Map(topology.gateways.map(gateway => [gatewayKey(gateway), gateway])),
    namespaces: new Map(topology.namespaces.map(namespace => [namespace.name, namespace])),
  };
}

/** Labels of a namespace: what the app declares, and the name that the API server adds to each. */
export function namespaceLabels(index: Index, namespace: string): Readonly<Record<string, string>> {
  return { ...index.namespaces.get(namespace)?.labels, 'kubernetes.io/metadata.name': namespace };
}

/** Whether a namespace may use a server. */
export function mayUse(namespace: string, server: Server, index: Index): boolean {
  const consent = server.consent;
  if (consent === undefined) {
    return server.namespace === namespace;
  }
  return (
    consent.all ||
    consent.namespaces.includes(namespace) ||
    (consent.namespaceSelector !== undefined && selects(consent.namespaceSelector, namespaceLabels(index, namespace)))
  );
}
