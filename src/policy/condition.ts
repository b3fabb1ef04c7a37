import { InputCheck } from '../model/input';
import { headerNameProblem, headerValueProblem } from '../model/names';
import { Condition as ConditionModel, ConditionOperator } from '../model/policy';
import { asCidr } from '../values/cidr';
import { regexProblem } from '../values/regex';

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
    input.check('name', name, headerNameProblem(name), 'Name one header');
    input.check(
      'values',
      values,
      (several ? values.length > 0 : values.length === 1) ? undefined : `does not fit the operator ${operator}`,
      several ? 'Give at least one value' : 'Give one value',
    );
    values.forEach((value, i) => {
      input.check(
        `values[${i}]`,
        value,
        regex ? regexProblem(value) : headerValueProblem(value),
        regex ? 'Write it in RE2 syntax' : 'Give a value without control characters',
      );
      input.check(
        `values[${i}]`,
        value,
        several && value.includes(',') ? 'contains a comma, which separates values in the resource' : undefined,
        'Use HeaderOperator.MATCHES',
      );
    });
    input.throwIfAny();
    return new Condition(
      { kind: 'header', name: name.toLowerCase(), operator, values: [...values] },
      { type: 'RequestHeader', key: name, operator, value: values.join(',') },
    );
  }

  private static ip(negated: boolean, ranges: string[]): Condition {
    const input = new InputCheck(negated ? 'Condition.notSourceIp' : 'Condition.sourceIp');
    input.check('ranges', ranges, ranges.length > 0 ? undefined : 'is empty', 'Give at least one address or CIDR');
    ranges.forEach((range, i) =>
      input.check(
        `ranges[${i}]`,
        range,
        asCidr(range) === undefined ? 'is not an address or CIDR' : undefined,
        'Write it as 10.0.0.0/8 or 10.1.2.3',
      ),
    );
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
    input.check(
      'from',
      from,
      minutesOf(from) === undefined || from === '24:00' ? 'is not a time of day' : undefined,
      'Write it as 08:00',
    );
    input.check('to', to, minutesOf(to) === undefined ? 'is not a time of day' : undefined, 'Write it as 18:00');
    input.check(
      'to',
      to,
      from === to ? 'is the start too, so the span is empty' : undefined,
      'Give a later end, or drop the condition',
    );
    input.check(
      'timeZone',
      timeZone,
      isTimeZone(timeZone) ? undefined : 'is not an IANA time zone',
      'Write it as Europe/Berlin',
    );
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
