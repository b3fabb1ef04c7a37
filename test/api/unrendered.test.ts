import { list, named, text, texts, unrendered } from '../../src/api/codec';
import { object } from '../../src/api/object';
import { Place } from '../../src/api/place';
import { checkUnrendered } from '../../src/api/unrendered';
import { errorKind } from '../../src/model/finding-kind';
import { formatPath } from '../../src/values/paths';

const SLOW = errorKind('test-slow', 'is slow', 'Walk');
const spec = object('Spec.', {
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
    spec,
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
