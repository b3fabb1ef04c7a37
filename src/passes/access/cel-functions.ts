import type { CelFunc, CelInput, CelMap } from '@bufbuild/cel';
import { celLibrary } from './cel-library';
import { addressCidr, AddressRange, familyOf, parseCidr, rangeContains } from '../../values/cidr';

/*
 * The functions that agentgateway adds to CEL, as far as emitted expressions use them: `json`, `toJson`,
 * `cidr(…).containsIP(…)` and `request.headers.join()`.
 */

export function gatewayFunctions(): CelFunc[] {
  const { celFunc, celMethod, CelScalar, mapType } = celLibrary();
  const object = mapType(CelScalar.STRING, CelScalar.DYN);
  return [
    celFunc('json', [CelScalar.BYTES], CelScalar.DYN, parseBody),
    celFunc('json', [CelScalar.STRING], CelScalar.DYN, text => fromJson(JSON.parse(text))),
    celFunc('toJson', [CelScalar.DYN], CelScalar.STRING, value => JSON.stringify(plainValue(value))),
    celFunc('cidr', [CelScalar.STRING], object, cidrValue),
    celMethod('containsIP', object, [CelScalar.STRING], CelScalar.BOOL, function (address) {
      return containsIp(this, address);
    }),
    celMethod('join', object, [], object, function () {
      return joinHeaders(this);
    }),
  ];
}

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
function plainValue(value: unknown): unknown {
  const { isCelList, isCelMap } = celLibrary();
  if (isCelMap(value)) {
    return Object.fromEntries([...value.entries()].map(([key, item]) => [String(key), plainValue(item)]));
  }
  return isCelList(value) ? [...value].map(plainValue) : typeof value === 'bigint' ? Number(value) : value;
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

const bodies = new WeakMap<Uint8Array, CelInput>();

function parseBody(body: Uint8Array): CelInput {
  let parsed = bodies.get(body);
  if (parsed === undefined) {
    parsed = fromJson(JSON.parse(new TextDecoder().decode(body)));
    bodies.set(body, parsed);
  }
  return parsed;
}

/** A parsed range: CEL has no type for it, so it goes through the evaluator as a map that holds its text. */
interface Cidr {
  readonly value: CelMap;
  readonly range: AddressRange;
}

const cidrs = new Map<string, Cidr>();

function cidrValue(text: string): CelMap {
  return knownCidr(text).value;
}

function knownCidr(text: string): Cidr {
  let found = cidrs.get(text);
  if (found === undefined) {
    const range = parseCidr(text);
    if (range === undefined) {
      throw new Error(`"${text}" is no CIDR`);
    }
    found = { value: celLibrary().celMap(new Map([['cidr', text]])), range };
    cidrs.set(text, found);
  }
  return found;
}

function containsIp(value: CelMap, address: string): boolean {
  const text = value.get('cidr');
  if (typeof text !== 'string' || familyOf(address) === undefined) {
    throw new Error(`"${address}" is no IP address`);
  }
  // An IPv4 address within an IPv6 one is an IPv6 address to the gateway.
  return rangeContains(knownCidr(text).range, parseCidr(addressCidr(address))!);
}

/** Headers with the lines of each joined by commas. */
function joinHeaders(headers: CelMap): CelMap {
  const joined = new Map<string, CelInput>();
  headers.forEach((value, name) =>
    joined.set(name as string, typeof value === 'string' ? value : [...(value as Iterable<string>)].join(',')),
  );
  return celLibrary().celMap(joined as ReadonlyMap<string, CelInput>);
}
