import * as fc from 'fast-check';
import { casesOfRule } from './rule-cases';

/**
 * Walks the schema of a CRD: for each constraint on a field, the smallest resource that has the field and is valid, and
 * one that differs from it by breaking just that constraint. Plain functions over plain data.
 */

export interface Schema {
  readonly [keyword: string]: any;
}

/** One step down: a property, an item of a list, a value of a map. */
type Step = { readonly property: string } | 'item' | 'value';

/** A constraint, and what it does. */
export interface ConstraintCase {
  /** Path as the API server writes it. */
  readonly path: string;
  readonly constraint: string;
  readonly admitted: any;
  readonly refused: any;
  /** What the answer to `refused` has to say. */
  readonly message: string;
}

/** A value that a constraint refuses. */
interface Break {
  readonly value: any;
  readonly message: string;
  /** The value beside it that is admitted; any small one, where there is none. */
  readonly kept?: any;
}

/** How values are broken, by keyword. */
const BREAKERS: { readonly [keyword: string]: (schema: Schema) => readonly Break[] } = {
  type: schema => [
    { value: ['string', 'array'].includes(schema.type) ? 5 : 'text', message: `must be of type ${schema.type}` },
  ],
  enum: schema => [
    {
      value: 'none-of-these',
      message: `supported values: ${schema.enum.map((value: string) => JSON.stringify(value)).join(', ')}`,
    },
  ],
  minimum: schema => [{ value: schema.minimum - 1, message: `should be greater than or equal to ${schema.minimum}` }],
  maximum: schema => [{ value: schema.maximum + 1, message: `should be less than or equal to ${schema.maximum}` }],
  minLength: schema => [
    { value: 'x'.repeat(schema.minLength - 1), message: `should be at least ${schema.minLength} chars long` },
  ],
  maxLength: schema => [
    { value: 'x'.repeat(schema.maxLength + 1), message: `may not be more than ${schema.maxLength} bytes` },
  ],
  pattern: schema => [
    {
      value: ['!', ''].find(text => !new RegExp(schema.pattern).test(text)),
      message: `should match '${schema.pattern}'`,
    },
  ],
  minItems: schema => [
    { value: sample(schema).slice(0, schema.minItems - 1), message: `should have at least ${schema.minItems} items` },
  ],
  maxItems: schema => [
    {
      value: Array.from({ length: schema.maxItems + 1 }, () => sample(schema.items)),
      message: `must have at most ${schema.maxItems} items`,
    },
  ],
  required: schema =>
    schema.required
      .filter((property: string) => schema.properties[property].default === undefined)
      .map((property: string) => {
        const { [property]: _, ...rest } = sample(schema);
        return { value: rest, message: `${property}: Required value` };
      }),
  oneOf: () => [{ value: {}, message: 'must validate one and only one schema (oneOf)' }],
  // Of texts that may be numbers it says what another keyword says.
  anyOf: schema =>
    schema['x-kubernetes-int-or-string'] === true
      ? []
      : [{ value: sample({ ...schema, anyOf: undefined }), message: 'must validate at least one schema (anyOf)' }],
  'x-kubernetes-list-type': schema =>
    schema['x-kubernetes-list-type'] === 'atomic'
      ? []
      : [{ value: [sample(schema.items), sample(schema.items)], message: 'Duplicate value' }],
  'x-kubernetes-int-or-string': () => [{ value: {}, message: 'must be of type integer,string' }],
  'x-kubernetes-validations': schema =>
    schema['x-kubernetes-validations'].flatMap((rule: Schema) => {
      const { kept, broken } = casesOfRule(rule as { readonly rule: string });
      return Array.from({ length: Math.max(kept.length, broken.length) }, (_, i): Break => ({
        value: broken[i % broken.length],
        message: rule.message,
        kept: kept[i % kept.length],
      }));
    }),
};

/** Keywords that no value breaks by itself. `format: int32` is among them: API servers take any integer. */
const DESCRIPTIVE: readonly string[] = [
  'description',
  'default',
  'format',
  'properties',
  'items',
  'additionalProperties',
  'x-kubernetes-map-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-preserve-unknown-fields',
];

/** Values that common patterns admit, which read better than any. */
const SAMPLES: readonly string[] = ['https://example.com/', '/mcp', '1m', '10Mi', '0.5', '5'];

/** Every constraint below the root of a schema that `included` lets in, by paths such as `.spec.tools[].name`. */
export function constraintCases(schema: Schema, root: any, included: (path: string) => boolean): ConstraintCase[] {
  return walk(schema, [], '', included).flatMap(({ node, steps, path }) =>
    Object.entries(BREAKERS)
      .filter(([keyword]) => node[keyword] !== undefined)
      .flatMap(([keyword, breaker]) =>
        breaker(node).map(({ value, message, kept }): ConstraintCase => ({
          path: path.slice(1).replace(/\[\]/g, '[0]').replace(/\{\}/g, '.key'),
          constraint: keyword === 'required' ? `required ${message.split(':')[0]}` : keyword,
          admitted: place(schema, steps, kept ?? keeping(node), root),
          refused: place(schema, steps, value, root),
          message,
        })),
      ),
  );
}

/** A small value that keeps every constraint of a schema, its rules included. */
function keeping(schema: Schema): any {
  const [rule] = schema['x-kubernetes-validations'] ?? [];
  return rule === undefined ? sample(schema) : casesOfRule(rule).kept[0];
}

/** Keywords below the root of a schema that are neither broken nor known to be harmless. */
export function unknownKeywords(schema: Schema, included: (path: string) => boolean): string[] {
  const used = walk(schema, [], '', included).flatMap(({ node }) => Object.keys(node));
  return [...new Set(used)].filter(keyword => BREAKERS[keyword] === undefined && !DESCRIPTIVE.includes(keyword));
}

function walk(
  node: Schema,
  steps: readonly Step[],
  path: string,
  included: (path: string) => boolean,
): { readonly node: Schema; readonly steps: readonly Step[]; readonly path: string }[] {
  if (path !== '' && !included(path)) {
    return [];
  }
  return [
    ...(path === '' ? [] : [{ node, steps, path }]),
    ...Object.entries<Schema>(node.properties ?? {}).flatMap(([property, child]) =>
      walk(child, [...steps, { property }], `${path}.${property}`, included),
    ),
    ...(node.items === undefined ? [] : walk(node.items, [...steps, 'item'], `${path}[]`, included)),
    ...(typeof node.additionalProperties === 'object'
      ? walk(node.additionalProperties, [...steps, 'value'], `${path}{}`, included)
      : []),
  ];
}

/** The smallest valid value, `base` included, that has `value` at the end of the steps. */
function place(schema: Schema, steps: readonly Step[], value: any, base: any): any {
  const [step, ...rest] = steps;
  if (step === undefined) {
    return value;
  }
  if (step === 'item') {
    return [place(schema.items, rest, value, undefined)];
  }
  if (step === 'value') {
    return { key: place(schema.additionalProperties, rest, value, undefined) };
  }
  const { property } = step;
  return {
    ...sample(schema, property),
    ...base,
    [property]: place(schema.properties[property], rest, value, base?.[property]),
  };
}

/** A small valid value of a schema; of an object that has one of several properties, with one, unless the property to be added is one. */
function sample(schema: Schema, added?: string): any {
  if (schema.enum !== undefined) {
    return schema.enum[0];
  }
  if (schema['x-kubernetes-int-or-string']) {
    return 1;
  }
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        [...(schema.required ?? []), ...choiceOf(schema, added)].map((property: string) => [
          property,
          sample(schema.properties[property]),
        ]),
      );
    case 'array':
      return Array.from({ length: Math.max(1, schema.minItems ?? 0) }, () => sample(schema.items));
    case 'integer':
    case 'number':
      return Math.max(1, schema.minimum ?? 1);
    case 'boolean':
      return true;
    case 'string':
      return sampleText(schema);
    default:
      throw new Error(`no sample of ${JSON.stringify(schema)}`);
  }
}

function choiceOf({ oneOf, anyOf }: Schema, added: string | undefined): string[] {
  const choices: string[] = (oneOf ?? anyOf ?? []).flatMap(({ required }: Schema) => required);
  return added !== undefined && choices.includes(added) ? [] : choices.slice(0, 1);
}

function sampleText({ pattern, minLength = 1 }: Schema): string {
  return pattern === undefined
    ? 'x'.repeat(Math.max(1, minLength))
    : (SAMPLES.find(text => new RegExp(pattern).test(text)) ??
        fc.sample(fc.stringMatching(new RegExp(pattern)), { numRuns: 1, seed: 1 })[0]);
}
