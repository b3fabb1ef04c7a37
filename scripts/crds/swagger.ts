import { INT_OR_STRING, QUANTITY, Schema } from '../../src/api/schema';

/** Turns Kubernetes' PodTemplateSpec into a structural schema without references. */

/** What is read of a Swagger 2 definition. */
export interface Definition extends Omit<Schema, 'properties' | 'items' | 'additionalProperties'> {
  readonly $ref?: string;
  readonly properties?: { readonly [name: string]: Definition };
  readonly items?: Definition;
  readonly additionalProperties?: Definition;
}

export interface Swagger {
  readonly definitions: { readonly [name: string]: Definition };
}

const API = 'io.k8s.api.core.v1';
const MACHINERY = 'io.k8s.apimachinery.pkg';

const STRING: Schema = { type: 'string' };
const STRING_MAP: Schema = { type: 'object', additionalProperties: STRING };

/**
 * Metadata inside of a template. A bare `type: object` would lose labels and annotations, because the API server prunes
 * what a schema does not mention. `creationTimestamp: null` is what Kubernetes' own tools write.
 */
const EMBEDDED_METADATA: Schema = {
  type: 'object',
  properties: {
    annotations: STRING_MAP,
    creationTimestamp: { type: 'string', format: 'date-time', nullable: true },
    finalizers: { type: 'array', items: STRING },
    generateName: STRING,
    labels: STRING_MAP,
    name: STRING,
    namespace: STRING,
  },
};

/** Types that JSON writes in another way than their definition says, or of which a template needs only a part. */
const SUBSTITUTES: { readonly [definition: string]: Schema } = {
  [`${MACHINERY}.api.resource.Quantity`]: QUANTITY,
  [`${MACHINERY}.util.intstr.IntOrString`]: INT_OR_STRING,
  [`${MACHINERY}.apis.meta.v1.ObjectMeta`]: EMBEDDED_METADATA,
};

/**
 * Defaults of properties that key a list and need not be set. The API server takes a keyed list only when each key is
 * required or has a default; Swagger 2 tells neither for these.
 */
const KEY_DEFAULTS: { readonly [property: string]: string } = {
  // ContainerPort, beside containerPort.
  protocol: 'TCP',
  // LocalObjectReference, in imagePullSecrets.
  name: '',
};

/** What a structural schema may say; descriptions and what only kubectl's merge patches read stay behind. */
const KEPT = [
  'format',
  'required',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type',
] as const;

export function podTemplateFromSwagger(swagger: Swagger): Schema {
  return structural({ $ref: `#/definitions/${API}.PodTemplateSpec` }, swagger);
}

function structural(definition: Definition, swagger: Swagger): Schema {
  if (definition.$ref !== undefined) {
    const name = definition.$ref.replace('#/definitions/', '');
    return SUBSTITUTES[name] ?? structural(swagger.definitions[name], swagger);
  }

  const schema: Schema = {
    type: definition.type,
    ...pick(definition),
    ...(definition.items && { items: structural(definition.items, swagger) }),
    ...(definition.additionalProperties && {
      additionalProperties: structural(definition.additionalProperties, swagger),
    }),
    ...(definition.properties && {
      properties: mapValues(definition.properties, property => structural(property, swagger)),
    }),
  };
  return withKeyDefaults(schema);
}

function pick(definition: Definition): Partial<Schema> {
  return Object.fromEntries(KEPT.filter(key => definition[key] !== undefined).map(key => [key, definition[key]]));
}

function withKeyDefaults(schema: Schema): Schema {
  const { items, 'x-kubernetes-list-map-keys': keys } = schema;
  if (!items?.properties || !keys) {
    return schema;
  }

  const optional = keys.filter(key => !items.required?.includes(key));
  const defaulted = Object.fromEntries(
    optional.map(key => {
      if (KEY_DEFAULTS[key] === undefined) {
        throw new Error(`a list is keyed by ${key}, which is optional: add its default to KEY_DEFAULTS`);
      }
      return [key, { ...items.properties![key], default: KEY_DEFAULTS[key] }];
    }),
  );
  return { ...schema, items: { ...items, properties: { ...items.properties, ...defaulted } } };
}

function mapValues<T, U>(values: { readonly [key: string]: T }, transform: (value: T) => U): { [key: string]: U } {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, transform(value)]));
}
