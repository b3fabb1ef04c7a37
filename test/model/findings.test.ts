import { App } from 'cdk8s';
import { Construct } from 'constructs';
import {
  because,
  compareDiagnostics,
  declaredKinds,
  Diagnostic,
  errorKind,
  findingIf,
  findingOf,
  formatDiagnostic,
  InputCheck,
  InputError,
  warningKind,
} from '../../src/model/findings';
import { messageOf } from '../support/synth';

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

const PLAIN = errorKind('test-plain', 'is wrong', 'Write it right');
const NAMED = warningKind('test-named', 'is like {other}', 'Rename it, or {other}');
const RULED = errorKind('test-ruled', '{problem}', 'Correct it');

it('says what it was declared with, at a place', () => {
  const finding = findingOf(PLAIN, 'finance/ledger', 'replicas', 0);
  expect(finding).toMatchObject({ id: 'test-plain', severity: 'error' });
  expect(formatDiagnostic(finding)).toBe('[finance/ledger] replicas: got 0: is wrong. Write it right.');
});

it('fills names in braces, once: what a user wrote is no text of ours', () => {
  const finding = findingOf(NAMED, 'a', 'b', 1, { other: '{other} $& c' });
  expect(finding).toMatchObject({
    severity: 'warning',
    problem: 'is like {other} $& c',
    remedy: 'Rename it, or {other} $& c',
  });
});

it('finds nothing where nothing is wrong', () => {
  expect([
    ...findingIf(PLAIN, 'a', 'b', 1, false),
    ...findingIf(NAMED, 'a', 'b', 1, undefined),
    ...findingIf(RULED, 'a', 'b', 1, because(undefined)),
  ]).toEqual([]);
  expect(findingIf(RULED, 'a', 'b', 1, because('is odd'))).toMatchObject([{ id: 'test-ruled', problem: 'is odd' }]);
});

it('collects what is found in input', () => {
  const input = new InputCheck('finance/ledger');
  input.report(PLAIN, 'replicas', 0, true);
  input.reportGiven(RULED, 'port', undefined as number | undefined, () => because('is never asked'));
  input.reportGiven(RULED, 'port', 70000, value => because(value > 65535 ? 'is too high' : undefined));
  expect(input.diagnostics.map(({ id, property, problem }) => [id, property, problem])).toEqual([
    ['test-plain', 'replicas', 'is wrong'],
    ['test-ruled', 'port', 'is too high'],
  ]);
});

it('refuses a second declaration of an id', () => {
  expect(() => errorKind('test-plain', 'a', 'b')).toThrow(
    'Two kinds of finding have the id test-plain: give one of them another',
  );
  expect(declaredKinds().filter(({ id }) => id === 'test-plain')).toHaveLength(1);
});

const WRONG = errorKind('test-wrong', 'is wrong', 'Correct it');
const OTHER = errorKind('test-other', '{problem}', 'Give another');
const ALSO = errorKind('test-also', 'is also wrong', 'Drop it');

it('throws every finding of one call at once', () => {
  const input = new InputCheck('finance/ledger');
  input.report(WRONG, 'name', 'A', true);
  input.report(WRONG, 'good', 1, false);
  input.reportGiven(OTHER, 'port', 0, value => because(`is ${value}`));
  input.reportGiven(OTHER, 'absent', undefined, () => because('is never asked'));
  input.add([findingOf(ALSO, 'elsewhere', 'x', 1)]);
  expect(messageOf(() => input.throwIfAny())).toBe(`Invalid input:
  [finance/ledger] name: got "A": is wrong. Correct it.
  [finance/ledger] port: got 0: is 0. Give another.
  [elsewhere] x: got 1: is also wrong. Drop it.`);
  expect(() => input.throwIfAny()).toThrow(InputError);
  expect(input.diagnostics).toHaveLength(3);
});

it('throws nothing when there is nothing', () => {
  expect(() => new InputCheck('a').throwIfAny()).not.toThrow();
});
