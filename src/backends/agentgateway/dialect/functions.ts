import type { CelFunc, CelInput, CelMap } from '@bufbuild/cel';
import { celLibrary, fromJson, toJson } from '../../../cel/evaluate';
import { addressCidr, AddressRange, familyOf, parseCidr, rangeContains } from '../../../values/cidr';

/*
 * The functions that agentgateway adds to CEL, as far as emitted expressions use them: `json`, `toJson`,
 * `cidr(…).containsIP(…)` and `request.headers.join()`.
 */

/** The functions. */
export function gatewayFunctions(): CelFunc[] {
  const { celFunc, celMethod, CelScalar, mapType } = celLibrary();
  const object = mapType(CelScalar.STRING, CelScalar.DYN);
  return [
    celFunc('json', [CelScalar.BYTES], CelScalar.DYN, parseBody),
    celFunc('json', [CelScalar.STRING], CelScalar.DYN, text => fromJson(JSON.parse(text))),
    celFunc('toJson', [CelScalar.DYN], CelScalar.STRING, value => JSON.stringify(toJson(value))),
    celFunc('cidr', [CelScalar.STRING], object, cidrValue),
    celMethod('containsIP', object, [CelScalar.STRING], CelScalar.BOOL, function (address) {
      return containsIp(this, address);
    }),
    celMethod('join', object, [], object, function () {
      return joinHeaders(this);
    }),
  ];
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
