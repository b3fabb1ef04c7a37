import { HIDDEN, list, own, text } from '../../src/api/codec';
import { object } from '../../src/api/object';
import { noField, unseenFields, withoutUnseen } from '../../src/api/upstream';

const spec = object('Spec.', {
  both: text('Known to upstream.'),
  ours: own(text('Ours.')),
  key: own(text('Ours, and secret.'), HIDDEN),
  items: list('Items.', object('Item.', { name: text('Name.'), more: own(text('Ours.'), { instead: 'Write name' }) })),
});

test('what only our definitions have is found wherever it stands', () => {
  expect(
    unseenFields(spec, { both: 'a', ours: 'b', key: 'c', items: [{ name: 'd' }, { more: 'e' }] }, ['spec']),
  ).toEqual([
    { path: ['spec', 'ours'], value: 'b', remedy: 'Remove it, or use Reconciliation.RENDERED' },
    { path: ['spec', 'key'], value: '(not shown)', remedy: 'Remove it, or use Reconciliation.RENDERED' },
    { path: ['spec', 'items', 1, 'more'], value: 'e', remedy: 'Write name, or use Reconciliation.RENDERED' },
  ]);
  expect(unseenFields(spec, { both: 'a' })).toEqual([]);
});

test('and left out of what an operator reads', () => {
  expect(withoutUnseen(spec, { both: 'a', ours: 'b', key: 'c', items: [{ name: 'd' }, { more: 'e' }] })).toEqual({
    both: 'a',
    items: [{ name: 'd' }, {}],
  });
});

test('an option without a field is refused in the same words', () => {
  expect(noField('MCPRoute')).toBe('has no field in the MCPRoute resource, so an operator would never see it');
});
