import { Gateway } from '../../src/model/gateway';
import { Entry } from '../../src/model/plan';
import { Backend, Match, Route } from '../../src/model/route';
import { Server } from '../../src/model/server';
import { toolGlob } from '../../src/model/tool-pattern';
import { Topology } from '../../src/model/topology';

/* Topologies as literals: the least that the passes read, and what a test is about. */

export function server(name: string, rest: Partial<Server> & { readonly exposes?: string } = {}): Server {
  const { exposes, ...given } = rest;
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
    tools: exposes === undefined ? undefined : exposes.split(' ').map((tool) => ({ name: tool })),
    imported: false,
    ...given,
  };
}

export function clusterServer(name: string, consent: Server['consent'], rest: Partial<Server> = {}): Server {
  return server(name, { kind: 'ClusterMCPServer', namespace: undefined, workloadNamespace: 'mcp-system', consent, ...rest });
}

export function backend(name: string, weight = 1): Backend {
  return { server: { kind: 'MCPServer', name, namespace: 'finance' }, weight };
}

export function match(tools: string | undefined, backends: readonly Backend[] = [], rest: Partial<Match> = {}): Match {
  return { tools: tools?.split(' ').map(toolGlob), headers: [], backends, ...rest };
}

export function route(rest: Partial<Route> = {}): Route {
  return { path: 'app/smart', name: 'smart', namespace: 'finance', rendered: true, backends: [], matches: [], ...rest };
}

export function gateway(name: string, rest: Partial<Gateway> = {}): Gateway {
  return {
    kind: 'MCPGateway',
    name,
    namespace: 'mcp-system',
    path: `app/${name}`,
    workloadNamespace: 'mcp-system',
    plane: 'agentgateway',
    port: 8080,
    replicas: 1,
    affinity: {},
    accessLog: [],
    logLevel: 'info',
    logFormat: 'json',
    imported: false,
    ...rest,
  };
}

export function topology(rest: Partial<Topology>): Topology {
  return { servers: [], routes: [], gateways: [], namespaces: [], ...rest };
}

/** Groups in short: `match-0: ledger=90 canary=10`. */
export function groupsInShort(entry: Pick<Entry, 'groups'>): string[] {
  return entry.groups.map(({ id, servers }) => `${id}: ${servers.map((item) => `${item.server.name}=${item.weight}`).join(' ')}`.trimEnd());
}

/** Findings in short: `path property: problem`. */
export function findingsInShort(findings: readonly { readonly severity: string; readonly path: string; readonly property: string; readonly problem: string }[]): string[] {
  return findings.map(({ severity, path, property, problem }) => `${severity} ${path} ${property}: ${problem}`);
}
