import type { CelEnv, CelInput, CelResult } from '@bufbuild/cel';
import { withoutDefault } from './cel-default';
import { gatewayFunctions } from './cel-functions';
import { celLibrary } from './cel-library';
import { compileRegex } from '../tool-patterns';

/** Values of an expression's variables by name. */
export type Variables = Readonly<Record<string, CelInput>>;

/** How an expression came out: as a boolean, or not at all. */
export type Outcome =
  { readonly kind: 'value'; readonly value: boolean } | { readonly kind: 'error'; readonly message: string };

type Program = (variables: Variables) => CelResult;

let env: CelEnv | undefined;
const programs = new Map<string, Program>();

/** Evaluates an expression. What is no boolean is an error, as it is in a gateway. Programs are kept: a matrix asks the same expressions again and again. */
export function evaluate(expression: string, variables: Variables): Outcome {
  try {
    const result = program(expression)(variables);
    return typeof result === 'boolean'
      ? { kind: 'value', value: result }
      : { kind: 'error', message: celLibrary().isCelError(result) ? result.message : 'is not a boolean' };
  } catch (error) {
    return { kind: 'error', message: (error as Error).message };
  }
}

function program(expression: string): Program {
  let found = programs.get(expression);
  if (found === undefined) {
    const { parse, plan } = celLibrary();
    found = plan(environment(), withoutDefault(parse(expression))) as Program;
    programs.set(expression, found);
  }
  return found;
}

function environment(): CelEnv {
  // The library would compile a regex at every evaluation.
  env ??= celLibrary().celEnv({ funcs: gatewayFunctions(), re2: { compile: cachedRegex } }) as CelEnv;
  return env;
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
