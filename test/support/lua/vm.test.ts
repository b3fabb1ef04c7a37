import * as fc from 'fast-check';
import { evaluate, literal, utf8 } from './vm';

const bytes = fc.uint8Array({ maxLength: 50 }).map(array => Buffer.from(array).toString('latin1'));

describe('values', () => {
  it('come back from Lua as they went there', () =>
    fc.assert(
      fc.asyncProperty(
        fc.dictionary(bytes, fc.oneof(bytes, fc.integer(), fc.boolean(), fc.array(bytes, { minLength: 1 })), {
          noNullPrototype: true,
        }),
        async value => expect(await evaluate(`return ${literal(value)}`)).toEqual(value),
      ),
    ));

  it('are left out where they are undefined, and are bytes', async () => {
    expect(await evaluate(`return ${literal({ a: undefined, b: utf8('ä€') })}`)).toEqual({ b: '\xc3\xa4\xe2\x82\xac' });
    expect(() => literal('€')).toThrow('no byte: "€"');
  });
});

/* eslint-disable no-bitwise */
/** What JavaScript's operators make of the same words. */
const OPERATORS: Readonly<Record<string, (a: number, b: number) => number>> = {
  band: (a, b) => a & b,
  bor: (a, b) => a | b,
  bxor: (a, b) => a ^ b,
  bnot: a => ~a,
  tobit: a => a | 0,
  lshift: (a, b) => a << (b & 31),
  rshift: (a, b) => (a >>> (b & 31)) | 0,
  rol: (a, b) => (a << (b & 31)) | (b & 31 ? a >>> (32 - (b & 31)) : 0),
  ror: (a, b) => (b & 31 ? (a >>> (b & 31)) | (a << (32 - (b & 31))) : a | 0),
};
/* eslint-enable no-bitwise */
const UNARY = ['bnot', 'tobit'];

it.each(Object.keys(OPERATORS))('bit.%s works on words of 32 bits', name =>
  fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.integer(), fc.nat(0xffffffff)),
      name.startsWith('b') ? fc.integer() : fc.nat(63),
      async (a, b) => {
        const call = `bit.${name}(${a}${UNARY.includes(name) ? '' : `, ${b}`})`;
        expect(await evaluate(`local bit = require("bit")\nreturn ${call}`)).toBe(OPERATORS[name](a, b));
      },
    ),
  ),
);

it('says what is wrong with a chunk that fails', async () => {
  await expect(evaluate('error("out of order")')).rejects.toThrow('out of order');
  await expect(evaluate('return end')).rejects.toThrow("'end'");
});
