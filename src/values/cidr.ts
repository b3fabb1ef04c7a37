import { isIP } from 'net';

/*
 * Ranges of addresses. A range is of one family, and an address of the other is never in it.
 */

/** A range in canonical form. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly network: bigint;
  readonly bits: number;
}

const WIDTH = { 4: 32, 6: 128 } as const;

/** What is wrong with a CIDR. */
export function cidrProblem(text: string): string | undefined {
  return parseCidr(text) === undefined ? 'is not a CIDR (such as 10.20.0.0/16 or 2001:db8::/32)' : undefined;
}

/** A CIDR without the bits that its prefix leaves out (`10.1.2.3/8` is `10.0.0.0/8`), as policies want it. */
export function canonicalCidr(text: string): string {
  const { family, network, bits } = parseCidr(text)!;
  return `${formatAddress(family, network)}/${bits}`;
}

/** An address as the range of itself alone. */
export function addressCidr(address: string): string {
  return canonicalCidr(`${address}/${WIDTH[familyOf(address)!]}`);
}

/** An address or a CIDR in the form of a CIDR; undefined for what is neither. */
export function asCidr(text: string): string | undefined {
  const family = familyOf(text);
  return family !== undefined ? `${text}/${WIDTH[family]}` : parseCidr(text) && text;
}

/** An address or a CIDR in canonical form; undefined for what is neither. */
export function canonicalRange(text: string): string | undefined {
  const cidr = asCidr(text);
  return cidr && canonicalCidr(cidr);
}

/** The family of an address; undefined for what is none. */
export function familyOf(address: string): 4 | 6 | undefined {
  // A zone says which link of one machine is meant, which nobody else can know.
  const family = address.includes('%') ? 0 : isIP(address);
  return family === 0 ? undefined : (family as 4 | 6);
}

/** The addresses of IPv4 as IPv6 has them: connections to one are to the other. */
export const MAPPED = '::ffff:0:0/96';

/** An address, as IPv4 where IPv6 only stands around it. */
export function plainAddress(address: string): string {
  const cidr = addressCidr(address);
  return cidrContains(MAPPED, cidr) ? formatAddress(4, parseCidr(cidr)!.network % 2n ** 32n) : address;
}

/** Whether all of one range is in another. */
export function cidrContains(outer: string, inner: string): boolean {
  const [a, b] = [parseCidr(outer), parseCidr(inner)];
  return a !== undefined && b !== undefined && rangeContains(a, b);
}

/** Whether all of one range is in another, for those who keep ranges. */
export function rangeContains(outer: AddressRange, inner: AddressRange): boolean {
  return (
    outer.family === inner.family &&
    outer.bits <= inner.bits &&
    masked(inner.network, outer.bits, WIDTH[outer.family]) === outer.network
  );
}

/** The range that a CIDR says; undefined for what is none. */
export function parseCidr(text: string): AddressRange | undefined {
  const [, address, prefix] = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const family = address === undefined ? undefined : familyOf(address);
  const bits = Number(prefix);
  if (family === undefined || bits > WIDTH[family]) {
    return undefined;
  }
  return { family, network: masked(toNumber(family, address), bits, WIDTH[family]), bits };
}

function masked(address: bigint, bits: number, width: number): bigint {
  return address - (address % 2n ** BigInt(width - bits));
}

function toNumber(family: 4 | 6, address: string): bigint {
  if (family === 4) {
    return address.split('.').reduce((number, part) => number * 256n + BigInt(part), 0n);
  }
  // The last 32 bits may be written as an IPv4 address.
  const [, head, tail] = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address) ?? [undefined, address, undefined];
  const words =
    tail === undefined
      ? head
      : head +
        toNumber(4, tail)
          .toString(16)
          .padStart(8, '0')
          .replace(/(....)(....)/, '$1:$2');
  const [left, right] = words.split('::').map(side => (side === '' ? [] : side.split(':')));
  const zeros = right === undefined ? [] : Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...zeros, ...(right ?? [])].reduce((number, word) => number * 65536n + BigInt(`0x${word}`), 0n);
}

function formatAddress(family: 4 | 6, address: bigint): string {
  if (family === 4) {
    return [24n, 16n, 8n, 0n].map(shift => String((address / 2n ** shift) % 256n)).join('.');
  }
  const words = Array.from({ length: 8 }, (_, i) => ((address / 2n ** BigInt(112 - 16 * i)) % 65536n).toString(16));
  // URLs write addresses in the canonical form of RFC 5952.
  return new URL(`http://[${words.join(':')}]`).hostname.slice(1, -1);
}
