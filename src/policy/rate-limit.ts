import { placeIn } from '../api/place';
import { limit, LimitValue } from '../api/rate-limit';
import { errorKind, InputCheck } from '../model/findings';
import { RateDimension } from '../model/policy';

const RATE_LIMIT_TOOLS_EMPTY = errorKind(
  'rate-limit-tools-empty',
  'is empty, so nothing would be limited',
  'Name tools, or leave it out for all',
);

/** Units of rates. */
export enum RateLimitUnit {
  /** A second. */
  SECOND = 'second',
  /** A minute. */
  MINUTE = 'minute',
  /** An hour. */
  HOUR = 'hour',
  /** A day. */
  DAY = 'day',
}

/** Options of a rate limit. */
export interface RateLimitOptions {
  /**
   * Tools whose calls count, by name or glob.
   *
   * @default - all
   */
  readonly tools?: string[];

  /**
   * Calls let through at once, whatever the rate. Only for data planes that can.
   *
   * @default - the data plane's
   */
  readonly burst?: number;
}

/**
 * How often tools may be called. Only calls count, neither sessions nor lists. A call that its server answers with a question (MCP
 * 2026-07-28) counts again when the client comes back with the answer. Of the limits of a gateway and its
 * route with the same dimension and tools, the lowest holds.
 *
 * @example
 *
 * import { RateLimit, RateLimitUnit } from 'cdk8s-mcp';
 *
 * RateLimit.perUser(100, RateLimitUnit.HOUR);
 * RateLimit.perTool(5, RateLimitUnit.SECOND, { tools: ['db_*'] });
 */
export class RateLimit {
  /**
   * For each user, as authentication yields it.
   *
   * @param requests calls in a unit of time, at least 1
   * @param unit the unit
   * @param options the tools it counts
   * @throws when the number is not a whole one of at least 1, or a tool is not a name or glob
   */
  public static perUser(requests: number, unit: RateLimitUnit, options: RateLimitOptions = {}): RateLimit {
    return RateLimit.of('user', requests, unit, options);
  }

  /**
   * For each principal: a user or service account, whichever method it came by.
   *
   * @param requests calls in a unit of time, at least 1
   * @param unit the unit
   * @param options the tools it counts
   * @throws when the number is not a whole one of at least 1, or a tool is not a name or glob
   */
  public static perPrincipal(requests: number, unit: RateLimitUnit, options: RateLimitOptions = {}): RateLimit {
    return RateLimit.of('principal', requests, unit, options);
  }

  /**
   * For each address that callers connect from.
   *
   * @param requests calls in a unit of time, at least 1
   * @param unit the unit
   * @param options the tools it counts
   * @throws when the number is not a whole one of at least 1, or a tool is not a name or glob
   */
  public static perIp(requests: number, unit: RateLimitUnit, options: RateLimitOptions = {}): RateLimit {
    return RateLimit.of('ip', requests, unit, options);
  }

  /**
   * For each tool. Names that no server of the route declares count together, as one tool, where all of its servers declare theirs.
   *
   * @param requests calls in a unit of time, at least 1
   * @param unit the unit
   * @param options the tools it counts
   * @throws when the number is not a whole one of at least 1, or a tool is not a name or glob
   */
  public static perTool(requests: number, unit: RateLimitUnit, options: RateLimitOptions = {}): RateLimit {
    return RateLimit.of('tool', requests, unit, options);
  }

  /**
   * For each namespace whose routes are called.
   *
   * @param requests calls in a unit of time, at least 1
   * @param unit the unit
   * @param options the tools it counts
   * @throws when the number is not a whole one of at least 1, or a tool is not a name or glob
   */
  public static perNamespace(requests: number, unit: RateLimitUnit, options: RateLimitOptions = {}): RateLimit {
    return RateLimit.of('namespace', requests, unit, options);
  }

  /**
   * For each server, over all routes that lead to it.
   *
   * @param requests calls in a unit of time, at least 1
   * @param unit the unit
   * @param options the tools it counts
   * @throws when the number is not a whole one of at least 1, or a tool is not a name or glob
   */
  public static perServer(requests: number, unit: RateLimitUnit, options: RateLimitOptions = {}): RateLimit {
    return RateLimit.of('server', requests, unit, options);
  }

  /**
   * For all callers together.
   *
   * @param requests calls in a unit of time, at least 1
   * @param unit the unit
   * @param options the tools it counts
   * @throws when the number is not a whole one of at least 1, or a tool is not a name or glob
   */
  public static overall(requests: number, unit: RateLimitUnit, options: RateLimitOptions = {}): RateLimit {
    return RateLimit.of('global', requests, unit, options);
  }

  private static of(
    dimension: RateDimension,
    requests: number,
    unit: RateLimitUnit,
    options: RateLimitOptions,
  ): RateLimit {
    const { burst, tools } = options;
    const value: LimitValue = {
      dimension,
      requests,
      unit,
      ...(tools === undefined ? {} : { tools: [...tools] }),
      ...(burst === undefined ? {} : { burst }),
    };
    const input = new InputCheck('RateLimit');
    limit.check(value, placeIn(input));
    input.report(RATE_LIMIT_TOOLS_EMPTY, 'tools', tools, tools?.length === 0);
    input.throwIfAny();
    return new RateLimit(value);
  }

  /** @internal */
  public readonly _value: LimitValue;

  private constructor(value: LimitValue) {
    this._value = value;
  }
}
