import { extension, typed } from './config';
import { messageFilter } from './message';
import { authenticatedPolicies, levelPolicies, rulePolicies } from './policies';
import { Policies } from './rbac';
import { askedAt } from './rbac-evaluate';
import { timeFilter, timePerHost } from './time-filter';
import { Entry, GatewayPlan } from '../../model/plan';
import { AuthorizationRule, LevelPolicy } from '../../model/policy';
import { EnforcedRule } from '../../passes/access/enforcement';
import { describeRule } from '../../passes/policy/words';
import { Json } from '../../values/json';

export { checkAuthorization } from './authorization-check';
export { routeConditions } from './conditions';
export { checkMatches } from './match-check';

/*
 * Authorization: one filter for each level that may have rules, every one of which must let a request pass. What they ask for
 * is said on routes; where a route says nothing, they ask nothing.
 */

type Stage = 'authentication' | LevelPolicy['level'];

/** In the order they are asked. What a server asks by itself is asked in front of it, not here. */
const STAGES: readonly Stage[] = ['authentication', 'gateway', 'route'];

const RBAC = 'envoy.extensions.filters.http.rbac.v3.RBAC';

/** The filters. They are always there: routes are read from another file, and what they ask for must not wait for a filter. */
export function authorizationFilters(_plan: GatewayPlan): Json[] {
  return [timeFilter(), messageFilter(), ...STAGES.map(stage => extension(filterName(stage), RBAC))];
}

/** What they ask for on all routes: what the gateway itself asks, once. */
export function authorizationPerHost(plan: GatewayPlan): Json {
  return {
    ...timePerHost(plan),
    ...perRoute(
      plan.entries
        .flatMap(rulesOf)
        .filter(({ stage }) => stage === 'gateway')
        .slice(0, 1),
    ),
  };
}

/** What they ask for on the routes of an entry besides. */
export function authorizationPerRoute(_plan: GatewayPlan, entry: Entry): Json {
  return perRoute(rulesOf(entry).filter(({ stage }) => stage !== 'gateway'));
}

function perRoute(rules: readonly StageRules[]): Json {
  return Object.fromEntries(
    rules.map(({ policies, stage }) => [
      filterName(stage),
      typed(`${RBAC}PerRoute`, { rbac: { rules: { action: 'ALLOW', policies } } }),
    ]),
  );
}

function filterName(stage: Stage): string {
  return `mcp.rbac.${stage}`;
}

/** What one filter asks at an entry. */
interface StageRules {
  readonly stage: Stage;
  readonly policies: Policies;
  readonly origins: EnforcedRule['origins'];
  /** What it was joined from. */
  readonly grants: readonly { readonly policies: Policies; readonly rule: AuthorizationRule }[];
}

function rulesOf({ policy }: Entry): StageRules[] {
  if (policy === undefined) {
    return [];
  }
  const authentication: StageRules = {
    stage: 'authentication',
    policies: authenticatedPolicies(policy),
    origins: policy.authentication.flatMap(({ origins }) => origins),
    grants: [],
  };
  return [
    ...(policy.authentication.length === 0 ? [] : [authentication]),
    ...policy.levels
      .filter(({ rules }) => rules.length > 0)
      .map((level): StageRules => ({
        stage: level.level,
        policies: levelPolicies(policy, level),
        origins: level.rules.map(({ origin }) => origin),
        grants: rulePolicies(policy, level).map(({ name, rule, policy: granted }) => ({
          policies: { [name]: granted },
          rule,
        })),
      })),
  ];
}

/** What is asked at an entry, as it is evaluated: each expression is the JSON of the policies that are emitted. */
export function enforcedRules(entry: Entry): EnforcedRule[] {
  const asked = askedAt(entry);
  return rulesOf(entry).map(({ stage, policies, origins, grants }) => ({
    level: stage,
    ...asked({ policies }),
    origins,
    grants: grants.map(({ policies: granted, rule }) => ({
      ...asked({ policies: granted }),
      origin: rule.origin,
      words: describeRule(rule),
    })),
  }));
}
