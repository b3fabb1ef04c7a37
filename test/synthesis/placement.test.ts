import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { InputCheck } from '../../src/model/findings';
import { resolveName, resolveNamespace } from '../../src/synthesis/placement';

function problemsOf(resolve: (input: InputCheck) => string): [string, string[]] {
  const input = new InputCheck('a');
  return [resolve(input), input.diagnostics.map(({ property, remedy }) => `${property}: ${remedy}`)];
}

it.each<[string, string, string | undefined, [string, string[]]]>([
  ['the name', 'Id', 'name', ['name', []]],
  ['the id as it is', 'ledger-2', undefined, ['ledger-2', []]],
  ['an id that is no name', 'Ledger', undefined, ['Ledger', ['name: Set `name`, or use such an id']]],
  ['a name that is none', 'ledger', 'Ledger', ['Ledger', ['name: Choose such a name']]],
])('takes %s', (_, id, name, expected) => {
  expect(problemsOf(input => resolveName(new Construct(new App(), id), name, input))).toEqual(expected);
});

it.each<[string, string | undefined, string | undefined, [string, string[]]]>([
  ['its own namespace', 'chart', 'own', ['own', []]],
  ['the namespace of the chart', 'chart', undefined, ['chart', []]],
  [
    'no namespace',
    undefined,
    undefined,
    ['', ['namespace: Set `namespace` on the construct, or a namespace on its Chart']],
  ],
  ['a namespace that is none', undefined, 'Own', ['Own', ['namespace: Use such a name']]],
])('takes %s', (_, ofChart, own, expected) => {
  const construct = new Construct(new Chart(new App(), 'chart', { namespace: ofChart }), 'a');
  expect(problemsOf(input => resolveNamespace(construct, own, input))).toEqual(expected);
});
