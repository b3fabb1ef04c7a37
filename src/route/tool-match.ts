import { InputCheck } from '../model/input';
import { toolGlobProblem, toolNameProblem } from '../model/names';
import { ToolPattern, toolGlob } from '../model/tool-pattern';
import { regexProblem } from '../values/regex';

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
    input.check('globs', globs, globs.length > 0 ? undefined : 'is empty', 'Give at least one');
    globs.forEach((glob, i) =>
      input.check(`globs[${i}]`, glob, toolGlobProblem(glob), 'Write a tool name, or a glob such as db_*'),
    );
    input.throwIfAny();
    return new ToolMatch(globs.map(toolGlob), { tools: [...globs] });
  }

  /**
   * The tool of this very name.
   *
   * @param name the name
   * @throws when it is not a tool name
   */
  public static exact(name: string): ToolMatch {
    const input = new InputCheck('ToolMatch.exact');
    input.check('name', name, toolNameProblem(name), 'Use the name that the server lists');
    input.throwIfAny();
    return new ToolMatch([{ kind: 'exact', value: name }], { toolMatch: { exactMatch: name } });
  }

  /**
   * Tools whose name starts with a prefix.
   *
   * @param prefix the prefix
   * @throws when it has characters that no tool name has
   */
  public static prefix(prefix: string): ToolMatch {
    const input = new InputCheck('ToolMatch.prefix');
    input.check('prefix', prefix, toolNameProblem(prefix), 'Write the start of the names');
    input.throwIfAny();
    return new ToolMatch([{ kind: 'prefix', value: prefix }], { toolMatch: { prefixMatch: prefix } });
  }

  /**
   * Tools whose whole name matches a regular expression.
   *
   * @param regex an RE2 expression (https://github.com/google/re2/wiki/Syntax)
   * @throws when it is not RE2
   */
  public static regex(regex: string): ToolMatch {
    const input = new InputCheck('ToolMatch.regex');
    input.check(
      'regex',
      regex,
      regex === '' ? 'is empty' : regexProblem(regex),
      'Write it in RE2 syntax, which has no look-around and no back-references',
    );
    input.throwIfAny();
    return new ToolMatch([{ kind: 'regex', value: regex }], { toolMatch: { regexMatch: regex } });
  }

  /** @internal */
  public readonly _patterns: readonly ToolPattern[];

  /** @internal */
  public readonly _spec: { readonly tools?: string[]; readonly toolMatch?: object };

  private constructor(
    patterns: readonly ToolPattern[],
    spec: { readonly tools?: string[]; readonly toolMatch?: object },
  ) {
    this._patterns = patterns;
    this._spec = spec;
  }
}
