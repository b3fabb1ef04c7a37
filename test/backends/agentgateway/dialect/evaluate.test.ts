import { evaluate } from '../../../../src/backends/agentgateway/dialect/evaluate';
import { celObject, celTimestamp, fromJson } from '../../../../src/cel/evaluate';

const variables = {
  request: celObject({
    method: 'POST',
    body: new TextEncoder().encode('{"method":"tools/call","params":{"name":"é","n":3,"list":[1,null]}}'),
    headers: fromJson({ a: 'x', b: ['x', 'y'] }),
    startTime: celTimestamp(new Date('2026-05-01T12:34:56.789Z')),
  }),
  source: fromJson({ address: '10.1.2.3' }),
  jwt: fromJson({ sub: 'alice', nothing: null, nbf: 1_700_000_000 }),
};

/** All of these were evaluated alike by agentgateway 1.4.1. */
test.each<[string, boolean | 'error']>([
  ['json(request.body).params.name == "\\u00e9"', true],
  ['json("{}").a == 1', 'error'],
  ['json("{") == 1', 'error'],
  ['request.headers.join()["b"] == "x,y"', true],
  ['request.headers.join()["a"] == "x"', true],
  ['request.headers.join()["c"] == ""', 'error'],
  ['"b" in request.headers && !("c" in request.headers)', true],
  ['cidr("10.0.0.0/8").containsIP(source.address)', true],
  ['cidr("10.1.2.77/8").containsIP("10.200.0.1")', true],
  ['cidr("::/0").containsIP(source.address)', false],
  ['cidr("10.0.0.0/8").containsIP("::ffff:10.0.0.1")', false],
  ['cidr("10.0.0.0").containsIP(source.address)', 'error'],
  ['cidr("10.0.0.0/8").containsIP("nonsense")', 'error'],
  ['string(request.startTime) == "2026-05-01T12:34:56.789Z"', true],
  [
    'timestamp(string(request.startTime)).getHours() * 60 + timestamp(string(request.startTime)).getMinutes() == 754',
    true,
  ],
  ['[string(request.startTime)].exists(now, now >= "2026-05-01T12:34:56")', true],
  ['"aéb".matches("^a.b$")', true],
  ['type(json(request.body).params.list) == list', true],
  ['"x".matches("(")', 'error'],
  ['toJson(json(request.body).params) == "{\\"name\\":\\"\\u00e9\\",\\"n\\":3,\\"list\\":[1,null]}"', true],
  ['has(jwt.nothing) && "nothing" in jwt', true],
  // What is missing, and what `default` makes of it.
  ['jwt.nope == "x" || true', true],
  ['jwt.nope == "x" || false', 'error'],
  ['jwt.nope == "x" && false', false],
  ['!(jwt.nope == "x")', 'error'],
  ['default(jwt.nope, "z") == "z"', true],
  ['default(jwt.nothing, "z") == "z"', true],
  ['default(jwt.sub, "z") == "alice"', true],
  ['default(request.headers.join()["c"] == "x", false)', false],
  ['!default(request.headers.join()["c"].startsWith("x"), false)', true],
  ['["c", "a"].exists(name, default(request.headers[name], "") == "x")', true],
  ['default(default(nope.a, nope.b), "z") == "z"', true],
  ['!has(jwt.nbf) || timestamp(int(jwt.nbf)) <= timestamp(string(request.startTime)) + duration("60s")', true],
  ['jwt.sub', 'error'],
  ['nope(', 'error'],
  ['nope()', 'error'],
])('%s is %s', (expression, expected) => {
  const outcome = evaluate(expression, variables);
  expect(outcome.kind === 'value' ? outcome.value : outcome.kind).toBe(expected);
  expect(evaluate(expression, variables)).toEqual(outcome);
});
