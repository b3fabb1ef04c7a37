import {
  dnsLabelProblem,
  headerNameProblem,
  headerValueProblem,
  labelKeyProblem,
  labelValueProblem,
  namespaceProblem,
  objectNameProblem,
  portProblem,
  toolGlobProblem,
  toolNameProblem,
  wholeNumberProblem,
} from '../../src/model/validation';

const long = (length: number): string => 'a'.repeat(length);

it.each<[string, (value: any) => string | undefined, unknown[], unknown[]]>([
  [
    'dnsLabelProblem',
    value => dnsLabelProblem(value),
    ['a', 'a-1', long(63)],
    ['', '1a', '-a', 'a-', 'A', 'a.b', 'a_b', 'a\n', long(64)],
  ],
  ['namespaceProblem', namespaceProblem, ['a', '1a', long(63)], ['', '-a', 'a-', 'A', 'a.b', long(64)]],
  ['objectNameProblem', objectNameProblem, ['a', 'a.b-c', '1', long(253)], ['', 'a..b', '.a', 'A', 'a_b', long(254)]],
  ['portProblem', portProblem, [1, 65535], [0, 65536, -1, 1.5, NaN, Infinity]],
  ['headerNameProblem', headerNameProblem, ['x-tenant', 'X_1', "a!#$%&'*+-.^_`|~"], ['', 'a b', 'a:', 'ä', 'a\n']],
  ['headerValueProblem', headerValueProblem, ['', 'a b', 'é', '\t'], ['a\nb', 'a\rb', '\0']],
  [
    'labelKeyProblem',
    labelKeyProblem,
    ['a', 'acme.dev/a', 'A_b.c', long(63)],
    ['', '/a', 'a/', 'acme_dev/a', 'a/b/c', '-a', long(64), `${long(254)}/a`],
  ],
  ['labelValueProblem', labelValueProblem, ['', 'a', 'A_b.c-d', long(63)], ['-a', 'a b', 'a/b', long(64)]],
  ['toolNameProblem', toolNameProblem, ['db_query', 'a/b.c-d', long(128)], ['', 'db_*', 'a b', 'ä', long(129)]],
  ['toolGlobProblem', toolGlobProblem, ['db_query', 'db_*', '*', long(128)], ['', 'db?', 'a b', '[a]', long(129)]],
  ['wholeNumberProblem from 1', value => wholeNumberProblem(value, 1), [1, 2 ** 31 - 1], [0, -1, 1.5, NaN, 2 ** 31]],
  ['wholeNumberProblem from 2 to 10', value => wholeNumberProblem(value, 2, 10), [2, 10], [1, 11, 2.5]],
])('%s', (_, problem, valid, invalid) => {
  expect(valid.filter(value => problem(value) !== undefined)).toEqual([]);
  expect(invalid.filter(value => problem(value) === undefined)).toEqual([]);
});

it('counts the suffix that objects get', () => {
  expect(dnsLabelProblem(long(56), '-suffix')).toBeUndefined();
  expect(dnsLabelProblem(long(57), '-suffix')).toBe(
    'is 57 characters long, at most 56 are possible because objects are named with the suffix "-suffix"',
  );
});
