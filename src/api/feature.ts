import { Codec, ValueOf } from './codec';
import { Fields, filled, ObjectCodec, partsOf } from './object';
import { FeatureDemand } from '../model/traffic-policy';
import { formatPath, Path } from '../values/paths';

/*
 * What fields demand of data planes. A feature has the name of the field that demands it, with a word more where only some values
 * of the field do; how each data plane stands to it is said by that plane.
 */

/** How the values of a field demand a feature. */
export interface Demand<T> {
  /** What of a value demands it, as messages show it; undefined where it does not. The whole value unless this says otherwise. */
  readonly by?: (value: T) => unknown;
  /** The field below that messages name, where it is not the field itself. */
  readonly at?: string;
  /** The fields below that the documentation names, where it is not all of them. */
  readonly fields?: readonly string[];
  /** The values that demand it, as the documentation names them; undefined means all. */
  readonly values?: string;
}

/** Demands a feature by one value alone. */
export const only =
  <T>(wanted: T) =>
  (value: T): T | undefined =>
    value === wanted ? value : undefined;

/** A field with the features that it demands, by the word that their names have beyond its own; '' has none. */
export interface Demanding<T, W extends string> {
  readonly demands: Readonly<Record<W, Demand<T>>>;
}

/** A field that demands the feature of its name, whatever its value. */
export function demanding<C extends Codec<any>>(field: C): C & Demanding<ValueOf<C>, ''>;
/** A field whose values demand features. */
export function demanding<C extends Codec<any>, const W extends string>(
  field: C,
  demands: Readonly<Record<W, Demand<ValueOf<C>>>>,
): C & Demanding<ValueOf<C>, W>;
export function demanding(field: Codec<any>, demands: Readonly<Record<string, Demand<any>>> = { '': {} }) {
  return { ...field, demands };
}

/** Names of the features that a field and all below it demand. */
export type FeatureOf<C, Name extends string> =
  | (C extends Demanding<any, infer W> ? (W extends '' ? Name : `${Name}.${W}`) : never)
  | (C extends { readonly fields: infer F }
      ? { [K in keyof F & string]: FeatureOf<F[K], `${Name}.${K}`> }[keyof F & string]
      : never)
  | (C extends { readonly items: infer I } ? FeatureOf<I, Name> : never);

/** The fields of the API that demand a feature. */
export interface FeatureFields {
  /** Paths in the spec; what stands below them is meant too. */
  readonly fields: readonly string[];
  /** The values that demand it; undefined means all. */
  readonly values?: string;
}

function demandsAt(field: Codec<any>): [word: string, demand: Demand<any>][] {
  const { demands = {} } = field as Partial<Demanding<any, string>>;
  return Object.entries(demands);
}

function withWord(name: string, word: string): string {
  return word === '' ? name : `${name}.${word}`;
}

/** The features that a field of a name and all below it demand. */
export function featuresOf(field: Codec<any>, name: string): [feature: string, fields: FeatureFields][] {
  const { fields = {}, items } = partsOf(field);
  return [
    ...demandsAt(field).map(
      ([word, { at, fields: below = at === undefined ? [''] : [at], values }]): [string, FeatureFields] => [
        withWord(name, word),
        { fields: below.map(child => withWord(name, child)), ...(values === undefined ? {} : { values }) },
      ],
    ),
    ...Object.entries(fields).flatMap(([child, codec]) => featuresOf(codec, `${name}.${child}`)),
    ...(items === undefined ? [] : featuresOf(items, name)),
  ];
}

/** What the value of a field of a name, at a place of the options, demands. What an object does not say has the API's defaults. */
export function demandsOf<T>(field: Codec<T>, value: T, name: string, place: Path): FeatureDemand[] {
  const { fields, items } = partsOf(field);
  return [
    ...demandsAt(field).flatMap(([word, { at, by = (said: unknown) => said }]) => {
      const shown = by(value);
      const property = formatPath(at === undefined ? place : [...place, at]);
      return shown === undefined ? [] : [{ feature: withWord(name, word), property, value: shown } as FeatureDemand];
    }),
    ...(fields === undefined ? [] : demandsOfFields(field as ObjectCodec<Fields, never>, value, name, place)),
    ...(items === undefined
      ? []
      : (value as unknown as readonly unknown[]).flatMap((item, i) => demandsOf(items, item, name, [...place, i]))),
  ];
}

function demandsOfFields(object: ObjectCodec<Fields, never>, value: any, name: string, place: Path): FeatureDemand[] {
  const said: Readonly<Record<string, unknown>> = filled(object, value);
  return Object.entries(object.fields).flatMap(([child, field]) => {
    const { option = child } = field;
    return said[option] === undefined ? [] : demandsOf(field, said[option], `${name}.${child}`, [...place, option]);
  });
}
