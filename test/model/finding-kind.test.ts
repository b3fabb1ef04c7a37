import { formatDiagnostic } from '../../src/model/diagnostic';
import { because, declaredKinds, errorKind, findingIf, findingOf, warningKind } from '../../src/model/finding-kind';
import { InputCheck } from '../../src/model/input';

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
