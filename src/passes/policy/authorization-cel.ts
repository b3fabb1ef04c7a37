import { AuthorizationRule, LevelPolicy, PolicyOrigin, Principal, ToolAction } from '../../model/policy';
import { allOf, anyOf, Predicate } from '../cel';
import { toolIn } from '../tool-cel';
import { conditionExpression } from './condition-cel';
import { groupIn, Identity, subjectIn, userIn } from './identity-cel';
import { describeRule } from './words';

export {
  audienceExpression,
  authenticatedExpression,
  hasUserExpression,
  identityExpressions,
  levelIdentity,
  userExpression,
} from './identity-cel';
export type { Identity, IdentitySource } from './identity-cel';

/** What one rule of a level grants of an action, as the expression that is emitted for it. */
export interface RuleGrant {
  readonly origin: PolicyOrigin;
  readonly expression: Predicate;
  /** The rule as a sentence. */
  readonly words: string;
}

/**
 * CEL that holds when a level grants an action on the tool whose name is the CEL expression `tool`
 * (`mcp.tool.name`, or `json(request.body).params.name`).
 *
 * A level without rules grants all. One with rules grants what some rule says and nothing else: where there is no tool,
 * `tool` errs and so the whole denies, as it does for prompts and resources.
 *
 * `identity` is that of the level: `levelIdentity(policy, level)`.
 */
export function grantExpression(level: LevelPolicy, action: ToolAction, tool: string, identity: Identity): Predicate {
  return level.rules.length === 0 ? 'true' : grantedByAny(ruleGrants(level, action, tool, identity));
}

/** CEL that holds when any of some rules grants. */
export function grantedByAny(grants: readonly RuleGrant[]): Predicate {
  return anyOf(grants.map(({ expression }) => expression));
}

/** The parts of `grantExpression`, one for each rule that grants something of the action. */
export function ruleGrants(level: LevelPolicy, action: ToolAction, tool: string, identity: Identity): RuleGrant[] {
  return level.rules
    .map(rule => ({ rule, expression: ruleExpression(rule, action, tool, identity) }))
    .filter(({ expression }) => expression !== 'false')
    .map(({ rule, expression }) => ({ origin: rule.origin, expression, words: describeRule(rule) }));
}

function ruleExpression(rule: AuthorizationRule, action: ToolAction, tool: string, identity: Identity): Predicate {
  const patterns = rule.permissions.filter(({ actions }) => actions.includes(action)).flatMap(({ tools }) => tools);
  const who = principalExpression(rule.principals, identity);
  return patterns.length === 0 || who === 'false'
    ? 'false'
    : allOf([who, toolIn(tool, patterns), ...rule.conditions.map(conditionExpression)]);
}

/** CEL that holds when the caller is any of the principals. */
export function principalExpression(principals: readonly Principal[], identity: Identity): Predicate {
  const users = principals.flatMap(principal => (principal.kind === 'user' ? [principal.name] : []));
  const groups = principals.flatMap(principal => (principal.kind === 'group' ? [principal.name] : []));
  const accounts = principals.flatMap(principal =>
    principal.kind === 'serviceAccount' ? [serviceAccountSubject(principal)] : [],
  );
  return anyOf(
    [
      ...(principals.some(({ kind }) => kind === 'anyAuthenticated') ? [identity.authenticated] : []),
      userIn(identity, users),
      groupIn(identity, groups),
      subjectIn(identity, accounts),
    ].filter(predicate => predicate !== 'false'),
  );
}

/** The `sub` of a token that Kubernetes issues for a service account. */
export function serviceAccountSubject(account: { readonly namespace: string; readonly name: string }): string {
  return `system:serviceaccount:${account.namespace}:${account.name}`;
}
