import { Fields } from './fields';
import { Path } from './property-path';
import { DocumentCheck } from './source-document';
import { Json } from '../backends/kubernetes/pod-template';
import { RateLimit, RateLimitOptions, RateLimitUnit } from '../policy/rate-limit';

const FACTORIES: Readonly<Record<string, (requests: number, unit: RateLimitUnit, options?: RateLimitOptions) => RateLimit>> = {
  user: RateLimit.perUser,
  principal: RateLimit.perPrincipal,
  ip: RateLimit.perIp,
  tool: RateLimit.perTool,
  namespace: RateLimit.perNamespace,
};

/** Reads `rateLimit`: limits as far as they are right. */
export function readRateLimits(rateLimit: Json | undefined, check: DocumentCheck): RateLimit[] {
  return ((rateLimit?.limits ?? []) as Json[]).flatMap(({ dimension, requests, unit, tools = [] }, i) => {
    const path: Path = ['spec', 'rateLimit', 'limits', i];
    return check.attempt(property => placeOf(path, property), () => FACTORIES[dimension].call(RateLimit, requests, unit, tools.length === 0 ? {} : { tools })) ?? [];
  });
}

function placeOf(path: Path, property: string): Path {
  const [, index] = /^tools\[([0-9]+)\]$/.exec(property) ?? [];
  return index === undefined ? [...path, property] : [...path, 'tools', Number(index)];
}

/** Units that the gateway's policy of September 2025 writes as names of fields. */
const UNITS: Readonly<Record<string, RateLimitUnit>> = {
  requestsPerSecond: RateLimitUnit.SECOND,
  requestsPerMinute: RateLimitUnit.MINUTE,
  requestsPerHour: RateLimitUnit.HOUR,
};

/** Reads what of a gateway's `policy.rateLimit` says a limit of this library exactly: one rate, of users or addresses. The rest stays unread. */
export function readGatewayRates(fields: Fields): RateLimit[] {
  const exact = (field: 'perUser' | 'perIP', factory: (requests: number, unit: RateLimitUnit) => RateLimit): RateLimit[] => {
    const said: [string, any][] = Object.entries(fields.peek('policy', 'rateLimit', field) ?? {});
    if (said.length !== 1 || !(said[0][0] in UNITS)) {
      return [];
    }
    fields.read('policy', 'rateLimit', field);
    return [factory(said[0][1], UNITS[said[0][0]])];
  };
  return [...exact('perUser', (requests, unit) => RateLimit.perUser(requests, unit)), ...exact('perIP', (requests, unit) => RateLimit.perIp(requests, unit))];
}
