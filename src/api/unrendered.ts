import { Codec } from './codec';
import { partsOf } from './object';
import { Place } from './place';

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
