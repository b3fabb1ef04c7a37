import type { CelEnv, CelFunc, CelInput, CelMap, CelResult } from '@bufbuild/cel';
import { compileRegex } from '../values/regex';

/** How a question came out: as a boolean, or not at all. */
export type Outcome =
  { readonly kind: 'value'; readonly value: boolean } | { readonly kind: 'error'; readonly message: string };

/** Whether it came out as true. What could not be answered did not. */
export function isMet(outcome: Outcome): boolean {
  return outcome.kind === 'value' && outcome.value;
}

type CelLibrary = typeof import('@bufbuild/cel');

let library: CelLibrary | undefined;

/** The evaluator of CEL, loaded on first use: only who asks for access needs it. */
export function celLibrary(): CelLibrary {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  library ??= require('@bufbuild/cel') as CelLibrary;
  return library;
}

/*
 * Values of CEL, from those of JavaScript and back.
 */

/** A value of JSON as CEL has it. Objects become maps once, not at every evaluation. */
export function fromJson(value: unknown): CelInput {
  if (Array.isArray(value)) {
    return value.map(fromJson) as CelInput;
  }
  if (typeof value === 'object' && value !== null) {
    return celObject(Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromJson(item)])));
  }
  return value as CelInput;
}

/** A value of CEL as JSON has it. */
export function toJson(value: unknown): unknown {
  const { isCelList, isCelMap } = celLibrary();
  if (isCelMap(value)) {
    return Object.fromEntries([...value.entries()].map(([key, item]) => [String(key), toJson(item)]));
  }
  return isCelList(value) ? [...value].map(toJson) : typeof value === 'bigint' ? Number(value) : value;
}

/** An object with these fields; those without a value are missing. */
export function celObject(fields: Readonly<Record<string, CelInput | undefined>>): CelMap {
  const entries = new Map(
    Object.entries(fields).filter((entry): entry is [string, CelInput] => entry[1] !== undefined),
  );
  // The library takes null for missing where it is asked whether a field is there.
  return Object.assign(celLibrary().celMap(entries), { has: (key: string) => entries.has(key) });
}

/** An instant. */
export function celTimestamp(time: Date): CelInput {
  // Loaded with the evaluator, not before.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const wkt: typeof import('@bufbuild/protobuf/wkt') = require('@bufbuild/protobuf/wkt');
  return wkt.timestampFromDate(time);
}

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
