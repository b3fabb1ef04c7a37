import { DocumentCheck } from './source-document';
import { errorKind } from '../model/findings';
import { RateLimit, RateLimitOptions, RateLimitUnit } from '../policy/rate-limit';
import { Json } from '../values/json';
import { Path } from '../values/paths';

const GATEWAY_RATE_NONE = errorKind(
  'gateway-rate-none',
  'states no rate',
  'Write requestsPerSecond, requestsPerMinute or requestsPerHour',
);
const GATEWAY_RATES_SEVERAL = errorKind(
  'gateway-rates-several',
  'states several rates, and of limits with one dimension the lowest alone holds',
  'Keep one',
);

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
      check.report(GATEWAY_RATE_NONE, path, rateLimit[field], units.length === 0);
      check.report(GATEWAY_RATES_SEVERAL, path, rateLimit[field], units.length > 1);
      return units.length !== 1
        ? []
        : (check.attempt(
            () => path,
            () => FACTORIES[dimension].call(RateLimit, rates[units[0]], UNITS[units[0]], { burst }),
          ) ?? []);
    });
}
