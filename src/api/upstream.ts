import { Codec } from './codec';
import { partsOf } from './object';
import { Place } from './place';
import { errorKind } from '../model/findings';
import { Path } from '../values/paths';

/*
 * Controller mode: an operator reads the resources, by upstream's definitions. What these have no field for would be dropped
 * there without a word, and is refused here.
 */

/** Why an option is refused that the resource of a kind has no field for. */
export function noField(kind: string): string {
  return `has no field in the ${kind} resource, so an operator would never see it`;
}

/** An option that the resource of a kind has no field for. */
export const OPTION_WITHOUT_FIELD = errorKind(
  'option-without-field',
  'has no field in the {kind} resource, so an operator would never see it',
  '{instead}, or use Reconciliation.RENDERED',
);

/** Why a field of a document is refused that upstream's definition does not have. */
export const OWN_FIELD = "is a field of this library's own definition, so an operator would never see it";

/** A field that no operator would see. */
export interface UnseenField {
  readonly path: Path;
  /** What of it may stand in a message. */
  readonly value: unknown;
  /** What to do about it. */
  readonly remedy: string;
}

/** Fields of JSON that only this library's definition has, as whole as possible. */
export function unseenFields(field: Codec<any>, json: any, path: Path = []): UnseenField[] {
  if (json === undefined) {
    return [];
  }
  if (field.own !== undefined) {
    const { instead = 'Remove it', show = (value: unknown) => value } = field.own;
    return [{ path, value: show(json), remedy: `${instead}, or use Reconciliation.RENDERED` }];
  }
  const { fields, items } = partsOf(field);
  return [
    ...Object.entries(fields ?? {}).flatMap(([name, child]) => unseenFields(child, json[name], [...path, name])),
    ...(items === undefined ? [] : (json as unknown[]).flatMap((item, i) => unseenFields(items, item, [...path, i]))),
  ];
}

/** JSON without the fields that only this library's definition has. */
export function withoutUnseen(field: Codec<any>, json: any): any {
  const { fields, items } = partsOf(field);
  if (items !== undefined) {
    return json.map((item: unknown) => withoutUnseen(items, item));
  }
  return fields === undefined
    ? json
    : Object.fromEntries(
        Object.entries(json)
          .filter(([name]) => fields[name].own === undefined)
          .map(([name, value]) => [name, withoutUnseen(fields[name], value)]),
      );
}

/** Reports fields of JSON that nothing rendered acts on, as whole as possible. Lists and texts that are empty say nothing. */
export function checkUnrendered(field: Codec<any>, json: any, place: Place): void {
  const { fields, items } = partsOf(field);
  if (json === undefined) {
    return;
  }
  if (field.unrendered !== undefined) {
    const empty = fields === undefined && typeof json === 'object' && Object.keys(json).length === 0;
    place.report<never>(field.unrendered, json, !empty);
    return;
  }
  Object.entries(fields ?? {}).forEach(([name, child]) => checkUnrendered(child, json[name], place.at(name)));
  if (items !== undefined) {
    (json as unknown[]).forEach((item, i) => checkUnrendered(items, item, place.at(i)));
  }
}
