import { expandLists, parseSource } from '../../src/manifest/parse';
import { SourceDocument } from '../../src/manifest/source-document';

function parsed(text: string): readonly SourceDocument[] {
  const { documents, findings } = parseSource(text, 'f.yaml');
  expect(findings).toEqual([]);
  return documents;
}

function faultsOf(text: string): string[] {
  return parseSource(text, 'f.yaml').findings.map(
    ({ diagnostic: { path, property, problem } }) => `${path} ${property}: ${problem}`,
  );
}

test('values are read as kubectl reads them', () => {
  const text = [
    'mode: 0644',
    '"on": "on"',
    'flag: yes',
    'date: 2025-06-18',
    'time: 1:30',
    'quoted: "yes"',
    'none:',
    'hex: 0x10',
  ].join('\n');
  expect(parsed(text)[0].object).toEqual({
    mode: 420,
    on: 'on',
    flag: true,
    date: '2025-06-18',
    time: '1:30',
    quoted: 'yes',
    none: null,
    hex: 16,
  });
});

test('documents keep their numbers when some are empty', () => {
  const documents = parsed('# a comment\n---\na: 1\n---\n---\nb: 1\n');
  expect(documents.map(({ number, object }) => ({ number, object }))).toEqual([
    { number: 1, object: { a: 1 } },
    { number: 3, object: { b: 1 } },
  ]);
});

test('JSON is YAML', () => {
  expect(parsed('{"kind": "MCPServer", "spec": {"replicas": 2}}')[0].object).toEqual({
    kind: 'MCPServer',
    spec: { replicas: 2 },
  });
});

test('Windows line ends and a byte order mark do not matter', () => {
  const [document] = parsed('\uFEFFa: 1\r\nb:\r\n  c: 2\r\n');
  expect(document.object).toEqual({ a: 1, b: { c: 2 } });
  expect(document.lineOf(['b', 'c'])).toBe(3);
});

test('aliases and merge keys are expanded, and share nothing', () => {
  const [{ object }] = parsed('base: &base {a: {x: 1}}\nsame: *base\nmore:\n  <<: *base\n  b: 2\n');
  expect(object.same).toEqual({ a: { x: 1 } });
  expect(object.more).toEqual({ a: { x: 1 }, b: 2 });
  expect(object.same).not.toBe(object.base);
  expect(object.more.a).not.toBe(object.base.a);
});

test('places', () => {
  const [document] = parsed(
    'spec:\n  containers:\n  - name: a\n  - name: b\n    image: x\n  labels:\n    app.io/x: y\n',
  );
  expect(document.lineOf([])).toBe(1);
  expect(document.lineOf(['spec', 'containers', 1, 'image'])).toBe(5);
  expect(document.lineOf(['spec', 'containers', 'b', 'image'])).toBe(5);
  expect(document.lineOf(['spec', 'labels', 'app.io/x'])).toBe(7);
  // What is missing is missing from what is around it.
  expect(document.lineOf(['spec', 'containers', 0, 'image'])).toBe(3);
  expect(document.lineOf(['metadata', 'name'])).toBe(1);
});

test('places behind an alias are where the anchor is', () => {
  const [document] = parsed('base: &base\n  x: 1\nsame: *base\n');
  expect(document.lineOf(['same', 'x'])).toBe(2);
});

test('what is not YAML, each with its line and column', () => {
  expect(faultsOf('a: b: c\n---\nok: 1\n---\n\tx: 1\n')).toEqual([
    'f.yaml:1:4 (document 1) YAML: is not YAML as Kubernetes reads it (Nested mappings are not allowed in compact mappings)',
    'f.yaml:5:1 (document 3) YAML: is not YAML as Kubernetes reads it (Tabs are not allowed as indentation)',
  ]);
});

test('tags that Kubernetes does not know', () => {
  expect(faultsOf('a: !!binary aGk=\nb: !mine x\n')).toEqual([
    'f.yaml:1:4 (document 1) YAML: is not YAML as Kubernetes reads it (Unresolved tag: tag:yaml.org,2002:binary)',
    'f.yaml:2:4 (document 1) YAML: is not YAML as Kubernetes reads it (Unresolved tag: !mine)',
  ]);
});

test('keys that are there twice, at any depth and without an end of the search', () => {
  expect(faultsOf('a:\n- x: 1\n  v: {z: 1, z: 2}\nb: 1\nb: 2\n')).toEqual([
    'f.yaml:3 (document 1) a[0].v.z: is there twice: only one of the two could count',
    'f.yaml:5 (document 1) b: is there twice: only one of the two could count',
  ]);
});

test('keys that are not text', () => {
  expect(faultsOf('labels:\n  1: a\n  y: b\n')).toEqual([
    'f.yaml:1 (document 1) labels: is a key that is not text',
    // kubectl reads y and n as true and false, too.
    'f.yaml:1 (document 1) labels: is a key that is not text',
  ]);
});

test('aliases that lead nowhere, or too far', () => {
  expect(faultsOf('a: *nowhere\n')).toEqual([
    'f.yaml:1 (document 1) document: cannot be read (Unresolved alias (the anchor must be set before the alias): nowhere)',
  ]);
  const bomb = [
    'a0: &a0 [x, x, x, x, x, x, x, x, x, x]',
    ...[1, 2, 3, 4].map(
      n =>
        `a${n}: &a${n} [${Array(10)
          .fill(`*a${n - 1}`)
          .join(', ')}]`,
    ),
  ].join('\n');
  expect(faultsOf(bomb)).toEqual([
    'f.yaml:1 (document 1) document: cannot be read (Excessive alias count indicates a resource exhaustion attack)',
  ]);
});

test('texts and lists are no objects', () => {
  expect(faultsOf('just text\n---\n- a\n')).toEqual([
    'f.yaml:1 (document 1) document: is not a Kubernetes object',
    'f.yaml:3 (document 2) document: is not a Kubernetes object',
  ]);
});

test('a List is its items', () => {
  const { documents, findings } = expandLists(
    parsed(
      'a: 1\n---\napiVersion: v1\nkind: List\nmetadata:\n  resourceVersion: ""\nitems:\n- kind: A\n- kind: B\n  x: 1\n',
    ),
  );
  expect(findings).toEqual([]);
  expect(documents.map(({ number, item, object }) => [number, item, object])).toEqual([
    [1, undefined, { a: 1 }],
    [2, 1, { kind: 'A' }],
    [2, 2, { kind: 'B', x: 1 }],
  ]);
  expect(documents[2].lineOf(['x'])).toBe(10);
});

test('a List that is none', () => {
  const { documents, findings } = expandLists(
    parsed('apiVersion: v1\nkind: List\nitem: []\n---\napiVersion: v1\nkind: List\nitems: [x]\n'),
  );
  expect(documents).toEqual([]);
  expect(findings.map(({ diagnostic }) => `${diagnostic.path} ${diagnostic.property}: ${diagnostic.problem}`)).toEqual([
    'f.yaml:3 (document 1, List) item: is not a field of List',
    'f.yaml:1 (document 1, List) items: is not a list of objects',
    'f.yaml:7 (document 2, List) items[0]: is not a Kubernetes object',
  ]);
});
