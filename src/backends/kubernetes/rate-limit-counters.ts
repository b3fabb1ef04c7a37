import { rateLimitDomain } from './rate-limit-names';
import { GatewayPlan } from '../../model/plan';
import { Counter } from '../../model/policy';
import { lowestRates } from '../../passes/policy/rates';

/** Key of the first entry of every descriptor: which counter is asked for. The second is named like its dimension. */
export const COUNTER_KEY = 'limit';

/** Whether a gateway needs the rate-limit service: some entry has a limit. */
export function needsRateLimitService({ entries }: GatewayPlan): boolean {
  return entries.some(({ counters }) => counters.length > 0);
}

/** All counters of gateways by domain, each once, sorted. */
export function countersByDomain(plans: readonly GatewayPlan[]): ReadonlyMap<string, readonly Counter[]> {
  const domains = new Map<string, Map<string, Counter>>();
  for (const { gateway, entries } of plans) {
    const domain = rateLimitDomain(gateway);
    const counters = domains.get(domain) ?? new Map<string, Counter>();
    for (const found of entries.flatMap(entry => entry.counters)) {
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
