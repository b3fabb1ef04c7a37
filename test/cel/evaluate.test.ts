import { celEvaluator, celObject, celTimestamp, fromJson } from '../../src/cel/evaluate';

const variables = {
  text: fromJson('é'),
  list: fromJson([1, 'a', null, { b: true }]),
  object: celObject({ here: fromJson({ n: 3 }), missing: undefined }),
  time: celTimestamp(new Date('2026-05-01T12:34:56Z')),
};

test.each<[string, boolean | string]>([
  ['text == "\\u00e9" && text.matches("^.$")', true],
  ['size(list) == 4 && list[3].b', true],
  ['has(object.here) && object.here.n == 3', true],
  ['has(object.missing)', false],
  ['int(time) == 1777638896', true],
  ['1 + 1', 'is not a boolean'],
  ['text.matches("(")', 'error'],
  ['object.missing == 1', 'error'],
  ['nobody', 'error'],
  ['nope(', 'error'],
  // Of somebody's dialect.
  ['json("{}") == 1', 'error'],
])('%s is %s', (expression, expected) => {
  const outcome = celEvaluator()(expression, variables);
  if (typeof expected === 'boolean') {
    expect(outcome).toEqual({ kind: 'value', value: expected });
  } else {
    expect(outcome).toEqual({ kind: 'error', message: expected === 'error' ? expect.any(String) : expected });
  }
});

test('a dialect has functions and rewrites, and is asked for them when something is evaluated', () => {
  const functions = jest.fn(() => []);
  const rewrite = jest.fn(parsed => parsed);
  const evaluate = celEvaluator({ functions, rewrite });
  expect(functions).not.toHaveBeenCalled();
  expect([evaluate('1 == 1', {}), evaluate('1 == 1', {})]).toEqual(Array(2).fill({ kind: 'value', value: true }));
  expect([functions.mock.calls.length, rewrite.mock.calls.length]).toEqual([1, 1]);
});
