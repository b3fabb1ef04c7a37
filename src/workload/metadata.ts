import { errorKind, InputCheck } from '../model/findings';
import {
  ANNOTATION_KEY_INVALID,
  isAnnotationKey,
  isLabelKey,
  isLabelValue,
  LABEL_KEY_INVALID,
  LABEL_VALUE_INVALID,
} from '../model/validation';
import { entryOf, unwritableIn } from '../values/json';
import { formatPath } from '../values/paths';

const LABEL_NOT_TEXT = errorKind('label-not-text', 'is not text', 'Correct the value');

const OURS = errorKind('label-reserved', 'is a label that the library sets itself ({value})', 'Use another key');

const UNWRITABLE_KEY = errorKind(
  'key-unwritable',
  'is a name that cdk8s cannot write: objects of JavaScript have one of their own',
  'Use another key, such as one with a prefix (acme.dev/constructor)',
);

const NOT_TEXT = errorKind('annotation-not-text', 'is not text', 'Write it as text, in quotes');

const TOO_LONG = errorKind(
  'annotations-too-long',
  'has {bytes} bytes, and an object may have {most}',
  'Keep what is long in a ConfigMap',
);

/** What an API server takes of annotations, keys and values together. */
const MAX_ANNOTATIONS = 256 * 1024;

/** Checks annotations. */
export function checkAnnotations(
  input: InputCheck,
  property: string,
  annotations: { readonly [key: string]: unknown } | undefined,
): void {
  const entries = Object.entries(annotations ?? {});
  for (const [key, value] of entries) {
    input.report(ANNOTATION_KEY_INVALID, `${property}[${key}]`, key, !isAnnotationKey(key));
    input.report(UNWRITABLE_KEY, `${property}[${key}]`, key, key === 'constructor');
    input.report(NOT_TEXT, `${property}[${key}]`, value, typeof value !== 'string');
  }
  const bytes = entries.reduce((sum, entry) => sum + Buffer.byteLength(entry.join('')), 0);
  input.report(TOO_LONG, property, bytes, bytes > MAX_ANNOTATIONS ? { bytes, most: MAX_ANNOTATIONS } : undefined);
}

/** Checks labels, and that none of them would detach the pods from what selects them. */
export function checkLabels(
  input: InputCheck,
  property: string,
  labels: { readonly [key: string]: unknown } | undefined,
  reserved: Readonly<Record<string, string>> = {},
): void {
  for (const [key, value] of Object.entries(labels ?? {})) {
    const place = `${property}[${key}]`;
    const ours = entryOf(reserved, key);
    input.report(LABEL_KEY_INVALID, place, key, !isLabelKey(key));
    input.report(UNWRITABLE_KEY, place, key, key === 'constructor');
    input.report(LABEL_NOT_TEXT, place, value, typeof value !== 'string');
    input.report(LABEL_VALUE_INVALID, place, value, typeof value === 'string' && !isLabelValue(value));
    input.report(OURS, place, value, ours === undefined || ours === value ? undefined : { value: ours });
  }
}

const JSON_UNWRITABLE = errorKind(
  'json-unwritable',
  'is no plain JSON, or is a field that cdk8s cannot write: objects of JavaScript have one of their own',
  'Give texts, numbers, true and false, lists and plain objects without a field of that name',
);

/** Checks that JSON of the user's own can be written. */
export function checkWritable(input: InputCheck, property: string, json: unknown): void {
  const path = unwritableIn(json);
  const place = path === undefined ? '' : formatPath(path);
  const at = place === '' || place.startsWith('[') ? `${property}${place}` : `${property}.${place}`;
  input.report(JSON_UNWRITABLE, at, '(given)', path !== undefined);
}
