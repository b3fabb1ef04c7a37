import { existsSync, readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import * as fc from 'fast-check';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { json, numberFor, textFor } from './texts';

/*
 * Documents by the schemas of the API, and a little beside them: a field of another type, one that no schema has, a letter
 * that is missing in the text.
 */

const CRDS = join(__dirname, '../../../crds');
const GOLDEN = join(__dirname, '../../../test/golden');

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly enum?: readonly unknown[];
}

/** How much more often a field is left out than given. */
const LEFT_OUT = 5;
const MAX_DEPTH = 9;

function valueOf(schema: Schema, name: string, depth: number): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 400, arbitrary: fittingValue(schema, name, depth) }, { weight: 1, arbitrary: json });
}

function fittingValue(
  { type, properties, required = [], items, additionalProperties, enum: choices }: Schema,
  name: string,
  depth: number,
): fc.Arbitrary<unknown> {
  if (choices !== undefined) {
    return fc.constantFrom(...choices);
  }
  switch (type) {
    case 'string':
      return textFor(name);
    case 'integer':
    case 'number':
      return numberFor(name);
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(valueOf(items ?? {}, name, depth + 1), { maxLength: 3 });
    case 'object':
      if (typeof additionalProperties === 'object') {
        return fc.dictionary(textFor(name), valueOf(additionalProperties, name, depth + 1), { maxKeys: 2 });
      }
      return properties === undefined || depth > MAX_DEPTH ? json : objectOf(properties, required, depth);
    default:
      return json;
  }
}

function objectOf(
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[],
  depth: number,
): fc.Arbitrary<unknown> {
  const names = Object.keys(properties);
  return fc
    .tuple(
      ...names.map(name => {
        const value = valueOf(properties[name], name, depth + 1).map(item => ({ item }));
        return required.includes(name)
          ? value
          : fc.oneof({ weight: LEFT_OUT, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
      }),
    )
    .map(values =>
      Object.fromEntries(values.flatMap((value, i) => (value === undefined ? [] : [[names[i], value.item]]))),
    );
}

function documentOf(file: string): fc.Arbitrary<unknown> {
  const { spec } = parse(readFileSync(join(CRDS, file), 'utf8'));
  const schema: Schema = spec.versions[0].schema.openAPIV3Schema.properties.spec;
  return fc
    .record({ name: textFor('name'), annotations: fc.constant(undefined), spec: valueOf(schema, 'spec', 0) })
    .map(({ name, spec: given }) => ({
      apiVersion: 'ome.io/v1alpha1',
      kind: spec.names.kind,
      metadata: { name },
      spec: given,
    }));
}

/** The resources of an app of the golden folder, which are right, with something else in a few places. */
function changedDocuments(): fc.Arbitrary<string> {
  const folders = readdirSync(GOLDEN, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && existsSync(join(GOLDEN, entry.name, 'objects.yaml')))
    .map(({ name }) =>
      parseAllDocuments(readFileSync(join(GOLDEN, name, 'objects.yaml'), 'utf8'), { version: '1.1' })
        .map(document => document.toJS())
        .filter(object => object?.apiVersion === 'ome.io/v1alpha1'),
    )
    .filter(objects => objects.length > 0);
  const change = fc.tuple(
    fc.nat(),
    fc.oneof(json, textFor(''), numberFor('')),
    fc.constantFrom('set', 'set', 'remove', 'add'),
  );
  return fc.tuple(fc.constantFrom(...folders), fc.array(change, { maxLength: 3 })).map(([objects, changes]) => {
    const copy = structuredClone(objects);
    changes.forEach(([at, value, how]) => {
      const places = placesIn(copy);
      if (places.length === 0) {
        return;
      }
      const [holder, key] = places[at % places.length];
      if (how === 'remove') {
        delete holder[key];
      } else {
        holder[how === 'add' ? `${key}x` : key] = value;
      }
    });
    return copy.map((object: unknown) => stringify(object, { version: '1.1' })).join('---\n');
  });
}

/** All places of values below a value. */
function placesIn(value: any): [any, string][] {
  return typeof value !== 'object' || value === null
    ? []
    : Object.keys(value).flatMap(key => [[value, key] as [any, string], ...placesIn(value[key])]);
}

/** The text of some documents. */
export function documents(): fc.Arbitrary<string> {
  const some = fc.array(
    fc.oneof(
      ...readdirSync(CRDS)
        .filter(file => file.endsWith('.yaml'))
        .map(documentOf),
    ),
    { minLength: 1, maxLength: 3 },
  );
  const written = some.map(objects => objects.map(object => stringify(object, { version: '1.1' })).join('---\n'));
  const damaged = fc
    .tuple(written, fc.nat(), fc.constantFrom('', ' ', '\t', ':', '-', '"', '&a ', '*a', '!!', '\n', '{', '\u0000'))
    .map(([text, at, instead]) => text.slice(0, at % text.length) + instead + text.slice((at % text.length) + 1));
  return fc.oneof(
    { weight: 6, arbitrary: changedDocuments() },
    { weight: 3, arbitrary: written },
    { weight: 1, arbitrary: damaged },
  );
}
