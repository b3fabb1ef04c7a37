import {
  changed,
  hasPath,
  refused,
  replaced,
  withoutPath,
  withPath,
} from '../../../../src/backends/agentgateway/dialect/json-message';

/* What these expressions do was seen on agentgateway 1.4.1; `with`, `merge` and `filterKeys` are its own. */

it('changes a message step by step', () => {
  expect(changed('json(request.body)', [])).toBe('json(request.body)');
  expect(changed('json(request.body)', ['a(m)', 'b(m)'])).toBe('json(request.body).with(m, a(m)).with(m, b(m))');
});

it('looks for a member before it reads it', () => {
  expect(hasPath('m', ['params', 'a b'])).toBe('"params" in m && "a b" in m["params"]');
});

it('puts a value into an object of objects, and takes one out', () => {
  expect(withPath('m', ['a', 'b'], current => `f(${current})`)).toBe(
    'm["a"].merge({"b": f(m["a"]["b"])}).with(v, m.merge({"a": v}))',
  );
  expect(withoutPath('m', ['a', 'b'])).toBe('m.merge({"a": m["a"].filterKeys(k, k != "b")})');
  expect(withoutPath('m', ['a'])).toBe('m.filterKeys(k, k != "a")');
});

it('replaces sixteen matches, and refuses a text with more', () => {
  const expression = replaced('t', [{ pattern: '\\d', replacement: '"$1"' }]);
  expect(expression.match(/\.regexReplace\(/g)).toHaveLength(16);
  // Quotes are those of JSON, and `$` names no group.
  expect(expression).toContain('.regexReplace("[0-9]", "\\\\\\"$$1\\\\\\"")');
  expect(expression).toMatch(/\.with\(t, t\.matches\("\[0-9\]"\) \? fail\("refused"\) : t\)\)$/);
});

it('refuses a text in which something is found', () => {
  expect(refused('t', [])).toBe('t');
  expect(refused('x', ['a', 'b'])).toBe('x.with(t, t.matches("a") || t.matches("b") ? fail("refused") : t)');
});
