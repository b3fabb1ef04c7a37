import { headerOf } from './authentication';
import { describeMethod } from './words';
import { Diagnostic, errorKind, findingOf } from '../../model/findings';
import { Gateway } from '../../model/gateway';
import { declaredTools, Entry } from '../../model/plan';
import {
  alternatives,
  ApiKey,
  AuthenticationMethod,
  Counter,
  EffectivePolicy,
  JwtMethod,
  LevelPolicy,
  PolicyOrigin,
  RateLimit,
  RateUnit,
  SingleMethod,
} from '../../model/policy';
import { formatToolPattern, matchesAnyTool, ToolPattern } from '../../model/tool-pattern';
import { canonicalText } from '../../values/json';
import { compareText, digest } from '../../values/text';

/** A merged policy, and what in its levels contradicts. */
export interface MergedPolicy {
  readonly policy: EffectivePolicy;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Merges the policies of the levels above an entry, the outermost first (docs/design.md §5). Nothing is ever taken away: every
 * method must pass, every level must grant, the lowest rate holds. So a level can only tighten.
 */
export function effectivePolicy(levels: readonly LevelPolicy[]): MergedPolicy {
  const authentication = mergedMethods(levels);
  return {
    policy: { levels, authentication, rateLimits: lowestRates(levels.flatMap(({ rateLimits }) => rateLimits)) },
    diagnostics: contradictions(authentication),
  };
}

/** Methods whose names a level relies on: its own, and those of the levels around it. */
export function trustedMethods({ levels }: EffectivePolicy, level: LevelPolicy): AuthenticationMethod[] {
  return levels
    .slice(0, levels.indexOf(level) + 1)
    .flatMap(({ authentication }) => authentication.map(({ method }) => method));
}

/** What clients may ask the issuer of a protected resource for: what the resource says, and what rules ask of its tokens. */
export function scopesOf({ levels }: EffectivePolicy, { issuer, resource }: JwtMethod): string[] {
  const asked = levels
    .flatMap(({ rules }) => rules)
    .flatMap(({ conditions }) => conditions)
    .flatMap(condition =>
      condition.kind === 'scope' && (condition.issuer ?? issuer) === issuer ? [condition.scope] : [],
    );
  return [...new Set([...(resource?.scopes ?? []), ...asked])];
}

function mergedMethods(levels: readonly LevelPolicy[]): EffectivePolicy['authentication'] {
  const merged = new Map<string, { readonly method: AuthenticationMethod; readonly origins: PolicyOrigin[] }>();
  for (const { method, origin } of levels.flatMap(({ authentication }) => authentication)) {
    const key = methodKey(method);
    const known = merged.get(key);
    if (known === undefined) {
      merged.set(key, { method, origins: [origin] });
    } else {
      known.origins.push(origin);
    }
  }
  return [...merged.values()];
}

const AUTHENTICATION_CONTRADICTS = errorKind(
  'authentication-contradicts',
  'no request can pass this and also {other}, which {origin} asks for: both read the same header',
  'Read one of them from another header, accept either of them with Authentication.anyOf at one level, or remove one',
);

/** Pairs of methods that no request can pass together: everything would be denied. */
export function contradictions(authentication: EffectivePolicy['authentication']): Diagnostic[] {
  return authentication.flatMap((later, i) =>
    authentication
      .slice(0, i)
      .filter(earlier => exclude(earlier.method, later.method))
      .map(earlier => contradiction(earlier, later)),
  );
}

function contradiction(
  earlier: EffectivePolicy['authentication'][number],
  later: EffectivePolicy['authentication'][number],
): Diagnostic {
  const { path, property } = later.origins[0];
  return findingOf(AUTHENTICATION_CONTRADICTS, path, property, describeMethod(later.method), {
    other: describeMethod(earlier.method),
    origin: formatOrigin(earlier.origins[0]),
  });
}

function formatOrigin({ path, property }: PolicyOrigin): string {
  return `${path} (${property})`;
}

function exclude(a: AuthenticationMethod, b: AuthenticationMethod): boolean {
  return alternatives(a).every(one => alternatives(b).every(other => clash(one, other)));
}

/** Whether two methods want different credentials in one place. */
function clash(a: SingleMethod, b: SingleMethod): boolean {
  const [first, second] = [headerOf(a), headerOf(b)];
  if (first === undefined || second === undefined || first.name !== second.name) {
    return false;
  }
  if (a.kind === 'jwt' && b.kind === 'jwt') {
    // Audiences may differ: one token can be for several.
    return a.issuer !== b.issuer || first.prefix !== second.prefix || canonicalText(a.keys) !== canonicalText(b.keys);
  }
  if (a.kind === 'apiKey' && b.kind === 'apiKey') {
    const accepted = new Set(a.keys.map(keyText));
    return first.prefix !== second.prefix || !b.keys.some(key => accepted.has(keyText(key)));
  }
  return a.kind !== b.kind;
}

function keyText({ secret }: ApiKey): string {
  return canonicalText(secret);
}

const SECONDS: Readonly<Record<RateUnit, bigint>> = { second: 1n, minute: 60n, hour: 3600n, day: 86_400n };

type Rate = Pick<RateLimit, 'requests' | 'unit'>;

/** Orders rates by requests per second, compared exactly, as fractions. */
export function compareRates(a: Rate, b: Rate): number {
  const [left, right] = [BigInt(a.requests) * SECONDS[b.unit], BigInt(b.requests) * SECONDS[a.unit]];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Orders limits, the stricter first. Of equal rates it is the one of the shorter unit: who keeps to 60 a minute keeps to 3600 an hour, and not the other way. */
function compareLimits(a: Rate, b: Rate): number {
  return compareRates(a, b) || Number(SECONDS[a.unit] - SECONDS[b.unit]);
}

/** The lowest rate of each dimension and selection of tools, figures as they were written, in a stable order. */
export function lowestRates(limits: readonly RateLimit[]): RateLimit[] {
  const lowest = new Map<string, RateLimit>();
  for (const limit of limits) {
    const key = limitKey(limit);
    const known = lowest.get(key);
    if (known === undefined || compareLimits(limit, known) < 0) {
      lowest.set(key, limit);
    }
  }
  return [...lowest].sort(([a], [b]) => compareText(a, b)).map(([, limit]) => limit);
}

/** Key of a method: two methods of one key let the same callers pass. */
function methodKey(method: AuthenticationMethod): string {
  return method.kind === 'anyOf' ? `anyOf ${sortedTexts(method.methods.map(singleKey)).join(' ')}` : singleKey(method);
}

function singleKey(method: SingleMethod): string {
  switch (method.kind) {
    case 'jwt':
      return canonicalText({ ...method, audiences: sortedTexts(method.audiences) });
    case 'apiKey':
      return canonicalText({ ...method, keys: sortedTexts(method.keys.map(canonicalText)) });
    default:
      return canonicalText(method);
  }
}

/** Key of a selection of tools. */
function toolsKey(tools: readonly ToolPattern[] | undefined): string {
  return tools === undefined ? '' : JSON.stringify(sortedTexts(tools.map(formatPattern)));
}

/** Key of what a limit counts: its dimension and its selection of tools. */
function limitKey({ dimension, tools }: Pick<RateLimit, 'dimension' | 'tools'>): string {
  return `${dimension} ${toolsKey(tools)}`;
}

function formatPattern(pattern: ToolPattern): string {
  return `${pattern.kind} ${formatToolPattern(pattern)}`;
}

function sortedTexts(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort(compareText);
}

/**
 * The counters that a call at an entry, here by its id, adds to, in a stable order.
 *
 * A limit of a gateway counts over all its routes, one of a route on that route alone. That is why a gateway's limit stays
 * where a route has a lower one: the calls of a user on several routes still come under it.
 */
export function countersOf(
  policy: EffectivePolicy,
  entry: string,
  gateway: Pick<Gateway, 'workloadNamespace'>,
): Counter[] {
  const shared = lowestRates(
    policy.levels.filter(({ level }) => level === 'gateway').flatMap(({ rateLimits }) => rateLimits),
  );
  const own = policy.rateLimits.filter(limit => !shared.some(other => isSame(limit, other)));
  const namespace = entry.includes('/') ? entry.slice(0, entry.indexOf('/')) : gateway.workloadNamespace;
  return [
    ...shared.map(limit => counter('gateway', namespace, limit)),
    ...own.map(limit => counter(`route/${entry}`, namespace, limit)),
  ];
}

/**
 * The tools that a counter of tools counts each for itself. Every other name counts as one with all others: callers could
 * fill the store with names that they make up. Undefined where not all servers of the entry declare their tools.
 */
export function countedTools({ tools }: Counter, entry: Entry): readonly string[] | undefined {
  return declaredTools(entry)?.filter(tool => matchesAnyTool(tools, tool));
}

function isSame(a: RateLimit, b: RateLimit): boolean {
  // A merged policy has the limits of its levels themselves, which is soon seen; one that was read from text has copies.
  return (
    a === b ||
    (a.origin.path === b.origin.path &&
      a.origin.property === b.origin.property &&
      canonicalText(a) === canonicalText(b))
  );
}

function counter(scope: string, namespace: string, { dimension, requests, unit, tools }: RateLimit): Counter {
  const selection = tools === undefined ? '' : `/${digest(toolsKey(tools), 12)}`;
  return {
    id: `${scope}/${dimension}${selection}`,
    dimension,
    requests,
    unit,
    ...(tools === undefined ? {} : { tools }),
    namespace,
  };
}
