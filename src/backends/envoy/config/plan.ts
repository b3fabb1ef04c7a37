import { shortest } from './config';
import { entryName } from './names';
import { BackendGroup, Entry, GatewayPlan, serversOf } from '../../../model/plan';
import { alternatives, SecretKey, SingleMethod } from '../../../model/policy';
import { Endpoint, formatServerRef, isRemote, Server, serverKey } from '../../../model/server';
import { sizeLimit } from '../../../model/traffic-policy';
import { clientAuthorities } from '../../../passes/gateways/certificates';
import { callerTokenOf, wantsCallerToken } from '../../../passes/servers/credentials';
import { distinct } from '../../../values/json';
import { compareText } from '../../../values/text';

/** An entry, and what follows from it and its gateway. */
export interface EnvoyEntry extends Entry {
  /** Its name in the configuration: `finance.smart`. */
  readonly name: string;
  /** Property by which its servers were named, as the user writes it. */
  readonly backendsProperty: 'backends' | 'discovery';
  /** Each once. */
  readonly servers: readonly Server[];
  /** Every way by which callers may prove who they are. */
  readonly methods: readonly SingleMethod[];
  /** Whether the token that a caller was verified by goes on to a server, in `Authorization`. */
  readonly forwardsToken: boolean;
  /** Milliseconds that one attempt at a server may take; undefined where it may take any time. */
  readonly attemptLimit?: number;
}

/** A plan, and what follows from it: worked out once, and read by all parts. */
export interface EnvoyPlan extends GatewayPlan {
  readonly entries: readonly EnvoyEntry[];
  /** Longest body that is read, in bytes. */
  readonly bodyLimit: number;
  /** Whether what tools are called with has to be read: the log shows it. */
  readonly readsArguments: boolean;
  /** Authorities of client certificates; undefined where no entry asks for one. The check made sure that all ask for the same. */
  readonly clientAuthorities?: SecretKey;
}

/** The longest body that is read, unless the gateway says otherwise, in bytes. */
const DEFAULT_BODY_LIMIT = 2 * 1024 * 1024;

/** Works out what follows from a plan. Nothing of it was checked yet. */
export function envoyPlan(plan: GatewayPlan): EnvoyPlan {
  const { entries, gateway } = plan;
  const filtering = gateway.traffic?.requestFiltering;
  return {
    gateway,
    entries: entries.map(entry => envoyEntry(entry, plan)),
    bodyLimit: (filtering && sizeLimit(filtering)) ?? DEFAULT_BODY_LIMIT,
    readsArguments: gateway.accessLog.some(({ source }) => source.kind === 'toolArguments'),
    clientAuthorities: clientAuthorities(plan),
  };
}

function envoyEntry(entry: Entry, { gateway }: GatewayPlan): EnvoyEntry {
  const servers = serversOf(entry);
  return {
    ...entry,
    name: entryName(entry),
    backendsProperty: entry.origin === gateway.path ? 'discovery' : 'backends',
    servers,
    methods: (entry.policy?.authentication ?? []).flatMap(({ method }) => alternatives(method)),
    forwardsToken: callerTokenOf(entry.policy) === 'verified' && servers.some(wantsCallerToken),
    attemptLimit: shortest(entry.timeouts?.backendRequest, gateway.circuitBreaker?.requestTimeout),
  };
}

/** A server of a group, its share, and where it answers. */
export interface Member {
  readonly server: Server;
  readonly weight: number;
  readonly endpoints: readonly Endpoint[];
}

/** The servers of a group, whatever the order they were added in. */
export function membersOf(group: BackendGroup): Member[] {
  return [...group.servers]
    .sort((a, b) => compareText(serverKey(a.server), serverKey(b.server)))
    .map(({ server, weight }) => ({ server, weight, endpoints: server.endpoints }));
}

/** All addresses of a group. */
export function endpointsOf(group: BackendGroup): Endpoint[] {
  return membersOf(group).flatMap(({ endpoints }) => endpoints);
}

/** Whether there is a choice, so that a session could lose its server. */
export function isShared(group: BackendGroup): boolean {
  return endpointsOf(group).length > 1;
}

/** Whether requests of a session have to find its server among several. */
export function sharesSessions(group: BackendGroup): boolean {
  return isShared(group) && isStateful(group);
}

/**
 * Whether the address of a server goes with the ids of its sessions. Also where there is but one, which may get company while sessions
 * are open. Not at one server outside the cluster: what is behind its name changes, and any of it knows its sessions.
 */
export function pinsSessions(group: BackendGroup): boolean {
  return isStateful(group) && !isLoneRemote(group);
}

/** One address outside the cluster. */
export function isLoneRemote(group: BackendGroup): boolean {
  return !isShared(group) && group.servers.every(({ server }) => isRemote(server));
}

function isStateful({ servers }: BackendGroup): boolean {
  return servers.some(({ server }) => server.sessions === 'stateful');
}

/** The servers of a group by name. */
export function memberNames(group: BackendGroup): string[] {
  return membersOf(group).map(({ server }) => formatServerRef(server));
}

/** Whether some values are not all the same. */
export function differ(values: readonly unknown[]): boolean {
  return distinct(values).length > 1;
}

/** Property that a group was made from, as the user writes it. */
export function groupProperty({ id }: BackendGroup): string {
  return id === 'default' ? 'backends' : id.replace(/^match-(\d+)$/, 'matches[$1]');
}
