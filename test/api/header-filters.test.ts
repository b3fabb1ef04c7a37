import fc from 'fast-check';
import { HeaderChanges, headerFilters, headerModifierModel } from '../../src/api/header-filters';
import { Place } from '../../src/api/place';
import { formatPath } from '../../src/values/paths';

function read(json: unknown) {
  const found: string[] = [];
  const value = headerFilters.decode(
    json,
    new Place((path, shown, problem) => found.push(`${formatPath(path)}: ${JSON.stringify(shown)} ${problem}`)),
  );
  return { value, found };
}

const NAME = fc.constantFrom('x-a', 'X-B', 'x-c', 'X-d');
const CHANGES: fc.Arbitrary<HeaderChanges> = fc
  .uniqueArray(fc.tuple(NAME, fc.constantFrom('set', 'add', 'remove'), fc.string({ maxLength: 4 })), {
    selector: ([name]) => name,
    minLength: 1,
  })
  .map(changes => {
    const of = (wanted: string) => changes.filter(([, verb]) => verb === wanted);
    const values = (verb: string) => Object.fromEntries(of(verb).map(([name, , value]) => [name, value]));
    return { set: values('set'), add: values('add'), remove: of('remove').map(([name]) => name) };
  });

test('changes are written as filters, and read again', () => {
  fc.assert(
    fc.property(CHANGES, CHANGES, (requestHeaders, responseHeaders) => {
      const { value, found } = read(headerFilters.encode({ requestHeaders, responseHeaders }));
      expect(found).toEqual([]);
      expect(headerModifierModel(value!.requestHeaders!)).toEqual(headerModifierModel(requestHeaders));
      expect(headerModifierModel(value!.responseHeaders!)).toEqual(headerModifierModel(responseHeaders));
    }),
    { numRuns: 50, seed: 7 },
  );
  expect(headerFilters.encode({ requestHeaders: { set: {} } })).toEqual([]);
});

test('filters of one type are one set of changes, which leads back to them', () => {
  const json = [
    { type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'X-A', value: 'a' }], remove: ['b'] } },
    { type: 'ResponseHeaderModifier', responseHeaderModifier: { add: [{ name: 'c', value: 'd' }] } },
    { type: 'RequestHeaderModifier', requestHeaderModifier: { remove: ['e', 'f'] } },
  ];
  expect(read(json)).toEqual({
    value: {
      requestHeaders: { set: { 'X-A': 'a' }, add: {}, remove: ['b', 'e', 'f'] },
      responseHeaders: { set: {}, add: { c: 'd' }, remove: [] },
    },
    found: [],
  });
  expect(headerFilters.place!(['requestHeaders', 'remove', 2], json)).toEqual([
    2,
    'requestHeaderModifier',
    'remove',
    1,
  ]);
  expect(headerFilters.place!(['responseHeaders', 'add', 'c'], json)).toEqual([1, 'responseHeaderModifier', 'add', 0]);
  expect(headerFilters.place!(['requestHeaders', 'set', 'none'], json)).toEqual([]);
  expect(headerFilters.place!(['backends'], json)).toBeUndefined();
});

test('filters that contradict each other, or their type', () => {
  expect(
    read([
      { type: 'RequestHeaderModifier' },
      {
        type: 'ResponseHeaderModifier',
        responseHeaderModifier: { remove: ['a', 'A'] },
        requestHeaderModifier: { remove: ['a'] },
      },
    ]).found,
  ).toEqual([
    '[0].requestHeaderModifier: undefined is missing for type RequestHeaderModifier',
    '[1].requestHeaderModifier: {"remove":["a"]} does not go with type ResponseHeaderModifier',
    '[1].responseHeaderModifier.remove[1]: "A" is named twice by the ResponseHeaderModifier filters of this route',
  ]);
});
