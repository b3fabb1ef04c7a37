import { checkBackendCredentials } from './backend-credentials';
import { checkIssuers } from './certificates';
import { contradictions } from './contradictions';
import { planDiscovery } from './discovery-plan';
import { policyOf, withPolicy } from './entry-policy';
import { exposure } from './exposure';
import { PlannedGuard, planGuards } from './guard-plan';
import { checkGuardedServers } from './guarded-servers';
import { throughProxy } from './network/proxied-endpoints';
import { permissionWarnings } from './permissions/permission-check';
import { cedarFindings } from './policy/cedar-policies';
import { Index, indexTopology, isDiagnostic, resolveGateway } from './references';
import { checkRemoteHosts } from './remote-hosts';
import { planRoute } from './route-plan';
import { idleFilters, idlePatterns, toolClashes, unevenTools } from './tool-conflicts';
import { checkTrafficPolicy } from './traffic-checks';
import { Diagnostic } from '../model/diagnostic';
import { Gateway, publicUrlOf } from '../model/gateway';
import { Entry, GatewayPlan } from '../model/plan';
import { EffectivePolicy } from '../model/policy';
import { Route, gatewayKey } from '../model/route';
import { Topology } from '../model/topology';
import { distinct } from '../values/lists';
import { compareText } from '../values/text';

/** The outcome of a compilation: what each gateway serves, and what is wrong. */
export interface Compiled {
  readonly topology: Topology;
  readonly index: Index;
  readonly plans: readonly GatewayPlan[];
  /** What stands in front of servers that ask something of their callers, by the servers' paths. */
  readonly guards: ReadonlyMap<string, GatewayPlan>;
  /** Gateway of each route by the route's path; absent for a route without one. */
  readonly gatewayOfRoute: ReadonlyMap<string, Gateway>;
  /** The policy in force at each route by the route's path. */
  readonly policies: ReadonlyMap<string, EffectivePolicy>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Resolves and plans a topology. */
export function compile(topology: Topology): Compiled {
  const index = indexTopology(topology);
  const guards = planGuards(topology.servers);
  const diagnostics: Diagnostic[] = [
    ...contradictions(topology.servers),
    ...topology.servers.flatMap(server => [...idleFilters(server), ...permissionWarnings(server)]),
    ...[...guards.values()].flatMap(guard => guard.diagnostics),
  ];
  const entries = new Map<string, Entry[]>();
  const gatewayOfRoute = new Map<string, Gateway>();
  const add = (gateway: Gateway, planned: Entry, route?: Route): void => {
    const key = gatewayKey(gateway);
    const reached = throughProxy(planned, gateway, topology);
    const host = publicUrlOf(gateway.exposures ?? []);
    const known = {
      ...reached,
      ...(gateway.traffic === undefined ? {} : { traffic: gateway.traffic }),
      ...(host === undefined ? {} : { publicUrl: `${host}${reached.path}` }),
    };
    const { entry, diagnostics: findings } = withPolicy(known, gateway, route);
    diagnostics.push(...findings);
    const others = entries.get(key);
    if (others === undefined) {
      entries.set(key, [entry]);
    } else {
      others.push(entry);
    }
    diagnostics.push(
      ...toolClashes(entry),
      ...unevenTools(entry),
      ...checkRemoteHosts(gateway, entry),
      ...(gateway.imported ? [] : [...checkBackendCredentials(entry), ...checkGuardedServers(entry)]),
    );
  };

  for (const route of topology.routes) {
    const gateway = resolveGateway(route, index);
    const { entry, diagnostics: findings } = planRoute(route, index);
    diagnostics.push(...findings, ...idlePatterns(route, index));
    if (isDiagnostic(gateway)) {
      diagnostics.push(...(route.rendered ? [gateway] : []));
    } else {
      gatewayOfRoute.set(route.path, gateway);
      add(gateway, entry, route);
    }
  }
  for (const gateway of topology.gateways) {
    // Said of a gateway that serves nothing yet, too.
    diagnostics.push(...(gateway.policy?.authzConfig === undefined ? [] : cedarFindings(gateway.policy.authzConfig)));
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
  diagnostics.push(
    ...plans
      .filter(({ gateway }) => !gateway.imported)
      .flatMap(plan => [...exposure(plan), ...checkIssuers(plan), ...checkTrafficPolicy(plan)]),
  );
  return {
    topology,
    index,
    plans,
    guards: plansOf(guards),
    gatewayOfRoute,
    policies: policiesOf(plans),
    diagnostics: distinct(diagnostics),
  };
}

function plansOf(guards: ReadonlyMap<string, PlannedGuard>): ReadonlyMap<string, GatewayPlan> {
  return new Map([...guards].map(([path, { plan }]) => [path, plan]));
}

function policiesOf(plans: readonly GatewayPlan[]): ReadonlyMap<string, EffectivePolicy> {
  return new Map(
    plans.flatMap(({ entries }) => entries.map((entry): [string, EffectivePolicy] => [entry.origin, policyOf(entry)])),
  );
}
