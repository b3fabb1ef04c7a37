import type { DetailedError, PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import { unboundTerms } from './bindings';
import { attributeTypes, readEntities, StaticEntity } from './entities';
import { CedarFinding, cedarError, cedarWarning, positionAt } from './finding';
import { CedarPolicies, CedarPolicy } from './policies';
import { CedarSchema, cedarSchema } from './schema';
import { policyApplies } from './translate-policy';
import { UnsupportedConstruct } from './unsupported';
import { requestShape } from './uses';
import { CEDAR_ACTIONS } from './vocabulary';
import { cedarWasm } from './wasm';

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

const SYNTAX = 'Correct the syntax; docs/cedar.md has examples of every construct';
const TYPES = 'Policies must fit the schema in docs/cedar.md';

/** Parses policies and entities, has Cedar validate both against the schema, and checks that every policy can be translated. */
export function parseCedar(policies: readonly string[], entitiesJson = '[]'): CedarParse {
  const findings: CedarFinding[] = [];
  if (policies.length === 0) {
    return { findings: [cedarError('policies', policies, 'is empty: Cedar denies what no policy permits', 'Write at least one permit policy')] };
  }
  const texts = policies.map((text, index) => parseText(text, `policies[${index}]`, findings));
  const all = texts.flatMap(text => text.policies);
  findings.push(...duplicateIds(all));
  const read = readEntities(entitiesJson);
  findings.push(...read.findings);
  const attributes = attributeTypes(read.entities);
  const { shape, findings: useFindings } = requestShape(all.map(({ property, text, json }) => ({ property, text, conditions: json.conditions.map(({ body }) => body) })), attributes);
  findings.push(...useFindings);
  if (hasErrors(findings)) {
    return { findings };
  }
  const schema = cedarSchema(shape, attributes);
  findings.push(...validateEntities(read.entities, entitiesJson, schema), ...texts.flatMap(text => validateText(text, schema)));
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
  const parts = cedarWasm().policySetTextToParts(text);
  if (parts.type === 'failure') {
    findings.push(...parts.errors.map(error => fromCedar(error, property, text, 'is not Cedar', SYNTAX)));
    return none;
  }
  if (parts.policy_templates.length > 0) {
    findings.push(cedarError(property, text, 'uses a template (?principal, ?resource), which is not supported', 'Write the entity itself'));
    return none;
  }
  if (parts.policies.length === 0) {
    findings.push(cedarError(property, text, 'holds no policy', 'Write a policy, such as permit(principal in Group::"admins", action, resource);'));
    return none;
  }
  const jsons = inTextOrder(parts.policies).map(part => ({ part, json: policyJson(part) }));
  return { property, text, policies: jsons.map(({ part, json }, index) => ({ id: json.annotations?.id ?? placeOf(property, index, jsons.length), property, text: part, json })) };
}

function placeOf(property: string, index: number, count: number): string {
  return count === 1 ? property : `${property}#${index}`;
}

/** Cedar names the policies of a text policy0, policy1 and so on, and returns them sorted by these names: policy10 before policy2. */
function inTextOrder(parts: readonly string[]): readonly string[] {
  const indices = parts.map((_, index) => index).sort((a, b) => (`${a}` < `${b}` ? -1 : 1));
  const ordered = new Array<string>(parts.length);
  parts.forEach((part, sorted) => { ordered[indices[sorted]] = part; });
  return ordered;
}

function policyJson(text: string): PolicyJson {
  const answer = cedarWasm().policyToJson(text);
  if (answer.type === 'failure') {
    throw new Error(`Cedar does not parse a policy that it has parsed before: ${answer.errors.map(error => error.message).join('; ')}: ${text}`);
  }
  return answer.json;
}

function duplicateIds(policies: readonly CedarPolicy[]): readonly CedarFinding[] {
  const seen = new Set<string>();
  return policies.filter(({ id }) => seen.size === seen.add(id).size)
    .map(({ property, text, id }) => cedarError(property, text, `has the id ${JSON.stringify(id)}, as another policy has`, 'Give each policy an @id of its own'));
}

function validateEntities(entities: readonly StaticEntity[], json: string, schema: CedarSchema): readonly CedarFinding[] {
  const answer = cedarWasm().checkParseEntities({ entities: entities.map(entityJson), schema });
  return answer.type === 'success' ? [] : answer.errors.map(error => fromCedar(error, 'entities', json, 'do not fit the schema', TYPES));
}

/** The entity in Cedar's JSON form, with what the schema asks of each and a request will say. */
export function entityJson({ uid, parents, attributes }: StaticEntity) {
  const fromRequest = uid.type === 'User' ? { name: uid.id, claims: {} } : uid.type === 'Tool' ? { name: uid.id } : {};
  return { uid: { ...uid }, parents: parents.map(parent => ({ ...parent })), attrs: { ...Object.fromEntries(attributes), ...fromRequest } as Record<string, never> };
}

function validateText({ property, text, policies }: PolicyText, schema: CedarSchema): readonly CedarFinding[] {
  // The whole text, so that positions are those of what the user wrote.
  const answer = cedarWasm().validate({ schema, policies: { staticPolicies: text } });
  if (answer.type === 'failure') {
    return answer.errors.map(error => fromCedar(error, property, text, 'is not valid', TYPES));
  }
  const named = (policyId: string) => policies[Number(policyId.replace('policy', ''))].id;
  const convert = (policyId: string, error: DetailedError) => {
    const message = error.message.replace(`for policy \`${policyId}\`, `, '');
    return { ...error, message, help: error.help?.replace(`for policy \`${policyId}\`, `, '') ?? null, id: named(policyId) };
  };
  const errors = answer.validationErrors.map(({ policyId, error }) => convert(policyId, error));
  const impossible = answer.validationWarnings.filter(({ error }) => error.message.includes('impossible')).map(({ policyId, error }) => convert(policyId, error));
  const others = answer.validationWarnings.filter(({ error }) => !/impossible|applicable action/.test(error.message)).map(({ policyId, error }) => convert(policyId, error));
  return [
    ...errors.map(error => fromCedar(error, property, text, `policy ${JSON.stringify(error.id)} does not fit the schema`, TYPES)),
    // Cedar only warns. But a forbid that never applies protects nothing, and nobody writes a policy for no request.
    ...(errors.length > 0 ? [] : impossible).map(error => fromCedar({ ...error, message: 'no request can meet it', help: null }, property, text,
      `policy ${JSON.stringify(error.id)} can never apply`, 'Correct its scope and conditions (principals are User entities, resources are Tool entities), or remove it')),
    ...others.map(error => cedarWarning(property, text, `policy ${JSON.stringify(error.id)}: ${error.message}`, 'Check that this is meant')),
  ];
}

function untranslatable({ policies, ...set }: CedarPolicies): readonly CedarFinding[] {
  const bound = unboundTerms();
  return policies.flatMap(policy => {
    try {
      CEDAR_ACTIONS.forEach(action => policyApplies(policy, { ...set, action, bound }));
      return [];
    } catch (error) {
      if (error instanceof UnsupportedConstruct) {
        return [cedarError(policy.property, policy.text, `policy ${JSON.stringify(policy.id)} uses ${error.construct}, which cannot be compiled for a gateway`, error.remedy)];
      }
      throw error;
    }
  });
}

function fromCedar(error: DetailedError, property: string, text: string, what: string, remedy: string): CedarFinding {
  const position = error.sourceLocations?.[0] && property !== 'entities' ? positionAt(text, error.sourceLocations[0].start) : undefined;
  const related = (error.related ?? []).map(({ message }) => message);
  const help = ofCalls(error) ?? (error.help ? capitalized(error.help).replace(/\?$/, '') : remedy);
  return cedarError(property, text, `${what}: ${[error.message, ...related].join('; ')}`, help, position);
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
