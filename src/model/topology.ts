import { Gateway } from './gateway';
import { ClusterService, IsolatedPods, McpClient } from './network';
import { Route } from './route';
import { Server } from './server';

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
