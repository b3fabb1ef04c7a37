import { integer, list, named, own, placeOf, ruleFor, text, texts, ValueOf } from '../../src/api/codec';
import { mapped, object, sole } from '../../src/api/object';
import { Place } from '../../src/api/place';
import { unseenFields } from '../../src/api/upstream';
import { because, errorKind } from '../../src/model/findings';
import { formatPath, Path, parsePath } from '../../src/values/paths';

const nowhere = new Place(() => undefined);
const ABOVE_0 = ruleFor('test-above-0', (value: number) => (value > 0 ? undefined : 'is not above 0'), 'Give more');
const ONE_PART = errorKind('test-one-part', 'has one part', 'Write two');
const EMPTY = errorKind('test-empty', 'is empty', 'Fill it');
const COUNTED = errorKind('test-counted', 'is the number of backends', 'Change it');

/** Text with a dash between two parts, which code has one by one. */
const pair = mapped(text('Two parts.'), {
  read: (json, place) => {
    const [first, second] = json.split('-');
    place.report(ONE_PART, json, second === undefined);
    return second === undefined ? undefined : { first, second };
  },
  write: ({ first, second }) => `${first}-${second}`,
  check: ({ first }, place) => place.at('first').report(EMPTY, first, first === ''),
});

const spec = object(
  'Spec.',
  {
    backendRefs: named(
      'backends',
      list(
        'Backends.',
        object('Backend.', { serverRef: named('server', texts('Server.')), weight: integer('Share.') }),
      ),
    ),
    network: named(
      '',
      object('Network.', {
        http: named('', object('HTTP.', { port: integer('Port.', {}, 'Give a port'), path: text('Path.') })),
        service: object('Service.', { port: integer('Port of it.', { minimum: 1 }) }),
      }),
    ),
    rateLimit: named(
      'rateLimits',
      sole('Limits.', 'limits', list('All.', object('Limit.', { requests: own(integer('How many.')) }))),
    ),
    pair,
  },
  { required: ['backendRefs'] },
  ({ backends, port }, place) => place.at('port').report(COUNTED, port, port === backends.length),
);

const JSON_ = {
  backendRefs: [{ serverRef: { name: 'a' }, weight: 1 }],
  network: { http: { port: 1, path: '/' }, service: { port: 0 } },
  rateLimit: { limits: [{ requests: 5 }] },
  pair: 'a-b',
};
const VALUE: ValueOf<typeof spec> = {
  backends: [{ server: { name: 'a' }, weight: 1 }],
  port: 1,
  path: '/',
  service: { port: 0 },
  rateLimits: [{ requests: 5 }],
  pair: { first: 'a', second: 'b' },
};

test('values have the names of options, and JSON those of the API', () => {
  expect(spec.decode(JSON_, nowhere)).toEqual(VALUE);
  expect(spec.encode(VALUE)).toEqual(JSON_);
  expect(spec.decode({ backendRefs: [] }, nowhere)).toEqual({ backends: [] });
  expect(spec.encode({ backends: [] })).toEqual({ backendRefs: [] });
});

test('what is wrong with a value goes by the names of options, and leads back to the JSON', () => {
  const found: Path[] = [];
  spec.check({ ...VALUE, pair: { first: '', second: '' } }, new Place(path => found.push(path)));
  expect(found.map(formatPath)).toEqual(['pair.first', 'service.port', 'port']);
  expect(found.map(path => formatPath(placeOf(spec, path, JSON_)))).toEqual([
    'pair.first',
    'network.service.port',
    'network.http.port',
  ]);
});

test.each([
  ['backends[0].server.name', 'backendRefs[0].serverRef.name'],
  ['backends', 'backendRefs'],
  ['path', 'network.http.path'],
  ['rateLimits[0].requests', 'rateLimit.limits[0].requests'],
  ['rateLimits', 'rateLimit.limits'],
  ['', ''],
  // No value of the table: it is left as it is.
  ['elsewhere[1]', 'elsewhere[1]'],
])('%s stands at %s', (property, place) => {
  expect(formatPath(placeOf(spec, parsePath(property), JSON_))).toBe(place);
});

test('what has no value is reported where it stands in the JSON', () => {
  const found: string[] = [];
  const place = new Place((path, value, problem) => found.push(`${formatPath(path)}: ${value}: ${problem}`), ['spec']);
  expect(spec.decode({ backendRefs: [], pair: 'a' }, place)).toEqual({ backends: [] });
  expect(found).toEqual(['spec.pair: a: has one part']);
});

test('fields with names, and of objects with one field, are found among those of no operator', () => {
  expect(unseenFields(spec, JSON_)).toEqual([
    { path: ['rateLimit', 'limits', 0, 'requests'], value: 5, remedy: 'Remove it, or use Reconciliation.RENDERED' },
  ]);
});

test('rules of numbers hold at values of other shape', () => {
  const half = mapped(integer('Twice.'), {
    read: json => json / 2,
    write: value => value * 2,
    check: (value, place) => place.report(ABOVE_0.kind, value, because(ABOVE_0.problem(value))),
  });
  expect(half.decode(4, nowhere)).toBe(2);
  expect(half.encode(2)).toBe(4);
  const found: string[] = [];
  half.check(0, new Place((_, value, problem) => found.push(`${value} ${problem}`)));
  expect(found).toEqual(['0 is not above 0']);
});
