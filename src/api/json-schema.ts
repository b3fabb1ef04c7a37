import { readFileSync } from 'fs';
import { join } from 'path';
import type { ErrorObject, FuncKeywordDefinition, ValidateFunction } from 'ajv';
import { POD_TEMPLATE } from './common';
import { GROUP } from './resource';
import { yamlLibrary } from '../values/yaml';

/*
 * Schemas of the API as JSON Schema, by which JSON is judged as an API server would.
 */

/** `crds/` of the package: two levels up from `lib/manifest` as from `src/manifest`. */
const CRDS_DIR = join(__dirname, '..', '..', 'crds');

/** A schema of a CRD, or JSON Schema. */
export type Schema = { readonly [keyword: string]: any };

/** Keywords that mean the same in a CRD and in JSON Schema. */
const SHARED_KEYWORDS = [
  'default',
  'enum',
  'pattern',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'required',
  'x-kubernetes-list-map-keys',
] as const;

/** Formats that an API server holds numbers to. Others (`date-time`, `int-or-string`) are its hints to clients. */
const NUMBER_FORMATS: Readonly<Record<string, (value: number) => boolean>> = {
  int32: value => value >= -(2 ** 31) && value < 2 ** 31,
  int64: Number.isSafeInteger,
};

/**
 * The structural schema of a CRD as JSON Schema, closed: an API server drops fields that a schema does not name, and
 * a manifest's reader must not.
 */
export function toJsonSchema(schema: Schema, podTemplate: () => Schema = () => ({})): Schema {
  if (schema === POD_TEMPLATE.schema) {
    return podTemplate();
  }
  const result: { [keyword: string]: any } = {};
  for (const keyword of SHARED_KEYWORDS) {
    if (schema[keyword] !== undefined) {
      result[keyword] = schema[keyword];
    }
  }
  if (schema['x-kubernetes-int-or-string'] === true) {
    result.type = ['integer', 'string'];
  } else if (schema.type !== undefined) {
    result.type = schema.type;
  }
  if (schema.format in NUMBER_FORMATS) {
    result.format = schema.format;
  }
  if (schema['x-kubernetes-list-type'] === 'set') {
    result.uniqueItems = true;
  }
  if (schema.items !== undefined) {
    result.items = toJsonSchema(schema.items, podTemplate);
  }
  if (schema.properties !== undefined) {
    result.properties = Object.fromEntries(
      Object.entries(schema.properties as Record<string, Schema>).map(([name, property]) => [
        name,
        toJsonSchema(property, podTemplate),
      ]),
    );
  }
  if (typeof schema.additionalProperties === 'object') {
    result.additionalProperties = toJsonSchema(schema.additionalProperties);
  } else if (
    schema.type === 'object' &&
    schema.additionalProperties !== true &&
    schema['x-kubernetes-preserve-unknown-fields'] !== true
  ) {
    result.additionalProperties = false;
  }
  return result;
}

/** Kubernetes' own schema of pod templates, out of a definition that has it. Slow: called for kinds with pods alone. */
export function podTemplateSchema(): Schema {
  const crd = yamlLibrary().parse(readFileSync(join(CRDS_DIR, `${GROUP}_mcpservers.yaml`), 'utf8'));
  const { spec } = crd.spec.versions[0].schema.openAPIV3Schema.properties;
  return toJsonSchema(spec.properties.hosted.properties.podSpec);
}

/** What judges values by a schema. */
export function compileSchema(schema: Schema): ValidateFunction {
  // Loaded on first use, like the definitions: most programs read no manifest.
  const { Ajv }: typeof import('ajv') = require('ajv');
  // Patterns of CRDs are RE2, which has no `u` flag; optimizing the code would take longer than running it.
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    strict: false,
    unicodeRegExp: false,
    code: { optimize: false },
  });
  for (const [format, validate] of Object.entries(NUMBER_FORMATS)) {
    ajv.addFormat(format, { type: 'number', validate });
  }
  return ajv.addKeyword(LIST_MAP_KEYS).compile(schema);
}

/** Lists whose items are told apart by some of their fields. */
const LIST_MAP_KEYS: FuncKeywordDefinition = {
  keyword: 'x-kubernetes-list-map-keys',
  type: 'array',
  schemaType: 'array',
  validate: (keys: string[], items: readonly any[], parent?: Schema) => repeatedItem(keys, items, parent) === undefined,
};

/** Position of the first item with the keys of an earlier one. */
export function repeatedItem(
  keys: readonly string[],
  items: readonly any[],
  parent: Schema | undefined,
): number | undefined {
  const defaults = parent?.items?.properties ?? {};
  const identities = items.map(item => JSON.stringify(keys.map(key => item?.[key] ?? defaults[key]?.default ?? null)));
  const found = identities.findIndex((identity, i) => identities.indexOf(identity) < i);
  return found < 0 ? undefined : found;
}

/** A copy without nulls in objects: an API server takes a null for an absent field. */
export function withoutNulls<T>(value: T): T {
  if (Array.isArray(value)) {
    return value.map(withoutNulls) as T;
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([key, item]) => [key, withoutNulls(item)]),
  ) as T;
}

let podTemplates: ValidateFunction | undefined;

/** What Kubernetes' schema finds wrong with a pod template; a null stands for a field that is not there. */
export function podTemplateErrors(template: unknown): readonly ErrorObject[] {
  podTemplates ??= compileSchema(podTemplateSchema());
  podTemplates(withoutNulls(template));
  return podTemplates.errors ?? [];
}
