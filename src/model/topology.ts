import { Gateway } from './gateway';
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
}
