import { Gateway } from '../../src/model/gateway';
import { BackendGroup, Entry, GatewayPlan } from '../../src/model/plan';
import { Backend, Match, Route } from '../../src/model/route';
import { Server } from '../../src/model/server';
import { toolGlob } from '../../src/model/tool-pattern';
import { Topology } from '../../src/model/topology';
import { countersOf } from '../../src/passes/policy/merge';

/* Topologies and plans as literals: the least that passes and back ends read, and what a test is about. */

/** A gateway of plain defaults. */
export function gatewayOf({ name = 'gw', ...options }: Partial<Gateway> = {}): Gateway {
  return {
    kind: 'MCPGateway',
    name,
    namespace: 'mcp-system',
    path: `app/${name}`,
    workloadNamespace: 'mcp-system',
    plane: 'agentgateway',
    port: 8080,
    replicas: 1,
    memoryLimit: 512 * 2 ** 20,
    exposed: false,
    affinity: {},
    accessLog: [],
    logLevel: 'info',
    logFormat: 'json',
    imported: false,
    ...options,
  };
}

/** A stateful server with one endpoint, and the tools it exposes, as words of a text. */
export function serverOf(
  name: string,
  { exposes, ...options }: Partial<Server> & { readonly exposes?: string } = {},
): Server {
  return {
    kind: 'MCPServer',
    name,
    namespace: 'finance',
    path: `app/${name}`,
    labels: {},
    transport: 'streamable-http',
    protocol: 'streamable-http',
    sessions: 'stateful',
    endpoints: [{ host: `${name}.finance.svc`, port: 8080, path: '/mcp' }],
    workloadNamespace: 'finance',
    ...(exposes === undefined ? {} : { tools: exposes.split(' ').map(tool => ({ name: tool })) }),
    imported: false,
    ...options,
  };
}

/** A server that other namespaces may use. */
export function clusterServerOf(name: string, consent: Server['consent'], rest: Partial<Server> = {}): Server {
  return serverOf(name, {
    kind: 'ClusterMCPServer',
    namespace: undefined,
    workloadNamespace: 'mcp-system',
    consent,
    ...rest,
  });
}

/** The endpoints of so many replicas. */
export function replicasOf(name: string, count: number): Server['endpoints'] {
  return Array.from({ length: count }, (_, index) => ({
    host: `${name}-${index}.${name}-replicas.finance.svc`,
    replicasHost: `${name}-replicas.finance.svc`,
    port: 8080,
    path: '/mcp',
  }));
}

/** A group of servers, each alone or with its weight. */
export function groupOf(
  id: string,
  servers: readonly (Server | readonly [Server, number])[],
  options: Partial<BackendGroup> = {},
): BackendGroup {
  return {
    id,
    unless: [],
    servers: servers.map(item => ('name' in item ? { server: item, weight: 1 } : { server: item[0], weight: item[1] })),
    ...options,
  };
}

/** The entry of a route. */
export function entryOf(groups: readonly BackendGroup[], options: Partial<Entry> = {}): Entry {
  const { id = 'finance/smart', policy } = options;
  return {
    origin: 'app/smart',
    id,
    path: '/routes/finance/smart',
    groups,
    skipUnavailable: false,
    counters: policy === undefined ? [] : countersOf(policy, id, gatewayOf()),
    ...options,
  };
}

/** A plan of one entry. */
export function planOf(
  groups: readonly BackendGroup[],
  options: Partial<Entry> = {},
  gateway: Partial<Gateway> = {},
): GatewayPlan {
  return { gateway: gatewayOf(gateway), entries: [entryOf(groups, options)] };
}

/** A share of a route's requests. */
export function backendOf(name: string, weight = 1): Backend {
  return { server: { kind: 'MCPServer', name, namespace: 'finance' }, weight };
}

/** A rule of a route, with globs of tools as words of a text. */
export function matchOf(
  tools: string | undefined,
  backends: readonly Backend[] = [],
  rest: Partial<Match> = {},
): Match {
  return { tools: tools?.split(' ').map(toolGlob), headers: [], backends, ...rest };
}

/** A route without backends. */
export function routeOf(rest: Partial<Route> = {}): Route {
  return { path: 'app/smart', name: 'smart', namespace: 'finance', rendered: true, backends: [], matches: [], ...rest };
}

/** A topology of nothing but what is given. */
export function topologyOf(rest: Partial<Topology>): Topology {
  return { servers: [], routes: [], gateways: [], namespaces: [], ...rest };
}

/** Groups in short: `match-0: ledger=90 canary=10`. */
export function groupsInShort(entry: Pick<Entry, 'groups'>): string[] {
  return entry.groups.map(({ id, servers }) =>
    `${id}: ${servers.map(item => `${item.server.name}=${item.weight}`).join(' ')}`.trimEnd(),
  );
}

/** Findings in short: `path property: problem`. */
export function findingsInShort(
  findings: readonly {
    readonly severity: string;
    readonly path: string;
    readonly property: string;
    readonly problem: string;
  }[],
): string[] {
  return findings.map(({ severity, path, property, problem }) => `${severity} ${path} ${property}: ${problem}`);
}
