import { condition, ConditionValue, DEFAULT_TIME_ZONE } from '../api/condition';
import { placeIn } from '../api/place';
import { InputCheck } from '../model/findings';

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

/** Options of {@link Condition.scope}. */
export interface ScopeOptions {
  /**
   * Issuer of the token, exactly as its `iss` claim has it. Needed where tokens of several issuers are accepted: each has its own scopes.
   *
   * @default - that of the only issuer
   */
  readonly issuer?: string;
}

/**
 * What must hold besides principal and permission. A request that lacks what a condition compares does not meet it,
 * whatever the comparison.
 *
 * The rules of time zones are those of IANA's database that the package carries, whichever Node.js synthesizes, for 2024 to 2037.
 * Outside of these years a condition on the time of day is not met, negated or not, but in UTC and zones of a fixed offset (`Etc/`).
 *
 * @example
 *
 * import { Condition, HeaderOperator } from 'cdk8s-mcp';
 *
 * Condition.sourceIp('10.0.0.0/8', '192.168.7.4');
 * Condition.timeOfDay('08:00', '18:00', 'Europe/Berlin');
 * Condition.header('x-release', HeaderOperator.IN, 'stable', 'beta');
 * Condition.scope('ledger:write');
 */
export class Condition {
  /**
   * The address that the caller connects from is one of these. Behind a proxy that is the proxy's.
   *
   * @param ranges addresses or CIDRs
   * @throws when there is none, or one is not an address or CIDR
   */
  public static sourceIp(...ranges: string[]): Condition {
    return Condition.of('sourceIp', { kind: 'sourceIp', negated: false, ranges: [...ranges] });
  }

  /**
   * The address that the caller connects from is none of these.
   *
   * @param ranges addresses or CIDRs
   * @throws when there is none, or one is not an address or CIDR
   */
  public static notSourceIp(...ranges: string[]): Condition {
    return Condition.of('notSourceIp', { kind: 'sourceIp', negated: true, ranges: [...ranges] });
  }

  /**
   * The time of the request lies in a span of the day. A span whose start is after its end crosses midnight.
   *
   * @param from start, as `HH:MM`, included
   * @param to end, as `HH:MM`, not included; `24:00` for the end of the day
   * @param timeZone IANA name of the time zone, UTC when not given
   * @throws when a time or the zone is not one, or the span is empty
   */
  public static timeOfDay(from: string, to: string, timeZone: string = DEFAULT_TIME_ZONE): Condition {
    return Condition.of('timeOfDay', { kind: 'timeOfDay', negated: false, from, to, timeZone });
  }

  /**
   * The time of the request lies outside a span of the day.
   *
   * @param from start, as `HH:MM`, included
   * @param to end, as `HH:MM`, not included
   * @param timeZone IANA name of the time zone, UTC when not given
   * @throws when a time or the zone is not one, or the span is empty
   */
  public static notTimeOfDay(from: string, to: string, timeZone: string = DEFAULT_TIME_ZONE): Condition {
    return Condition.of('notTimeOfDay', { kind: 'timeOfDay', negated: true, from, to, timeZone });
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
    return Condition.of('header', { kind: 'header', name, operator, values: [...values] });
  }

  /**
   * The token of the caller was issued for a scope of OAuth: its claim `scope`, or `scp`, has it, as text with spaces between scopes or as
   * a list. For several scopes, give a condition for each. Where a gateway or route has {@link Authentication.oidc}, its metadata tells
   * clients of the scopes that rules ask for.
   *
   * @param scope the scope
   * @param options whose token it is
   * @throws when it is no scope, or the issuer is empty
   */
  public static scope(scope: string, options: ScopeOptions = {}): Condition {
    const { issuer } = options;
    return Condition.of('scope', { kind: 'scope', scope, ...(issuer === undefined ? {} : { issuer }) });
  }

  private static of(factory: string, value: ConditionValue): Condition {
    const input = new InputCheck(`Condition.${factory}`);
    condition.check(value, placeIn(input));
    input.throwIfAny();
    return new Condition(value);
  }

  /** @internal */
  public readonly _value: ConditionValue;

  private constructor(value: ConditionValue) {
    this._value = value;
  }
}
