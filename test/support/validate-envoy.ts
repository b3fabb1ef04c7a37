import { FileRegistry, fromJson, JsonObject, JsonValue } from '@bufbuild/protobuf';
import { parse } from 'yaml';
import { constraintFindings } from './envoy-constraints';
import { readDescriptors } from '../../scripts/envoy-api/descriptors';
import { BOOTSTRAP_FILE } from '../../src/backends/envoy/config/names';

/*
 * Holds Envoy's configuration files against the descriptors of Envoy's own API, as strictly as Envoy does, and a little more: a field
 * that no message has, a value of another type, a constraint that is broken, a field that is deprecated, a null.
 *
 * What Envoy alone can say, whether scripts, regexes and expressions are right among it, is left to the conformance tests.
 */

const BOOTSTRAP = 'envoy.config.bootstrap.v3.Bootstrap';
/** All other files are in the form of an answer of a control plane. */
const RESOURCES = 'envoy.service.discovery.v3.DiscoveryResponse';

let descriptors: FileRegistry | undefined;

/** What is wrong with the configuration files of an Envoy, by name, a line a fault; empty when nothing is. */
export function envoyFindings(files: Readonly<Record<string, string>>): string[] {
  return Object.entries(files).flatMap(([file, text]) => {
    // What repeats stands once, behind an anchor.
    const value = parse(text, { maxAliasCount: -1 }) as JsonObject;
    return file === BOOTSTRAP_FILE
      ? messageFindings(BOOTSTRAP, value, file)
      : [
          ...messageFindings(RESOURCES, { ...value, resources: [] }, file),
          ...list(value.resources).flatMap((resource, i) =>
            messageFindings('google.protobuf.Any', resource, `${file}: resources[${i}]`),
          ),
        ];
  });
}

/** What is wrong with a single message of a type. */
function messageFindings(type: string, value: JsonValue, path: string): string[] {
  descriptors ??= readDescriptors();
  try {
    const message = fromJson(descriptors.getMessage(type)!, value, { registry: descriptors });
    return [...nulls(value, path), ...constraintFindings(descriptors, message, path)];
  } catch (error) {
    return [`${path}: ${(error as Error).message}`];
  }
}

/** A null says nothing, and is read as if the field were not there. */
function nulls(value: JsonValue, path: string): string[] {
  if (value === null) {
    return [`${path}: is null`];
  }
  if (typeof value !== 'object') {
    return [];
  }
  return Array.isArray(value)
    ? value.flatMap((item, i) => nulls(item, `${path}[${i}]`))
    : Object.entries(value).flatMap(([key, item]) => nulls(item, `${path}.${key}`));
}

function list(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}
