import { rateLimitDomain } from './rate-limit-names';
import { Gateway } from '../../model/gateway';
import { Entry, GatewayPlan } from '../../model/plan';
import { RateLimit } from '../../model/policy';
import { toolsKey } from '../../passes/policy/canonical';
import { lowestRates } from '../../passes/policy/rates';
import { digest } from '../../values/digest';
import { canonicalText } from '../../values/json';

/** Key of the first entry of every descriptor: which counter is asked for. The second is named like its dimension. */
export const COUNTER_KEY = 'limit';

/** Calls that are counted together, for each value of a dimension. */
export interface Counter extends Pick<RateLimit, 'dimension' | 'requests' | 'unit' | 'tools'> {
  /** Unique within its gateway, and the same whatever the rate: a new rate goes on with the counts. */
  readonly id: string;
  /** Namespace of the entry, by which a limit per namespace counts. */
  readonly namespace: string;
}

/**
 * The counters that a call at an entry adds to, in a stable order.
 *
 * A limit of a gateway counts over all its routes, one of a route on that route alone. That is why a gateway's limit stays
 * where a route has a lower one: the calls of a user on several routes still come under it.
 */
export function countersOf(gateway: Gateway, entry: Entry): Counter[] {
  const { policy } = entry;
  if (policy === undefined) {
    return [];
  }
  const shared = lowestRates(
    policy.levels.filter(({ level }) => level === 'gateway').flatMap(({ rateLimits }) => rateLimits),
  );
  const own = policy.rateLimits.filter(limit => !shared.some(other => isSame(limit, other)));
  const namespace = entry.id.includes('/') ? entry.id.slice(0, entry.id.indexOf('/')) : gateway.workloadNamespace;
  return [
    ...shared.map(limit => counter('gateway', namespace, limit)),
    ...own.map(limit => counter(`route/${entry.id}`, namespace, limit)),
  ];
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

/** Whether a gateway needs the rate-limit service: some entry has a limit. */
export function needsRateLimitService(plan: GatewayPlan): boolean {
  return plan.entries.some(entry => countersOf(plan.gateway, entry).length > 0);
}

/** All counters of gateways by domain, each once, sorted. */
export function countersByDomain(plans: readonly GatewayPlan[]): ReadonlyMap<string, readonly Counter[]> {
  const domains = new Map<string, Map<string, Counter>>();
  for (const { gateway, entries } of plans) {
    const domain = rateLimitDomain(gateway);
    const counters = domains.get(domain) ?? new Map<string, Counter>();
    for (const found of entries.flatMap(entry => countersOf(gateway, entry))) {
      const known = counters.get(found.id);
      counters.set(found.id, known === undefined ? found : { ...found, ...lowestOf(known, found) });
    }
    domains.set(domain, counters);
  }
  return new Map(
    [...domains]
      .filter(([, counters]) => counters.size > 0)
      .sort(byKey)
      .map(([domain, counters]) => [domain, [...counters].sort(byKey).map(([, found]) => found)]),
  );
}

/** The stricter of two rates of one counter: entries see the same limits of their gateway, so they differ only by mistake. */
function lowestOf(a: Counter, b: Counter): Pick<Counter, 'requests' | 'unit'> {
  const origin = { path: '', property: '' };
  const [{ requests, unit }] = lowestRates([a, b].map(one => ({ ...one, origin })));
  return { requests, unit };
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
