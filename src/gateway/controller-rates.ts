import { GatewayPolicyValue } from '../api/gateway-policy';
import { limitModel, LimitValue } from '../api/rate-limit';
import { noField } from '../api/upstream';
import { because, errorKind } from '../model/finding-kind';
import { InputCheck } from '../model/input';
import { RateDimension, RateUnit } from '../model/policy';
import { describeRate } from '../passes/policy/words';

/* The limits of a gateway as upstream's resource has them, for an operator: `policy.rateLimit`, a few rates for each of four dimensions. */

const GATEWAY_RATE_OF_OWN = errorKind(
  'gateway-rate-of-own',
  '{problem}',
  'Use RateLimit.overall, perUser, perIp or perServer, per second, minute or hour, say it of each route, or use Reconciliation.RENDERED',
);

type RatesValue = NonNullable<GatewayPolicyValue['rates']>;

const FIELDS: Readonly<Partial<Record<RateDimension, keyof RatesValue>>> = {
  global: 'global',
  user: 'perUser',
  ip: 'perIP',
  server: 'perServer',
};
const UNITS: Readonly<Partial<Record<RateUnit, string>>> = {
  second: 'requestsPerSecond',
  minute: 'requestsPerMinute',
  hour: 'requestsPerHour',
};

/** Reports limits that the resource has no field for. */
export function checkControllerRates(input: InputCheck, limits: readonly LimitValue[]): void {
  const keys = limits.map(({ dimension, unit }) => `${dimension} ${unit}`);
  limits.forEach((limit, i) => {
    const { dimension, tools, unit } = limit;
    const problem =
      FIELDS[dimension] === undefined
        ? `is counted for each ${dimension}`
        : UNITS[unit] === undefined
          ? `is a rate per ${unit}`
          : tools !== undefined
            ? 'is about some tools alone'
            : keys.indexOf(keys[i]) < i
              ? 'is a second one of its dimension and unit'
              : undefined;
    input.report(
      GATEWAY_RATE_OF_OWN,
      `rateLimits[${i}]`,
      describeRate(limitModel(limit)),
      because(problem && `${problem}, which ${noField('gateway')}`),
    );
  });
}

/** Limits as the resource has them; undefined without any. */
export function ratesValue(limits: readonly LimitValue[]): RatesValue | undefined {
  const value: Record<string, object> = {};
  for (const { burst, dimension, requests, unit } of limits) {
    const field = FIELDS[dimension]!;
    value[field] = { ...value[field], [UNITS[unit]!]: requests, ...(burst === undefined ? {} : { burst }) };
  }
  return limits.length === 0 ? undefined : value;
}
