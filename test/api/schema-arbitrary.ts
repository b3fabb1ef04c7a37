import fc from 'fast-check';
import { Schema } from '../../src/api/schema';

/** Texts that fields give a meaning to, and others. */
const TEXT = fc.oneof(
  fc.constantFrom(
    'user:a',
    'serviceaccount:b/c',
    '10.0.0.0/8',
    '08:00-18:00',
    '30s',
    '1m30s',
    '250ms',
    '1.5h',
    '90d',
    '64Ki',
    '1000',
    '0.7',
    '12',
    'a',
    '',
  ),
  fc.string({ maxLength: 8 }),
);

/** Texts of the patterns that the schemas have. */
const OF_PATTERN: Readonly<Record<string, fc.Arbitrary<string>>> = {
  '^[0-9]+(\\.[0-9]+)?$': fc.constantFrom('0', '0.7', '50.0', '100', '0.0000001', '123456789012345680000000'),
  '^0(\\.[0-9]+)?|1(\\.0+)?$': fc.constantFrom('0', '0.1', '1.0', '1'),
  '^https?://.*': fc.constantFrom('https://a.example/mcp', 'http://b'),
  '^/': fc.constantFrom('/', '/mcp'),
  '^[0-9a-f]{64}$': fc.constant('0123456789abcdef'.repeat(4)),
  '^([0-9]{1,5}(h|m|s|ms)){1,4}$': fc.constantFrom('30s', '1h30m', '250ms'),
};

/** JSON that an API server takes by a structural schema; rules across fields aside. */
export function jsonOf(schema: Schema): fc.Arbitrary<unknown> {
  if (schema['x-kubernetes-int-or-string'] === true) {
    return fc.oneof(fc.constantFrom('64Ki', '1000', '1.5Mi', '100m', '2G'), fc.integer({ min: 0, max: 1_000_000 }));
  }
  switch (schema.type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -1000, max: schema.maximum ?? 2 ** 31 - 1 });
    case 'array': {
      const constraints = { minLength: schema.minItems ?? 0, maxLength: 3 };
      const items = jsonOf(schema.items!);
      return schema['x-kubernetes-list-type'] === 'set'
        ? fc.uniqueArray(items, constraints)
        : fc.array(items, constraints);
    }
    case 'string':
      return schema.enum !== undefined
        ? fc.constantFrom(...schema.enum)
        : schema.pattern !== undefined
          ? patterned(schema.pattern)
          : TEXT.filter(text => text.length >= (schema.minLength ?? 0));
    default:
      return objectOf(schema);
  }
}

function patterned(pattern: string): fc.Arbitrary<string> {
  const known = OF_PATTERN[pattern];
  if (known === undefined) {
    throw new Error(`no texts for ${pattern}: add some to OF_PATTERN`);
  }
  return known;
}

function objectOf(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.properties !== undefined) {
    return fc.record(
      Object.fromEntries(Object.entries(schema.properties).map(([name, property]) => [name, jsonOf(property)])),
      { requiredKeys: [...(schema.required ?? [])] },
    );
  }
  return schema.additionalProperties === undefined
    ? fc.constantFrom({}, { a: { b: [1, null] } })
    : fc.dictionary(fc.constantFrom('a', 'b.example/c'), jsonOf(schema.additionalProperties), { maxKeys: 2 });
}
