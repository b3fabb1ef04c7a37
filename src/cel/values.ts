import type { CelInput, CelMap } from '@bufbuild/cel';
import { celLibrary } from './library';

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
