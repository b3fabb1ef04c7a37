import { Gateway } from '../../../src/model/gateway';
import { BackendGroup, Entry, GatewayPlan } from '../../../src/model/plan';
import { Server } from '../../../src/model/server';

/** A gateway of plain defaults. */
export function gatewayOf(options: Partial<Gateway> = {}): Gateway {
  return {
    kind: 'MCPGateway',
    name: 'gw',
    namespace: 'mcp',
    path: 'app/gw',
    workloadNamespace: 'mcp',
    plane: 'agentgateway',
    port: 8080,
    replicas: 1,
    affinity: {},
    accessLog: [],
    logLevel: 'info',
    logFormat: 'json',
    imported: false,
    ...options,
  };
}

/** A stateful server with one endpoint. */
export function serverOf(name: string, options: Partial<Server> = {}): Server {
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
    imported: false,
    ...options,
  };
}

/** The endpoints of so many replicas. */
export function replicasOf(name: string, count: number): Server['endpoints'] {
  return Array.from({ length: count }, (_, index) => ({ host: `${name}-${index}.${name}-replicas.finance.svc`, port: 8080, path: '/mcp' }));
}

/** A group of servers, each alone or with its weight. */
export function groupOf(id: string, servers: readonly (Server | readonly [Server, number])[], options: Partial<BackendGroup> = {}): BackendGroup {
  return {
    id,
    unless: [],
    servers: servers.map((item) => ('name' in item ? { server: item, weight: 1 } : { server: item[0], weight: item[1] })),
    ...options,
  };
}

/** The entry of a route. */
export function entryOf(groups: readonly BackendGroup[], options: Partial<Entry> = {}): Entry {
  return { origin: 'app/smart', id: 'finance/smart', path: '/routes/finance/smart', groups, skipUnavailable: false, ...options };
}

/** A plan of one entry. */
export function planOf(groups: readonly BackendGroup[], options: Partial<Entry> = {}, gateway: Partial<Gateway> = {}): GatewayPlan {
  return { gateway: gatewayOf(gateway), entries: [entryOf(groups, options)] };
}
