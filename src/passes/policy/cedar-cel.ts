import { cedarLibrary, cedarPolicies, propertyOf } from './cedar-policies';
import type { Identity } from './identity-cel';
import { AuthzConfig, PolicyOrigin, ToolAction } from '../../model/policy';
import { compareText } from '../../values/text';
import type { CedarAction, EntityType } from '../cedar';
import { allOf, Predicate } from '../cel';

/** Which tool is asked for and which servers serve it, in CEL. */
export interface CedarPlace {
  /** String: the tool. */
  readonly tool: string;
  /** List of strings. */
  readonly servers: string;
  /** Holds when it is known which servers serve the tool; undefined when it is known of every tool. */
  readonly known?: Predicate;
}

/** One policy, as it stands in the expression of its level. */
export interface CedarGround {
  readonly id: string;
  readonly effect: 'permit' | 'forbid';
  /** Whether it applies. */
  readonly expression: Predicate;
  readonly origin: PolicyOrigin;
}

/** Cedar policies in CEL, for one action. */
export interface CedarGrant {
  /** Holds when Cedar permits the action. It errs, and so denies, where there is no tool. */
  readonly expression: Predicate;
  /** Parts of the expression that hold before any policy is asked, with what is wrong where one does not. */
  readonly requirements: readonly { readonly expression: Predicate; readonly words: string }[];
  readonly policies: readonly CedarGround[];
}

const ACTIONS: Readonly<Record<ToolAction, CedarAction>> = { 'tools/call': 'call_tool', 'tools/list': 'list_tools' };

/** Nothing is permitted: what policies that cannot be read mean. */
const NOTHING: CedarGrant = { expression: 'false', requirements: [], policies: [] };

/** CEL for what Cedar policies say of an action, where they stand at the level of an identity. */
export function cedarGrant(
  config: AuthzConfig,
  action: ToolAction,
  { tool, servers, known }: CedarPlace,
  identity: Identity,
): CedarGrant {
  const set = cedarPolicies(config);
  if (set === undefined) {
    return NOTHING;
  }
  const { requestBindings, translateCedar } = cedarLibrary();
  const { expression, requirements, policies } = translateCedar(
    set,
    ACTIONS[action],
    requestBindings(identity, { tool, servers }),
  );
  const { path, property } = config.origin;
  return {
    expression: known === undefined ? expression : allOf([known, expression]),
    requirements: [
      ...(known === undefined
        ? []
        : [
            {
              expression: known,
              words: 'no server that gets the request declares the tool, so which one serves it is not known',
            },
          ]),
      ...requirements,
    ],
    policies: policies.map((policy, i) => ({
      ...policy,
      origin: { path, property: propertyOf(set.policies[i].property, property) },
    })),
  };
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

/** Names of the headers that policies ask about, in lower case. */
export function headersAskedFor(config: AuthzConfig): string[] {
  return [...(cedarPolicies(config)?.shape.headers.fields.keys() ?? [])];
}
