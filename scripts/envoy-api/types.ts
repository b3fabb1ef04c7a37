import { DescEnum, DescField, DescMessage, FileRegistry, JsonObject, ScalarType } from '@bufbuild/protobuf';
import { IN_USE } from './in-use';
import { isRequired, rulesOf } from './rules';

/* Types of the messages in use, as they are written as JSON: with the names that the API gives their fields. */

/** What each message is in JSON that has a form of its own there. */
const WELL_KNOWN: Readonly<Record<string, string>> = {
  'google.protobuf.Any': 'Any',
  'google.protobuf.Duration': 'Duration',
  'google.protobuf.Empty': 'Nothing',
  'google.protobuf.Struct': 'Struct',
  'google.protobuf.BoolValue': 'boolean',
  'google.protobuf.DoubleValue': 'number',
  'google.protobuf.UInt32Value': 'number',
  'google.protobuf.UInt64Value': 'number',
};

const HEAD = `/*
 * Messages of Envoy's API, as far as they are emitted: made by \`npm run envoy-api\` from scripts/envoy-api/in-use.ts.
 */

/** Seconds. */
export type Duration = \`\${number}s\`;

/** JSON that is nobody's message. */
export type Struct = { readonly [key: string]: unknown };

/** A message that is there, and says no more. */
export type Nothing = { readonly [key: string]: never };

/** A message of a type that it names. */
export type Any = { readonly '@type': \`type.googleapis.com/\${keyof Messages}\` };

/** Exactly one of several fields. */
type OneOf<T> = {
  [Name in keyof T]: { readonly [Chosen in Name]: T[Chosen] } & { readonly [Other in Exclude<keyof T, Name>]?: undefined };
}[keyof T];

/** One of several fields, or none. */
type AtMostOne<T> = OneOf<T> | { readonly [Name in keyof T]?: undefined };
`;

/** Messages that stand by themselves as well as in others. */
const RESOURCES = [
  'envoy.config.cluster.v3.Cluster',
  'envoy.config.listener.v3.Listener',
  'envoy.config.route.v3.RouteConfiguration',
  'envoy.extensions.filters.http.rbac.v3.RBAC',
  'envoy.extensions.filters.http.stateful_session.v3.StatefulSession',
];

/** The module with the types. */
export function typesModule(registry: FileRegistry): string {
  const messages = Object.keys(IN_USE).map(name => messageOf(registry, name));
  const enums = [...new Set(messages.flatMap(usedFields).flatMap(field => field.enum ?? []))].sort(byTypeName);
  const names = namesOf([...messages, ...enums]);
  return [
    HEAD,
    '/** The messages of files, and those that may stand where any may. */',
    'export interface Messages {',
    ...standing(messages).map(({ typeName }) => `  readonly '${typeName}': ${names.get(typeName)};`),
    '}',
    ...messages.flatMap(message => ['', `/** ${message.typeName} */`, messageType(registry, message, names)]),
    ...enums.flatMap(desc => ['', `/** ${desc.typeName} */`, enumType(desc, names)]),
    '',
  ].join('\n');
}

function messageOf(registry: FileRegistry, name: string): DescMessage {
  const found = registry.getMessage(name);
  if (found === undefined) {
    throw new Error(`The descriptors have no ${name}: run npx ts-node scripts/envoy-api/update-descriptors.ts`);
  }
  return found;
}

function usedFields(message: DescMessage): DescField[] {
  return IN_USE[message.typeName].map(name => {
    const found = message.fields.find(field => field.name === name);
    if (found === undefined) {
      throw new Error(`${message.typeName} has no field ${name}`);
    }
    return found;
  });
}

/** Resources, and the messages that no other has in a field of its own. */
function standing(messages: readonly DescMessage[]): DescMessage[] {
  const contained = new Set(messages.flatMap(usedFields).map(({ message }) => message));
  return messages.filter(message => RESOURCES.includes(message.typeName) || !contained.has(message));
}

type Names = ReadonlyMap<string, string>;

/** Names of types: with as little of their package as tells them apart. What is not Envoy's own says so. */
function namesOf(types: readonly (DescMessage | DescEnum)[]): Names {
  const candidate = (type: DescMessage | DescEnum, parts: number): string => {
    const [origin, ...scope] = type.file.proto.package.split('.').filter(part => !/^v[0-9]+$/.test(part));
    const own = type.typeName.slice(type.file.proto.package.length + 1).split('.');
    return [...(origin === 'envoy' ? [] : [origin]), ...scope.slice(scope.length - parts), ...own]
      .map(capitalized)
      .join('');
  };
  const nameOf = (type: DescMessage | DescEnum, parts = 0): string => {
    const name = candidate(type, parts);
    return types.some(other => other !== type && candidate(other, parts) === name) ? nameOf(type, parts + 1) : name;
  };
  return new Map(types.map(type => [type.typeName, nameOf(type)]));
}

function capitalized(text: string): string {
  return text.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The fields of a message, of which some exclude each other. */
function messageType(registry: FileRegistry, message: DescMessage, names: Names): string {
  const fields = usedFields(message);
  const choices = message.oneofs
    .map(oneof => ({ oneof, of: fields.filter(field => field.oneof === oneof) }))
    .filter(({ of }) => of.length > 1);
  const own = fields.filter(field => choices.every(({ oneof }) => field.oneof !== oneof));
  const name = names.get(message.typeName)!;
  const body = `{ ${own
    .map(field => `readonly ${field.name}${isNeeded(registry, field) ? '' : '?'}: ${fieldType(field, names)}`)
    .join('; ')} }`;
  if (choices.length === 0) {
    return own.length === 0 ? `export type ${name} = Nothing;` : `export interface ${name} ${body}`;
  }
  const several = choices.map(({ oneof, of }) => {
    const members = of.map(field => `readonly ${field.name}: ${fieldType(field, names)}`).join('; ');
    return `${isRequired(registry, oneof) ? 'OneOf' : 'AtMostOne'}<{ ${members} }>`;
  });
  return `export type ${name} = ${[...(own.length === 0 ? [] : [body]), ...several].join(' & ')};`;
}

/** Whether Envoy refuses the message without the field, or without others that are not in use. */
function isNeeded(registry: FileRegistry, field: DescField): boolean {
  if (field.oneof !== undefined) {
    return isRequired(registry, field.oneof);
  }
  return (Object.values(rulesOf(registry, field)) as JsonObject[]).some(
    ({ required, minLen, minItems, minPairs }) =>
      required === true || [minLen, minItems, minPairs].some(least => Number(least ?? 0) > 0),
  );
}

function fieldType(field: DescField, names: Names): string {
  const type = valueType(field, names);
  switch (field.fieldKind) {
    case 'list':
      return `readonly ${type}[]`;
    case 'map':
      return `{ readonly [key: string]: ${type} }`;
    default:
      return type;
  }
}

function valueType({ message, enum: values, scalar, parent, name }: DescField, names: Names): string {
  const type = message ?? values;
  if (type === undefined) {
    return scalarType(scalar!);
  }
  const found = WELL_KNOWN[type.typeName] ?? names.get(type.typeName);
  if (found === undefined) {
    throw new Error(`${parent.typeName}.${name} is a ${type.typeName}, which has to be in use as well`);
  }
  return found;
}

function scalarType(scalar: ScalarType): string {
  switch (scalar) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return 'string';
    case ScalarType.BOOL:
      return 'boolean';
    default:
      return 'number';
  }
}

function enumType(desc: DescEnum, names: Names): string {
  const values = desc.values.filter(({ deprecated }) => !deprecated).map(({ name }) => `'${name}'`);
  return `export type ${names.get(desc.typeName)} = ${values.join(' | ')};`;
}

function byTypeName(a: DescEnum, b: DescEnum): number {
  return a.typeName < b.typeName ? -1 : 1;
}
