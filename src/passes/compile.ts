import { contradictions } from './contradictions';
import { planDiscovery } from './discovery-plan';
import { policyOf, withPolicy } from './entry-policy';
import { Index, indexTopology, isDiagnostic, resolveGateway } from './references';
import { planRoute } from './route-plan';
import { idleFilters, idlePatterns, toolClashes, unevenTools } from './tool-conflicts';
import { compareText, Diagnostic } from '../model/diagnostic';
import { Gateway } from '../model/gateway';
import { Entry, GatewayPlan } from '../model/plan';
import { EffectivePolicy } from '../model/policy';
import { Route, gatewayKey } from '../model/route';
import { Topology } from '../model/topology';

/** The outcome of a compilation: what each gateway serves, and what is wrong. */
export interface Compiled {
  readonly topology: Topology;
  readonly index: Index;
  readonly plans: readonly GatewayPlan[];
  /** Gateway of each route by the route's path; absent for a route without one. */
  readonly gatewayOfRoute: ReadonlyMap<string, Gateway>;
  /** The policy in force at each route by the route's path. */
  readonly policies: ReadonlyMap<string, EffectivePolicy>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Resolves and plans a topology. */
export function compile(topology: Topology): Compiled {
  const index = indexTopology(topology);
  const diagnostics: Diagnostic[] = [...contradictions(topology.servers), ...topology.servers.flatMap(idleFilters)];
  const entries = new Map<string, Entry[]>();
  const gatewayOfRoute = new Map<string, Gateway>();
  const add = (gateway: Gateway, planned: Entry, route?: Route): void => {
    const key = gatewayKey(gateway);
    const { entry, diagnostics: findings } = withPolicy(planned, gateway, route);
    diagnostics.push(...findings);
    const others = entries.get(key);
    if (others === undefined) {
      entries.set(key, [entry]);
    } else {
      others.push(entry);
    }
    diagnostics.push(...toolClashes(entry), ...unevenTools(entry));
  };

  for (const route of topology.routes) {
    const gateway = resolveGateway(route, index);
    const { entry, diagnostics: findings } = planRoute(route, index);
    diagnostics.push(...findings, ...idlePatterns(route, index));
    if (isDiagnostic(gateway)) {
      diagnostics.push(...route.rendered ? [gateway] : []);
    } else {
      gatewayOfRoute.set(route.path, gateway);
      add(gateway, entry, route);
    }
  }
  for (const gateway of topology.gateways) {
    const { entry, diagnostics: findings } = planDiscovery(gateway, index);
    diagnostics.push(...findings);
    if (entry !== undefined) {
      add(gateway, entry);
    }
  }

  const plans = topology.gateways.map(gateway => ({
    gateway,
    entries: (entries.get(gatewayKey(gateway)) ?? []).sort((a, b) => compareText(a.path, b.path)),
  }));
  return { topology, index, plans, gatewayOfRoute, policies: policiesOf(plans), diagnostics: distinct(diagnostics) };
}

/** A gateway's policy is met at every entry, but what is wrong with it is one mistake. */
function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(diagnostics.map(diagnostic => [JSON.stringify(diagnostic), diagnostic])).values()];
}

function policiesOf(plans: readonly GatewayPlan[]): ReadonlyMap<string, EffectivePolicy> {
  return new Map(plans.flatMap(({ entries }) => entries.map((entry): [string, EffectivePolicy] => [entry.origin, policyOf(entry)])));
}
