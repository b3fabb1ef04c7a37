import * as fc from 'fast-check';
import { firstOf, lookedUp, sumOf } from '../../src/cel/balance';
import { celLibrary } from '../../src/cel/evaluate';
import { celString } from '../../src/cel/terms';

function evaluate(expression: string): unknown {
  const { celEnv, parse, plan } = celLibrary();
  return plan(celEnv(), parse(expression))({ x: 'x' });
}

it('takes the first that holds, however many there are', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 40 }), holds => {
      const choices = holds.map((held, i) => ({ when: `x == "${held ? 'x' : 'y'}"`, value: `"${i}"` }));
      const first = holds.indexOf(true);
      expect(evaluate(firstOf(choices, '"none"'))).toBe(first < 0 ? 'none' : String(first));
    }),
    { numRuns: 50 },
  );
});

it('adds all, in their order', () => {
  const terms = Array.from({ length: 20 }, (_, i) => String(i));
  expect(evaluate(`size(${sumOf(terms.map(term => `[${term}]`))})`)).toBe(20n);
  expect(evaluate(sumOf(terms.map(celString)))).toBe(terms.join(''));
});

it('finds a name in a table, and another value for one that is not there', () => {
  const names = ['/a', '/a/b', '/b', '/c-1', '/c.1', '/d'];
  const table = names.map(name => [celString(name), celString(`at ${name}`)] as const);
  for (const name of [...names, '/', '/bb', '/z', '']) {
    expect(evaluate(lookedUp(celString(name), table, '"none"'))).toBe(names.includes(name) ? `at ${name}` : 'none');
  }
});
