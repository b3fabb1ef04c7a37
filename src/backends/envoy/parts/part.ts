import { POLICY_FEATURES, PolicyFeature } from '../../../api/gateway-policy';
import { Diagnostic } from '../../../model/findings';
import { BackendGroup } from '../../../model/plan';
import { SecretKey } from '../../../model/policy';
import { Endpoint, Server } from '../../../model/server';
import { ENVOY } from '../../interface/data-plane';
import { Enforced, PlaneTable, Refused, refusedBy, Standing } from '../../interface/standing';
import {
  Address,
  Any,
  Cluster,
  FilterChain,
  HeaderValueOption,
  HttpConnectionManager,
  Listener,
  Metadata,
  Route,
  RouteAction,
  Secret,
} from '../config/api';
import { Extension, LogField } from '../config/config';
import { EnvoyEntry, EnvoyPlan } from '../config/plan';
import { RouteConditions } from '../dialect/conditions';

/*
 * A feature on Envoy is a part: one object with all that it has in the configuration. What makes the files walks the list of
 * parts, and knows none of them by name.
 */

/** What one feature, or some that belong together, have in the configuration. A part has the members that it needs. */
export interface Part {
  /** How Envoy stands to features of the model. Each is said by one part. */
  readonly features?: Features;
  /** What else is said of the part: what it cannot do, and what it does that nobody has to ask for. */
  readonly limits?: Readonly<Record<string, Standing>>;
  /** What of a plan is beyond the limits. Features that are not supported are refused before. */
  check?(plan: EnvoyPlan): readonly Diagnostic[];

  /**
   * Filters of the listener. They work in the order of the list of parts. A filter whose settings stand on routes is there
   * whether or not a route has any: routes are read from another file, and must not wait for a filter.
   */
  filters?(plan: EnvoyPlan): readonly Extension[];
  /** On all routes at once. */
  host?(plan: EnvoyPlan): Filters;
  /** What the routes of an entry have, whatever they serve. */
  entry?(entry: EnvoyEntry): EntryPart;
  /** What a route to servers has. */
  route?(route: ServerRoute): RoutePart;

  /** What the clusters of a group of servers have. */
  cluster?(group: BackendGroup, plan: EnvoyPlan): Partial<Omit<Cluster, 'type' | 'cluster_type'>>;
  /** What an address of such a cluster has. */
  endpoint?(endpoint: Endpoint, server: Server): EndpointPart;

  /** What the listener has that clients reach, besides filters. */
  listener?(plan: EnvoyPlan): ListenerPart;
  /** Fields on the line that is logged for each request. */
  logFields?(plan: EnvoyPlan): Readonly<Record<string, LogField>>;
  /** Whatever else the configuration needs for it. */
  resources?(plan: EnvoyPlan): Resources;
  /** Keys of Secrets that are read from files. */
  secretKeys?(plan: EnvoyPlan): readonly SecretKey[];
}

/** A part, of which the types know to which features it says how Envoy stands. */
export function part<F extends Features = Record<never, never>>(
  members: Part & { readonly features?: F },
): Omit<Part, 'features'> & { readonly features?: F } {
  return members;
}

/** How Envoy stands to features. */
export type Features = Partial<PlaneTable>;

/** What filters do on routes, by the names of filters. */
export type Filters = Readonly<Record<string, Any>>;

/** What a part has at an entry. */
export interface EntryPart {
  /** On its routes. */
  readonly filters?: Filters;
  /** Routes of the part's own, in front of those to servers, which are open to everybody. */
  readonly routes?: readonly Route[];
}

/** Event streams, which never end by themselves, and everything else. */
export type RouteKind = 'request' | 'stream';

/** A route to the servers of a group. */
export interface ServerRoute {
  readonly plan: EnvoyPlan;
  readonly entry: EnvoyEntry;
  readonly group: BackendGroup;
  readonly kind: RouteKind;
}

/** What a part has on a route to servers. */
export interface RoutePart {
  /** What a request has to match, besides the path. */
  readonly match?: RouteConditions;
  /** What is done with the request. */
  readonly action?: Partial<RouteAction>;
  /** Changes of headers: lists, which follow those of earlier parts. */
  readonly headers?: HeaderChanges;
  readonly filters?: Filters;
}

/** Changes of headers as a route has them. */
export interface HeaderChanges {
  readonly request_headers_to_add?: readonly HeaderValueOption[];
  readonly request_headers_to_remove?: readonly string[];
  readonly response_headers_to_add?: readonly HeaderValueOption[];
  readonly response_headers_to_remove?: readonly string[];
}

/** What a part has at an address. */
export interface EndpointPart {
  /** In place of host and port. */
  readonly address?: Address;
  readonly metadata?: Metadata;
}

/** What a part has at the listener. */
export interface ListenerPart {
  /** At what reads HTTP. */
  readonly manager?: Partial<HttpConnectionManager>;
  /** At the connection. */
  readonly chain?: Pick<FilterChain, 'transport_socket'>;
}

/** Resources of the configuration. */
export interface Resources {
  readonly clusters?: readonly Cluster[];
  readonly listeners?: readonly Listener[];
  /** Where secrets of connections are: each becomes a file. */
  readonly secrets?: readonly (Secret & { readonly name: string })[];
}

/** Something that Envoy does: how, and for which values of the fields that ask for it where not for all. */
export function enforced(reason: string, values?: string): Enforced {
  return { supported: true, reason, ...(values === undefined ? {} : { values }) };
}

/** Something that Envoy cannot do, a feature or a limit by name: why not, and what to do instead. */
export function refused(name: string, reason: string, remedy: string): Refused {
  return refusedBy(ENVOY, name, reason, remedy);
}

/** Several features of a gateway's policy that Envoy cannot do for one reason: one, and all that is below it by name. */
export function refusedBelow<N extends string>(name: N, reason: string, remedy: string): Record<Below<N>, Refused> {
  const below = POLICY_FEATURES.filter(feature => feature === name || feature.startsWith(`${name}.`));
  const standing = refused(name, reason, remedy);
  return Object.fromEntries(below.map(feature => [feature, standing])) as Record<Below<N>, Refused>;
}

type Below<N extends string> = Extract<PolicyFeature, N | `${N}.${string}`>;
