import { HeaderMatch } from '../../src';
import { matchModel } from '../../src/api/route-match';
import { messageOf } from '../support/synth';

it.each<[string, () => HeaderMatch, string, string]>([
  ['a value', () => HeaderMatch.exact('X-Tenant', 'acme'), 'Exact', 'acme'],
  ['a prefix', () => HeaderMatch.prefix('X-Tenant', 'ac'), 'Prefix', 'ac'],
  ['a regex', () => HeaderMatch.regex('X-Tenant', 'a|b'), 'Regex', 'a|b'],
])('matches %s: names do not depend on case, and the resource keeps what the user wrote', (_, create, kind, value) => {
  const { _value: value_ } = create();
  expect(value_).toEqual({ name: 'X-Tenant', type: kind, value });
  expect(matchModel({ headers: [value_] }, 'finance').headers).toEqual([{ kind, name: 'x-tenant', value }]);
});

it.each<[string, () => HeaderMatch, string]>([
  [
    'a name that is none',
    () => HeaderMatch.exact('x tenant', 'a'),
    '[HeaderMatch.exact] name: got "x tenant": is not a header name (RFC 9110 token). Name one header.',
  ],
  ['an empty value', () => HeaderMatch.prefix('x', ''), '[HeaderMatch.prefix] value: got "": is empty'],
  [
    'a value with a line break',
    () => HeaderMatch.exact('x', 'a\r\nb'),
    '[HeaderMatch.exact] value: got "a\\r\\nb": is not a header value',
  ],
  [
    'a regex that is none',
    () => HeaderMatch.regex('x', '(?!a)'),
    '[HeaderMatch.regex] regex: got "(?!a)": is not an RE2 regular expression',
  ],
])('refuses %s', (_, create, message) => {
  expect(messageOf(create)).toContain(message);
});
