import { Place } from './place';
import { Constraints, QUANTITY, Schema } from './schema';
import { because, errorKind, FindingKind } from '../model/findings';
import { MAX_INT32, portProblem, wholeNumberProblem } from '../model/validation';
import { Path } from '../values/paths';
import { formatBytes, parseBytes } from '../values/quantities';

/*
 * A field of the API, said once: what API servers are told about it, and how its JSON becomes plain data and back. Tables of
 * fields are made of these; nothing here knows MCP.
 */

/** A field of the API whose values are plain data of a type. */
export interface Codec<T> {
  /** What API servers, and people who ask `kubectl explain`, are told. */
  readonly schema: Schema;
  /** Set on what upstream's schema has no field for, so that no operator acts on it. */
  readonly own?: Own;
  /** Set on what upstream's schema has, and nothing that is rendered acts on: what is wrong with saying it. */
  readonly unrendered?: FindingKind;
  /** Name of the value among those of its object, where it is not that of the field: see {@link named}. */
  readonly option?: string;
  /** The value of JSON that the schema takes; undefined where it cannot be read, which is reported. */
  decode(json: any, place: Place): T | undefined;
  /** The JSON of a value. */
  encode(value: T): any;
  /** Reports what the API itself does not take, or takes and does not mean, at the place of the value. */
  check(value: T, place: Place): void;
  /** Where a part of the value stands in the JSON it was read from, where that is elsewhere; undefined when it is no part of it. */
  place?(path: Path, json: any): Path | undefined;
}

/** Where a part of a field's value stands in the JSON that it was read from. */
export const placeOf = (field: Codec<any>, path: Path, json: any): Path => field.place?.(path, json) ?? path;

/**
 * A field whose value has another name than the field: the one that it has among the options of a construct. By it go checks,
 * and what is found later; {@link placeOf} leads back to the field. The values of an object named `''` stand among those of
 * the object around it.
 */
export const named = <const N extends string, C extends Codec<any>>(
  option: N,
  field: C,
): C & { readonly option: N } => ({ ...field, option });

/** What is said of a field that this library adds to upstream's. */
export interface Own {
  /** What says the same in upstream's words, in the words of a remedy. */
  readonly instead?: string;
  /** What of the JSON may stand in a message; all unless this says otherwise. */
  readonly show?: (json: any) => unknown;
}

/** Of a field that holds what is for nobody to read. */
export const HIDDEN: Own = { show: () => '(not shown)' };

/** A field that upstream's schema does not have. */
export const own = <C extends Codec<any>>(field: C, said: Own = {}): C => ({ ...field, own: said });

const NOT_RENDERED = errorKind(
  'field-not-rendered',
  'is not supported yet by what is rendered',
  'Remove it, or use Reconciliation.CONTROLLER where an operator acts on it',
);

/** A field that an operator may act on, and nothing that is rendered does. */
export const unrendered = <C extends Codec<any>>(field: C, why: FindingKind = NOT_RENDERED): C => ({
  ...field,
  unrendered: why,
});

/** Values of a field. */
export type ValueOf<C> = C extends Codec<infer T> ? T : never;

/** What a value has to meet beyond its type. */
export interface Rule<T> {
  /** What is found of a value that breaks it. */
  readonly kind: FindingKind<'problem'>;
  /** Why a value breaks the rule; undefined when it does not. */
  readonly problem: (value: T) => string | undefined;
}

/** Declares a rule: its id in words, why a value breaks it, and what to do about it. */
export const ruleFor = <T>(id: string, problem: Rule<T>['problem'], remedy: string): Rule<T> => ({
  problem,
  kind: errorKind(id, '{problem}', remedy) as FindingKind<never> as unknown as FindingKind<'problem'>,
});

const NOT_A_CHOICE = errorKind('field-value-choice', 'is not {values}', 'Use one of them');
const NOT_A_WHOLE_NUMBER = errorKind('field-whole-number', '{problem}', '{remedy}');
const NOT_A_SIZE = errorKind('field-size', 'is not a size of whole bytes', 'Write it as 64Ki');

/** What a field of its own type adds when the API has a default for it: the value of one that is not said. */
export type WithDefault<T, C> = C extends { readonly default: unknown } ? { readonly fallback: T } : unknown;

export function codec<T, C extends Constraints>(
  schema: Schema,
  constraints: C | undefined,
  { decode, encode, check }: Pick<Codec<T>, 'decode' | 'encode' | 'check'>,
): Codec<T> & WithDefault<T, C> {
  const fallback = constraints?.default;
  return {
    schema: { ...schema, ...constraints },
    decode,
    encode,
    check,
    ...(fallback === undefined ? {} : { fallback: decode(fallback, NOBODY) }),
  } as Codec<T> & WithDefault<T, C>;
}

/** The place of what is never wrong. */
const NOBODY = new Place(() => undefined);

const asItIs = (json: any): any => json;

export function checkRule<T>(held: Rule<T> | undefined): Codec<T>['check'] {
  return held === undefined
    ? () => undefined
    : (value, place) => place.report(held.kind, value, because(held.problem(value)));
}

/** Holds whole numbers to what a rule says of them. */
function checkWhole(problemOf: (value: number) => string | undefined, remedy: string): Codec<number>['check'] {
  return (value, place) => {
    const problem = problemOf(value);
    place.report(NOT_A_WHOLE_NUMBER, value, problem === undefined ? undefined : { problem, remedy });
  };
}

/** A field that is held to a rule of its own, in place of what its schema says. */
export const ruled = <C extends Codec<any>>(field: C, rule: Rule<ValueOf<C>>): C => ({
  ...field,
  check: checkRule(rule),
});

/** Text. */
export function text<const C extends Constraints>(
  description: string,
  constraints?: C,
  rule?: Rule<string>,
): Codec<string> & WithDefault<string, C> {
  return codec({ type: 'string', description }, constraints, {
    decode: asItIs,
    encode: asItIs,
    check: checkRule(rule),
  });
}

/** A time of day and date. */
export const dateTime = (description: string): Codec<string> => text(description, { format: 'date-time' });

/** One of some words. */
export function choice<const V extends string, const C extends Constraints>(
  description: string,
  values: readonly V[],
  constraints?: C,
): Codec<V> & WithDefault<V, C> {
  return codec<V, C>({ type: 'string', description, enum: values }, constraints, {
    decode: asItIs,
    encode: asItIs,
    check: (value, place) =>
      place.report(NOT_A_CHOICE, value, values.includes(value) ? undefined : { values: values.join(' or ') }),
  });
}

/** True or false. */
export function boolean<const C extends Constraints>(
  description: string,
  constraints?: C,
): Codec<boolean> & WithDefault<boolean, C> {
  return codec({ type: 'boolean', description }, constraints, {
    decode: asItIs,
    encode: asItIs,
    check: () => undefined,
  });
}

/** A whole number of 32 bits. */
export function integer<const C extends Constraints>(
  description: string,
  constraints?: C,
  remedy?: string,
): Codec<number> & WithDefault<number, C> {
  const { minimum = -(2 ** 31), maximum }: Constraints = constraints ?? {};
  return codec({ type: 'integer', format: 'int32', description }, constraints, {
    decode: asItIs,
    encode: asItIs,
    check: checkWhole(
      value => wholeNumberProblem(value, minimum, maximum ?? MAX_INT32),
      remedy ?? (maximum === undefined ? `Give at least ${minimum}` : `Give ${minimum} to ${maximum}`),
    ),
  });
}

/** A whole number of 64 bits. */
export const long = (description: string, constraints: Constraints = {}): Codec<number> =>
  codec({ type: 'integer', format: 'int64', description }, constraints, {
    decode: asItIs,
    encode: asItIs,
    check: checkWhole(
      value => wholeNumberProblem(value, constraints.minimum ?? Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
      'Give such a number',
    ),
  });

/** A port. */
export const port = <const C extends Constraints>(
  description: string,
  constraints?: C,
  remedy = 'Give 1 to 65535',
): Codec<number> & WithDefault<number, C> => ({
  ...integer(description, { minimum: 1, maximum: 65535, ...constraints } as { minimum: 1; maximum: 65535 } & C),
  check: checkWhole(portProblem, remedy),
});

/** A number that the API has as text with a decimal point. */
export function decimal<const C extends Constraints>(
  description: string,
  constraints?: C,
  rule?: Rule<number>,
): Codec<number> & WithDefault<number, C> {
  return codec({ type: 'string', description }, constraints, {
    decode: Number,
    encode: formatDecimal,
    check: checkRule(rule),
  });
}

/** A number of 0 or more, without an exponent. */
function formatDecimal(value: number): string {
  const [digits, exponent] = String(value).split('e');
  return exponent === undefined
    ? digits
    : Number(exponent) > 0
      ? BigInt(value).toString()
      : `0.${'0'.repeat(-Number(exponent) - 1)}${digits.replace('.', '')}`;
}

/** A size in bytes, as one of Kubernetes' quantities. */
export function bytes(description: string, rule?: Rule<number>): Codec<number> {
  return codec({ description, ...QUANTITY }, undefined, {
    decode: (json, place) => {
      const size = parseBytes(String(json));
      place.report(NOT_A_SIZE, json, size === undefined);
      return size;
    },
    encode: formatBytes,
    check: checkRule(rule),
  });
}

/** Texts by name. */
export const texts = (description: string, constraints: Constraints = {}): Codec<Readonly<Record<string, string>>> =>
  codec({ type: 'object', description, additionalProperties: { type: 'string' } }, constraints, {
    decode: asItIs,
    encode: value => ({ ...value }),
    check: () => undefined,
  });

/** JSON in a format of its own, which only its readers check. */
export const anything = (schema: Schema): Codec<any> => ({
  schema,
  decode: asItIs,
  encode: asItIs,
  check: () => undefined,
});

/** A list of what a codec is of. */
export interface ListCodec<I extends Codec<any>> extends Codec<readonly ValueOf<I>[]> {
  readonly items: I;
}

/** Where values stood in the JSON of a list, for lists of which some items could not be read. */
const POSITIONS = new WeakMap<readonly unknown[], readonly number[]>();

/** A list made of another, item by item: what is wrong with an item is reported where that stood. */
export function madeOf<T, U>(values: readonly T[], make: (value: T) => U): U[] {
  const made = values.map(make);
  const positions = POSITIONS.get(values);
  if (positions !== undefined) {
    POSITIONS.set(made, positions);
  }
  return made;
}

/** Values in the user's order. */
export function list<I extends Codec<any>>(
  description: string,
  items: I,
  constraints: Constraints = {},
  all?: Rule<readonly ValueOf<I>[]>,
): ListCodec<I> {
  return {
    items,
    ...codec<readonly ValueOf<I>[], Constraints>({ type: 'array', description, items: items.schema }, constraints, {
      decode: (json: any[], place) => {
        const read = json.map((item, i) => ({ i, value: items.decode(item, place.at(i)) }));
        const kept = read.filter(({ value }) => value !== undefined);
        const values = kept.map(({ value }) => value);
        if (kept.length < read.length) {
          POSITIONS.set(
            values,
            kept.map(({ i }) => i),
          );
        }
        return values;
      },
      encode: values => values.map(value => items.encode(value)),
      check: (values, place) => {
        const positions = POSITIONS.get(values);
        values.forEach((value, i) => items.check(value, place.at(positions?.[i] ?? i)));
        if (all !== undefined) {
          place.report(all.kind, values, because(all.problem(values)));
        }
      },
    }),
    place: ([index, ...rest], json) => (index === undefined ? [] : [index, ...placeOf(items, rest, json?.[index])]),
  };
}

/** A list that has one owner under server-side apply. */
export const atomicList = <I extends Codec<any>>(
  description: string,
  items: I,
  constraints: Constraints = {},
  rule?: Rule<readonly ValueOf<I>[]>,
): ListCodec<I> => list(description, items, { 'x-kubernetes-list-type': 'atomic', ...constraints }, rule);

/** A list whose items are told apart by one required property, so that several owners can share it. */
export const listByKey = <I extends Codec<any>>(description: string, key: string, items: I): ListCodec<I> =>
  list(description, items, { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': [key] });

/** Texts without a description of their own. */
const TEXT: Codec<string> = anything({ type: 'string' });

/** A list of texts; a rule is about each of them. */
export const textList = (
  description: string,
  constraints: Constraints = {},
  rule?: Rule<string>,
): ListCodec<Codec<string>> =>
  list(description, rule === undefined ? TEXT : { ...TEXT, check: checkRule(rule) }, constraints);

/** Texts without duplicates. */
export const textSet = (
  description: string,
  constraints: Constraints = {},
  rule?: Rule<string>,
  all?: Rule<readonly string[]>,
): ListCodec<Codec<string>> =>
  list(
    description,
    rule === undefined ? TEXT : { ...TEXT, check: checkRule(rule) },
    { 'x-kubernetes-list-type': 'set', ...constraints },
    all,
  );
