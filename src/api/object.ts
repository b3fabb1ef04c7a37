import { Codec, ListCodec, placeOf, ValueOf } from './codec';
import { Place } from './place';
import { Constraints } from './schema';
import { errorKind } from '../model/findings';

const DOCUMENT_ENABLED_MISSING = errorKind(
  'document-enabled-missing',
  'is missing, and {name} is off by default',
  'Write enabled: true, or remove {name}',
);

/** Fields by their names in the API. */
export interface Fields {
  readonly [name: string]: Codec<any>;
}

/** Name of a field's value among those of its object. */
type NameOf<F, K extends keyof F> = F[K] extends { readonly option: infer N extends string } ? N : K;

/** The fields of an object whose values have a name in it, that are required or not. */
type NamedValues<F, R, Required extends boolean> = {
  readonly [
    K in keyof F as NameOf<F, K> extends ''
      ? never
      : (K extends R ? true : false) extends Required
        ? NameOf<F, K>
        : never
  ]: ValueOf<F[K]>;
};

/** What the values of each field named '' have to be, as the parameter of a function: so their union becomes all of them at once. */
type Flattened<F> = {
  [K in keyof F]: F[K] extends { readonly option: '' } ? (value: Partial<ValueOf<F[K]>>) => void : never;
}[keyof F];

/** Values of an object with some fields that are required. */
export type ObjectValue<F extends Fields, R extends keyof F> = NamedValues<F, R, true> &
  Partial<NamedValues<F, R, false>> &
  ([Flattened<F>] extends [never] ? unknown : Flattened<F> extends (value: infer V) => void ? V : never);

/** An object. */
export interface ObjectCodec<F extends Fields, R extends keyof F> extends Codec<ObjectValue<F, R>> {
  readonly fields: F;
}

/** What an object may say beyond its fields. */
interface ObjectConstraints<F, R> extends Omit<Constraints, 'required'> {
  readonly required?: readonly (R & keyof F & string)[];
}

/** An object with its fields; a check is about all of them together. */
export function object<const F extends Fields, const R extends keyof F & string = never>(
  description: string,
  fields: F,
  constraints: ObjectConstraints<F, R> = {},
  check?: (value: ObjectValue<F, R>, place: Place) => void,
): ObjectCodec<F, R> {
  const parts = Object.entries(fields).map(([name, field]) => ({ name, field, option: field.option ?? name }));
  const flat = parts.filter(({ option }) => option === '');
  const single = parts.filter(({ option }) => option !== '');
  return {
    fields,
    schema: {
      type: 'object',
      description,
      properties: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.schema])),
      ...constraints,
    },
    decode: (json, place) => {
      const value: Record<string, unknown> = {};
      for (const { name, field, option } of parts) {
        const read = json[name] === undefined ? undefined : field.decode(json[name], place.at(name));
        if (option === '') {
          Object.assign(value, read);
        } else if (read !== undefined) {
          value[option] = read;
        }
      }
      return value as ObjectValue<F, R>;
    },
    encode: (value: any) =>
      Object.fromEntries(
        parts.flatMap(({ name, field, option }) => {
          const given = option === '' ? value : value[option];
          const json = given === undefined ? undefined : field.encode(given);
          return json === undefined || (option === '' && Object.keys(json).length === 0) ? [] : [[name, json]];
        }),
      ),
    check: (value: any, place) => {
      single
        .filter(({ option }) => value[option] !== undefined)
        .forEach(({ field, option }) => field.check(value[option], place.at(option)));
      flat.forEach(({ field }) => field.check(value, place));
      check?.(value, place);
    },
    place: (path, json) => {
      const [step, ...rest] = path;
      const found = single.find(({ option }) => option === step);
      if (found !== undefined) {
        return [found.name, ...placeOf(found.field, rest, json?.[found.name])];
      }
      const below = flat.flatMap(({ name, field }) => {
        const place = field.place?.(path, json?.[name]);
        return place === undefined ? [] : [[name, ...place]];
      });
      return path.length === 0 ? [] : below[0];
    },
  };
}

/** An object that is replaced as a whole by server-side apply: references and selectors. */
export const atomicObject = <const F extends Fields, const R extends keyof F & string = never>(
  description: string,
  fields: F,
  constraints: ObjectConstraints<F, R> = {},
): ObjectCodec<F, R> => object(description, fields, { 'x-kubernetes-map-type': 'atomic', ...constraints });

/**
 * Something that is off by default. What is described and not switched on is hardly meant so, and a finding.
 */
export function switchable<const F extends Fields & { readonly enabled: Codec<boolean> }>(
  description: string,
  fields: F,
  check?: (value: ObjectValue<F, never>, place: Place) => void,
): ObjectCodec<F, never> {
  const whole = object(description, fields, {}, check);
  return {
    ...whole,
    decode: (json, place) => {
      const silent = json.enabled === undefined && Object.keys(json).length > 0;
      const { name } = place;
      place.at('enabled').report(DOCUMENT_ENABLED_MISSING, undefined, silent ? { name } : undefined);
      return silent ? undefined : whole.decode(json, place);
    },
  };
}

/** Values of an object, with the API's defaults for what is not said. */
export type Filled<C> =
  C extends ObjectCodec<infer F, infer R>
    ? ObjectValue<F, R | { [K in keyof F]: F[K] extends { readonly fallback: any } ? K : never }[keyof F]>
    : never;

/** An object with the API's defaults for what it does not say, one level deep. */
export function filled<F extends Fields, R extends keyof F>(
  { fields }: ObjectCodec<F, R>,
  value: ObjectValue<F, R>,
): Filled<ObjectCodec<F, R>> {
  const given = Object.entries(value).filter(([, item]) => item !== undefined);
  const defaults = Object.entries(fields).flatMap(([name, field]) =>
    'fallback' in field ? [[field.option ?? name, field.fallback]] : [],
  );
  return Object.fromEntries([...defaults, ...given]) as Filled<ObjectCodec<F, R>>;
}

/** What a field is made of: the fields of an object, the items of a list; neither of anything else. */
export function partsOf(field: Codec<any>): { readonly fields?: Fields; readonly items?: Codec<any> } {
  return field as Partial<ObjectCodec<Fields, never> & ListCodec<Codec<any>>>;
}

/** An object with one field, whose value is that of the field. */
export function sole<T>(description: string, name: string, field: Codec<T>): Codec<T> & { readonly fields: Fields } {
  const fields: Fields = { [name]: field };
  return {
    fields,
    schema: object<Fields, string>(description, fields, { required: [name] }).schema,
    decode: (json, place) => field.decode(json[name], place.at(name)),
    encode: value => ({ [name]: field.encode(value) }),
    check: (value, place) => field.check(value, place),
    place: (path, json) => [name, ...placeOf(field, path, json?.[name])],
  };
}

/** How the value of a field is made of the JSON's own, and back. */
export interface Mapping<From, To> extends Pick<Codec<To>, 'place'> {
  /** Reports what has no such value. */
  readonly read: (from: From, place: Place) => To | undefined;
  readonly write: (to: To) => From | undefined;
  /** What of the value is wrong; nothing when it is left out. */
  readonly check?: Codec<To>['check'];
}

/** A field whose value has another shape than its JSON. Its checks are those of the mapping alone. */
export function mapped<C extends Codec<any>, To>(
  field: C,
  { read, write, check, place: placeIn }: Mapping<ValueOf<C>, To>,
): Omit<C, keyof Codec<any> | 'fallback'> & Codec<To> {
  // A default of the JSON's own kind is none of the value's.
  const { fallback: ignored, ...kept } = field as C & { readonly fallback?: unknown };
  return {
    ...kept,
    decode: (json, place) => {
      const from = field.decode(json, place);
      return from === undefined ? undefined : read(from, place);
    },
    encode: to => {
      const from = write(to);
      return from === undefined ? undefined : field.encode(from);
    },
    check: check ?? (() => undefined),
    place: placeIn,
  } as Omit<C, keyof Codec<any> | 'fallback'> & Codec<To>;
}

/** Checks a value as a field does, for a reader of its JSON: what is wrong is reported where it stands there. */
export function checkIn<T>(field: Codec<T>, value: T, place: Place, json?: unknown): void {
  field.check(
    value,
    place.leading(path => placeOf(field, path, json)),
  );
}
