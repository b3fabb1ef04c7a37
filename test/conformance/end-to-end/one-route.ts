import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { McpCaller } from './mcp-caller';
import { RunningApp } from './running-app';
import {
  GatewayDataPlane,
  McpGateway,
  McpGatewayProps,
  McpRoute,
  McpRouteProps,
  McpServer,
  McpServerProps,
  McpServerSource,
} from '../../../src';
import { objectsOf } from '../../support/synth';
import { Manifest } from '../../support/validate';

/* Apps of one gateway with Envoy and one route, for tests of what either is told. */

export interface OneRoute {
  readonly gateway?: Partial<McpGatewayProps>;
  readonly route?: Partial<McpRouteProps>;
  /** Servers that share the requests evenly; default is one, with a tool, that keeps sessions. */
  readonly servers?: Readonly<Record<string, Partial<McpServerProps>>>;
  readonly rules?: (route: McpRoute) => void;
}

/** What is emitted for an app of one route. */
export function oneRoute({ gateway, route, servers = { ledger: {} }, rules }: OneRoute): Manifest[] {
  const app = new App();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const backends = Object.entries(servers).map(([id, props]) => ({
    weight: 1,
    server: new McpServer(chart, id, {
      source: McpServerSource.image(`ghcr.io/acme/${id}:1.0.0`),
      tools: props.source === undefined ? ['query'] : undefined,
      ...props,
    }),
  }));
  const books = new McpRoute(chart, 'books', {
    gateway: new McpGateway(chart, 'gateway', { dataPlane: GatewayDataPlane.envoy(), ...gateway }),
    backends,
    ...route,
  });
  rules?.(books);
  return objectsOf(app);
}

const elsewhere = new Chart(new App(), 'secrets', { namespace: 'finance' });

/** A Secret of the gateway's namespace. */
export function secretOf(name: string): kplus.ISecret {
  return (
    (elsewhere.node.tryFindChild(name) as kplus.ISecret | undefined) ??
    kplus.Secret.fromSecretName(elsewhere, name, name)
  );
}

/** The URL of the route. */
export function urlOf(running: RunningApp): string {
  return `${running.gateway().url}/routes/finance/books`;
}

/** A client of the route. */
export function callerOf(running: RunningApp, headers: Readonly<Record<string, string>> = {}): McpCaller {
  return new McpCaller(urlOf(running), { headers });
}
