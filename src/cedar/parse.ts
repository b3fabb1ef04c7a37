import type { DetailedError, PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import { attributeTypes, entityJson, readEntities, StaticEntity } from './entities';
import { UnsupportedConstruct } from './operands';
import { CedarPolicies, CedarPolicy, CedarSchema, cedarSchema } from './policies';
import { policyApplies } from './translate';
import { requestShape } from './uses';
import { CEDAR_ACTIONS, unboundTerms } from './vocabulary';
import { askCedar, CedarFinding, cedarFinding, CedarTrap, positionAt, sizeFindings, TextPosition } from './wasm';
import { errorKind, say, warningKind } from '../model/findings';
import { CEDAR_POLICIES_EMPTY } from '../model/validation';
import { compareText } from '../values/text';

/** Policies, unless a finding is an error. */
export interface CedarParse {
  readonly set?: CedarPolicies;
  readonly findings: readonly CedarFinding[];
}

/** A text of policies and the policies in it, in the order of the text. */
interface PolicyText {
  readonly property: string;
  readonly text: string;
  readonly policies: readonly CedarPolicy[];
}

const CEDAR_TOO_MUCH = errorKind(
  'cedar-too-much',
  'are more than Cedar can take ({reason})',
  'Write several smaller policies',
);
const CEDAR_SYNTAX = errorKind('cedar-syntax', 'is not Cedar: {reason}', '{remedy}');
const CEDAR_TEMPLATE = errorKind(
  'cedar-template',
  'uses a template (?principal, ?resource), which is not supported',
  'Write the entity itself',
);
const CEDAR_HOLDS_NO_POLICY = errorKind(
  'cedar-holds-no-policy',
  'holds no policy',
  'Write a policy, such as permit(principal in Group::"admins", action, resource);',
);
const CEDAR_ID_TWICE = errorKind(
  'cedar-id-twice',
  'has the id {policy}, as another policy has',
  'Give each policy an @id of its own',
);
const CEDAR_ENTITIES_SCHEMA = errorKind('cedar-entities-schema', 'do not fit the schema: {reason}', '{remedy}');
const CEDAR_POLICY_SCHEMA = errorKind(
  'cedar-policy-schema',
  'policy {policy} does not fit the schema: {reason}',
  '{remedy}',
);
const CEDAR_POLICY_IMPOSSIBLE = errorKind(
  'cedar-policy-impossible',
  'policy {policy} can never apply: no request can meet it',
  'Correct its scope and conditions (principals are User entities, resources are Tool entities), or remove it',
);
const CEDAR_POLICY_SUSPICIOUS = warningKind(
  'cedar-policy-suspicious',
  'policy {policy}: {reason}',
  'Check that this is meant',
);
const CEDAR_UNSUPPORTED = errorKind(
  'cedar-unsupported',
  'policy {policy} uses {construct}, which cannot be compiled for a gateway',
  '{remedy}',
);

/** What to do about what Cedar finds, where it gives no advice itself. */
const SYNTAX = 'Correct the syntax; docs/cedar.md has examples of every construct';
const TYPES = 'Policies must fit the schema in docs/cedar.md';

/**
 * Parses policies and entities, and finds what is wrong with them: with what Cedar cannot take too, however it fails.
 */
export function parseCedar(policies: readonly string[], entitiesJson = '[]'): CedarParse {
  try {
    return parse(policies, entitiesJson);
  } catch (error) {
    if (error instanceof CedarTrap || error instanceof RangeError) {
      return { findings: [cedarFinding(say(CEDAR_TOO_MUCH, { reason: error.message }), 'policies', policies)] };
    }
    throw error;
  }
}

/** Parses policies and entities, has Cedar validate both against the schema, and checks that every policy can be translated. */
function parse(policies: readonly string[], entitiesJson: string): CedarParse {
  const findings: CedarFinding[] = [];
  if (policies.length === 0) {
    return {
      findings: [cedarFinding(say(CEDAR_POLICIES_EMPTY), 'policies', policies)],
    };
  }
  findings.push(...policies.flatMap((text, index) => sizeFindings(text, `policies[${index}]`)));
  if (hasErrors(findings)) {
    return { findings };
  }
  const texts = policies.map((text, index) => parseText(text, `policies[${index}]`, findings));
  const all = texts.flatMap(text => text.policies);
  findings.push(...duplicateIds(all));
  const read = readEntities(entitiesJson);
  findings.push(...read.findings);
  const attributes = attributeTypes(read.entities);
  const { shape, findings: useFindings } = requestShape(
    all.map(({ property, text, json }) => ({ property, text, conditions: json.conditions.map(({ body }) => body) })),
    attributes,
  );
  findings.push(...useFindings);
  if (hasErrors(findings)) {
    return { findings };
  }
  const schema = cedarSchema(shape, attributes);
  findings.push(...validateEntities(read.entities, entitiesJson, schema), ...validatePolicies(texts, schema));
  if (hasErrors(findings)) {
    return { findings };
  }
  const set: CedarPolicies = { policies: all, entities: read.entities, attributes, shape, schema };
  findings.push(...untranslatable(set));
  return hasErrors(findings) ? { findings } : { set, findings };
}

function hasErrors(findings: readonly CedarFinding[]): boolean {
  return findings.some(finding => finding.severity === 'error');
}

function parseText(text: string, property: string, findings: CedarFinding[]): PolicyText {
  const none: PolicyText = { property, text, policies: [] };
  const parts = askCedar(cedar => cedar.policySetTextToParts(text));
  if (parts.type === 'failure') {
    findings.push(
      ...parts.errors.map(error =>
        cedarFinding(say(CEDAR_SYNTAX, adviceOf(error, SYNTAX)), property, text, placeIn(text, error)),
      ),
    );
    return none;
  }
  if (parts.policy_templates.length > 0) {
    findings.push(cedarFinding(say(CEDAR_TEMPLATE), property, text));
    return none;
  }
  if (parts.policies.length === 0) {
    findings.push(cedarFinding(say(CEDAR_HOLDS_NO_POLICY), property, text));
    return none;
  }
  const jsons = inTextOrder(parts.policies).map(part => ({ part, json: policyJson(part) }));
  return {
    property,
    text,
    policies: jsons.map(({ part, json }, index) => ({
      id: json.annotations?.id ?? placeOf(property, index, jsons.length),
      property,
      text: part,
      json,
    })),
  };
}

function placeOf(property: string, index: number, count: number): string {
  return count === 1 ? property : `${property}#${index}`;
}

/** Cedar names the policies of a text policy0, policy1 and so on, and returns them sorted by these names: policy10 before policy2. */
function inTextOrder(parts: readonly string[]): readonly string[] {
  const indices = parts.map((_, index) => index).sort((a, b) => (`${a}` < `${b}` ? -1 : 1));
  const ordered = new Array<string>(parts.length);
  parts.forEach((part, sorted) => {
    ordered[indices[sorted]] = part;
  });
  return ordered;
}

function policyJson(text: string): PolicyJson {
  const answer = askCedar(cedar => cedar.policyToJson(text));
  if (answer.type === 'failure') {
    throw new Error(
      `Cedar does not parse a policy that it has parsed before: ${answer.errors.map(error => error.message).join('; ')}: ${text}`,
    );
  }
  return answer.json;
}

function duplicateIds(policies: readonly CedarPolicy[]): readonly CedarFinding[] {
  const seen = new Set<string>();
  return policies
    .filter(({ id }) => seen.size === seen.add(id).size)
    .map(({ property, text, id }) => cedarFinding(say(CEDAR_ID_TWICE, { policy: JSON.stringify(id) }), property, text));
}

function validateEntities(
  entities: readonly StaticEntity[],
  json: string,
  schema: CedarSchema,
): readonly CedarFinding[] {
  const answer = askCedar(cedar => cedar.checkParseEntities({ entities: entities.map(entityJson), schema }));
  return answer.type === 'success'
    ? []
    : answer.errors.map(error => cedarFinding(say(CEDAR_ENTITIES_SCHEMA, adviceOf(error, TYPES)), 'entities', json));
}

/** Validates all texts at once: Cedar reads the schema anew each time, which takes longer than the policies. */
function validatePolicies(texts: readonly PolicyText[], schema: CedarSchema): readonly CedarFinding[] {
  const answer = askCedar(cedar =>
    cedar.validate({
      schema,
      policies: { staticPolicies: texts.map(({ text }) => text).join('\n') },
    }),
  );
  if (answer.type === 'failure') {
    throw new Error(
      `Cedar does not parse what it has parsed before: ${answer.errors.map(({ message }) => message).join('; ')}`,
    );
  }
  const placed = placedPolicies(texts);
  const place = ({ policyId, error }: { readonly policyId: string; readonly error: DetailedError }): PlacedError => {
    const { offset, ...policy } = placed[Number(policyId.replace('policy', ''))];
    const relative = (message: string) => message.replace(`for policy \`${policyId}\`, `, '');
    const start = (error.sourceLocations?.[0]?.start ?? offset) - offset;
    return {
      ...policy,
      error: {
        ...error,
        message: relative(error.message),
        help: error.help === null ? null : relative(error.help),
        sourceLocations: [{ start, end: start, label: null }],
      },
    };
  };
  const errors = distinct(answer.validationErrors.map(place));
  const warnings = answer.validationWarnings.map(place);
  const wrong = new Set(errors.map(({ id }) => id));
  return [
    ...errors.map(({ error, property, text, id }) =>
      cedarFinding(
        say(CEDAR_POLICY_SCHEMA, { policy: JSON.stringify(id), ...adviceOf(error, TYPES) }),
        property,
        text,
        placeIn(text, error),
      ),
    ),
    // Cedar only warns. But a forbid that never applies protects nothing, and nobody writes a policy for no request.
    ...warnings
      .filter(({ error, id }) => error.message.includes('policy is impossible') && !wrong.has(id))
      .map(({ error, property, text, id }) =>
        cedarFinding(
          say(CEDAR_POLICY_IMPOSSIBLE, { policy: JSON.stringify(id) }),
          property,
          text,
          placeIn(text, error),
        ),
      ),
    ...warnings
      .filter(({ error }) => !/policy is impossible|unable to find an applicable action/.test(error.message))
      .map(({ error, property, text, id }) =>
        cedarFinding(
          say(CEDAR_POLICY_SUSPICIOUS, { policy: JSON.stringify(id), reason: error.message }),
          property,
          text,
        ),
      ),
  ];
}

/** An error, with the policy and the text it is about. */
interface PlacedError {
  readonly id: string;
  readonly property: string;
  readonly text: string;
  readonly error: DetailedError;
}

/** The policies in order, each with its text and where that starts in all texts, in bytes. */
function placedPolicies(
  texts: readonly PolicyText[],
): readonly (Omit<PlacedError, 'error'> & { readonly offset: number })[] {
  let offset = 0;
  return texts.flatMap(({ property, text, policies }) => {
    const start = offset;
    offset += Buffer.byteLength(text) + 1;
    return policies.map(({ id }) => ({ id, property, text, offset: start }));
  });
}

/** In the order of the text, and of several that say the same the first: Cedar looks at a policy once for each action. */
function distinct(errors: readonly PlacedError[]): readonly PlacedError[] {
  const start = ({ error }: PlacedError) => error.sourceLocations?.[0]?.start ?? 0;
  const sorted = [...errors].sort((a, b) => compareText(a.property, b.property) || start(a) - start(b));
  return sorted.filter(
    (one, index) =>
      sorted.findIndex(other => other.id === one.id && other.error.message === one.error.message) === index,
  );
}

function untranslatable({ policies, ...set }: CedarPolicies): readonly CedarFinding[] {
  const bound = unboundTerms();
  return policies.flatMap(policy => {
    try {
      CEDAR_ACTIONS.forEach(action => policyApplies(policy, { ...set, action, bound }));
      return [];
    } catch (error) {
      if (error instanceof UnsupportedConstruct) {
        const { construct, remedy } = error;
        const said = say(CEDAR_UNSUPPORTED, { policy: JSON.stringify(policy.id), construct, remedy });
        return [cedarFinding(said, policy.property, policy.text)];
      }
      throw error;
    }
  });
}

/** Where Cedar finds something in a text of policies. */
function placeIn(text: string, { sourceLocations }: DetailedError): TextPosition | undefined {
  return sourceLocations?.[0] && positionAt(text, sourceLocations[0].start);
}

/** Cedar's reason and advice, as words of ours. */
function adviceOf(error: DetailedError, otherwise: string): { readonly reason: string; readonly remedy: string } {
  const related = (error.related ?? []).map(({ message }) => message);
  return {
    reason: [error.message, ...related].join('; '),
    remedy: ofCalls(error) ?? (error.help ? capitalized(error.help).replace(/\?$/, '') : otherwise),
  };
}

/** The mistake that everybody makes once, for which Cedar's own advice does not help. */
function ofCalls(error: DetailedError): string | undefined {
  return error.message.includes('attribute `arguments` in context for Action::"list_tools" not found')
    ? 'Calls alone have arguments: restrict the policy with action == Action::"call_tool"'
    : undefined;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
