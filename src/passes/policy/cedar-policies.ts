import type { CedarFinding, CedarParse, CedarPolicies, EntityType } from '../../cedar';
import { Diagnostic, findingAt } from '../../model/findings';
import { AuthzConfig, PolicyOrigin } from '../../model/policy';
import { canonicalText } from '../../values/json';
import { compareText } from '../../values/text';

/** The compiler of Cedar, loaded when a policy uses Cedar. */
export function cedarLibrary(): typeof import('../../cedar') {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('../../cedar');
}

const PARSES_KEPT = 500;
const parses = new Map<string, CedarParse>();

/** What Cedar made of policies. Kept: one text is asked for at every entry of a gateway, and again when the app changes elsewhere. */
function parseOf({ policies, entities }: AuthzConfig): CedarParse {
  const key = canonicalText([policies, entities]);
  let found = parses.get(key);
  if (found === undefined) {
    found = cedarLibrary().parseCedar(policies, entities);
    if (parses.size >= PARSES_KEPT) {
      parses.clear();
    }
    parses.set(key, found);
  }
  return found;
}

/** The policies, unless something is wrong with them. */
export function cedarPolicies(config: AuthzConfig): CedarPolicies | undefined {
  return config.problems === undefined ? parseOf(config).set : undefined;
}

/** What is wrong with policies and entities by themselves. */
export function cedarFindings(config: AuthzConfig): readonly Diagnostic[] {
  return config.problems ?? parseOf(config).findings.map(finding => diagnosticOf(finding, config));
}

function diagnosticOf(finding: CedarFinding, { origin }: AuthzConfig): Diagnostic {
  return findingAt(finding, origin.path, propertyOf(finding.property, origin.property), finding.value);
}

/** The property of a finding as the user writes it. */
export function propertyOf(property: string, origin: string): string {
  return `${origin}.${origin === 'authzConfig' ? property.replace(/^entities/, 'entitiesJson') : property}`;
}

/** Each policy in a few words, with where it was written. */
export function describeCedar(config: AuthzConfig): { readonly words: string; readonly origin: PolicyOrigin }[] {
  const { path, property } = config.origin;
  return (cedarPolicies(config)?.policies ?? []).map(policy => ({
    words: `${policy.json.effect} ${JSON.stringify(policy.id)}`,
    origin: { path, property: propertyOf(policy.property, property) },
  }));
}

/** Whether policies ask which server serves a tool. */
export function asksForServers(config: AuthzConfig): boolean {
  const set = cedarPolicies(config);
  return (
    set !== undefined &&
    cedarLibrary()
      .mentionedEntities(set.policies)
      .some(({ type }) => type === 'Server')
  );
}

/** Entities of a type that policies name or are given, sorted. */
export function namedInCedar(config: AuthzConfig, type: EntityType): string[] {
  const set = cedarPolicies(config);
  const named =
    set === undefined ? [] : [...cedarLibrary().mentionedEntities(set.policies), ...set.entities.map(({ uid }) => uid)];
  return [...new Set(named.filter(entity => entity.type === type).map(({ id }) => id))].sort(compareText);
}

/** Whether policies ask for the address of the caller. */
export function asksForAddress(config: AuthzConfig): boolean {
  // In Cedar's own JSON an attribute is an object that names it.
  return (cedarPolicies(config)?.policies ?? []).some(({ json }) =>
    JSON.stringify(json.conditions).includes('"attr":"sourceIp"'),
  );
}

/** Names of the headers that policies ask about, in lower case. */
export function headersAskedFor(config: AuthzConfig): string[] {
  return [...(cedarPolicies(config)?.shape.headers.fields.keys() ?? [])];
}
