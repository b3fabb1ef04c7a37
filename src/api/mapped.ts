import { Codec, placeOf, ValueOf } from './codec';
import { Fields, object } from './object';
import { Place } from './place';

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
