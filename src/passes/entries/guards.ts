import { withPolicy } from './policy';
import { Diagnostic, errorKind, findingOf } from '../../model/findings';
import { Gateway } from '../../model/gateway';
import { Entry, GatewayPlan } from '../../model/plan';
import { Server } from '../../model/server';

/** Data plane that guards are made of: the only one that runs beside a server, and inside its container. */
const GUARD_PLANE = 'agentgateway';

/** A plan for what stands in front of a server, and what is wrong with it. */
export interface PlannedGuard {
  readonly plan: GatewayPlan;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * What stands in front of a server that asks something of its callers: a gateway with one entry, which serves the server at
 * its own path, in the same pod. Undefined for a server that asks nothing, or is not rendered here.
 */
export function planGuard(server: Server): PlannedGuard | undefined {
  if (server.policy === undefined || server.imported || server.workloadNamespace === undefined) {
    return undefined;
  }
  const gateway = guardOf(server);
  const { entry, diagnostics } = withPolicy(entryOf(server), gateway);
  return { plan: { gateway, entries: [entry] }, diagnostics: [...diagnostics, ...clusterGaps(server)] };
}

function guardOf(server: Server): Gateway {
  return {
    kind: 'MCPGateway',
    name: server.name,
    namespace: server.workloadNamespace,
    workloadNamespace: server.workloadNamespace!,
    path: server.path,
    plane: GUARD_PLANE,
    port: server.podPort!,
    replicas: 1,
    exposed: false,
    policy: server.policy,
    affinity: {},
    accessLog: [],
    logLevel: 'info',
    logFormat: 'json',
    profile: server.profile,
    imported: false,
  };
}

/** A stdio program has no port: its adapter puts the program in the place of the address. */
function entryOf(server: Server): Entry {
  const {
    podPort,
    guardedPort,
    endpoints: [{ path }],
  } = server;
  // Its own address is none that could be asked for: what is asked of the server comes through.
  const { credentials: _, hostHeader: __, policy, ...program } = server;
  return {
    origin: server.path,
    id: server.name,
    path,
    groups: [
      {
        id: 'default',
        unless: [],
        servers: [
          {
            server: { ...program, endpoints: [{ host: '127.0.0.1', port: guardedPort ?? podPort!, path }] },
            weight: 1,
          },
        ],
      },
    ],
    skipUnavailable: false,
    counters: [],
  };
}

/** Version of Kubernetes from which on a container can start before the others and end after them. */
const SIDECARS_SINCE = 29;

const GUARD_WITHOUT_NETWORK_POLICIES = errorKind(
  'guard-without-network-policies',
  'the program listens on {port} in its pod, and the cluster has nothing that keeps callers from that port (its profile says so), so that they could go past what protects it',
  'Enforce NetworkPolicies in the cluster, or use a stdio server, which has no port of its own',
);
const GUARD_WITHOUT_SIDECARS = errorKind(
  'guard-without-sidecars',
  'what protects the server is a sidecar container, which Kubernetes 1.{minor} does not know',
  `Use Kubernetes 1.${SIDECARS_SINCE} or later`,
);

/** What a cluster lacks that a container in front of a program needs. */
function clusterGaps({ path, guardedPort, profile }: Server): Diagnostic[] {
  if (guardedPort === undefined || profile === undefined) {
    return [];
  }
  return [
    ...(profile.network !== 'none'
      ? []
      : [findingOf(GUARD_WITHOUT_NETWORK_POLICIES, path, 'oidcConfig', undefined, { port: guardedPort })]),
    ...(profile.kubernetesMinor >= SIDECARS_SINCE
      ? []
      : [findingOf(GUARD_WITHOUT_SIDECARS, path, 'oidcConfig', undefined, { minor: profile.kubernetesMinor })]),
  ];
}

/** The guards of servers, by the servers' paths. */
export function planGuards(servers: readonly Server[]): ReadonlyMap<string, PlannedGuard> {
  return new Map(
    servers.flatMap(server => {
      const guard = planGuard(server);
      return guard === undefined ? [] : [[server.path, guard] as const];
    }),
  );
}
