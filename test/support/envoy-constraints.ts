import { DescField, FileRegistry, JsonObject, Message } from '@bufbuild/protobuf';
import { isReflectMessage, reflect, ReflectMessage } from '@bufbuild/protobuf/reflect';
import { Any, anyUnpack, Duration, isWrapperDesc } from '@bufbuild/protobuf/wkt';
import { isRequired, rulesOf } from '../../scripts/envoy-api/rules';

/*
 * What Envoy checks of values when it loads a configuration, beyond their types: constraints that its API states for itself.
 */

/** What is wrong with the values of a message, and of those in it, a line each. */
export function constraintFindings(registry: FileRegistry, message: Message, path: string): string[] {
  return messageFindings(registry, reflect(registry.getMessage(message.$typeName)!, message), path);
}

function messageFindings(registry: FileRegistry, message: ReflectMessage, path: string): string[] {
  const { typeName } = message.desc;
  if (typeName === 'google.protobuf.Any') {
    const inner = anyUnpack(message.message as Any, registry);
    return inner === undefined ? [`${path}: has no type`] : constraintFindings(registry, inner, path);
  }
  if (typeName.startsWith('google.protobuf.')) {
    return [];
  }
  return [
    ...message.oneofs
      .filter(oneof => message.oneofCase(oneof) === undefined && isRequired(registry, oneof))
      .map(({ fields }) => `${path}: must have one of ${fields.map(({ name }) => name).join(', ')}`),
    ...message.fields
      .filter(field => field.oneof === undefined || message.isSet(field))
      .flatMap(field => fieldFindings(registry, message, field, `${path}.${field.name}`)),
  ];
}

function fieldFindings(registry: FileRegistry, message: ReflectMessage, field: DescField, path: string): string[] {
  const rules = rulesOf(registry, field);
  if (!message.isSet(field) && field.fieldKind === 'message') {
    return Object.values(rules).some(rule => (rule as JsonObject).required === true) ? [`${path}: is required`] : [];
  }
  const deprecated = message.isSet(field) && field.proto.options?.deprecated === true ? [`${path}: is deprecated`] : [];
  const check = (value: unknown, ofValue: JsonObject, where: string): string[] =>
    valueFindings(registry, field, value, ofValue, where);
  if (field.fieldKind === 'list') {
    const { repeated = {} } = rules as Record<string, JsonObject>;
    const items = [...message.get(field)];
    return [
      ...deprecated,
      ...broken(repeated, items, field, path),
      ...items.flatMap((item, i) => check(item, object(repeated.items), `${path}[${i}]`)),
    ];
  }
  if (field.fieldKind === 'map') {
    const { map = {} } = rules as Record<string, JsonObject>;
    const entries = [...message.get(field)];
    return [
      ...deprecated,
      ...broken(map, entries, field, path),
      ...entries.flatMap(([key, value]) => [
        ...check(key, object(map.keys), `${path}[${key}]`),
        ...check(value, object(map.values), `${path}[${key}]`),
      ]),
    ];
  }
  return [...deprecated, ...check(message.get(field), rules, path)];
}

/** Of a single value: that of a field, or one of several. Its rules are those of its kind. */
function valueFindings(
  registry: FileRegistry,
  field: DescField,
  value: unknown,
  rules: JsonObject,
  path: string,
): string[] {
  const ofKind = Object.assign({}, ...Object.values(rules)) as JsonObject;
  if (!isReflectMessage(value)) {
    return broken(ofKind, value, field, path);
  }
  if (isWrapperDesc(value.desc)) {
    return broken(ofKind, value.get(value.fields[0]), field, path);
  }
  return value.desc.typeName === 'google.protobuf.Duration'
    ? broken(ofKind, secondsOf(value.message as Duration), field, path)
    : messageFindings(registry, value, path);
}

function object(value: unknown): JsonObject {
  return (value ?? {}) as JsonObject;
}

/** What may stand in the name and in the value of a header, and what in both where that is not taken strictly. */
const HEADER = {
  HTTP_HEADER_NAME: /^:?[0-9a-zA-Z!#$%&'*+\-.^_|~`]+$/,
  HTTP_HEADER_VALUE: /^[^\u0000-\u0008\n-\u001f\u007f]*$/,
};
const LOOSE_HEADER = /^[^\u0000\n\r]*$/;

/** Whether a value is as wanted, by the word that asks for it. */
const CHECKS: Readonly<Record<string, (value: any, wanted: any, rules: JsonObject, field: DescField) => boolean>> = {
  required: () => true,
  const: (value, wanted) => value === wanted,
  in: (value, wanted) => wanted.includes(value),
  notIn: (value, wanted) => !wanted.includes(value),
  definedOnly: (value, _wanted, _rules, field) => field.enum?.value[value] !== undefined,
  lt: (value, wanted) => Number(value) < numberOf(wanted),
  lte: (value, wanted) => Number(value) <= numberOf(wanted),
  gt: (value, wanted) => Number(value) > numberOf(wanted),
  gte: (value, wanted) => Number(value) >= numberOf(wanted),
  minLen: (value, wanted) => [...value].length >= Number(wanted),
  maxLen: (value, wanted) => [...value].length <= Number(wanted),
  maxBytes: (value, wanted) => Buffer.byteLength(value) <= Number(wanted),
  prefix: (value, wanted) => value.startsWith(wanted),
  suffix: (value, wanted) => value.endsWith(wanted),
  pattern: (value, wanted) => new RegExp(wanted, 'u').test(value),
  wellKnownRegex: (value, wanted: keyof typeof HEADER, { strict }) =>
    (strict === false ? LOOSE_HEADER : HEADER[wanted]).test(value),
  minItems: (value, wanted) => value.length >= Number(wanted),
  maxItems: (value, wanted) => value.length <= Number(wanted),
  unique: value => new Set(value).size === value.length,
  minPairs: (value, wanted) => value.length >= Number(wanted),
  // How others are meant.
  strict: () => true,
  ignoreEmpty: () => true,
  // What is said of each item.
  items: () => true,
  keys: () => true,
  values: () => true,
};

/** The rules that a value breaks. One of a kind that is not known here is an error, not passed over. */
function broken(rules: JsonObject, value: unknown, field: DescField, path: string): string[] {
  if (rules.ignoreEmpty === true && value === '') {
    return [];
  }
  return Object.entries(rules)
    .filter(([word, wanted]) => {
      if (!(word in CHECKS)) {
        throw new Error(`${field.toString()} has a constraint that is not known: ${word}`);
      }
      return !CHECKS[word](value, wanted, rules, field);
    })
    .map(([word, wanted]) => `${path}: ${JSON.stringify(value, text)} breaks ${word} ${JSON.stringify(wanted)}`);
}

function text(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : isReflectMessage(value) ? value.desc.typeName : value;
}

/** Numbers are numbers, or text where they are long, and durations are seconds. */
function numberOf(wanted: number | string): number {
  return Number(String(wanted).replace(/s$/, ''));
}

function secondsOf({ seconds, nanos }: Duration): number {
  return Number(seconds) + nanos / 1e9;
}
