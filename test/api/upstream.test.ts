import { HIDDEN, list, named, own, text, texts, unrendered } from '../../src/api/codec';
import { object } from '../../src/api/object';
import { Place } from '../../src/api/place';
import { checkUnrendered, noField, unseenFields, withoutUnseen } from '../../src/api/upstream';
import { errorKind } from '../../src/model/findings';
import { formatPath } from '../../src/values/paths';

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

const SLOW = errorKind('test-slow', 'is slow', 'Walk');
const gateway = object('Spec.', {
  file: unrendered(object('File.', { path: text('Path.') })),
  headers: unrendered(texts('Headers.')),
  servers: named(
    'all',
    list('Servers.', object('Server.', { name: text('Name.'), tags: unrendered(text('Tags.'), SLOW) })),
  ),
});

function found(json: unknown): string[] {
  const findings: string[] = [];
  checkUnrendered(
    gateway,
    json,
    new Place((path, value, problem) => findings.push(`${formatPath(path)}: ${JSON.stringify(value)} ${problem}`)),
  );
  return findings;
}

test('what nothing rendered acts on is a finding where it stands, as whole as possible', () => {
  expect(found({ file: { path: 'a' }, headers: { a: 'b' }, servers: [{ name: 'x' }, { tags: 'y' }] })).toEqual([
    'file: {"path":"a"} is not supported yet by what is rendered',
    'headers: {"a":"b"} is not supported yet by what is rendered',
    'servers[1].tags: "y" is slow',
  ]);
});

test('what is missing, or texts of none, say nothing', () => {
  expect(found({ headers: {}, servers: [] })).toEqual([]);
  expect(found({ file: {} })).toHaveLength(1);
});
