import { GatewayPolicyValue } from '../api/gateway-policy';
import { noField } from '../api/upstream';
import { InputCheck } from '../model/input';
import { RateDimension, RateUnit } from '../model/policy';
import { describeRate } from '../passes/policy/words';
import { RateLimit } from '../policy/rate-limit';

/* The limits of a gateway as upstream's resource has them, for an operator: `policy.rateLimit`, a few rates for each of four dimensions. */

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
export function checkControllerRates(input: InputCheck, limits: readonly RateLimit[]): void {
  const keys = limits.map(({ _model: { dimension, unit } }) => `${dimension} ${unit}`);
  limits.forEach(({ _model }, i) => {
    const problem =
      FIELDS[_model.dimension] === undefined
        ? `is counted for each ${_model.dimension}`
        : UNITS[_model.unit] === undefined
          ? `is a rate per ${_model.unit}`
          : _model.tools !== undefined
            ? 'is about some tools alone'
            : keys.indexOf(keys[i]) < i
              ? 'is a second one of its dimension and unit'
              : undefined;
    input.check(
      `rateLimits[${i}]`,
      describeRate(_model),
      problem && `${problem}, which ${noField('gateway')}`,
      'Use RateLimit.overall, perUser, perIp or perServer, per second, minute or hour, say it of each route, or use Reconciliation.RENDERED',
    );
  });
}

/** Limits as the resource has them; undefined without any. */
export function ratesValue(limits: readonly RateLimit[]): RatesValue | undefined {
  const value: Record<string, object> = {};
  for (const { _model } of limits) {
    const { burst, dimension, requests, unit } = _model;
    const field = FIELDS[dimension]!;
    value[field] = { ...value[field], [UNITS[unit]!]: requests, ...(burst === undefined ? {} : { burst }) };
  }
  return limits.length === 0 ? undefined : value;
}
