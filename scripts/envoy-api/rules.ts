import { DescField, DescOneof, FileRegistry, getOption, isMessage, JsonObject, toJson } from '@bufbuild/protobuf';

/*
 * Constraints on the values of fields, as Envoy's API states them (protoc-gen-validate).
 */

const known = new WeakMap<DescField, JsonObject>();

/** The constraints of a field by the kind of its value, as JSON: `{ string: { minLen: '1' } }`. Empty where there are none. */
export function rulesOf(registry: FileRegistry, field: DescField): JsonObject {
  let rules = known.get(field);
  if (rules === undefined) {
    const option = getOption(field, registry.getExtension('validate.rules')!);
    rules = isMessage(option)
      ? (toJson(registry.getMessage('validate.FieldRules')!, option, { registry }) as JsonObject)
      : {};
    known.set(field, rules);
  }
  return rules;
}

/** Whether one of a choice has to be there. */
export function isRequired(registry: FileRegistry, oneof: DescOneof): boolean {
  return getOption(oneof, registry.getExtension('validate.required')!) === true;
}
