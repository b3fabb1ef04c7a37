import { Address, keyAddresses } from './host-names';
import { dns, from, oneSided, reachDirectly } from './servers';
import { Caller, resolveOutsideServer, resolveTarget, World } from './targets';
import { PodFacts, Reached, reached, tcpPort, together, Workload } from './workload';
import { Diagnostic, findingOf, warningKind } from '../../model/findings';
import { Gateway, otlpAddress } from '../../model/gateway';
import { NetworkRule } from '../../model/network';
import { GatewayPlan, serversOfPlan } from '../../model/plan';
import { formatServerRef, Server, serverKey } from '../../model/server';

const GATEWAY_EGRESS_TO_ALL = warningKind(
  'gateway-egress-to-all',
  'are outside the cluster, and {why}: the pods of the gateway may connect to every public address on these ports, and to no private one',
  "Tell by a ClusterProfile that the cluster has Cilium or a proxy, if that is too much; say private addresses by gateway.allowEgress(EgressTarget.cidr('10.20.0.0/16'))",
);

/** A gateway in words. */
export function gatewayWords({ workloadNamespace, name }: Gateway): string {
  return `gateway ${workloadNamespace}/${name}`;
}

/** What counts a gateway's calls, and what is worth saying. */
export interface GatewayNetwork {
  readonly workloads: readonly Workload[];
  readonly findings: readonly Diagnostic[];
}

/** What a gateway connects to and who may connect to it, besides its clients. Adds what counts its calls. */
export function permitGateway(plan: GatewayPlan, workload: Workload, facts: PodFacts, world: World): GatewayNetwork {
  const { gateway } = plan;
  const { profile } = workload;
  // Gateways know no proxy by the environment: what they reach through one, their configuration says.
  const caller: Caller = {
    namespace: workload.pods.namespace,
    profile,
    unnameable: 'publicAddresses',
    sidecar: false,
    proxied: true,
  };
  const found = together(serversOfPlan(plan).map(server => reachServer(server, workload, caller, world)));
  const allowed = together((gateway.egress ?? []).map(rule => resolveTarget(rule, caller, world)));
  const fetched = together(addressesOf(plan).map(address => reachDirectly(address, caller, world)));
  workload.egress.push(dns(workload), ...found.rules, ...[...fetched.rules, ...allowed.rules].map(oneSided));
  workload.ingress.push(
    ...(gateway.ingress ?? []).map(rule => from(rule, workload.port!)),
    ...outside(gateway),
    ...metrics(workload, facts.gateway(gateway).metricsPort),
  );
  const counting = permitRateLimit(plan, workload, facts, caller, world);
  return {
    workloads: counting.workloads,
    findings: [
      ...found.findings,
      ...fetched.findings,
      ...allowed.findings,
      ...counting.findings,
      ...publicHosts(gateway, [
        ...found.publicHosts,
        ...fetched.publicHosts,
        ...allowed.publicHosts,
        ...counting.publicHosts,
      ]),
    ],
  };
}

function reachServer(server: Server, { path }: Workload, caller: Caller, world: World): Reached {
  const own = world.servers.get(serverKey(server));
  const origin = { path, property: 'network' };
  return own === undefined
    ? resolveOutsideServer(server, origin, caller, world)
    : reached({ rules: [{ peer: own.peer, ports: [tcpPort(own.port!)], origin, words: formatServerRef(server) }] });
}

/** Hosts that the gateway itself needs. */
function addressesOf({ gateway, entries }: GatewayPlan): Address[] {
  const methods = entries
    .flatMap(({ policy }) => policy?.authentication ?? [])
    .map(({ method, origins }) => ({ method, origin: origins[0] }));
  const tracing =
    gateway.tracing === undefined
      ? []
      : [
          {
            ...otlpAddress(gateway.tracing),
            origin: { path: gateway.path, property: 'observability.tracing.endpoint' },
          },
        ];
  return [...keyAddresses(methods), ...tracing];
}

/** A Service that can be reached from outside the cluster shows whoever comes through it by addresses that are not known. */
function outside({ exposed, path, port }: Gateway): NetworkRule[] {
  return exposed
    ? [
        {
          peer: { kind: 'anywhere' },
          ports: [tcpPort(port)],
          origin: { path, property: 'service.type' },
          words: 'from outside the cluster',
        },
      ]
    : [];
}

function metrics({ path, profile }: Workload, port: number): NetworkRule[] {
  const { monitoring } = profile;
  return monitoring === undefined
    ? []
    : [
        {
          peer: { kind: 'podSet', pods: monitoring },
          ports: [tcpPort(port)],
          origin: { path, property: 'profile.monitoring' },
          words: 'monitoring',
        },
      ];
}

/** The service that counts calls, and its store. */
function permitRateLimit(
  plan: GatewayPlan,
  workload: Workload,
  facts: PodFacts,
  caller: Caller,
  world: World,
): Reached & Pick<GatewayNetwork, 'workloads'> {
  const { gateway } = plan;
  const { profile, path } = workload;
  const made = facts.rateLimit(plan);
  if (made === undefined) {
    return { ...together([]), workloads: [] };
  }
  const origin = { path, property: 'rateLimits' };
  const service = new Workload(
    path,
    made.service,
    profile,
    `rate limits of ${gatewayWords(gateway)}`,
    made.service.port,
  );
  workload.egress.push({ peer: service.peer, ports: [tcpPort(made.service.port)], origin, words: service.words });
  service.ingress.push(...metrics(service, made.service.metricsPort));
  service.egress.push(dns(service));
  if (made.store !== undefined) {
    const store = new Workload(path, made.store, profile, `store of the ${service.words}`, made.store.port);
    service.egress.push({ peer: store.peer, ports: [tcpPort(made.store.port)], origin, words: store.words });
    return { ...together([]), workloads: [service, store] };
  }
  const { host, port } = gateway.rateLimitService!.store!;
  const found = reachDirectly(
    { host: host.toLowerCase(), port, origin: { path, property: 'rateLimitService.store.host' } },
    caller,
    world,
  );
  service.egress.push(...found.rules);
  return { ...found, workloads: [service] };
}

function publicHosts({ path, profile }: Gateway, hosts: readonly string[]): Diagnostic[] {
  const distinct = [...new Set(hosts)].sort();
  const why =
    profile?.network === 'istio' ? 'gateways have no sidecar that knows names' : 'NetworkPolicies know no names';
  return distinct.length === 0 ? [] : [findingOf(GATEWAY_EGRESS_TO_ALL, path, 'network', distinct, { why })];
}
