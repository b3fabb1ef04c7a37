/**
 * Structural OpenAPI v3 schemas as plain data, and the small functions that build them.
 * Nothing here knows MCP: what the API means is in the files named for its kinds.
 */

/** A CEL rule over the node that carries it; the message tells the reader what to change. */
export interface Rule {
  readonly rule: string;
  readonly message: string;
}

/** The part of the CRD schema language this API uses. */
export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'boolean';
  readonly description?: string;
  readonly format?: string;
  readonly default?: unknown;
  readonly nullable?: boolean;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Properties;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema;
  readonly 'x-kubernetes-int-or-string'?: true;
  readonly 'x-kubernetes-preserve-unknown-fields'?: true;
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular';
  readonly 'x-kubernetes-validations'?: readonly Rule[];
}

export type Properties = { readonly [name: string]: Schema };

/** What a helper leaves open: constraints and defaults. */
export type Constraints = Omit<Schema, 'type' | 'description' | 'properties' | 'items' | 'additionalProperties'>;

export const string = (description: string, constraints: Constraints = {}): Schema => ({
  type: 'string',
  description,
  ...constraints,
});

export const boolean = (description: string, constraints: Constraints = {}): Schema => ({
  type: 'boolean',
  description,
  ...constraints,
});

export const int32 = (description: string, constraints: Constraints = {}): Schema => ({
  type: 'integer',
  format: 'int32',
  description,
  ...constraints,
});

export const int64 = (description: string, constraints: Constraints = {}): Schema => ({
  type: 'integer',
  format: 'int64',
  description,
  ...constraints,
});

export const dateTime = (description: string): Schema => string(description, { format: 'date-time' });

export const choice = (description: string, values: readonly string[], constraints: Constraints = {}): Schema =>
  string(description, { enum: values, ...constraints });

export const object = (description: string, properties: Properties, constraints: Constraints = {}): Schema => ({
  type: 'object',
  description,
  properties,
  ...constraints,
});

/** An object in a format of its own, which only its readers check. */
export const anyObject = (description: string): Schema => ({
  type: 'object',
  description,
  'x-kubernetes-preserve-unknown-fields': true,
});

/** An object that is replaced as a whole by server-side apply: references and selectors. */
export const atomicObject = (description: string, properties: Properties, constraints: Constraints = {}): Schema =>
  object(description, properties, { 'x-kubernetes-map-type': 'atomic', ...constraints });

export const stringMap = (description: string, constraints: Constraints = {}): Schema => ({
  type: 'object',
  description,
  additionalProperties: { type: 'string' },
  ...constraints,
});

export const list = (description: string, items: Schema, constraints: Constraints = {}): Schema => ({
  type: 'array',
  description,
  items,
  ...constraints,
});

/** A list that has one owner under server-side apply. */
export const atomicList = (description: string, items: Schema, constraints: Constraints = {}): Schema =>
  list(description, items, { 'x-kubernetes-list-type': 'atomic', ...constraints });

/** A list whose items are told apart by one required property, so that several owners can share it. */
export const listByKey = (description: string, key: string, items: Schema, constraints: Constraints = {}): Schema =>
  list(description, items, { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': [key], ...constraints });

export const strings = (description: string, constraints: Constraints = {}): Schema =>
  list(description, { type: 'string' }, constraints);

/** Strings without duplicates. */
export const stringSet = (description: string, constraints: Constraints = {}): Schema =>
  strings(description, { 'x-kubernetes-list-type': 'set', ...constraints });

const QUANTITY_PATTERN =
  '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$';

/** Kubernetes' Quantity, as controller-gen writes it. */
export const quantity = (description?: string): Schema => ({
  ...(description === undefined ? {} : { description }),
  anyOf: [{ type: 'integer' }, { type: 'string' }],
  pattern: QUANTITY_PATTERN,
  'x-kubernetes-int-or-string': true,
});

/** Kubernetes' IntOrString. It has no type of its own: `x-kubernetes-int-or-string` stands in for it. */
export const intOrString = (): Schema => ({
  anyOf: [{ type: 'integer' }, { type: 'string' }],
  'x-kubernetes-int-or-string': true,
});

/** The Gateway API's duration: `30s`, `1h30m`, `250ms`. Only for properties of ours: upstream's durations are free text. */
export const duration = (description: string): Schema =>
  string(description, { pattern: '^([0-9]{1,5}(h|m|s|ms)){1,4}$' });

export const port = (description: string, constraints: Constraints = {}): Schema =>
  int32(description, { minimum: 1, maximum: 65535, ...constraints });
