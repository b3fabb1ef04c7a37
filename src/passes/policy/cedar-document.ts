import { errorKind, Said, say } from '../../model/findings';
import { isObject } from '../../values/json';

/** Policies and entities of a document; none when anything is wrong with it. */
export interface AuthzDocument {
  readonly policies: readonly string[];
  readonly entities?: string;
  /** What is wrong with it; properties begin with a dot, or are empty for the whole. */
  readonly findings: readonly DocumentFinding[];
}

/** One finding about the document. */
export interface DocumentFinding extends Said {
  readonly property: string;
  readonly value: unknown;
}

const FORM =
  'Write {"version": "1.0", "type": "cedarv1", "cedar": {"policies": ["permit(…);"], "entities_json": "[]"}}, or {"policies": ["permit(…);"], "entitiesJSON": "[]"}';

const AUTHZ_NOT_JSON = errorKind('authz-document-not-json', 'is not JSON ({reason})', FORM);
const AUTHZ_NOT_OBJECT = errorKind('authz-document-not-object', 'is not a JSON object', FORM);
const AUTHZ_CEDAR_NOT_OBJECT = errorKind('authz-document-cedar-not-object', 'is not an object', FORM);
const AUTHZ_LANGUAGE = errorKind('authz-document-language', 'is not a language that is known here', 'Write cedarv1');
const AUTHZ_POLICIES_NOT_LIST = errorKind('authz-document-policies-not-list', 'is not a list of policies', FORM);
const AUTHZ_POLICY_NOT_TEXT = errorKind('authz-document-policy-not-text', 'is not text', 'Write a policy as text');
const AUTHZ_ENTITIES_NOT_TEXT = errorKind(
  'authz-document-entities-not-text',
  'is not text',
  'Write the JSON array of entities as text',
);
const AUTHZ_FIELD_UNKNOWN = errorKind(
  'authz-document-field-unknown',
  'is not a field of the document',
  'Remove it; there are {known}',
);

/**
 * Reads the JSON document that a ConfigMap of policies holds: ToolHive's form, or the fields of `authzConfig.inline`.
 */
export function readAuthzDocument(text: string): AuthzDocument {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return refused('', text, say(AUTHZ_NOT_JSON, { reason: (error as Error).message }));
  }
  if (!isObject(document)) {
    return refused('', document, say(AUTHZ_NOT_OBJECT));
  }
  if (document.cedar === undefined) {
    return readFields(document, '', 'entitiesJSON');
  }
  const { version: _, type, cedar, ...rest } = document;
  const findings = [
    ...(type === undefined || type === 'cedarv1' ? [] : [{ property: '.type', value: type, ...say(AUTHZ_LANGUAGE) }]),
    ...unknownFields(rest, '', ['version', 'type', 'cedar']),
  ];
  if (!isObject(cedar)) {
    return refused('.cedar', cedar, say(AUTHZ_CEDAR_NOT_OBJECT));
  }
  const read = readFields(cedar, '.cedar', 'entities_json');
  return findings.length === 0 ? read : { policies: [], findings: [...findings, ...read.findings] };
}

function readFields(
  { policies, ...rest }: Record<string, unknown>,
  place: string,
  entitiesField: string,
): AuthzDocument {
  const { [entitiesField]: entities, ...unknown } = rest;
  const findings = unknownFields(unknown, place, ['policies', entitiesField]);
  if (!Array.isArray(policies)) {
    findings.push({ property: `${place}.policies`, value: policies, ...say(AUTHZ_POLICIES_NOT_LIST) });
  } else {
    policies.forEach((policy: unknown, i) => {
      if (typeof policy !== 'string') {
        findings.push({ property: `${place}.policies[${i}]`, value: policy, ...say(AUTHZ_POLICY_NOT_TEXT) });
      }
    });
  }
  if (entities !== undefined && typeof entities !== 'string') {
    findings.push({ property: `${place}.${entitiesField}`, value: entities, ...say(AUTHZ_ENTITIES_NOT_TEXT) });
  }
  return findings.length > 0
    ? { policies: [], findings }
    : { policies: policies as string[], entities: entities as string | undefined, findings };
}

function unknownFields(fields: Record<string, unknown>, place: string, known: readonly string[]): DocumentFinding[] {
  return Object.entries(fields).map(([name, value]) => ({
    property: `${place}.${name}`,
    value,
    ...say(AUTHZ_FIELD_UNKNOWN, { known: known.join(', ') }),
  }));
}

function refused(property: string, value: unknown, said: Said): AuthzDocument {
  return { policies: [], findings: [{ property, value, ...said }] };
}
