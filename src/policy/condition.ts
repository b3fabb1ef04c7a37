import { because, errorKind } from '../model/finding-kind';
import { InputCheck } from '../model/input';
import { HEADER_NAME_INVALID, HEADER_VALUE_INVALID, isHeaderName, isHeaderValue } from '../model/names';
import { Condition as ConditionModel, ConditionOperator } from '../model/policy';
import { asCidr } from '../values/cidr';
import { regexProblem } from '../values/regex';

const HEADER_VALUES_EMPTY = errorKind(
  'header-values-empty',
  'does not fit the operator {operator}',
  'Give at least one value',
);
const HEADER_VALUES_SEVERAL = errorKind(
  'header-values-several',
  'does not fit the operator {operator}',
  'Give one value',
);
const HEADER_REGEX_INVALID = errorKind('header-regex-invalid', '{problem}', 'Write it in RE2 syntax');
const HEADER_VALUE_WITH_COMMA = errorKind(
  'header-value-with-comma',
  'contains a comma, which separates values in the resource',
  'Use HeaderOperator.MATCHES',
);
const IP_RANGES_EMPTY = errorKind('ip-ranges-empty', 'is empty', 'Give at least one address or CIDR');
const IP_RANGE_INVALID = errorKind(
  'ip-range-invalid',
  'is not an address or CIDR',
  'Write it as 10.0.0.0/8 or 10.1.2.3',
);
const TIME_FROM_INVALID = errorKind('time-from-invalid', 'is not a time of day', 'Write it as 08:00');
const TIME_TO_INVALID = errorKind('time-to-invalid', 'is not a time of day', 'Write it as 18:00');
const TIME_SPAN_EMPTY = errorKind(
  'time-span-empty',
  'is the start too, so the span is empty',
  'Give a later end, or drop the condition',
);
const TIME_ZONE_INVALID = errorKind('time-zone-invalid', 'is not an IANA time zone', 'Write it as Europe/Berlin');

/** How a condition on a header compares. */
export enum HeaderOperator {
  /** The header has this value. */
  EQUAL = 'Equal',
  /** The header has another value. */
  NOT_EQUAL = 'NotEqual',
  /** The header has one of these values. */
  IN = 'In',
  /** The header has none of these values. */
  NOT_IN = 'NotIn',
  /** The whole value matches this RE2 expression. */
  MATCHES = 'Matches',
  /** The value does not match this RE2 expression. */
  NOT_MATCHES = 'NotMatches',
}

/** A condition as resources write it. */
interface ConditionSpec {
  readonly type: string;
  readonly key?: string;
  readonly operator: ConditionOperator;
  readonly value: string;
}

/**
 * What must hold besides principal and permission. A request that lacks what a condition compares does not meet it,
 * whatever the comparison.
 *
 * @example
 *
 * import { Condition, HeaderOperator } from 'cdk8s-mcp';
 *
 * Condition.sourceIp('10.0.0.0/8', '192.168.7.4');
 * Condition.timeOfDay('08:00', '18:00', 'Europe/Berlin');
 * Condition.header('x-release', HeaderOperator.IN, 'stable', 'beta');
 */
export class Condition {
  /**
   * The address that the caller connects from is one of these. Behind a proxy that is the proxy's.
   *
   * @param ranges addresses or CIDRs
   * @throws when there is none, or one is not an address or CIDR
   */
  public static sourceIp(...ranges: string[]): Condition {
    return Condition.ip(false, ranges);
  }

  /**
   * The address that the caller connects from is none of these.
   *
   * @param ranges addresses or CIDRs
   * @throws when there is none, or one is not an address or CIDR
   */
  public static notSourceIp(...ranges: string[]): Condition {
    return Condition.ip(true, ranges);
  }

  /**
   * The time of the request lies in a span of the day. A span whose start is after its end crosses midnight.
   *
   * @param from start, as `HH:MM`, included
   * @param to end, as `HH:MM`, not included; `24:00` for the end of the day
   * @param timeZone IANA name of the time zone, UTC when not given
   * @throws when a time or the zone is not one, or the span is empty
   */
  public static timeOfDay(from: string, to: string, timeZone?: string): Condition {
    return Condition.time(false, from, to, timeZone);
  }

  /**
   * The time of the request lies outside a span of the day.
   *
   * @param from start, as `HH:MM`, included
   * @param to end, as `HH:MM`, not included
   * @param timeZone IANA name of the time zone, UTC when not given
   * @throws when a time or the zone is not one, or the span is empty
   */
  public static notTimeOfDay(from: string, to: string, timeZone?: string): Condition {
    return Condition.time(true, from, to, timeZone);
  }

  /**
   * A header of the request compares to values.
   *
   * @param name name of the header
   * @param operator how it compares
   * @param values one value, or several for `IN` and `NOT_IN`
   * @throws when the name is not a header name, or the values do not fit the operator
   */
  public static header(name: string, operator: HeaderOperator, ...values: string[]): Condition {
    const input = new InputCheck('Condition.header');
    const several = operator === HeaderOperator.IN || operator === HeaderOperator.NOT_IN;
    const regex = operator === HeaderOperator.MATCHES || operator === HeaderOperator.NOT_MATCHES;
    input.report(HEADER_NAME_INVALID, 'name', name, !isHeaderName(name));
    if (several) {
      input.report(HEADER_VALUES_EMPTY, 'values', values, values.length === 0 ? { operator } : undefined);
    } else {
      input.report(HEADER_VALUES_SEVERAL, 'values', values, values.length === 1 ? undefined : { operator });
    }
    values.forEach((value, i) => {
      if (regex) {
        input.report(HEADER_REGEX_INVALID, `values[${i}]`, value, because(regexProblem(value)));
      } else {
        input.report(HEADER_VALUE_INVALID, `values[${i}]`, value, !isHeaderValue(value));
      }
      input.report(HEADER_VALUE_WITH_COMMA, `values[${i}]`, value, several && value.includes(','));
    });
    input.throwIfAny();
    return new Condition(
      { kind: 'header', name: name.toLowerCase(), operator, values: [...values] },
      { type: 'RequestHeader', key: name, operator, value: values.join(',') },
    );
  }

  private static ip(negated: boolean, ranges: string[]): Condition {
    const input = new InputCheck(negated ? 'Condition.notSourceIp' : 'Condition.sourceIp');
    input.report(IP_RANGES_EMPTY, 'ranges', ranges, ranges.length === 0);
    ranges.forEach((range, i) => input.report(IP_RANGE_INVALID, `ranges[${i}]`, range, asCidr(range) === undefined));
    input.throwIfAny();
    const single = ranges.length === 1;
    const operator = negated ? (single ? 'NotEqual' : 'NotIn') : single ? 'Equal' : 'In';
    return new Condition(
      { kind: 'sourceIp', negated, cidrs: ranges.map(range => asCidr(range)!) },
      { type: 'IPAddress', operator, value: ranges.join(',') },
    );
  }

  private static time(negated: boolean, from: string, to: string, timeZone = 'UTC'): Condition {
    const input = new InputCheck(negated ? 'Condition.notTimeOfDay' : 'Condition.timeOfDay');
    input.report(TIME_FROM_INVALID, 'from', from, minutesOf(from) === undefined || from === '24:00');
    input.report(TIME_TO_INVALID, 'to', to, minutesOf(to) === undefined);
    input.report(TIME_SPAN_EMPTY, 'to', to, from === to);
    input.report(TIME_ZONE_INVALID, 'timeZone', timeZone, !isTimeZone(timeZone));
    input.throwIfAny();
    return new Condition(
      { kind: 'timeOfDay', negated, from: minutesOf(from)!, to: minutesOf(to)!, timeZone },
      { type: 'TimeOfDay', key: timeZone, operator: negated ? 'NotEqual' : 'Equal', value: `${from}-${to}` },
    );
  }

  /** @internal */
  public readonly _model: ConditionModel;

  /** @internal */
  public readonly _spec: ConditionSpec;

  private constructor(model: ConditionModel, spec: ConditionSpec) {
    this._model = model;
    this._spec = spec;
  }
}

/** Minutes since midnight; undefined when it is no time of day. */
function minutesOf(text: string): number | undefined {
  const match = /^([01][0-9]|2[0-3]):([0-5][0-9])$/.exec(text);
  return text === '24:00' ? 24 * 60 : match === null ? undefined : Number(match[1]) * 60 + Number(match[2]);
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined && /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}
