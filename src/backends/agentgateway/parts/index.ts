import { audit } from './audit';
import { authentication } from './authentication';
import { authorization } from './authorization';
import { bodyFilters } from './body-filters';
import { bodySizes } from './body-sizes';
import { compliance } from './compliance';
import { guards } from './guards';
import { headerChanges, headerFilters } from './headers';
import { listener } from './listener';
import { matches } from './matches';
import { observability } from './observability';
import { openApi } from './open-api';
import { Part } from './part';
import { protocolVersions } from './protocol-versions';
import { questions } from './questions';
import { rateLimits } from './rate-limits';
import { resilience } from './resilience';
import { serverCredentials } from './server-credentials';
import { servers } from './servers';
import { sessions } from './sessions';
import { upstream } from './upstream';
import { PlaneTable, Standing } from '../../interface/standing';

/*
 * All parts. Their order is that of the documentation, of fields of the log, and of what several change: headers of requests and
 * answers, and messages in them. What is asked of a request goes by what it is about, not by the order of parts.
 */
const LIST = [
  matches,
  servers,
  resilience,
  openApi,
  listener,
  observability,
  audit,
  authentication,
  authorization,
  headerChanges,
  serverCredentials,
  protocolVersions,
  questions,
  headerFilters,
  sessions,
  bodyFilters,
  bodySizes,
  rateLimits,
  upstream,
  guards,
  compliance,
] as const;

/** All parts, in order. */
export const PARTS: readonly Part[] = LIST;

type FeatureOf<P> = P extends { readonly features: infer F } ? keyof F : never;

/** How agentgateway stands to every feature: one that no part speaks of is an error of types. */
export const FEATURES: PlaneTable = Object.assign({}, ...PARTS.map(({ features }) => features)) as Record<
  FeatureOf<(typeof LIST)[number]>,
  Standing
>;

/** What all parts have of something. */
export function fromParts<T>(pick: (part: Part) => readonly T[] | undefined): T[] {
  return PARTS.flatMap(part => pick(part) ?? []);
}

/** What all parts have of something, in one object. */
export function mergedParts<T extends object>(pick: (part: Part) => T | undefined): T {
  return Object.assign({}, ...PARTS.map(part => pick(part) ?? {}));
}
