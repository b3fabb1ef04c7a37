import { planDiscovery } from './entries/discovery';
import { withFilteredHeaders } from './entries/filtered-headers';
import { planGuards, PlannedGuard } from './entries/guards';
import { withOrigins } from './entries/origins';
import { policyOf, withPolicy } from './entries/policy';
import { checkAttended, isDiagnostic, resolveGateway } from './entries/references';
import { planRoute } from './entries/routes';
import { idleFilters, idlePatterns, toolClashes, unevenTools } from './entries/tool-conflicts';
import { attackSurface } from './gateways/attack-surface';
import { checkIssuers } from './gateways/certificates';
import { plainHeaderCredentials, plainUrlCredentials } from './gateways/plain-credentials';
import { checkTrafficPolicy } from './gateways/traffic-checks';
import { throughProxy } from './network/external-hosts';
import { knownNamespaces } from './network/host-names';
import { checkKeyHosts, checkOwnMachine, checkRemoteHosts } from './network/remote-hosts';
import { permissionWarnings } from './permissions/kubernetes-dangers';
import { cedarFindings } from './policy/cedar-policies';
import { checkBackendCredentials } from './servers/credentials';
import { checkGuardedServers, contradictoryReferences } from './servers/demands';
import { Diagnostic } from '../model/findings';
import { Gateway, publicUrlOf } from '../model/gateway';
import { Compiled, Entry, GatewayPlan } from '../model/plan';
import { EffectivePolicy } from '../model/policy';
import { gatewayKey, Route } from '../model/route';
import { indexTopology, Topology } from '../model/topology';
import { distinct } from '../values/json';
import { compareText } from '../values/text';

/** Resolves and plans a topology. */
export function compile(topology: Topology): Compiled {
  const index = indexTopology(topology);
  const namespaces = knownNamespaces(topology);
  const guards = planGuards(topology.servers);
  const diagnostics: Diagnostic[] = [
    ...contradictoryReferences(topology.servers),
    ...topology.servers.flatMap(server => [
      ...idleFilters(server),
      ...permissionWarnings(server),
      ...checkOwnMachine(server),
      ...plainUrlCredentials(server),
    ]),
    ...[...guards.values()].flatMap(guard => guard.diagnostics),
  ];
  const entries = new Map<string, Entry[]>();
  const gatewayOfRoute = new Map<string, Gateway>();
  const add = (gateway: Gateway, planned: Entry, route?: Route): void => {
    const key = gatewayKey(gateway);
    const reached = withFilteredHeaders(throughProxy(planned, gateway, topology), gateway.traffic);
    const host = publicUrlOf(gateway.exposures ?? []);
    const known = {
      ...reached.entry,
      ...(gateway.traffic === undefined ? {} : { traffic: gateway.traffic }),
      ...(host === undefined ? {} : { publicUrl: `${host}${reached.entry.path}` }),
    };
    const asking = withOrigins(known, gateway, route);
    const { entry, diagnostics: findings } = withPolicy(asking.entry, gateway, route);
    diagnostics.push(...reached.diagnostics, ...asking.diagnostics, ...findings);
    const others = entries.get(key);
    if (others === undefined) {
      entries.set(key, [entry]);
    } else {
      others.push(entry);
    }
    diagnostics.push(
      ...toolClashes(entry),
      ...unevenTools(entry),
      ...checkRemoteHosts(gateway, entry, index, namespaces),
      ...(gateway.imported ? [] : [...checkBackendCredentials(entry), ...checkGuardedServers(entry)]),
    );
  };

  for (const route of topology.routes) {
    const gateway = resolveGateway(route, index);
    const { entry, diagnostics: findings } = planRoute(route, index);
    diagnostics.push(...findings, ...idlePatterns(route, index), ...plainHeaderCredentials(route));
    if (isDiagnostic(gateway)) {
      diagnostics.push(...(route.rendered ? [gateway] : []));
    } else {
      diagnostics.push(...checkAttended(route, gateway));
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
      .flatMap(plan => [
        ...attackSurface(plan),
        ...checkIssuers(plan),
        ...checkKeyHosts(plan),
        ...checkTrafficPolicy(plan),
      ]),
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
