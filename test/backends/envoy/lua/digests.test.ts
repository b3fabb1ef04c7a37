import { createHash } from 'crypto';
import * as fc from 'fast-check';
import { sourceOf } from '../../../../scripts/lua/programs';
import { evaluate, literal } from '../../../support/lua/vm';

type Name = 'md5' | 'sha256';

/** Digests of what Lua expressions give, in hexadecimal. */
const digestsOf = (name: Name, expressions: readonly string[]): Promise<string[]> =>
  evaluate(`${sourceOf('digests.lua').code}
return { ${expressions.map(expression => `hex(${name}(${expression}))`).join(', ')} }`);
const expected = (name: Name, text: string) => createHash(name).update(text, 'latin1').digest('hex');

describe('MD5', () => {
  it.each([
    ['', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['a', '0cc175b9c0f1b6a831c399e269772661'],
    ['abc', '900150983cd24fb0d6963f7d28e17f72'],
    ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
    ['abcdefghijklmnopqrstuvwxyz', 'c3fcd3d76192e4007dfb496cca67e13b'],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', 'd174ab98d277d9f5a5611c2c9f419d9f'],
    ['1234567890'.repeat(8), '57edf4a22be3c955ac49da2e2107b67a'],
  ])('of %j is that of RFC 1321', async (text, digest) => {
    expect(await digestsOf('md5', [literal(text)])).toEqual([digest]);
  });
});

describe('SHA-256', () => {
  it.each([
    ['"abc"', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      '"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
    ['("01234567"):rep(80)', '594847328451bdfa85056225462cc1d867d877fb388df0ce35f25ab5562bfbb5'],
    ['"\\25"', '68aa2e2ee5dff96e3355e6c7ee373e3d6a4e17f75f9518d843709c0c9bc3e3d4'],
  ])('of %s is that of RFC 6234', async (expression, digest) => {
    expect(await digestsOf('sha256', [expression])).toEqual([digest]);
  });
});

describe.each<Name>(['md5', 'sha256'])('%s', name => {
  it('is that of node for any bytes', () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async array => {
        const text = Buffer.from(array).toString('latin1');
        expect(await digestsOf(name, [literal(text)])).toEqual([expected(name, text)]);
      }),
    ));

  it('fills the last block at every length', async () => {
    const texts = Array.from({ length: 130 }, (_, length) => '\xff'.repeat(length));
    expect(await digestsOf(name, texts.map(literal))).toEqual(texts.map(text => expected(name, text)));
  });
});
