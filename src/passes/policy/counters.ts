import { lowestRates, toolsKey } from './merge';
import { Gateway } from '../../model/gateway';
import { Counter, EffectivePolicy, RateLimit } from '../../model/policy';
import { canonicalText } from '../../values/json';
import { digest } from '../../values/text';

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
