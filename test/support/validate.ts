import { existsSync, readdirSync, readFileSync } from 'fs';
import { dirname, join } from 'path';
import Ajv, { ErrorObject, ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { ECOSYSTEM_SPECS } from './ecosystem';
import { envoyFindings } from './validate-envoy';
import { BOOTSTRAP_FILE } from '../../src/backends/envoy/config/names';

/*
 * Holds objects against the schemas that an API server would use, only stricter: a field that no schema knows is an
 * error, as with `kubectl apply --validate=strict`, and so is a null.
 *
 * Built-in kinds: Kubernetes' own JSON schemas, which `kubernetes-models` 4.3.0 ships as data. Our kinds: the CRDs in
 * `crds/`. Kinds of other projects: ecosystem.ts. Rules in CEL are left to the conformance tests, which run them on a real API server.
 * What a ConfigMap holds for an Envoy is held against Envoy's own API.
 */

/** Plain Kubernetes JSON. */
export type Manifest = { [key: string]: any };

type JsonSchema = { [keyword: string]: any };

const MODELS = dirname(require.resolve('kubernetes-models/package.json'));
const CRDS = join(__dirname, '..', '..', 'crds');
const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/** A decimal number with the suffixes of resource quantities. */
const QUANTITY = /^[+-]?(\d+|\d+\.\d*|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats(ajv);
ajv.addFormat('quantity', QUANTITY);
ajv.addFormat('byte', BASE64);
ajv.removeKeyword('nullable');
ajv.addKeyword({
  keyword: 'x-kubernetes-list-map-keys',
  type: 'array',
  error: { message: ({ schema }) => `must not have two items with the same ${schema.join(' and ')}` },
  validate: (keys: string[], items: Manifest[]) => {
    const seen = items.map(item => JSON.stringify(keys.map(key => item[key] ?? null)));
    return new Set(seen).size === seen.length;
  },
});

/** What is wrong with an object, a line a fault, each with the path of the field; empty when nothing is. */
export function validateObject(object: Manifest): string[] {
  const validate = validatorOf(object);
  if (validate === undefined) {
    return [`${describe(object)}: no schema for this apiVersion and kind`];
  }
  validate(object);
  const errors = [...(validate.errors ?? []).map(formatError), ...configurationFindings(object)];
  return [...new Set(errors.map(error => `${describe(object)}: ${error}`))];
}

/** What is wrong with the configuration of an Envoy. */
function configurationFindings({ kind, data }: Manifest): string[] {
  return kind === 'ConfigMap' && data?.[BOOTSTRAP_FILE] !== undefined ? envoyFindings(data) : [];
}

/** What is wrong with objects. */
export function validateObjects(objects: readonly Manifest[]): string[] {
  return objects.flatMap(validateObject);
}

/** An object in messages: `apps/v1 Deployment finance/ledger`. */
export function describe(object: Manifest): string {
  const { name, namespace } = object.metadata ?? {};
  return `${object.apiVersion} ${object.kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

function formatError({ instancePath, keyword, params, message }: ErrorObject): string {
  const path =
    instancePath === '' ? '(root)' : instancePath.slice(1).replace(/\//g, '.').replace(/~1/g, '/').replace(/~0/g, '~');
  const detail =
    keyword === 'additionalProperties'
      ? ` (${params.additionalProperty})`
      : keyword === 'enum'
        ? ` (${params.allowedValues.join(', ')})`
        : '';
  return `${path}: ${message}${detail}`;
}

const VALIDATORS = new Map<string, ValidateFunction | undefined>();

function validatorOf({ apiVersion, kind }: Manifest): ValidateFunction | undefined {
  const key = `${apiVersion}/${kind}`;
  if (!VALIDATORS.has(key)) {
    VALIDATORS.set(
      key,
      customValidator(apiVersion, kind) ??
        ecosystemValidator(key, apiVersion, kind) ??
        builtInValidator(apiVersion, kind),
    );
  }
  return VALIDATORS.get(key);
}

let definitions: readonly Manifest[] | undefined;

/** The CRDs of the package, read once: they are large. */
function customResourceDefinitions(): readonly Manifest[] {
  definitions ??= readdirSync(CRDS).map(file => parse(readFileSync(join(CRDS, file), 'utf8')));
  return definitions;
}

function customValidator(apiVersion: string, kind: string): ValidateFunction | undefined {
  if (!apiVersion.startsWith('ome.io/')) {
    return undefined;
  }
  for (const { spec } of customResourceDefinitions()) {
    const version = spec.versions.find((candidate: Manifest) => `${spec.group}/${candidate.name}` === apiVersion);
    if (spec.names.kind === kind && version !== undefined) {
      registerObjectMeta();
      const schema = strictStructural(version.schema.openAPIV3Schema);
      return ajv.compile({
        ...schema,
        properties: {
          ...schema.properties,
          apiVersion: { const: apiVersion },
          kind: { const: kind },
          metadata: metadataSchema(spec.scope === 'Namespaced'),
        },
        required: ['apiVersion', 'kind', 'metadata', 'spec'],
      });
    }
  }
  return undefined;
}

function ecosystemValidator(key: string, apiVersion: string, kind: string): ValidateFunction | undefined {
  const spec = ECOSYSTEM_SPECS[key];
  if (spec === undefined) {
    return undefined;
  }
  registerObjectMeta();
  return ajv.compile({
    type: 'object',
    properties: { apiVersion: { const: apiVersion }, kind: { const: kind }, metadata: metadataSchema(true), spec },
    required: ['apiVersion', 'kind', 'metadata', 'spec'],
    additionalProperties: false,
  });
}

function registerObjectMeta(): void {
  registerBuiltIn(
    'io.k8s.apimachinery',
    join('..', '@kubernetes-models', 'apimachinery', '_schemas', 'IoK8sApimachineryPkgApisMetaV1ObjectMeta.js'),
  );
}

function metadataSchema(namespaced: boolean): JsonSchema {
  return {
    allOf: [
      { $ref: `${OBJECT_META}#` },
      namespaced ? { required: ['name', 'namespace'] } : { required: ['name'], not: { required: ['namespace'] } },
    ],
  };
}

/** A structural schema of a CRD as JSON Schema, closed: only a field that keeps unknown ones lets them pass. */
function strictStructural(schema: JsonSchema): JsonSchema {
  const { properties, items, additionalProperties, ...rest } = schema;
  const result: JsonSchema = { ...rest };
  if (schema['x-kubernetes-int-or-string'] === true && schema.anyOf === undefined) {
    result.anyOf = [{ type: 'integer' }, { type: 'string' }];
  }
  if (properties !== undefined) {
    result.properties = mapValues(properties, strictStructural);
    result.additionalProperties = schema['x-kubernetes-preserve-unknown-fields'] === true;
  }
  if (items !== undefined) {
    result.items = strictStructural(items);
  }
  if (additionalProperties !== undefined) {
    result.additionalProperties =
      typeof additionalProperties === 'object' ? strictStructural(additionalProperties) : additionalProperties;
  }
  return result;
}

/** Kinds whose resources belong to the whole cluster, of those that this library or its users' charts emit. */
const CLUSTER_SCOPED = new Set([
  'Namespace',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'PersistentVolume',
  'StorageClass',
  'PriorityClass',
]);

function builtInValidator(apiVersion: string, kind: string): ValidateFunction | undefined {
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? 'core' : apiVersion.slice(0, slash).split('.')[0];
  const version = apiVersion.slice(slash + 1);
  const prefix =
    group === 'apiextensions' ? 'IoK8sApiextensionsApiserverPkgApisApiextensions' : `IoK8sApi${capitalized(group)}`;
  const file = join('_schemas', `${prefix}${capitalized(version)}${kind}.js`);
  const id = existsSync(join(MODELS, file)) ? registerBuiltIn(`.${kind}`, file) : undefined;
  return id === undefined
    ? undefined
    : ajv.compile({
        allOf: [{ $ref: `${id}#` }],
        properties: { apiVersion: { const: apiVersion }, metadata: metadataSchema(!CLUSTER_SCOPED.has(kind)) },
        required: ['apiVersion', 'kind', 'metadata'],
      });
}

/**
 * Adds a schema and those it refers to; returns the id that ends as asked.
 *
 * The files hold their schemas in constants that they do not export. They hand them to `register` of
 * `@kubernetes-models/validate` by name, though, so whoever stands there gets them.
 */
function registerBuiltIn(idSuffix: string, file: string): string | undefined {
  const registry: { register: (id: string, schema: JsonSchema) => void } = require('@kubernetes-models/validate');
  const original = registry.register;
  let found: string | undefined;
  registry.register = (id, schema) => {
    if (id.endsWith(idSuffix)) {
      found = id;
    }
    if (ajv.getSchema(id) === undefined) {
      // The package drops these fields of CRDs: it takes them for parts of its own schemas.
      const lost = id.includes('.apiextensions.')
        ? { patternProperties: { '^(description|x-kubernetes-[a-z-]+)$': {} } }
        : {};
      ajv.addSchema({ ...strictBuiltIn(withNewerFields(id, schema)), ...lost }, id);
    }
  };
  try {
    require(join(MODELS, file)).addSchema();
  } finally {
    registry.register = original;
  }
  return found;
}

/** Fields that Kubernetes has and the schemas do not yet, by the end of the id of what has them. */
const NEWER_FIELDS: Readonly<Record<string, JsonSchema>> = {
  // Since 1.28 an init container that is always restarted is a sidecar.
  '.core.v1.Container': { restartPolicy: { type: 'string', enum: ['Always'] } },
  // Since 1.30 a pod can wait without a program to run for it.
  '.core.v1.LifecycleHandler': {
    sleep: {
      type: 'object',
      properties: { seconds: { type: 'integer', minimum: 1 } },
      required: ['seconds'],
      additionalProperties: false,
    },
  },
};

function withNewerFields(id: string, schema: JsonSchema): JsonSchema {
  const newer = Object.entries(NEWER_FIELDS).find(([end]) => id.replace(/#$/, '').endsWith(end))?.[1];
  return newer === undefined ? schema : { ...schema, properties: { ...schema.properties, ...newer } };
}

/** A schema of Kubernetes, closed and without the nulls that it admits for every optional field. */
function strictBuiltIn(schema: JsonSchema): JsonSchema {
  const { nullable, oneOf, ...rest } = schema;
  const choices: JsonSchema[] | undefined = oneOf
    ?.filter((choice: JsonSchema) => choice.type !== 'null')
    .map(strictBuiltIn);
  const result: JsonSchema =
    choices?.length === 1 ? { ...rest, ...choices[0] } : choices === undefined ? rest : { ...rest, oneOf: choices };
  if (result.properties !== undefined) {
    result.properties = mapValues(result.properties, strictBuiltIn);
    result.additionalProperties ??= false;
  }
  for (const keyword of ['items', 'additionalProperties']) {
    if (typeof result[keyword] === 'object') {
      result[keyword] = strictBuiltIn(result[keyword]);
    }
  }
  return result;
}

function mapValues(record: JsonSchema, map: (value: JsonSchema) => JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
