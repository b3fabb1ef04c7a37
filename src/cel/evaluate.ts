import type { CelEnv, CelFunc, CelInput, CelResult } from '@bufbuild/cel';
import { celLibrary } from './library';
import { Outcome } from '../values/outcome';
import { compileRegex } from '../values/regex';

/** A parsed expression. */
export type Parsed = ReturnType<(typeof import('@bufbuild/cel'))['parse']>;

/** Values of an expression's variables by name. */
export type Variables = Readonly<Record<string, CelInput>>;

/** What somebody's CEL has beyond the language itself. */
export interface CelDialect {
  /** Functions, asked for when the first expression is evaluated. */
  readonly functions: () => CelFunc[];
  /** Rewrites, in place, what is no function: what is written like a call and catches the errors of its arguments. */
  readonly rewrite: (parsed: Parsed) => Parsed;
}

/** Evaluates an expression. What is no boolean is an error, as it is to who asks whether something holds. */
export type Evaluate = (expression: string, variables: Variables) => Outcome;

type Program = (variables: Variables) => CelResult;

/** An evaluator. It keeps its programs: a matrix asks the same expressions again and again. */
export function celEvaluator(dialect?: CelDialect): Evaluate {
  const programs = new Map<string, Program>();
  let env: CelEnv | undefined;
  const program = (expression: string): Program => {
    let found = programs.get(expression);
    if (found === undefined) {
      const { celEnv, parse, plan } = celLibrary();
      // The library would compile a regex at every evaluation.
      env ??= celEnv({ funcs: dialect?.functions() ?? [], re2: { compile: cachedRegex } }) as CelEnv;
      const parsed = parse(expression);
      found = plan(env, dialect === undefined ? parsed : dialect.rewrite(parsed)) as Program;
      programs.set(expression, found);
    }
    return found;
  };
  return (expression, variables) => {
    try {
      const result = program(expression)(variables);
      return typeof result === 'boolean'
        ? { kind: 'value', value: result }
        : { kind: 'error', message: celLibrary().isCelError(result) ? result.message : 'is not a boolean' };
    } catch (error) {
      return { kind: 'error', message: (error as Error).message };
    }
  };
}

const regexes = new Map<string, { test(text: string): boolean }>();

function cachedRegex(regex: string): { test(text: string): boolean } {
  let found = regexes.get(regex);
  if (found === undefined) {
    const compiled = compileRegex(regex);
    found = { test: text => compiled.matcher(text).find() };
    regexes.set(regex, found);
  }
  return found;
}
