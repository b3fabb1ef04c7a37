import { placeIn } from '../api/place';
import { headerMatch, HeaderMatchValue, MatchValue, routeMatch } from '../api/route-match';
import { errorKind, InputCheck } from '../model/findings';
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

const TOOL_GLOBS_EMPTY = errorKind('tool-globs-empty', 'is empty', 'Give at least one');

/** The part of a rule that is about tools. */
type ToolMatchValue = Pick<MatchValue, 'tools' | 'toolMatch'>;

/**
 * Selects tools by name.
 *
 * @example
 *
 * import { ToolMatch } from 'cdk8s-mcp';
 *
 * ToolMatch.glob('db_*', '*_query');
 * ToolMatch.exact('db_query');
 * ToolMatch.prefix('db_');
 * ToolMatch.regex('db_(query|insert)');
 */
export class ToolMatch {
  /**
   * Tools whose name matches any of the globs. `*` stands for any run of characters; there are no other wildcards.
   *
   * @param globs names or globs
   * @throws when there is none, or one has characters that no tool name has
   */
  public static glob(...globs: string[]): ToolMatch {
    const input = new InputCheck('ToolMatch.glob');
    input.report(TOOL_GLOBS_EMPTY, 'globs', globs, globs.length === 0);
    return ToolMatch.of(input, 'globs', { tools: [...globs] });
  }

  /**
   * The tool of this very name.
   *
   * @param name the name
   * @throws when it is not a tool name
   */
  public static exact(name: string): ToolMatch {
    return ToolMatch.of(new InputCheck('ToolMatch.exact'), 'name', { toolMatch: { exactMatch: name } });
  }

  /**
   * Tools whose name starts with a prefix.
   *
   * @param prefix the prefix
   * @throws when it has characters that no tool name has
   */
  public static prefix(prefix: string): ToolMatch {
    return ToolMatch.of(new InputCheck('ToolMatch.prefix'), 'prefix', { toolMatch: { prefixMatch: prefix } });
  }

  /**
   * Tools whose whole name matches a regular expression.
   *
   * @param regex an RE2 expression (https://github.com/google/re2/wiki/Syntax)
   * @throws when it is not RE2
   */
  public static regex(regex: string): ToolMatch {
    return ToolMatch.of(new InputCheck('ToolMatch.regex'), 'regex', { toolMatch: { regexMatch: regex } });
  }

  /** Checks what a factory makes; its only parameter is called `property`. */
  private static of(input: InputCheck, property: string, value: ToolMatchValue): ToolMatch {
    routeMatch.check(
      value,
      placeIn(input, ([, step]) => (typeof step === 'number' ? `${property}[${step}]` : property)),
    );
    input.throwIfAny();
    return new ToolMatch(value);
  }

  /** @internal */
  public readonly _value: ToolMatchValue;

  private constructor(value: ToolMatchValue) {
    this._value = value;
  }
}
