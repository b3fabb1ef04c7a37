import fc from 'fast-check';
import { boolean, bytes, choice, decimal, integer, list, text, textSet, texts, ruleFor } from '../../src/api/codec';
import { duration, exactDuration, LONGER } from '../../src/api/duration';
import { filled, object, switchable } from '../../src/api/object';
import { Place } from '../../src/api/place';
import { errorKind } from '../../src/model/findings';
import { formatPath } from '../../src/values/paths';

/** What is found while something is done at a place. */
function found(run: (place: Place) => unknown): string[] {
  const findings: string[] = [];
  run(
    new Place((path, value, problem, remedy) =>
      findings.push(`${formatPath(path)}: ${JSON.stringify(value)}: ${problem}. ${remedy}.`),
    ).at('spec'),
  );
  return findings;
}

const TOO_MUCH = errorKind('test-too-much', 'is too much', 'Relax');

const nowhere = new Place(() => undefined);

const limits = object(
  'Limits.',
  {
    enabled: boolean('Whether they hold.', { default: true }),
    mode: choice('How.', ['strict', 'relaxed'], { default: 'strict' }),
    names: textSet(
      'Who.',
      {},
      ruleFor('test-x', name => (name === 'x' ? 'is x' : undefined), 'Write y'),
    ),
    ratio: decimal('Share.', { default: '0.5' }),
    requests: integer('How many.', { minimum: 1 }),
    size: bytes('How large.'),
    timeout: duration('How long.', { default: '1m30s' }, LONGER),
    tags: texts('Tags.'),
  },
  { required: ['requests'] },
  ({ mode, requests }, place) => place.report(TOO_MUCH, [mode, requests], mode === 'strict' && requests > 5),
);

test('an object is read, written, and described', () => {
  const json = { requests: 3, size: '64Ki', timeout: '2m', ratio: '0.25', names: ['a'], tags: { b: 'c' } };
  const value = { requests: 3, size: 65_536, timeout: 120_000, ratio: 0.25, names: ['a'], tags: { b: 'c' } };
  expect(limits.decode(json, nowhere)).toEqual(value);
  expect(limits.encode(value)).toEqual({ ...json, timeout: '120s' });
  expect(limits.schema).toMatchObject({
    type: 'object',
    description: 'Limits.',
    required: ['requests'],
    properties: { mode: { type: 'string', enum: ['strict', 'relaxed'], default: 'strict' } },
  });
});

test('what is not said is the default of the API', () => {
  expect(filled(limits, { requests: 1, ratio: undefined, mode: 'relaxed' })).toEqual({
    enabled: true,
    mode: 'relaxed',
    ratio: 0.5,
    requests: 1,
    timeout: 90_000,
  });
});

test('what cannot be read is reported with its place, and left out', () => {
  expect(limits.decode({ requests: 1, size: '1m', timeout: 'soon' }, nowhere)).toEqual({ requests: 1 });
  expect(found(place => limits.decode({ requests: 1, size: '1m', timeout: 'soon' }, place))).toEqual([
    'spec.size: "1m": is not a size of whole bytes. Write it as 64Ki.',
    'spec.timeout: "soon": is not a duration (such as 500ms, 30s or 1m30s). Write it as 30s or 1m30s.',
  ]);
});

test('values are held to their fields, and fields to each other', () => {
  expect(found(place => limits.check({ requests: 6, timeout: 0, mode: 'strict', names: ['a', 'x'] }, place))).toEqual([
    'spec.names[1]: "x": is x. Write y.',
    'spec.timeout: 0: is not above 0. Give a longer time.',
    'spec: ["strict",6]: is too much. Relax.',
  ]);
  expect(found(place => limits.check({ requests: 0.5, mode: 'lax' as 'strict' }, place))).toEqual([
    'spec.mode: "lax": is not strict or relaxed. Use one of them.',
    'spec.requests: 0.5: is not a whole number from 1 to 2147483647. Give at least 1.',
  ]);
});

test('items of lists have places of their own', () => {
  const all = list('All.', limits);
  expect(found(place => all.decode([{ requests: 1 }, { requests: 1, size: '0' }], place))).toEqual([
    'spec[1].size: "0": is not a size of whole bytes. Write it as 64Ki.',
  ]);
});

test('what is described and not switched on is a finding', () => {
  const feature = switchable('Feature.', { enabled: boolean('On.', { default: false }), name: text('Name.') });
  expect(found(place => feature.decode({ name: 'a' }, place))).toEqual([
    'spec.enabled: undefined: is missing, and spec is off by default. Write enabled: true, or remove spec.',
  ]);
  expect(found(place => feature.decode({}, place))).toEqual([]);
  expect(feature.decode({ name: 'a', enabled: false }, nowhere)).toEqual({ name: 'a', enabled: false });
});

test.each([
  [1e-7, '0.0000001'],
  [1e21, '1000000000000000000000'],
  [0.1, '0.1'],
  [100, '100'],
])('%d is written as %s', (value, json) => {
  expect(decimal('Number.').encode(value)).toBe(json);
});

describe('durations of the Gateway API', () => {
  const wait = exactDuration('How long.');

  test('are written in its form, and read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999 * 3_600_000 }), milliseconds => {
        const written = wait.encode(milliseconds);
        expect(written).toMatch(new RegExp(wait.schema.pattern!));
        expect(wait.decode(written, nowhere)).toBe(milliseconds);
        expect(found(place => wait.check(milliseconds, place))).toEqual([]);
      }),
    );
  });

  test.each([
    [1500, '1500ms'],
    [90_000, '90s'],
    [123_456, '2m3s456ms'],
    [100_800_000, '28h'],
  ])('%d is %s', (milliseconds, written) => expect(wait.encode(milliseconds)).toBe(written));
});

test.each([
  [exactDuration('How long.'), 99_999 * 3_600_000 + 1],
  [duration('How long.'), 1e13],
  [duration('How long.'), 1e24],
])('a duration has an end', (field, milliseconds) => {
  expect(found(place => field.check(milliseconds, place))).toEqual([
    expect.stringContaining('the most that can be written'),
  ]);
});
