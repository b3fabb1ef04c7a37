import { contradictions } from './contradictions';
import { planDiscovery } from './discovery-plan';
import { Index, indexTopology, isDiagnostic, resolveGateway } from './references';
import { planRoute } from './route-plan';
import { idleFilters, idlePatterns, toolClashes, unevenTools } from './tool-conflicts';
import { compareText, Diagnostic } from '../model/diagnostic';
import { Gateway } from '../model/gateway';
import { Entry, GatewayPlan } from '../model/plan';
import { gatewayKey } from '../model/route';
import { Topology } from '../model/topology';

/** The outcome of a compilation: what each gateway serves, and what is wrong. */
export interface Compiled {
  readonly topology: Topology;
  readonly index: Index;
  readonly plans: readonly GatewayPlan[];
  /** Gateway of each route by the route's path; absent for a route without one. */
  readonly gatewayOfRoute: ReadonlyMap<string, Gateway>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Resolves and plans a topology. */
export function compile(topology: Topology): Compiled {
  const index = indexTopology(topology);
  const diagnostics: Diagnostic[] = [...contradictions(topology.servers), ...topology.servers.flatMap(idleFilters)];
  const entries = new Map<string, Entry[]>();
  const gatewayOfRoute = new Map<string, Gateway>();
  const add = (key: string, entry: Entry): void => {
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
      add(gatewayKey(gateway), entry);
    }
  }
  for (const gateway of topology.gateways) {
    const { entry, diagnostics: findings } = planDiscovery(gateway, index);
    diagnostics.push(...findings);
    if (entry !== undefined) {
      add(gatewayKey(gateway), entry);
    }
  }

  const plans = topology.gateways.map(gateway => ({
    gateway,
    entries: (entries.get(gatewayKey(gateway)) ?? []).sort((a, b) => compareText(a.path, b.path)),
  }));
  return { topology, index, plans, gatewayOfRoute, diagnostics };
}
