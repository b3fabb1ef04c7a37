import { placeIn } from '../api/place';
import { headerMatch, HeaderMatchValue } from '../api/route-match';
import { InputCheck } from '../model/input';
import { HeaderMatchKind } from '../model/route';

/**
 * A condition on a header of the request. Header names do not depend on case; a request without
 * the header does not match.
 *
 * @example
 *
 * import { HeaderMatch } from 'cdk8s-mcp';
 *
 * HeaderMatch.exact('x-tenant', 'acme');
 * HeaderMatch.prefix('x-client', 'assistant-');
 * HeaderMatch.regex('x-release', 'canary|beta');
 */
export class HeaderMatch {
  /**
   * The header has this very value.
   *
   * @param name name of the header
   * @param value the value
   * @throws when the name is not a header name or the value not a header value
   */
  public static exact(name: string, value: string): HeaderMatch {
    return HeaderMatch.of('Exact', name, value);
  }

  /**
   * The value of the header starts with a prefix.
   *
   * @param name name of the header
   * @param value the prefix
   * @throws when the name is not a header name or the prefix not a header value
   */
  public static prefix(name: string, value: string): HeaderMatch {
    return HeaderMatch.of('Prefix', name, value);
  }

  /**
   * The whole value of the header matches a regular expression.
   *
   * @param name name of the header
   * @param regex an RE2 expression (https://github.com/google/re2/wiki/Syntax)
   * @throws when the name is not a header name or the expression is not RE2
   */
  public static regex(name: string, regex: string): HeaderMatch {
    return HeaderMatch.of('Regex', name, regex);
  }

  private static of(type: HeaderMatchKind, name: string, value: string): HeaderMatch {
    const input = new InputCheck(`HeaderMatch.${type.toLowerCase()}`);
    const match: HeaderMatchValue = { name, type, value };
    headerMatch.check(
      match,
      placeIn(input, ([field]) => (field === 'value' && type === 'Regex' ? 'regex' : String(field))),
    );
    input.throwIfAny();
    return new HeaderMatch(match);
  }

  /** @internal */
  public readonly _value: HeaderMatchValue;

  private constructor(value: HeaderMatchValue) {
    this._value = value;
  }
}
