import { boolean, choice, list, text } from '../../src/api/codec';
import { demanding, demandsOf, FeatureOf, featuresOf, only } from '../../src/api/feature';
import { object } from '../../src/api/object';

const filter = demanding(object('One.', { action: choice('What.', ['Allow', 'Deny']), name: text('Name.') }), {
  allow: { by: ({ action, name }) => (action === 'Allow' ? name : undefined), values: 'action Allow' },
});
const policy = demanding(
  object('All.', {
    filters: list('Filters.', filter),
    types: demanding(list('Types.', text('One.'))),
    strict: demanding(boolean('Whether.', { default: true }), { '': { by: only(true) }, off: { by: only(false) } }),
  }),
  { other: { at: 'types', by: ({ types }) => types?.length }, some: { fields: ['types', 'strict'] } },
);

test('features are named after their fields', () => {
  const named: readonly FeatureOf<typeof policy, 'p'>[] = [
    'p.other',
    'p.some',
    'p.filters.allow',
    'p.types',
    'p.strict',
    'p.strict.off',
  ];
  expect(featuresOf(policy, 'p')).toEqual([
    ['p.other', { fields: ['p.types'] }],
    ['p.some', { fields: ['p.types', 'p.strict'] }],
    ['p.filters.allow', { fields: ['p.filters'], values: 'action Allow' }],
    ['p.types', { fields: ['p.types'] }],
    ['p.strict', { fields: ['p.strict'] }],
    ['p.strict.off', { fields: ['p.strict'] }],
  ]);
  expect(featuresOf(policy, 'p').map(([name]) => name)).toEqual(named);
});

test('a value demands what its fields do, and the defaults of those that it does not say', () => {
  const value = {
    filters: [
      { action: 'Deny', name: 'a' },
      { action: 'Allow', name: 'b' },
    ],
    types: ['x'],
  } as const;
  expect(demandsOf(policy, value, 'p', ['q'])).toEqual([
    { feature: 'p.other', property: 'q.types', value: 1 },
    { feature: 'p.some', property: 'q', value },
    { feature: 'p.filters.allow', property: 'q.filters[1]', value: 'b' },
    { feature: 'p.types', property: 'q.types', value: ['x'] },
    { feature: 'p.strict', property: 'q.strict', value: true },
  ]);
  expect(demandsOf(policy, { strict: false }, 'p', [])).toContainEqual({
    feature: 'p.strict.off',
    property: 'strict',
    value: false,
  });
});
