import { integer, ValueOf } from './codec';
import { object } from './object';
import { Place } from './place';
import { limit, LimitValue } from './rate-limit';
import { errorKind } from '../model/findings';
import { withoutUndefined } from '../values/json';

/** `policy.rateLimit` of a gateway, the shape of upstream's sep2025: a few rates for each of four dimensions. */

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

const dimension = (description: string) =>
  object(description, {
    burst: integer('Requests let through at once.', { minimum: 1 }),
    requestsPerHour: integer('Requests per hour.', { minimum: 1 }),
    requestsPerMinute: integer('Requests per minute.', { minimum: 1 }),
    requestsPerSecond: integer('Requests per second.', { minimum: 1 }),
  });

/** The rates of a gateway. */
export const rates = object('How often callers may use the gateway.', {
  global: dimension('All callers together.'),
  perIP: dimension('Each address.'),
  perServer: dimension('Each server.'),
  perUser: dimension('Each user.'),
});

/** The rates of a gateway, as its policy says them. */
export type RatesValue = ValueOf<typeof rates>;

/** What each field is about, in the order of limits. */
const DIMENSIONS = { global: 'global', perUser: 'user', perIP: 'ip', perServer: 'server' } as const;
const UNITS = { requestsPerSecond: 'second', requestsPerMinute: 'minute', requestsPerHour: 'hour' } as const;

const FIELDS = Object.keys(DIMENSIONS) as (keyof typeof DIMENSIONS)[];
const UNIT_FIELDS = Object.keys(UNITS) as (keyof typeof UNITS)[];

const fieldOf = (limited: LimitValue) => FIELDS.find(field => DIMENSIONS[field] === limited.dimension);
const unitFieldOf = ({ unit }: LimitValue) => UNIT_FIELDS.find(field => UNITS[field] === unit);

/** Rates as limits: one for each dimension, since of several the lowest alone holds. What is not one rate is reported. */
export function limitsOfRates(value: RatesValue, place: Place): LimitValue[] {
  return FIELDS.flatMap(field => {
    const given = value[field];
    if (given === undefined) {
      return [];
    }
    const at = place.at(field);
    const units = UNIT_FIELDS.filter(unit => given[unit] !== undefined);
    at.report(GATEWAY_RATE_NONE, given, units.length === 0);
    at.report(GATEWAY_RATES_SEVERAL, given, units.length > 1);
    if (units.length !== 1) {
      return [];
    }
    const [unit] = units;
    const limited: LimitValue = withoutUndefined({
      dimension: DIMENSIONS[field],
      requests: given[unit]!,
      unit: UNITS[unit],
      burst: given.burst,
    });
    limit.check(
      limited,
      at.through(() => []),
    );
    return [limited];
  });
}

/** Why rates cannot say a limit beside others; undefined where they can. */
export function unsayableRate(limited: LimitValue, others: readonly LimitValue[]): string | undefined {
  return fieldOf(limited) === undefined
    ? `is counted for each ${limited.dimension}`
    : unitFieldOf(limited) === undefined
      ? `is a rate per ${limited.unit}`
      : limited.tools !== undefined
        ? 'is about some tools alone'
        : others.some(other => other.dimension === limited.dimension && other.unit === limited.unit)
          ? 'is a second one of its dimension and unit'
          : undefined;
}

/** Limits as rates, all of which can be said so; undefined without any. */
export function ratesOfLimits(limits: readonly LimitValue[]): RatesValue | undefined {
  const value: Record<string, object> = {};
  for (const limited of limits) {
    const { burst, requests } = limited;
    const field = fieldOf(limited)!;
    value[field] = { ...value[field], [unitFieldOf(limited)!]: requests, ...(burst === undefined ? {} : { burst }) };
  }
  return limits.length === 0 ? undefined : value;
}
