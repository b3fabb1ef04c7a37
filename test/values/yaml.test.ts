import * as fc from 'fast-check';
import { parse, Scalar } from 'yaml';
import { blockYaml, compactYaml, libraryYaml } from '../../src/values/yaml';
import { nastyText } from '../backends/agentgateway/plan-arbitrary';

/** Text of several lines, long enough for any way in which the library writes such text. */
const lines = fc.array(nastyText, { maxLength: 8 }).map(parts => parts.join('\n'));
const key = nastyText.filter(name => name !== '__proto__');
// There is no negative zero in JSON.
const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(value => value + 0),
);
const { json } = fc.letrec<{ json: unknown }>(tie => ({
  json: fc.oneof(
    { depthSize: 'small' },
    nastyText,
    fc.string(),
    lines,
    number,
    fc.constantFrom(null, true, false),
    fc.array(tie('json')),
    fc.dictionary(key, tie('json')),
  ),
}));

it('writes what the YAML library writes, whatever it is', () => {
  fc.assert(
    fc.property(fc.oneof(fc.array(json), fc.dictionary(key, json)), value => {
      expect(blockYaml(value)).toBe(libraryYaml(value));
    }),
    { numRuns: 300 },
  );
});

it('indents lists and objects below each other', () => {
  expect(blockYaml({ a: { b: [1, { c: 'x', d: [['y', 'z']] }], e: {}, f: [] }, g: 'one\ntwo' })).toBe(
    'a:\n  b:\n    - 1\n    - c: x\n      d:\n        - - "y"\n          - z\n  e: {}\n  f: []\ng: |-\n  one\n  two\n',
  );
});

it('takes nodes of the library as scalars', () => {
  const scalar = new Scalar('text');
  scalar.type = Scalar.BLOCK_LITERAL;
  expect(blockYaml({ a: [{ b: scalar }] })).toBe('a:\n  - b: |-\n      text\n');
});

it('puts a key that is too long for it on a line of its own', () => {
  const value = { a: { ['k'.repeat(1025)]: { b: 'c' }, ['l'.repeat(1024)]: 'd' } };
  const text = blockYaml(value);
  expect(text).toBe(`a:\n  ? ${'k'.repeat(1025)}\n  :\n    b: c\n  ${'l'.repeat(1024)}: d\n`);
  expect(parse(text)).toEqual(value);
});

describe('compact', () => {
  it('means the same, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.array(json), fc.dictionary(key, json)),
        fc.integer({ min: 1, max: 80 }),
        (value, width) => {
          expect(parse(compactYaml(value, width))).toEqual(parse(blockYaml(value)));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('writes on a line what fits there', () => {
    expect(compactYaml({ a: { b: [1, { c: 'x' }], d: 'y' }, e: [['z']] }, 20)).toBe(
      'a:\n  b: [1,{"c":"x"}]\n  d: "y"\ne: [["z"]]\n',
    );
    expect(compactYaml({ a: { b: [1, { c: 'x' }], d: 'y' } }, 200)).toBe('a: {"b":[1,{"c":"x"}],"d":"y"}\n');
  });
});
