import { placeIn } from '../api/place';
import { MatchValue, routeMatch } from '../api/route-match';
import { errorKind } from '../model/finding-kind';
import { InputCheck } from '../model/input';

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
