import { isObject } from '../../values/json';
/** Policies and entities of a document; none when anything is wrong with it. */
export interface AuthzDocument {
  readonly policies: readonly string[];
  readonly entities?: string;
  /** What is wrong with it; properties begin with a dot, or are empty for the whole. */
  readonly findings: readonly DocumentFinding[];
}

/** One finding about the document. */
export interface DocumentFinding {
  readonly property: string;
  readonly value: unknown;
  readonly problem: string;
  readonly remedy: string;
}

const FORM =
  'Write {"version": "1.0", "type": "cedarv1", "cedar": {"policies": ["permit(…);"], "entities_json": "[]"}}, or {"policies": ["permit(…);"], "entitiesJSON": "[]"}';

/**
 * Reads the JSON document that a ConfigMap of policies holds: ToolHive's form, or the fields of `authzConfig.inline`.
 */
export function readAuthzDocument(text: string): AuthzDocument {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return refused('', text, `is not JSON (${(error as Error).message})`, FORM);
  }
  if (!isObject(document)) {
    return refused('', document, 'is not a JSON object', FORM);
  }
  if (document.cedar === undefined) {
    return readFields(document, '', 'entitiesJSON');
  }
  const { version: _, type, cedar, ...rest } = document;
  const findings = [
    ...(type === undefined || type === 'cedarv1'
      ? []
      : [{ property: '.type', value: type, problem: 'is not a language that is known here', remedy: 'Write cedarv1' }]),
    ...unknownFields(rest, '', ['version', 'type', 'cedar']),
  ];
  if (!isObject(cedar)) {
    return refused('.cedar', cedar, 'is not an object', FORM);
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
    findings.push({
      property: `${place}.policies`,
      value: policies,
      problem: 'is not a list of policies',
      remedy: FORM,
    });
  } else {
    policies.forEach((policy: unknown, i) => {
      if (typeof policy !== 'string') {
        findings.push({
          property: `${place}.policies[${i}]`,
          value: policy,
          problem: 'is not text',
          remedy: 'Write a policy as text',
        });
      }
    });
  }
  if (entities !== undefined && typeof entities !== 'string') {
    findings.push({
      property: `${place}.${entitiesField}`,
      value: entities,
      problem: 'is not text',
      remedy: 'Write the JSON array of entities as text',
    });
  }
  return findings.length > 0
    ? { policies: [], findings }
    : { policies: policies as string[], entities: entities as string | undefined, findings };
}

function unknownFields(fields: Record<string, unknown>, place: string, known: readonly string[]): DocumentFinding[] {
  return Object.entries(fields).map(([name, value]) => ({
    property: `${place}.${name}`,
    value,
    problem: 'is not a field of the document',
    remedy: `Remove it; there are ${known.join(', ')}`,
  }));
}

function refused(property: string, value: unknown, problem: string, remedy: string): AuthzDocument {
  return { policies: [], findings: [{ property, value, problem, remedy }] };
}
