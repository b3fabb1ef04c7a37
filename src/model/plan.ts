import { Diagnostic } from './findings';
import { Gateway } from './gateway';
import { alternatives, Counter, EffectivePolicy, SingleMethod } from './policy';
import { Affinity, HeaderModifier, MatchConditions, Retry, Timeouts } from './route';
import { exposedTools, Server, serverKey } from './server';
import { Index, Topology } from './topology';
import { TrafficPolicy } from './traffic-policy';
import { distinctBy } from '../values/json';
import { compareText } from '../values/text';

/** A server and its share. */
export interface WeightedServer {
  readonly server: Server;
  /** At least 1: servers of weight 0 get no traffic and are left out of plans. */
  readonly weight: number;
}

/**
 * Servers that share the same requests by weight.
 *
 * A group gets the requests that meet `when` (undefined: all) and none of `unless`:
 * the groups of one entry never compete for a request.
 */
export interface BackendGroup {
  /** Unique within its entry: `match-0`, `default`, or a server's name for discovery. */
  readonly id: string;
  readonly when?: MatchConditions;
  readonly unless: readonly MatchConditions[];
  readonly servers: readonly WeightedServer[];
  /** Undefined is `caller`. */
  readonly affinity?: Affinity;
}

/** Whether a caller has a server of its own among those of a group: there are several, and nothing else was asked for. */
export function keepsCallers({ affinity, servers }: BackendGroup): boolean {
  return servers.length > 1 && affinity !== 'none';
}

/** One path of a gateway, with everything resolved: a route, or the discovered servers. */
export interface Entry {
  /** Construct path of what the entry was made from, for reports. */
  readonly origin: string;
  /** Unique within its gateway: `{namespace}/{route}`, or `mcp` for discovery. */
  readonly id: string;
  /** URL path, matched exactly. */
  readonly path: string;
  readonly groups: readonly BackendGroup[];
  readonly requestHeaders?: HeaderModifier;
  readonly responseHeaders?: HeaderModifier;
  readonly timeouts?: Timeouts;
  readonly retry?: Retry;
  /** Leave out servers that do not answer instead of failing the session. */
  readonly skipUnavailable: boolean;
  /** Who may use it and how often; undefined lets everyone. */
  readonly policy?: EffectivePolicy;
  /** What counts its calls, by the limits of its policy. */
  readonly counters: readonly Counter[];
  /** Its URL outside the cluster; undefined where its gateway has no public host. */
  readonly publicUrl?: string;
  /** Origins of web pages that may ask; undefined where none may. */
  readonly allowedOrigins?: readonly string[];
  /** What its gateway records, filters and isolates. */
  readonly traffic?: TrafficPolicy;
}

/** The servers of an entry, each once, in the order of its groups. */
export function serversOf(entry: Entry): Server[] {
  return distinctBy(
    entry.groups.flatMap(({ servers }) => servers).map(({ server }) => server),
    serverKey,
  );
}

/** The tools that can be called at an entry, sorted; undefined where one of its servers does not declare its own. */
export function declaredTools(entry: Entry): readonly string[] | undefined {
  const tools = serversOf(entry).map(exposedTools);
  return tools.every(known => known !== undefined) ? [...new Set(tools.flat())].sort(compareText) : undefined;
}

/** A gateway and all it serves, sorted by path: what a back end turns into configuration. */
export interface GatewayPlan {
  readonly gateway: Gateway;
  readonly entries: readonly Entry[];
}

/** The servers that a gateway sends requests to, each once. */
export function serversOfPlan({ entries }: Pick<GatewayPlan, 'entries'>): Server[] {
  return distinctBy(entries.flatMap(serversOf), serverKey);
}

/** The methods by which callers of a plan are authenticated, each choice by itself. */
export function methodsOf({ entries }: GatewayPlan): SingleMethod[] {
  return entries.flatMap(({ policy }) => policy?.authentication ?? []).flatMap(({ method }) => alternatives(method));
}

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
