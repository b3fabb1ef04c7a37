import { DocumentCheck } from './source-document';
import { RateLimit, RateLimitOptions, RateLimitUnit } from '../policy/rate-limit';
import { Json } from '../values/json';
import { Path } from '../values/paths';

const FACTORIES: Readonly<
  Record<string, (requests: number, unit: RateLimitUnit, options?: RateLimitOptions) => RateLimit>
> = {
  user: RateLimit.perUser,
  principal: RateLimit.perPrincipal,
  ip: RateLimit.perIp,
  tool: RateLimit.perTool,
  namespace: RateLimit.perNamespace,
  server: RateLimit.perServer,
  global: RateLimit.overall,
};

/** Units and dimensions as the gateway's policy of September 2025 writes them, as names of fields. */
const UNITS: Readonly<Record<string, RateLimitUnit>> = {
  requestsPerSecond: RateLimitUnit.SECOND,
  requestsPerMinute: RateLimitUnit.MINUTE,
  requestsPerHour: RateLimitUnit.HOUR,
};
const DIMENSIONS = { global: 'global', perUser: 'user', perIP: 'ip', perServer: 'server' };

/** Reads a gateway's `policy.rateLimit`: one rate for each dimension, since of several the lowest alone holds. */
export function readGatewayRates(rateLimit: Json | undefined = {}, check: DocumentCheck): RateLimit[] {
  return Object.entries(DIMENSIONS)
    .filter(([field]) => rateLimit[field] !== undefined)
    .flatMap(([field, dimension]) => {
      const path: Path = ['spec', 'policy', 'rateLimit', field];
      const { burst, ...rates } = rateLimit[field] as Json;
      const units = Object.keys(UNITS).filter(unit => rates[unit] !== undefined);
      check.check(
        path,
        rateLimit[field],
        units.length === 0 ? 'states no rate' : undefined,
        'Write requestsPerSecond, requestsPerMinute or requestsPerHour',
      );
      check.check(
        path,
        rateLimit[field],
        units.length > 1 ? 'states several rates, and of limits with one dimension the lowest alone holds' : undefined,
        'Keep one',
      );
      return units.length !== 1
        ? []
        : (check.attempt(
            () => path,
            () => FACTORIES[dimension].call(RateLimit, rates[units[0]], UNITS[units[0]], { burst }),
          ) ?? []);
    });
}
