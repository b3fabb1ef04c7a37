import { authentication } from './authentication';
import { authorization } from './authorization';
import { bodyFilters, bodySizes } from './bodies';
import { compliance } from './compliance';
import { headerChanges, headerFilters } from './headers';
import { listener } from './listener';
import { matches } from './matches';
import { audit, observability } from './observability';
import { openApi } from './open-api';
import { origins } from './origins';
import { Part } from './part';
import { protocolVersions, questions } from './protocol-versions';
import { rateLimits } from './rate-limits';
import { serverCredentials } from './server-credentials';
import { guards, resilience, servers, upstream } from './servers';
import { sessions } from './sessions';
import { Entry } from '../../../model/plan';
import { Enforcement } from '../../../passes/access/enforcement';
import { Behind } from '../../interface/data-plane';
import { PlaneTable, Standing } from '../../interface/standing';
import { waysOf } from '../dialect/matches';
import { StagedRule } from '../dialect/rule';

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
  origins,
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

/** First what a request may be at all, then who calls, then what the caller may do. */
const ORDER: readonly StagedRule['level'][] = ['filtering', 'authentication'];

/** The rules at an entry, in the order they are asked. */
export function rulesOf(entry: Entry): readonly StagedRule[] {
  const rules = fromParts(part => part.rules?.(entry));
  return [
    ...ORDER.flatMap(level => rules.filter(rule => rule.level === level)),
    ...rules.filter(({ level }) => !ORDER.includes(level)),
  ];
}

/** What is enforced at an entry. */
export function enforcement(entry: Entry, behind: Behind = () => undefined): Enforcement {
  return {
    entry: entry.id,
    clientHeaders: mergedParts(part => part.clientHeaders?.(entry)),
    authentication: entry.policy?.authentication ?? [],
    rules: rulesOf(entry),
    ways: waysOf(entry, behind),
  };
}
