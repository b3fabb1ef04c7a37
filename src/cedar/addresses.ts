import { BoundTerms } from './bindings';
import { FALSE, or, Term } from '../cel/terms';

/*
 * Cedar's functions of IP addresses, as ranges. An address of one family is in no range of the other.
 */

const RANGES: Readonly<Record<string, readonly string[]>> = {
  isIpv4: ['0.0.0.0/0'],
  isIpv6: ['::/0'],
  isLoopback: ['127.0.0.0/8', '::1/128'],
  isMulticast: ['224.0.0.0/4', 'ff00::/8'],
};

/** Names of the functions that take an address alone. */
export const ADDRESS_TESTS: readonly string[] = Object.keys(RANGES);

/** Whether the caller's address is what a function asks for. */
export function addressTest(name: string, bound: BoundTerms): Term {
  return or(RANGES[name].map(range => inRange(range, bound)));
}

/** Whether the caller's address is in a range, which may be one address. */
export function inRange(literal: string, bound: BoundTerms): Term {
  const range = literal.includes('/') ? literal : `${literal}/${addressBits(literal)}`;
  return bound.isFrom(range);
}

/** Whether the caller's address is the literal. A range is no address, even though both are of one type to Cedar. */
export function isAddress(literal: string, bound: BoundTerms): Term {
  const [address, bits] = literal.split('/');
  return bits === undefined || Number(bits) === addressBits(address) ? inRange(literal, bound) : FALSE;
}

function addressBits(address: string): number {
  return address.includes(':') ? 128 : 32;
}
