import { JsonSchema } from '../../../model/rest';

/*
 * JSON Schemas as OpenAPI 3.0 writes them, in forms that mean the same as JSON Schema, too: agentgateway reads the one, and clients
 * get what it read as the other.
 */

/** Keywords that agentgateway would not pass on. */
const UNSAYABLE = [
  'patternProperties',
  'propertyNames',
  'dependentRequired',
  'dependentSchemas',
  'if',
  'then',
  'else',
  'contains',
  'minContains',
  'maxContains',
  'prefixItems',
  'unevaluatedItems',
  'unevaluatedProperties',
  'contentEncoding',
  'contentMediaType',
] as const;

/** The same schema without what agentgateway does not read. */
export function compatibleSchema(schema: JsonSchema): JsonSchema {
  const { const: constant, examples, exclusiveMaximum, exclusiveMinimum, type, ...others } = schema;
  const kept = Object.fromEntries(
    Object.entries(others)
      .filter(([keyword]) => !isUnsayable(keyword))
      .map(([keyword, value]) => [keyword, convert(keyword, value)]),
  );
  const also: JsonSchema[] = [
    ...(typeof exclusiveMinimum === 'number' ? [{ minimum: exclusiveMinimum, not: { enum: [exclusiveMinimum] } }] : []),
    ...(typeof exclusiveMaximum === 'number' ? [{ maximum: exclusiveMaximum, not: { enum: [exclusiveMaximum] } }] : []),
    ...(Array.isArray(type) ? [{ anyOf: type.map(kind => ({ type: kind })) }] : []),
    ...(constant !== undefined && kept.enum !== undefined ? [{ enum: [constant] }] : []),
  ];
  const whole: Record<string, unknown> = {
    ...(type === undefined || Array.isArray(type) ? {} : { type }),
    ...(constant === undefined ? {} : { enum: [constant] }),
    ...kept,
    ...(Array.isArray(examples) && examples.length > 0 ? { example: examples[0] } : {}),
  };
  return also.reduce(
    (sum: JsonSchema, part) =>
      Object.keys(part).some(keyword => keyword in sum)
        ? { ...sum, allOf: [...((sum.allOf as JsonSchema[] | undefined) ?? []), part] }
        : { ...sum, ...part },
    whole,
  );
}

/** Keywords that restrict values and that clients would not be told of. */
export function unsayable(schema: JsonSchema): string[] {
  const own = Object.keys(schema).filter(isUnsayable);
  return [...own, ...Object.entries(schema).flatMap(([keyword, value]) => partsOf(keyword, value).flatMap(unsayable))];
}

function isUnsayable(keyword: string): boolean {
  return (UNSAYABLE as readonly string[]).includes(keyword);
}

function convert(keyword: string, value: unknown): unknown {
  switch (keyword) {
    case 'properties':
      return Object.fromEntries(
        Object.entries(value as Record<string, JsonSchema>).map(([name, schema]) => [name, compatibleSchema(schema)]),
      );
    case 'items':
    case 'not':
      return compatibleSchema(value as JsonSchema);
    case 'additionalProperties':
      return typeof value === 'boolean' ? value : compatibleSchema(value as JsonSchema);
    case 'allOf':
    case 'anyOf':
    case 'oneOf':
      return (value as JsonSchema[]).map(compatibleSchema);
    default:
      return value;
  }
}

/** The schemas that stand in a keyword. */
function partsOf(keyword: string, value: unknown): JsonSchema[] {
  switch (keyword) {
    case 'properties':
      return Object.values(value as Record<string, JsonSchema>);
    case 'items':
    case 'not':
      return [value as JsonSchema];
    case 'additionalProperties':
      return typeof value === 'boolean' ? [] : [value as JsonSchema];
    case 'allOf':
    case 'anyOf':
    case 'oneOf':
      return value as JsonSchema[];
    default:
      return [];
  }
}
