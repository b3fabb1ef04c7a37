import { ConnectionPolicies, HostParts, McpTarget } from './config';
import { CONFIG_DIRECTORY } from './container';
import { BackendGroup, keepsCallers } from '../../../model/plan';
import { Endpoint, Server, serverKey } from '../../../model/server';

/** One endpoint of a group and its share. */
export interface Member {
  /** Unique in the entry and stable: the server's label, and the number of the endpoint where there are several. */
  readonly label: string;
  readonly server: Server;
  readonly endpoint: Endpoint;
  /** A positive integer. */
  readonly weight: number;
}

/** The endpoints of a group: a server's weight is shared evenly by its endpoints. */
export function membersOf(group: BackendGroup, labels: ReadonlyMap<string, string>): Member[] {
  // Scaled so that every share is whole: agentgateway takes integers, and so do the buckets.
  const scale = group.servers.map(({ server }) => server.endpoints.length).reduce(leastCommonMultiple, 1);
  return group.servers.flatMap(({ server, weight }) =>
    server.endpoints.map((endpoint, index) => ({
      label:
        server.endpoints.length === 1 ? labels.get(serverKey(server))! : `${labels.get(serverKey(server))}.${index}`,
      server,
      endpoint,
      weight: weight * (scale / server.endpoints.length),
    })),
  );
}

/** Whether callers keep their endpoint, where there is a choice: some server keeps sessions, or each caller has one of several servers. */
export function isSticky(group: BackendGroup, members: readonly Member[]): boolean {
  return members.length > 1 && (members.some(({ server }) => server.sessions === 'stateful') || keepsCallers(group));
}

function leastCommonMultiple(a: number, b: number): number {
  return (a / greatestCommonDivisor(a, b)) * b;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** A target in the form of its protocol, without empty policies. */
export function target(
  name: string,
  protocol: Server['protocol'],
  address: { host: string; port: number; path: string },
  policies: ConnectionPolicies,
): McpTarget {
  return {
    name,
    ...(protocol === 'sse' ? { sse: address } : { mcp: address }),
    ...(isEmpty(policies) ? {} : { policies }),
  };
}

/** A target that is a REST service, described by a file beside the configuration. */
export function openApiTarget(name: string, address: HostParts, file: string, policies: ConnectionPolicies): McpTarget {
  return {
    name,
    openapi: { ...address, schema: { file: `${CONFIG_DIRECTORY}/${file}` } },
    ...(isEmpty(policies) ? {} : { policies }),
  };
}

/** Whether policies say nothing: agentgateway takes no empty ones. */
export function isEmpty(policies: object): boolean {
  return Object.values(policies).every(policy => policy === undefined);
}
