import { InputCheck } from '../model/input';
import { headerNameProblem, headerValueProblem } from '../model/names';
import { HeaderMatch as HeaderMatchModel, HeaderMatchKind } from '../model/route';
import { regexProblem } from '../values/regex';

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

  private static of(kind: HeaderMatchKind, name: string, value: string): HeaderMatch {
    const input = new InputCheck(`HeaderMatch.${kind.toLowerCase()}`);
    input.check('name', name, headerNameProblem(name), 'Name one header');
    input.check(
      kind === 'Regex' ? 'regex' : 'value',
      value,
      value === '' ? 'is empty' : kind === 'Regex' ? regexProblem(value) : headerValueProblem(value),
      kind === 'Regex'
        ? 'Write it in RE2 syntax, which has no look-around and no back-references'
        : 'Give what the header must hold',
    );
    input.throwIfAny();
    return new HeaderMatch({ kind, name: name.toLowerCase(), value }, name);
  }

  /** @internal */
  public readonly _model: HeaderMatchModel;

  /** @internal */
  public readonly _spec: { readonly name: string; readonly type: string; readonly value: string };

  private constructor(model: HeaderMatchModel, name: string) {
    this._model = model;
    this._spec = { name, type: model.kind, value: model.value };
  }
}
