import { execFileSync } from 'child_process';
import { join } from 'path';
import { parseCedar } from '../../src/cedar';
import { MAX_NESTING, MAX_OPERATORS } from '../../src/cedar/wasm';

const when = (condition: string): string => `permit(principal, action, resource) when { ${condition} };`;

/** Policies of a size, by what makes them large. */
const SIZES: Readonly<Record<string, (size: number) => string>> = {
  brackets: n => when(`${'('.repeat(n)}resource.name == "a"${')'.repeat(n)}`),
  lists: n => when(`${'['.repeat(n)}${']'.repeat(n)} == 1`),
  records: n => when(`${'{a: '.repeat(n)}1${'}'.repeat(n)} == 1`),
  or: n => when(Array.from({ length: n + 1 }, (_, i) => `resource == Tool::"t${i}"`).join(' || ')),
  and: n => when(Array.from({ length: n + 1 }, (_, i) => `resource != Tool::"t${i}"`).join(' && ')),
  sum: n => when(`${Array.from({ length: n + 1 }, () => '1').join(' + ')} == 3`),
  attributes: n => when(`context${'.a'.repeat(n)} == 1`),
  choices: n =>
    when(
      `${Array.from({ length: n }, (_, i) => `if resource == Tool::"t${i}" then true else `).join('')}resource == Tool::"a"`,
    ),
};

const problems = (text: string): string[] => parseCedar([text]).findings.map(({ problem }) => problem);

it.each([
  ['brackets', MAX_NESTING, '64 brackets in each other'],
  ['lists', MAX_NESTING, '64 brackets in each other'],
  ['records', MAX_NESTING, '64 brackets in each other'],
  ['choices', MAX_NESTING, '64 choices (if) in one policy'],
  ['or', MAX_OPERATORS, '200 operators in a row'],
  ['and', MAX_OPERATORS, '200 operators in a row'],
  ['sum', MAX_OPERATORS, '200 operators in a row'],
  ['attributes', MAX_OPERATORS, '200 operators in a row'],
])('says at which place there is too much of %s', (kind, bound, excess) => {
  for (const size of [bound + 1, bound * 100]) {
    expect(problems(SIZES[kind](size))).toEqual([
      expect.stringMatching(`^has more than ${excess.replace(/[()]/g, '.')}, at line 1,`),
    ]);
  }
});

it('reads the most brackets that it takes', () => {
  // The brace of `when` is one of them.
  expect(problems(SIZES.brackets(MAX_NESTING - 1))).toEqual([]);
});

it.each(['or', 'and'])('compiles the longest row of %s', kind => {
  expect(problems(SIZES[kind](MAX_OPERATORS))).toEqual([]);
});

it('counts neither what stands in strings and comments, nor other policies', () => {
  const text = `// ${'('.repeat(100)}\n${when(`resource.name == "${'('.repeat(100)} || ${'|| '.repeat(300)}\\" ("`)}`;
  expect(problems(text)).toEqual([]);
  expect(
    problems(Array.from({ length: 300 }, (_, i) => when(`resource == Tool::"t${i}" || false`)).join('\n')),
  ).toEqual([]);
  expect(
    problems(when(`[${Array.from({ length: 1000 }, (_, i) => `"t${i}"`).join(', ')}].contains(resource.name)`)),
  ).toEqual([]);
});

it('shows the place in a long line', () => {
  const [problem] = problems(SIZES.or(3000));
  expect(problem.length).toBeLessThan(500);
  const [, line, mark] = problem.split('\n');
  expect(line.slice(mark.indexOf('^'))).toMatch(/^\|\| resource == Tool::"t/);
});

it('goes on with another copy of Cedar where one has ended in the middle of something', () => {
  const program = `
    const { askCedar, CedarTrap, cedarWasm } = require('./src/cedar/wasm');
    const before = cedarWasm();
    try {
      askCedar(cedar => cedar.policySetTextToParts('permit(principal, action, resource) when { ' + '('.repeat(5000) + 'true' + ')'.repeat(5000) + ' };'));
    } catch (error) {
      console.log(error instanceof CedarTrap, cedarWasm() === before);
    }
    console.log(require('./src/cedar').parseCedar(['permit(principal, action, resource);']).findings.length);`;
  const output = execFileSync(process.execPath, ['-r', 'ts-node/register/transpile-only', '-e', program], {
    cwd: join(__dirname, '..', '..'),
    encoding: 'utf8',
  });
  expect(output.trim().split('\n')).toEqual(['true false', '0']);
});
