import type { CedarGrant } from './cedar';
import { conditionExpression } from './condition';
import { askedAt } from './evaluate';
import { groupIn, Identity, subjectIn, userIn, verifiedBy } from './identity';
import { itemIn } from './matches';
import { Stage } from './variables';
import { allOf, anyOf, Predicate } from '../../../cel/predicates';
import { granted, ItemAction, ItemKind, ToolAction } from '../../../model/items';
import { AuthorizationRule, LevelPolicy, PolicyOrigin, Principal, serviceAccountSubject } from '../../../model/policy';
import { TrafficPolicy } from '../../../model/traffic-policy';
import { EnforcedCedar, EnforcedRule } from '../../../passes/access/enforcement';
import { describeRule } from '../../../passes/policy/words';
import { canonicalText, distinct } from '../../../values/json';
import { DirectResponse } from '../config/config';

/** What one rule of a level grants of an action, as the expression that is emitted for it. */
export interface RuleGrant {
  readonly origin: PolicyOrigin;
  readonly action: ItemAction;
  readonly expression: Predicate;
  /** The rule as a sentence. */
  readonly words: string;
}

/** CEL that holds when any of some rules grants. */
export function grantedByAny(grants: readonly RuleGrant[]): Predicate {
  return anyOf(grants.map(({ expression }) => expression));
}

/** What is asked for: what kind of item it is, and the CEL expression of its name (`mcp.tool.name`, or `json(request.body).params.name`). */
export interface NamedItem {
  readonly kind: ItemKind;
  readonly name: string;
}

/**
 * What the rules of a level grant of an action on an item, one for each rule that grants something.
 *
 * A level without rules grants all. One with rules grants what some rule says and nothing else: where there is no such item, its name
 * errs and so the whole denies.
 *
 * `identity` is that of the level: `levelIdentity(policy, level)`.
 */
export function ruleGrants(level: LevelPolicy, action: ItemAction, item: NamedItem, identity: Identity): RuleGrant[] {
  return grantsOf(level, action, identity, rule => {
    const patterns = granted(rule.permissions, item.kind, action);
    return patterns.length === 0 ? undefined : itemIn(item.kind, item.name, patterns);
  });
}

/** What the rules of a level grant of tasks, of which no more is known than that they are some: whoever may follow up those of some tool. */
export function taskGrants(level: LevelPolicy, identity: Identity): RuleGrant[] {
  return grantsOf(level, 'tasks/get', identity, rule =>
    granted(rule.permissions, 'tool', 'tasks/get').length === 0 ? undefined : 'true',
  );
}

/** What rules grant, by what of the items each selects; undefined where that is none. */
function grantsOf(
  { rules }: LevelPolicy,
  action: ItemAction,
  identity: Identity,
  selects: (rule: AuthorizationRule) => Predicate | undefined,
): RuleGrant[] {
  return rules
    .map(rule => ({ rule, expression: ruleExpression(rule, selects(rule), identity) }))
    .filter(({ expression }) => expression !== 'false')
    .map(({ rule, expression }) => ({ origin: rule.origin, action, expression, words: describeRule(rule) }));
}

function ruleExpression(rule: AuthorizationRule, selected: Predicate | undefined, identity: Identity): Predicate {
  const who = principalExpression(rule.principals, identity);
  return selected === undefined || who === 'false'
    ? 'false'
    : allOf([
        who,
        ...(selected === 'true' ? [] : [selected]),
        ...rule.conditions.map(condition => conditionExpression(condition, identity)),
      ]);
}

/** CEL that holds when the caller is any of the principals. */
function principalExpression(principals: readonly Principal[], identity: Identity): Predicate {
  const named = principals.filter(principal => principal.kind !== 'anyAuthenticated');
  const sources = distinct(named.map(({ source }) => source ?? null));
  return anyOf(
    [
      ...(principals.some(({ kind }) => kind === 'anyAuthenticated') ? [identity.authenticated] : []),
      ...sources.flatMap(source =>
        namedBy(
          named.filter(principal => canonicalText(principal.source ?? null) === canonicalText(source)),
          verifiedBy(identity, source ?? undefined),
        ),
      ),
    ].filter(predicate => predicate !== 'false'),
  );
}

/** CEL that holds when the caller is any of some principals whose names one source verifies. */
function namedBy(principals: readonly Principal[], identity: Identity): Predicate[] {
  const users = principals.flatMap(principal => (principal.kind === 'user' ? [principal.name] : []));
  const groups = principals.flatMap(principal => (principal.kind === 'group' ? [principal.name] : []));
  const accounts = principals.flatMap(principal =>
    principal.kind === 'serviceAccount' ? [serviceAccountSubject(principal)] : [],
  );
  return [userIn(identity, users), groupIn(identity, groups), subjectIn(identity, accounts)];
}

/** A rule, and where it is asked. */
export interface StagedRule extends EnforcedRule {
  readonly stage: Stage;
  /** What a request that it does not let pass is answered; undefined where that is 403. */
  readonly answer?: DirectResponse;
}

/** A rule in CEL, as it is emitted, and what it was made of. */
export interface RuleText extends Pick<EnforcedRule, 'level' | 'origins'> {
  readonly expression: Predicate;
  readonly grants?: readonly RuleGrant[];
  readonly cedar?: Readonly<Partial<Record<ToolAction, CedarGrant>>>;
}

/** A rule that can be asked: it and all its parts, at one stage. */
export function ruleAt(stage: Stage, { cedar = {}, grants = [], ...rule }: RuleText): StagedRule {
  const asked = <T extends { readonly expression: Predicate }>(question: T) => askedAt(stage, question);
  const actions = Object.entries(cedar).map(([action, grant]): [string, EnforcedCedar] => [
    action,
    { ...asked(grant), requirements: grant.requirements.map(asked), policies: grant.policies.map(asked) },
  ]);
  return {
    ...asked(rule),
    stage,
    grants: grants.map(asked),
    ...(actions.length === 0 ? {} : { cedar: Object.fromEntries(actions) }),
  };
}

/** What a field of a gateway's traffic policy asks of requests. */
export interface TrafficRule {
  readonly property: string;
  /** Undefined where there is nothing to refuse. */
  readonly expression: Predicate | undefined;
}

/** What a traffic policy asks of requests, whoever sends them, as rules; none where there is no policy. */
export function filteringRules(
  traffic: TrafficPolicy | undefined,
  rulesOf: (traffic: TrafficPolicy) => readonly TrafficRule[],
): StagedRule[] {
  return traffic === undefined
    ? []
    : rulesOf(traffic).flatMap(({ property, expression }) =>
        expression === undefined
          ? []
          : [ruleAt('request', { level: 'filtering', expression, origins: [{ path: traffic.path, property }] })],
      );
}
