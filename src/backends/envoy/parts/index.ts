import { affinity } from './affinity';
import { authorization, timeOfDay } from './authorization';
import { callers, oauthMetadata } from './callers';
import { headerChanges, headerFilters } from './headers';
import { callerAddress, downstreamTls, ports } from './listener';
import { matches } from './matches';
import { mcp, message } from './mcp';
import { accessLog, accessLogFields, audit, requestPath, tracing } from './observability';
import { openApi } from './open-api';
import { origins } from './origins';
import { overload } from './overload';
import { Part } from './part';
import { rateLimits } from './rate-limits';
import { resilience } from './resilience';
import { scopes } from './scopes';
import { serverCredentials } from './server-credentials';
import { servers } from './servers';
import { sessions } from './sessions';
import { tokens } from './tokens';
import { unsupported } from './unsupported';
import { tunnels, upstreamTls } from './upstream';
import { distinctBy } from '../../../values/json';
import { Detail, detailsOf, PlaneTable, Standing } from '../../interface/standing';

/*
 * All parts, in the order of their filters. Order counts for the rest, too: of clusters, of changes to headers, of fields of the log.
 */

/** Have filters that decide whether a request is served, or none. What no route admitted is refused behind them. */
const DECIDING_PARTS = [
  ports,
  callerAddress,
  overload,
  downstreamTls,
  // How servers are reached.
  servers,
  matches,
  resilience,
  tunnels,
  upstreamTls,
  // Who calls, what for, and whether that is granted.
  requestPath,
  origins,
  tokens,
  callers,
  oauthMetadata,
  mcp,
  timeOfDay,
  message,
  authorization,
  scopes,
] as const;

/** Have filters for requests that are served. Limits are among them: they count no request that is refused. */
const SERVING_PARTS = [
  rateLimits,
  affinity,
  sessions,
  serverCredentials,
  headerChanges,
  headerFilters,
  // The last with filters: paths are those of services from there on, and what looks for a route again would find none, or another's.
  openApi,
  tracing,
  accessLog,
  audit,
  accessLogFields,
  unsupported,
] as const;

export const DECIDING: readonly Part[] = DECIDING_PARTS;
export const SERVING: readonly Part[] = SERVING_PARTS;

/** All of them. */
export const PARTS: readonly Part[] = [...DECIDING, ...SERVING];

type FeatureOf<P> = P extends { readonly features?: infer F } ? keyof F : never;

/** How Envoy stands to every feature: one that no part speaks of is an error of types. */
export const FEATURES: PlaneTable = Object.assign({}, ...PARTS.map(({ features }) => features)) as Record<
  FeatureOf<(typeof DECIDING_PARTS)[number] | (typeof SERVING_PARTS)[number]>,
  Standing
>;

/** What else is said of Envoy. Parts may share a limit. */
export const DETAILS: readonly Detail[] = distinctBy(
  detailsOf(PARTS.map(({ limits = {} }) => limits)),
  ({ name }) => name,
);

/** What all parts have of something. */
export function fromParts<T>(pick: (part: Part) => readonly T[] | undefined): T[] {
  return PARTS.flatMap(part => pick(part) ?? []);
}

/** What all parts have of something, in one object. */
export function mergedParts<T extends object>(pick: (part: Part) => T | undefined): T {
  return Object.assign({}, ...PARTS.map(part => pick(part) ?? {}));
}
