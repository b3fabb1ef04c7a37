import { App, Chart } from 'cdk8s';
import { ISSUER } from './identities';
import {
  Authentication,
  Condition,
  GatewayDataPlane,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  McpSessions,
  Principal,
  RateLimit,
  RateLimitUnit,
  ToolAction,
} from '../../../src';
import { objectsOf } from '../../support/synth';
import { Manifest } from '../../support/validate';

/** Calls a day that a caller has of each route. */
export const DAILY_CALLS = 3;

/** What a large app is. */
export interface LargeApp {
  readonly routes: number;
  /** Whether each route asks for a token, has five rules that name callers of its own, and a limit. */
  readonly policies: boolean;
  /** Calls that a caller has of each route where there are limits; default is DAILY_CALLS a day. */
  readonly calls?: { readonly count: number; readonly unit: RateLimitUnit };
  /** Whether there is a limit where there are policies; default is that there is. */
  readonly limits?: boolean;
  readonly plane?: GatewayDataPlane;
}

/** A gateway of many routes to one server. */
export function largeApp({
  routes,
  policies,
  limits = policies,
  calls: allowed = { count: DAILY_CALLS, unit: RateLimitUnit.DAY },
  plane = GatewayDataPlane.envoy(),
}: LargeApp): Manifest[] {
  const app = new App();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const gateway = new McpGateway(chart, 'gateway', {
    dataPlane: plane,
    authentication: policies
      ? [Authentication.jwt({ issuer: ISSUER.issuer, audiences: ['mcp'], jwks: ISSUER.jwks })]
      : undefined,
  });
  const server = new McpServer(chart, 'tools', {
    source: McpServerSource.image('ghcr.io/acme/tools:1.0.0'),
    tools: ['db_query', 'db_drop', 'report'],
    sessions: McpSessions.STATELESS,
  });
  for (let i = 0; i < routes; i++) {
    const route = new McpRoute(chart, `route-${i}`, { gateway, backends: [{ server }] });
    if (policies) {
      const calls = { actions: [ToolAction.CALL] };
      route.allow(Principal.group(`team-${i}`), { tools: ['db_query'], ...calls });
      route.allow(Principal.user(`owner-${i}`), { tools: ['*'], ...calls });
      route.allow(Principal.group('auditors'), { tools: ['report'], ...calls });
      route.allow(Principal.group('operators'), {
        tools: ['db_*'],
        when: [Condition.sourceIp('10.0.0.0/8')],
        ...calls,
      });
      route.allow(Principal.group('everyone'), { tools: ['*'], actions: [ToolAction.LIST] });
    }
    if (limits) {
      route.addRateLimit(RateLimit.perUser(allowed.count, allowed.unit));
    }
  }
  return objectsOf(app);
}
