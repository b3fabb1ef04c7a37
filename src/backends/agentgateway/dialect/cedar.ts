import { isFrom } from './condition';
import { Identity, userExpression } from './identity';
import type { CedarAction, CedarBindings } from '../../../cedar';
import { sumOf } from '../../../cel/balance';
import { allOf, anyOf, Predicate } from '../../../cel/predicates';
import { ToolAction } from '../../../model/items';
import { AuthzConfig, PolicyOrigin } from '../../../model/policy';
import { cedarLibrary, cedarPolicies, propertyOf } from '../../../passes/policy/cedar-policies';

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
  const { expression, requirements, policies } = cedarLibrary().translateCedar(
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

/** The arguments of a call where the body of the request can be read. */
const CALL_ARGUMENTS = 'has(json(request.body).params.arguments) ? json(request.body).params.arguments : {}';

/** The bindings for a caller as the methods of authentication name it, in the variables of the gateway. */
export function requestBindings(identity: Identity, place: Pick<CedarBindings, 'tool' | 'servers'>): CedarBindings {
  return {
    ...place,
    user: userExpression(identity) ?? '""',
    groups:
      identity.groups.length === 0
        ? '[]'
        : sumOf(
            identity.groups.map(
              ({ present, value }) => `((${present}) ? (type(${value}) == list ? ${value} : [${value}]) : [])`,
            ),
          ),
    claims: identity.tokens.length === 0 ? '{}' : `${anyOf(identity.tokens)} ? jwt : {}`,
    arguments: CALL_ARGUMENTS,
    isFrom,
    // Without join, a header sent twice is a list or its first line, as it pleases the way it is read.
    headers: 'request.headers.join()',
    // Through text, which is in UTC whatever the machine's zone.
    time: 'timestamp(string(request.startTime))',
  };
}
