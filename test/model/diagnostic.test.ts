import { App } from 'cdk8s';
import { Construct } from 'constructs';
import { compareDiagnostics, Diagnostic, formatDiagnostic } from '../../src/model/diagnostic';

const errorAt = (path: string, property: string, value: unknown, problem: string, remedy: string): Diagnostic => ({
  id: 'test',
  severity: 'error',
  path,
  property,
  value,
  problem,
  remedy,
});

it('says where, what, the value and what to do, on one line', () => {
  expect(formatDiagnostic(errorAt('finance/ledger', 'replicas', -1, 'is negative', 'Give a whole number'))).toBe(
    '[finance/ledger] replicas: got -1: is negative. Give a whole number.',
  );
});

it.each<[unknown, string]>([
  ['a "b"', '"a \\"b\\""'],
  [undefined, 'nothing'],
  [null, 'null'],
  [NaN, 'NaN'],
  [['a', 1], '["a",1]'],
  [{ a: { b: true } }, '{"a":{"b":true}}'],
  [() => 1, '() => 1'],
  [1n, '"1"'],
  [{ a: new (class Duration {})() }, '{"a":"Duration"}'],
  [[new Construct(new App(), 'ledger')], '["ledger"]'],
])('writes the value %p', (value, text) => {
  expect(formatDiagnostic(errorAt('a', 'b', value, 'c', 'd'))).toBe(`[a] b: got ${text}: c. d.`);
});

it('cuts long values', () => {
  const message = formatDiagnostic(errorAt('a', 'b', 'x'.repeat(1000), 'c', 'd'));
  expect(message).toContain('xxx…: c. d.');
  expect(message.length).toBeLessThan(160);
});

it('orders by path, property and problem, by code unit', () => {
  const findings = [
    ['b', 'a', 'a'],
    ['a', 'b', 'a'],
    ['a', 'B', 'a'],
    ['a', 'b', 'B'],
  ].map(([path, property, problem]) => errorAt(path, property, 0, problem, ''));
  expect(findings.sort(compareDiagnostics).map(({ path, property, problem }) => path + property + problem)).toEqual([
    'aBa',
    'abB',
    'aba',
    'baa',
  ]);
});

it.each([
  'https://alice:hunter2@example.com/x',
  'https://hunter2@example.com',
  'https://alice:hunt/er2@not a url',
  '-----BEGIN EC PRIVATE KEY-----\nhunter2\n-----END EC PRIVATE KEY-----',
])('does not show the credentials of %p', value => {
  const message = formatDiagnostic(errorAt('a', 'b', { nested: [value] }, 'c', 'd'));
  expect(message).not.toMatch(/hunt/);
  expect(message).toContain('(not shown)');
});

it('shows URLs and e-mail addresses without credentials', () => {
  expect(formatDiagnostic(errorAt('a', 'b', 'https://example.com/x?y#z', 'c', 'd'))).toContain(
    '"https://example.com/x?y#z"',
  );
  expect(formatDiagnostic(errorAt('a', 'b', 'alice@example.com', 'c', 'd'))).toContain('"alice@example.com"');
});
