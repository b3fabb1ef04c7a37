import { BlockList } from 'net';
import * as fc from 'fast-check';
import {
  addressCidr,
  asCidr,
  canonicalCidr,
  cidrContains,
  cidrProblem,
  familyOf,
  plainAddress,
} from '../../src/values/cidr';

it.each(['10.0.0.0/8', '0.0.0.0/0', '10.1.2.3/32', '::/0', '2001:db8::/32', '::ffff:10.0.0.1/128'])(
  '%s is a CIDR',
  text => {
    expect(cidrProblem(text)).toBeUndefined();
  },
);

it.each([
  '',
  '10.0.0.0',
  '10.0.0.0/33',
  '10.0.0/8',
  '256.0.0.0/8',
  '10.0.0.0/-1',
  '10.0.0.0/8/8',
  '10.0.0.0/08',
  '10.0.0.0/8x',
  '999.1.1.1/24',
  '::/129',
  'fe80::1%eth0/64',
  'acme/8',
])('%j is none', text => {
  expect(cidrProblem(text)).toContain('is not a CIDR');
});

it.each([
  ['10.1.2.3/8', '10.0.0.0/8'],
  ['192.168.1.255/25', '192.168.1.128/25'],
  ['0.0.0.7/0', '0.0.0.0/0'],
  ['2001:0DB8:0:0:1::1/33', '2001:db8::/33'],
  ['::ffff:10.1.2.3/120', '::ffff:a01:200/120'],
  ['fe80::/10', 'fe80::/10'],
])('%s is %s', (text, canonical) => {
  expect(canonicalCidr(text)).toBe(canonical);
  expect(canonicalCidr(canonical)).toBe(canonical);
});

it('makes ranges of single addresses', () => {
  expect([addressCidr('10.0.0.7'), addressCidr('2001:db8::7')]).toEqual(['10.0.0.7/32', '2001:db8::7/128']);
  expect([familyOf('10.0.0.7'), familyOf('::1'), familyOf('acme.dev')]).toEqual([4, 6, undefined]);
});

it.each([
  ['10.0.0.7', '10.0.0.7/32'],
  ['2001:DB8::7', '2001:DB8::7/128'],
  ['10.1.2.3/8', '10.1.2.3/8'],
  ['fe80::1%eth0', undefined],
  ['acme.dev', undefined],
])('%s stands for %s', (text, cidr) => {
  expect(asCidr(text)).toBe(cidr);
});

it('knows what a range contains, as the runtime does', () => {
  const ipv4 = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 }));
  const ipv6 = fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 }));
  fc.assert(
    fc.property(fc.oneof(fc.tuple(ipv4, fc.ipV4()), fc.tuple(ipv6, fc.ipV6())), ([[network, bits], address]) => {
      const family = familyOf(network) === 4 ? ('ipv4' as const) : ('ipv6' as const);
      const list = new BlockList();
      list.addSubnet(network, bits, family);
      expect(cidrContains(canonicalCidr(`${network}/${bits}`), addressCidr(address))).toBe(list.check(address, family));
      expect(list.check(canonicalCidr(`${network}/${bits}`).split('/')[0], family)).toBe(true);
    }),
  );
});

it('contains no range that is wider, or of the other family', () => {
  expect([
    cidrContains('10.0.0.0/16', '10.0.0.0/8'),
    cidrContains('0.0.0.0/0', '::/128'),
    cidrContains('10.0.0.0/8', '10.0.0.0/8'),
    cidrContains('x', '10.0.0.0/8'),
  ]).toEqual([false, false, true, false]);
});

it.each([
  ['::ffff:127.0.0.1', '127.0.0.1'],
  ['::ffff:a9fe:a9fe', '169.254.169.254'],
  ['::7f00:1', '::7f00:1'],
  ['::1', '::1'],
  ['::', '::'],
  ['10.1.2.3', '10.1.2.3'],
  ['2001:db8::1', '2001:db8::1'],
])('reads %s as %s', (address, plain) => {
  expect(plainAddress(address)).toBe(plain);
});
