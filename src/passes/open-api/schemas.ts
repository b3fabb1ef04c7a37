import { isNode, Node, OpenApiDocument } from './document';
import { errorKind, warningKind } from '../../model/findings';
import { JsonSchema } from '../../model/rest';
import { compareText } from '../../values/text';

/*
 * Schemas of an OpenAPI document as JSON Schemas (2020-12) that stand for themselves: references are replaced by what they lead
 * to, and what OpenAPI 3.0 writes otherwise is rewritten. Schemas are those of requests, so what is only ever read is left out.
 */

const OPEN_API_SCHEMA_TOO_LARGE = errorKind(
  'open-api-schema-too-large',
  'is too large when its references are written out',
  'Make the schema simpler, or leave the operation out (operations)',
);
const OPEN_API_SCHEMA_INVALID = errorKind('open-api-schema-invalid', 'is not a schema', 'Correct the document');
const OPEN_API_SCHEMA_BASE = errorKind(
  'open-api-schema-base',
  'changes what references mean, which is not supported',
  'Refer to schemas by #/components/schemas/',
);
const OPEN_API_SCHEMA_RECURSIVE = warningKind(
  'open-api-schema-recursive',
  'contains itself: callers are told its shape once, and inside of it only what kind of value it is',
  'Nothing has to be done: the service checks what it gets',
);

/** Keywords whose value is a schema. */
const ONE = [
  'items',
  'not',
  'contains',
  'propertyNames',
  'if',
  'then',
  'else',
  'unevaluatedItems',
  'unevaluatedProperties',
] as const;
/** Keywords whose value is a list of schemas. */
const LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems'] as const;
/** Keywords whose value maps names to schemas. */
const MAPS = ['patternProperties', 'dependentSchemas'] as const;
/** Keywords whose value holds no schema. */
const PLAIN = [
  'type',
  'enum',
  'const',
  'format',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'multipleOf',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minContains',
  'maxContains',
  'minProperties',
  'maxProperties',
  'dependentRequired',
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'contentEncoding',
  'contentMediaType',
] as const;
/** Keywords that say something about a schema and restrict nothing, which a reference may have beside it. */
const ANNOTATIONS = [
  'title',
  'description',
  'default',
  'example',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  'summary',
  'externalDocs',
  'xml',
];
/** Keywords that change what references mean. */
const BASES = ['$id', '$anchor', '$dynamicRef', '$dynamicAnchor', '$recursiveRef'];

/** Most schemas that one may be made of: references of references multiply. */
const MAX_PARTS = 5_000;

/** Makes JSON Schemas of the schemas of a document. */
export class Schemas {
  /** Parts that the schema may still have which is being read. */
  private left = MAX_PARTS;

  constructor(private readonly document: OpenApiDocument) {}

  /** The schema at a place. What cannot be said is reported. */
  read(schema: unknown, place: string): JsonSchema {
    this.left = MAX_PARTS;
    const read = this.convert(schema, place, []);
    this.document.findings.report(OPEN_API_SCHEMA_TOO_LARGE, place, `more than ${MAX_PARTS} schemas`, this.left <= 0);
    return read;
  }

  private convert(schema: unknown, place: string, through: readonly string[]): JsonSchema {
    if (this.left-- <= 0) {
      return {};
    }
    if (typeof schema === 'boolean') {
      return schema ? {} : { not: {} };
    }
    if (!isNode(schema)) {
      this.document.findings.report(OPEN_API_SCHEMA_INVALID, place, schema, true);
      return {};
    }
    for (const keyword of BASES.filter(candidate => schema[candidate] !== undefined)) {
      this.document.findings.report(OPEN_API_SCHEMA_BASE, `${place}.${keyword}`, schema[keyword], true);
    }
    return typeof schema.$ref === 'string'
      ? this.referred(schema, schema.$ref, place, through)
      : this.keywords(schema, place, through);
  }

  private referred(schema: Node, reference: string, place: string, through: readonly string[]): JsonSchema {
    const found = this.document.find(reference, place);
    if (found === undefined) {
      return {};
    }
    if (through.includes(reference)) {
      this.document.findings.report(OPEN_API_SCHEMA_RECURSIVE, found.place, reference, true);
      return isNode(found.value)
        ? this.keywords(pick(found.value, ['type', 'title', 'description', 'nullable']), found.place, through)
        : {};
    }
    const target = this.convert(found.value, found.place, [...through, reference]);
    // OpenAPI 3.0 ignores what stands beside a reference; it is seldom meant to be.
    const beside = Object.keys(schema).filter(keyword => keyword !== '$ref' && !keyword.startsWith('x-'));
    const own = this.keywords(pick(schema, beside), place, through);
    return beside.every(keyword => ANNOTATIONS.includes(keyword))
      ? { ...target, ...own }
      : { ...own, allOf: [target, ...((own.allOf as JsonSchema[] | undefined) ?? [])] };
  }

  private keywords(schema: Node, place: string, through: readonly string[]): JsonSchema {
    const at = (keyword: string, value: unknown): JsonSchema => this.convert(value, `${place}.${keyword}`, through);
    const out: Record<string, unknown> = pick(schema, PLAIN);
    for (const keyword of ONE.filter(candidate => schema[candidate] !== undefined)) {
      out[keyword] = at(keyword, schema[keyword]);
    }
    for (const keyword of LISTS.filter(candidate => Array.isArray(schema[candidate]))) {
      out[keyword] = (schema[keyword] as unknown[]).map((item, i) => at(`${keyword}[${i}]`, item));
    }
    for (const keyword of MAPS) {
      const map = schema[keyword];
      if (isNode(map)) {
        out[keyword] = Object.fromEntries(
          Object.entries(map).map(([name, value]) => [name, at(`${keyword}.${name}`, value)]),
        );
      }
    }
    if (schema.additionalProperties !== undefined) {
      out.additionalProperties =
        typeof schema.additionalProperties === 'boolean'
          ? schema.additionalProperties
          : at('additionalProperties', schema.additionalProperties);
    }
    const all = {
      ...out,
      ...this.properties(schema, place, through),
      ...bounds(schema),
      ...nullable(schema),
      ...(schema.example === undefined ? {} : { examples: [schema.example] }),
    };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  }

  /** Properties, without those that only answers have: where they are required, they are so in answers. */
  private properties(schema: Node, place: string, through: readonly string[]): JsonSchema {
    const all = isNode(schema.properties) ? Object.entries(schema.properties) : [];
    const answered = new Set(all.filter(([, value]) => this.isReadOnly(value)).map(([name]) => name));
    const sent = all.filter(([name]) => !answered.has(name));
    const required = Array.isArray(schema.required) ? schema.required.filter(name => !answered.has(name)) : [];
    return {
      ...(isNode(schema.properties)
        ? {
            properties: Object.fromEntries(
              sent.map(([name, value]) => [name, this.convert(value, `${place}.properties.${name}`, through)]),
            ),
          }
        : {}),
      ...(required.length === 0 ? {} : { required }),
    };
  }

  private isReadOnly(schema: unknown, depth = 0): boolean {
    if (!isNode(schema) || depth > 10) {
      return false;
    }
    return (
      schema.readOnly === true ||
      (typeof schema.$ref === 'string' && this.isReadOnly(this.document.lookUp(schema.$ref)?.value, depth + 1))
    );
  }
}

/** OpenAPI 3.0 says by a flag that a bound itself is excluded. */
function bounds(schema: Node): JsonSchema {
  const out: Record<string, unknown> = {};
  for (const [bound, exclusive] of [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ]) {
    if (typeof schema[exclusive] === 'number') {
      out[exclusive] = schema[exclusive];
    } else if (schema[exclusive] === true) {
      out[exclusive] = schema[bound];
      out[bound] = undefined;
    }
  }
  return out;
}

/** OpenAPI 3.0 says by a flag that a value may be null. */
function nullable({ nullable: flag, type }: Node): JsonSchema {
  return flag === true && typeof type === 'string' ? { type: [type, 'null'] } : {};
}

function pick(schema: Node, keywords: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    keywords.filter(keyword => schema[keyword] !== undefined).map(keyword => [keyword, schema[keyword]]),
  );
}

/** JSON types that values of a schema may be of; undefined where it leaves that open. */
export function kindsOf(schema: JsonSchema): string[] | undefined {
  const { type, enum: values, const: constant, allOf, anyOf, oneOf } = schema;
  if (type !== undefined) {
    return [type].flat() as string[];
  }
  if (Array.isArray(values)) {
    return distinctKinds(values.map(kindOf));
  }
  if (constant !== undefined) {
    return [kindOf(constant)];
  }
  const choices = (anyOf ?? oneOf) as JsonSchema[] | undefined;
  if (Array.isArray(choices)) {
    const kinds = choices.map(kindsOf);
    return kinds.some(found => found === undefined) ? undefined : distinctKinds(kinds.flat() as string[]);
  }
  // Each of them restricts: the first that says something is enough.
  return Array.isArray(allOf) ? (allOf as JsonSchema[]).map(kindsOf).find(kinds => kinds !== undefined) : undefined;
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

function distinctKinds(kinds: readonly string[]): string[] {
  return [...new Set(kinds)].sort(compareText);
}
