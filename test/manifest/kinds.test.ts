import { toJsonSchema, withoutNulls } from '../../src/api/json-schema';
import { KIND_NAMES, readableSpec, schemaErrors, specSchema } from '../../src/manifest/kinds';

test('a structural schema becomes a closed JSON schema', () => {
  expect(
    toJsonSchema({
      type: 'object',
      description: 'dropped',
      required: ['a'],
      properties: {
        a: { type: 'string', default: 'x', enum: ['x'] },
        b: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }], pattern: '^1$' },
        c: { type: 'object', additionalProperties: { type: 'string' } },
        d: { type: 'object', properties: {}, 'x-kubernetes-preserve-unknown-fields': true },
        e: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'integer', format: 'int32' } },
        f: { type: 'string', format: 'date-time', nullable: true },
        g: { type: 'object' },
      },
    }),
  ).toEqual({
    type: 'object',
    required: ['a'],
    additionalProperties: false,
    properties: {
      a: { type: 'string', default: 'x', enum: ['x'] },
      b: { type: ['integer', 'string'], pattern: '^1$' },
      c: { type: 'object', additionalProperties: { type: 'string' } },
      d: { type: 'object', properties: {} },
      e: { type: 'array', uniqueItems: true, items: { type: 'integer', format: 'int32' } },
      f: { type: 'string' },
      g: { type: 'object', additionalProperties: false },
    },
  });
});

test.each(KIND_NAMES)('%s has a schema', kind => {
  expect(Object.keys(specSchema(kind).properties).length).toBeGreaterThan(5);
  expect(schemaErrors(kind, kind === 'MCPRoute' ? { backendRefs: [{ serverRef: { name: 'x' } }] } : {})).toEqual([]);
});

test('ports are told apart by number and protocol, whose default counts', () => {
  const keywords = (...ports: object[]) =>
    schemaErrors('MCPServer', { hosted: { podSpec: { spec: { containers: [{ name: 'a', ports }] } } } }).map(
      ({ keyword }) => keyword,
    );
  expect(keywords({ containerPort: 53 }, { containerPort: 53, protocol: 'UDP' })).toEqual([]);
  expect(keywords({ containerPort: 53 }, { containerPort: 53, protocol: 'TCP' })).toEqual([
    'x-kubernetes-list-map-keys',
  ]);
});

test('numbers have the sizes of the API', () => {
  const spec = { port: 2 ** 31 };
  expect(schemaErrors('MCPServer', spec).map(({ keyword }) => keyword)).toEqual(['maximum', 'format']);
});

test('after unknown fields the rest can be read, after wrong types not', () => {
  const unknown = { transport: 'sse', foo: 1, capabilities: { tool: true } };
  expect(readableSpec(unknown, schemaErrors('MCPServer', unknown))).toEqual({ transport: 'sse', capabilities: {} });
  const wrong = { transport: 1 };
  expect(readableSpec(wrong, schemaErrors('MCPServer', wrong))).toBeUndefined();
});

test('a null in an object is an absent field', () => {
  expect(withoutNulls({ a: null, b: { c: null, d: [{ e: null, f: 1 }, null] } })).toEqual({
    b: { d: [{ f: 1 }, null] },
  });
});
