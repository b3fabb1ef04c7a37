import { Yaml } from 'cdk8s';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import { YamlWriter } from '../../src/app/yaml-writer';
import { manifestYaml, misreadTexts } from '../../src/values/yaml';

/** What cdk8s writes, with quotes around what kubectl would take for a number. */
const byLibrary = (document: unknown) =>
  misreadTexts(document).length === 0 ? Yaml.stringify(document) : manifestYaml(document);

/** Pieces of texts that mean something in YAML, with some that do not. */
const piece = fc.constantFrom(
  ...[
    'a',
    'Z',
    '0',
    '7',
    ' ',
    '  ',
    '\n',
    '\n\n',
    '\t',
    '\r',
    ':',
    '-',
    '---',
    '...',
    '#',
    '%',
    '"',
    "'",
    '&',
    '*',
    '!',
    '|',
  ],
  ...[
    '>',
    '@',
    '`',
    ',',
    '[',
    ']',
    '{',
    '}',
    '?',
    '=',
    '<<',
    '~',
    '/',
    '.',
    '_',
    '+',
    '\\',
    '\u0000',
    '\u007f',
    '\u0085',
  ],
  ...[
    '\u2028',
    '\ufeff',
    '\ud800',
    'é',
    '\u{1f600}',
    'y',
    'no',
    'On',
    'true',
    'NULL',
    '1',
    '0x1f',
    '0o7',
    '1_000',
    '1:30',
  ],
  ...['.inf', '.NaN', '1e3', '2026-11-30', '12:00', 'x'.repeat(90), 'key: value', '- item'],
);
const text = fc.oneof(
  // Short ones, of which words and numbers are.
  fc.stringMatching(/^[a-zA-Z0-9./_+-]{1,4}$/),
  fc.array(piece, { maxLength: 6 }).map(pieces => pieces.join('')),
  fc.fullUnicodeString(),
  fc.stringMatching(/^[a-z][a-z0-9./:-]{0,20}$/),
);
const leaf = fc.oneof(text, fc.boolean(), fc.integer(), fc.double(), fc.constantFrom(null, -0, 2 ** 53, -1));
const json = fc.letrec(tie => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 5 }),
  ),
})).value;

/** Texts of digits, signs and letters of numbers. */
const number = fc.stringMatching(/^[-+]?(?:0[obxOBX])?[0-9a-fA-F_.]{1,5}(?:[eE][-+]?[0-9_]{1,3})?$/);

/**
 * Texts without quotes that the reader of Go, which kubectl has, takes for numbers: what begins like one, and is an integer of any
 * base, or a float, without its underscores.
 */
function goReads(written: string): string[] {
  return written
    .split('\n')
    .flatMap(line => /^(?:\s*- |key: )([-+.0-9].*)$/.exec(line)?.[1] ?? [])
    .map(plain => (plain.startsWith('.') ? plain : plain.replace(/_/g, '')))
    .filter(plain =>
      /^[-+]?(?:\d+|0[oO][0-7]+|0[bB][01]+|0[xX][0-9a-fA-F]+)$|^[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?$/.test(plain),
    );
}

describe('YamlWriter', () => {
  test('writes arbitrary JSON as cdk8s does', () => {
    fc.assert(
      fc.property(json, value => {
        expect(new YamlWriter().document(value as any)).toBe(byLibrary(value));
      }),
      { numRuns: 500 },
    );
  });

  test('writes texts as cdk8s does, as keys, in lists and in objects', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        for (const value of [{ [a]: b }, { [a]: [b, { [b]: a }] }, [a, [b], { [a]: { [b]: a } }]]) {
          expect(new YamlWriter().document(value as any)).toBe(byLibrary(value));
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('what stands in two places is the alias that cdk8s writes', () => {
    const shared = { a: ['b'] };
    const nothing: string[] = [];
    for (const value of [{ one: shared, two: shared }, [shared, [shared]], { one: nothing, two: nothing }]) {
      expect(byLibrary(value)).toContain('*a1');
      expect(new YamlWriter().document(value as any)).toBe(byLibrary(value));
    }
  });

  test('what is no JSON is what cdk8s makes of it', () => {
    class Named {
      readonly name = 'x';
    }
    for (const value of [new Date(0), new Map([['a', 1]]), new Named(), { a: undefined }, [undefined], 10n, NaN]) {
      expect(new YamlWriter().document({ value })).toBe(byLibrary({ value }));
    }
  });

  test('readers of YAML 1.1 and 1.2, and kubectl, read every text as it is', () => {
    fc.assert(
      fc.property(fc.oneof(text, number), value => {
        const written = new YamlWriter().document({ key: value, list: [value] });
        for (const version of ['1.1', '1.2'] as const) {
          expect(parse(written, { version })).toEqual({ key: value, list: [value] });
        }
        expect(goReads(written)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  test('quotes what kubectl takes for a number, wherever it stands', () => {
    for (const misread of ['0o17', '-0O7', '0B1', '0X1F', '0o_7', '1e+1_0', '-_7', '0_x1', '+_.5', '1e5_']) {
      expect(new YamlWriter().document({ [misread]: [misread] })).toBe(`"${misread}":\n  - "${misread}"\n`);
      // A document that is left to the library.
      expect(new YamlWriter().document({ a: misread, b: null })).toBe(`a: "${misread}"\nb: null\n`);
    }
  });
});
