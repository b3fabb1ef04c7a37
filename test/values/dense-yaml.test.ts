import * as fc from 'fast-check';
import { parse } from 'yaml';
import { denseYaml, denseYamlFollowing } from '../../src/values/dense-yaml';
import { nastyText } from '../backends/agentgateway/plan-arbitrary';

const read = (text: string): unknown => parse(text, { maxAliasCount: -1 });

/** Few texts, so that much of a value stands in it several times. */
const text = fc.oneof(fc.constantFrom('match', 'string_match', 'exact', 'a:b', '/routes/a/b', 'yes', '1e3'), nastyText);
const key = text.filter(name => name !== '__proto__');
const { json } = fc.letrec<{ json: unknown }>(tie => ({
  json: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.integer(),
    fc.constantFrom(null, true, false, 0.5),
    fc.array(tie('json')),
    fc.dictionary(key, tie('json')),
  ),
}));

it('means the same, whatever it is', () => {
  fc.assert(
    fc.property(fc.oneof(fc.array(json), fc.dictionary(key, json)), value => {
      expect(read(denseYaml(value))).toEqual(read(JSON.stringify(value)));
      expect(read(denseYaml([value, value, { value }]))).toEqual(read(JSON.stringify([value, value, { value }])));
    }),
    { numRuns: 300 },
  );
});

it('says once what repeats: keys, texts, and what they are in', () => {
  const match = (exact: string) => ({ match: { string_match: { exact } } });
  const principals = { principals: [match('alice'), match('bob')] };
  expect(denseYaml({ one: principals, two: principals, three: { principals: [match('carol')] } })).toBe(
    '{one: &e {&d principals: [{&a match: {&b string_match: {&c exact: alice}}},{*a : {*b : {*c : bob}}}]},' +
      'two: *e,three: {*d : [{*a : {*b : {*c : carol}}}]}}\n',
  );
});

it('gives no names where they would be longer than what they stand for', () => {
  expect(denseYaml([{ a: 1 }, { a: 2 }, 'abc', 'abc', [], [], {}, {}])).toBe('[{a: 1},{a: 2},abc,abc,[],[],{},{}]\n');
});

it('quotes what a reader might not take for text', () => {
  expect(denseYaml(['yes', '1', 'a b', 'a: b', 'a,b', 'a:', '#a', '', '*a', 'x-1.y/z:8080'])).toBe(
    '["yes","1","a b","a: b","a,b","a:","#a","","*a",x-1.y/z:8080]\n',
  );
});

it('breaks lines where a list is long', () => {
  const items = Array.from({ length: 10 }, (_, i) => `${i}`.repeat(30));
  expect(denseYaml({ items }).split('\n')).toHaveLength(11);
});

it('puts the sign of a key in front of a long one', () => {
  const value = { ['k'.repeat(1025)]: 1, ['k k'.repeat(400)]: 2 };
  expect(denseYaml(value)).toMatch(/^\{\? k+ : 1,/);
  expect(read(denseYaml(value))).toEqual(value);
});

it('is a tenth of many things that are alike', () => {
  const route = (i: number) => ({
    name: `team.route-${i}`,
    match: { path: `/routes/team/route-${i}` },
    route: { cluster: `team.route-${i}`, retry_policy: { retry_on: 'connect-failure', num_retries: 2 } },
    rules: Array.from({ length: 5 }, (_, rule) => ({
      principals: [{ sourced_metadata: { metadata_matcher: { filter: 'jwt', value: { exact: `user-${rule}` } } } }],
    })),
  });
  const routes = Array.from({ length: 200 }, (_, i) => route(i));
  expect(denseYaml(routes).length).toBeLessThan(JSON.stringify(routes).length / 5);
});

it('is refused to readers who would follow too many aliases', () => {
  const rule = (i: number) => ({ require: `request.headers["x-${i}"] == "a text that is long enough"` });
  const rules = Array.from({ length: 200 }, (_, i) => rule(i));
  const routes = Array.from({ length: 200 }, (_, i) => ({ name: `route-${i}`, rules }));
  // Of each route its name, and in all of them the rules with their key.
  expect(denseYamlFollowing(routes, 1000)).toBe(denseYaml(routes));
  expect(denseYamlFollowing(routes, 10)).toBeUndefined();
  expect(denseYamlFollowing(routes.slice(0, 1), 10)).toBe(denseYaml(routes.slice(0, 1)));
});

it('escapes what stands in quotes in no document of YAML', () => {
  expect(denseYaml(['\x7f\x85\ufeff\uffff'])).toBe('["\\u007f\\u0085\\ufeff\\uffff"]\n');
});

it('has the quotes that take less', () => {
  expect(denseYaml(['a "b" "c"', "it's", 'it\'s "so"', 'a\n"b" "c"'])).toBe(
    `['a "b" "c"',"it's",'it''s "so"',"a\\n\\"b\\" \\"c\\""]\n`,
  );
});
