import { connectClients } from './clients';
import { gatewayWords, permitGateway } from './gateways';
import { knownNamespaces } from './host-names';
import { permitServer } from './servers';
import { ServiceIndex } from './services';
import { World } from './targets';
import { PodFacts, Workload, tcpPort } from './workload';
import { DEFAULT_PROFILE } from '../../model/cluster';
import { Diagnostic, errorKind, findingOf, warningKind } from '../../model/findings';
import { Gateway } from '../../model/gateway';
import { NetworkPeer, PodSet, WorkloadNetwork } from '../../model/network';
import { NetworkPort } from '../../model/permissions';
import { Compiled, serversOfPlan } from '../../model/plan';
import { selects } from '../../model/references';
import { gatewayKey } from '../../model/route';
import { Server, formatServerRef, serverKey } from '../../model/server';
import { Index, mayUse, namespaceLabels } from '../../model/topology';
import { compareText } from '../../values/text';

const FOREIGN_GATEWAY_PODS_UNKNOWN = warningKind(
  'foreign-gateway-pods-unknown',
  'its pods are not made by this app, so that their labels are not known: every pod of the namespace "{namespace}" may connect to {servers}',
  'Keep other pods out of that namespace, or define the gateway in this app',
);
const SERVER_UNREACHED = warningKind(
  'server-unreached',
  'no route and no discovery serves it, and nobody else may connect to it',
  'Add it to a route (route.addBackend) or to the discovery of a gateway, or say who may connect to it (allowIngress)',
);
const GATEWAY_WITHOUT_CLIENTS = warningKind(
  'gateway-without-clients',
  'nobody may connect to the gateway: no client is connected to it or to its routes, and no other source is allowed',
  "Connect clients of this app with route.connect(workload), and allow others with gateway.allowIngress(IngressSource.namespaces('agents'))",
);
const GUARD_WITHOUT_ENFORCEMENT = warningKind(
  'guard-without-enforcement',
  'what the server asks of its callers is asked in front of its program, and nothing keeps them from connecting to the program itself, on port {port}',
  'Use a cluster that enforces NetworkPolicies, or let the program listen on 127.0.0.1 alone',
);
const EGRESS_NOT_LET_IN = errorKind(
  'egress-not-let-in',
  'is of another namespace and does not let connections from "{from}" in',
  "Whose it is says allowIngress(IngressSource.namespaces('{from}')), or shares the server as a ClusterMcpServer with that namespace",
);
const NETWORK_NOT_ENFORCED = warningKind(
  'network-not-enforced',
  'every pod may connect to every other: no policies are emitted for servers and gateways',
  'Say NetworkEnforcement.networkPolicy() where the cluster enforces them',
);

/** Who may connect to whom in an app, and what is worth saying about it. */
export interface NetworkPlan {
  readonly workloads: readonly WorkloadNetwork[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Works out every connection that an app declares, for the pods on both of its sides.
 *
 * Connections are permitted where they start, and each of them then lets itself in at the pods where it ends, so that the
 * two sides cannot differ.
 */
export function planNetwork({ topology, index, plans, gatewayOfRoute }: Compiled, facts: PodFacts): NetworkPlan {
  const servers = new Map(
    topology.servers
      .filter(hasPods)
      .map((server): [string, Workload] => [serverKey(server), serverWorkload(server, facts)]),
  );
  const gateways = new Map(
    topology.gateways
      .filter(isRendered)
      .map((gateway): [string, Workload] => [gatewayKey(gateway), gatewayWorkload(gateway, facts)]),
  );
  const services = new ServiceIndex(topology.services ?? []);
  const namespaces = knownNamespaces(topology);
  const world: World = { index, services, servers, isNamespace: name => namespaces.has(name) };

  const diagnostics: Diagnostic[] = [];
  const counting: Workload[] = [];
  for (const plan of plans) {
    const workload = gateways.get(gatewayKey(plan.gateway));
    if (workload === undefined) {
      diagnostics.push(...letInStrangers(plan.gateway, serversOfPlan(plan), servers));
    } else {
      const { workloads, findings } = permitGateway(plan, workload, facts, world);
      counting.push(...workloads);
      diagnostics.push(...findings);
    }
  }
  for (const server of topology.servers) {
    const workload = servers.get(serverKey(server));
    diagnostics.push(...(workload === undefined ? [] : permitServer(server, workload, world)));
  }
  const clients = connectClients(topology.clients ?? [], topology.isolated ?? [], facts, {
    ...world,
    gateways,
    gatewayOfRoute,
  });
  diagnostics.push(...clients.flatMap(({ findings }) => findings));

  const own = [...servers.values(), ...gateways.values(), ...counting];
  const consents = new Map(
    topology.servers.flatMap((server): [Workload, Server][] => {
      const workload = servers.get(serverKey(server));
      return workload === undefined ? [] : [[workload, server]];
    }),
  );
  diagnostics.push(
    ...letIn(
      [...own, ...clients.map(({ workload }) => workload)],
      own,
      (listener, caller) => {
        const server = consents.get(listener);
        return server?.kind === 'ClusterMCPServer' && mayUse(caller.pods.namespace, server, index);
      },
      index,
    ),
  );
  diagnostics.push(
    ...unreachable(topology.gateways, gateways),
    ...(gateways.size === 0 ? [] : unreached(servers.values())),
    ...unenforced(own),
    ...topology.servers.flatMap(bypassed),
  );
  return {
    workloads: [
      ...own.map(workload => workload.network()),
      ...clients
        .filter(({ restricted }) => restricted)
        .map(({ workload }) => workload.network({ ingress: false, egress: true })),
    ].sort((a, b) => compareText(a.pods.namespace, b.pods.namespace) || compareText(a.name, b.name)),
    diagnostics,
  };
}

function hasPods(server: Server): boolean {
  return server.podPort !== undefined && server.workloadNamespace !== undefined && !server.imported;
}

function isRendered(gateway: Gateway): boolean {
  return !gateway.imported;
}

function serverWorkload(server: Server, facts: PodFacts): Workload {
  return new Workload(
    server.path,
    facts.server(server),
    server.profile ?? DEFAULT_PROFILE,
    formatServerRef(server),
    server.podPort,
  );
}

function gatewayWorkload(gateway: Gateway, facts: PodFacts): Workload {
  return new Workload(
    gateway.path,
    facts.gateway(gateway),
    gateway.profile ?? DEFAULT_PROFILE,
    gatewayWords(gateway),
    gateway.port,
  );
}

/** A gateway that is not of this app: its pods are in its namespace, and more is not known of them. */
function letInStrangers(
  gateway: Gateway,
  routed: readonly Server[],
  servers: ReadonlyMap<string, Workload>,
): Diagnostic[] {
  const { path, workloadNamespace } = gateway;
  const reached = routed.flatMap(server => servers.get(serverKey(server)) ?? []);
  for (const { ingress, port } of reached) {
    ingress.push({
      peer: { kind: 'pods', namespaces: { kind: 'names', names: [workloadNamespace] } },
      ports: [tcpPort(port!)],
      origin: { path, property: 'gateway' },
      words: gatewayWords(gateway),
    });
  }
  return reached.every(({ profile }) => profile.network === 'none')
    ? []
    : [
        findingOf(FOREIGN_GATEWAY_PODS_UNKNOWN, path, 'gateway', gatewayWords(gateway), {
          namespace: workloadNamespace,
          servers: reached
            .map(({ words }) => words)
            .sort(compareText)
            .join(', '),
        }),
      ];
}

/**
 * Lets each permitted connection in where it ends. What one side alone asked for does not open pods of another namespace: whose they
 * are must let it in, or have shared the server with the namespace that it comes from.
 */
function letIn(
  callers: readonly Workload[],
  listeners: readonly Workload[],
  isShared: (listener: Workload, caller: Workload) => boolean,
  index: Index,
): Diagnostic[] {
  const selected = selectionOf(listeners);
  const declared = new Map(listeners.map(listener => [listener, [...listener.ingress]]));
  const findings: Diagnostic[] = [];
  for (const caller of callers) {
    for (const { peer, ports, origin, oneSided = false } of caller.egress) {
      for (const listener of peer.kind === 'podSet' ? selected(peer.pods) : []) {
        if (ports.length > 0 && !ports.some(({ protocol, port }) => protocol === 'TCP' && port === listener.port)) {
          continue;
        }
        const foreign = oneSided && listener.pods.namespace !== caller.pods.namespace && caller.path !== listener.path;
        if (
          foreign &&
          listener.profile.network !== 'none' &&
          !isShared(listener, caller) &&
          !declared.get(listener)!.some(rule => admits(rule.peer, caller.pods, index))
        ) {
          findings.push(
            findingOf(EGRESS_NOT_LET_IN, origin.path, origin.property, listener.words, {
              from: caller.pods.namespace,
            }),
          );
          continue;
        }
        listener.ingress.push({ peer: caller.peer, ports: [tcpPort(listener.port!)], origin, words: caller.words });
      }
    }
  }
  return findings;
}

/**
 * Finds the workloads among whose pods those with some labels are. By each label that they have, since a gateway has connections to as
 * many servers of a namespace as there are.
 */
function selectionOf(workloads: readonly Workload[]): (pods: PodSet) => readonly Workload[] {
  const found = new Map<string, Workload[]>();
  for (const workload of workloads) {
    for (const key of keysOf(workload.pods)) {
      const others = found.get(key);
      if (others === undefined) {
        found.set(key, [workload]);
      } else {
        others.push(workload);
      }
    }
  }
  return pods => {
    const candidates = keysOf(pods).map(key => found.get(key) ?? []);
    const fewest = candidates.reduce((a, b) => (b.length < a.length ? b : a));
    return fewest.filter(workload =>
      Object.entries(pods.labels).every(([key, value]) => workload.pods.labels[key] === value),
    );
  };
}

function keysOf({ namespace, labels }: PodSet): string[] {
  return [namespace, ...Object.entries(labels).map(label => JSON.stringify([namespace, ...label]))];
}

/** Whether a source is, or has among it, pods; of addresses it is not known whose they are. */
function admits(source: NetworkPeer, { namespace, labels }: PodSet, index: Index): boolean {
  switch (source.kind) {
    case 'anywhere':
      return true;
    case 'pods':
      return (
        (source.namespaces.kind === 'all' ||
          (source.namespaces.kind === 'names'
            ? source.namespaces.names.includes(namespace)
            : selects(source.namespaces.selector, namespaceLabels(index, namespace)))) &&
        (source.pods === undefined || selects(source.pods, labels))
      );
    default:
      return false;
  }
}

/** Gateways that nobody may connect to. */
function unreachable(gateways: readonly Gateway[], workloads: ReadonlyMap<string, Workload>): Diagnostic[] {
  return gateways
    .filter(gateway => {
      const workload = workloads.get(gatewayKey(gateway));
      return (
        workload !== undefined &&
        workload.profile.network !== 'none' &&
        !workload.ingress.some(({ ports }) => ports.some(({ port }) => port === workload.port))
      );
    })
    .map(({ path }) => findingOf(GATEWAY_WITHOUT_CLIENTS, path, 'ingress', undefined));
}

/** Servers that nobody may connect to. Of an app without gateways nothing is said: they may be added by somebody else. */
function unreached(servers: Iterable<Workload>): Diagnostic[] {
  return [...servers]
    .filter(
      ({ ingress, port, profile }) => profile.network !== 'none' && !ingress.some(({ ports }) => opens(ports, port)),
    )
    .map(({ path }) => findingOf(SERVER_UNREACHED, path, 'ingress', undefined));
}

/** Whether ports are all, or one of them is a port. */
function opens(ports: readonly NetworkPort[], wanted: number | undefined): boolean {
  return (
    ports.length === 0 ||
    ports.some(({ port, endPort = port }) => port === undefined || (port <= wanted! && wanted! <= endPort!))
  );
}

/** Protected servers whose program everyone can connect to, past what protects it. */
function bypassed({ path, guardedPort, profile }: Server): Diagnostic[] {
  return guardedPort === undefined || profile?.network !== 'none'
    ? []
    : [findingOf(GUARD_WITHOUT_ENFORCEMENT, path, 'profile.network', 'none', { port: guardedPort })];
}

/** Clusters where nothing is enforced. */
function unenforced(workloads: readonly Workload[]): Diagnostic[] {
  const profiles = new Map(
    workloads.filter(({ profile }) => profile.network === 'none').map(({ profile }) => [profile.path ?? '', profile]),
  );
  return [...profiles].map(([path, { acknowledgement }]) =>
    findingOf(NETWORK_NOT_ENFORCED, path, 'profile.network', acknowledgement),
  );
}
