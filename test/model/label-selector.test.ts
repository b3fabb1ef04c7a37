import { selects } from '../../src/model/label-selector';

const requirement = (operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist', ...values: string[]) => ({
  matchLabels: {},
  matchExpressions: [{ key: 'tier', operator, values }],
});

it.each([
  ['labels that are there', { matchLabels: { tier: 'gold' }, matchExpressions: [] }, true],
  ['a label of another value', { matchLabels: { tier: 'silver' }, matchExpressions: [] }, false],
  ['one of two labels missing', { matchLabels: { tier: 'gold', zone: 'a' }, matchExpressions: [] }, false],
  ['nothing asked', { matchLabels: {}, matchExpressions: [] }, true],
  ['In', requirement('In', 'silver', 'gold'), true],
  ['In of others', requirement('In', 'silver'), false],
  ['NotIn', requirement('NotIn', 'gold'), false],
  ['NotIn of others', requirement('NotIn', 'silver'), true],
  ['Exists', requirement('Exists'), true],
  ['DoesNotExist', requirement('DoesNotExist'), false],
  [
    'labels and expressions, one of which fails',
    { matchLabels: { tier: 'gold' }, matchExpressions: requirement('DoesNotExist').matchExpressions },
    false,
  ],
])('%s', (_, selector, selected) => {
  expect(selects(selector, { tier: 'gold' })).toBe(selected);
});

it.each([
  ['In', false],
  ['NotIn', true],
  ['Exists', false],
  ['DoesNotExist', true],
] as const)('a missing label meets %s as in Kubernetes', (operator, selected) => {
  expect(selects(requirement(operator, 'gold'), {})).toBe(selected);
});
