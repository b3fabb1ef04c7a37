import { LevelPolicy } from './policy';
import { ServerRef } from './references';
import { ToolPattern } from './tool-pattern';

/** A share of a route's traffic. */
export interface Backend {
  readonly server: ServerRef;
  readonly weight: number;
}

/** What keeps the requests of a caller at one of several servers that share requests by weight: the caller itself, or nothing. */
export type Affinity = 'caller' | 'none';

/** How a header's value is compared. Regexes are RE2 and match the whole value. */
export type HeaderMatchKind = 'Exact' | 'Prefix' | 'Regex';

/** A condition on a request header. */
export interface HeaderMatch {
  /** Lower case: header names do not depend on case. */
  readonly name: string;
  readonly kind: HeaderMatchKind;
  readonly value: string;
}

/** Conditions that a request meets all of. */
export interface MatchConditions {
  /** Any of these; undefined means any item at all, tools or not. */
  readonly tools?: readonly ToolPattern[];
  /** JSON-RPC method, such as `tools/call`. */
  readonly method?: string;
  /** All of these. */
  readonly headers: readonly HeaderMatch[];
}

/** One rule of a route; the first rule that a request meets decides. */
export interface Match extends MatchConditions {
  /** Servers for what it matches; empty means the route's own backends. */
  readonly backends: readonly Backend[];
}

/** A header and its value. */
export interface Header {
  readonly name: string;
  readonly value: string;
}

/** Changes to headers. */
export interface HeaderModifier {
  readonly set: readonly Header[];
  readonly add: readonly Header[];
  readonly remove: readonly string[];
}

/** Limits on how long a request may take, as Go durations (`1m30s`). */
export interface Timeouts {
  readonly request?: string;
  readonly backendRequest?: string;
}

/** How failed requests are repeated. */
export interface Retry {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  readonly backoff?: string;
  /** HTTP status codes that are repeated. */
  readonly codes: readonly number[];
}

/** A route of the app. */
export interface Route {
  readonly path: string;
  readonly name: string;
  readonly namespace: string;
  /** False when an operator reconciles the resource: it then needs no gateway in this app. */
  readonly rendered: boolean;
  /** The gateway it names; undefined asks for the app's only one. */
  readonly gateway?: GatewayRef;
  readonly backends: readonly Backend[];
  readonly matches: readonly Match[];
  readonly requestHeaders?: HeaderModifier;
  readonly responseHeaders?: HeaderModifier;
  readonly timeouts?: Timeouts;
  readonly retry?: Retry;
  /** Undefined is `caller`. */
  readonly affinity?: Affinity;
  /** Origins of web pages that may ask; undefined leaves it to the gateway. */
  readonly allowedOrigins?: readonly string[];
  /** Who may use it and how often, beyond what its gateway asks for. */
  readonly policy?: LevelPolicy;
}

/** Kinds of the API that are gateways. */
export type GatewayKind = 'MCPGateway' | 'ClusterMCPGateway';

/** Identifies a gateway in an app. */
export interface GatewayRef {
  readonly kind: GatewayKind;
  readonly name: string;
  /** Namespace of the resource; undefined for the cluster-scoped kind. */
  readonly namespace?: string;
}

/** Key of a gateway in maps and sorts. */
export function gatewayKey(ref: GatewayRef): string {
  return `${ref.kind}/${ref.namespace ?? ''}/${ref.name}`;
}

/** Path on its gateway that serves a route. */
export function routePath(route: { readonly namespace: string; readonly name: string }): string {
  return `/routes/${route.namespace}/${route.name}`;
}
