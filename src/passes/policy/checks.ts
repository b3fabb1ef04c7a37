import { alwaysYieldsUser, canYield, sourcesOf } from './authentication';
import { compareRates, trustedMethods } from './merge';
import { describeMethod, describeRate, describeRule, formatPrincipal, listAnd, listOr } from './words';
import { Diagnostic, errorKind, FindingKind, findingOf, warningKind } from '../../model/findings';
import { granted, ITEM_KINDS, ItemKind, matchesItem, Permission, USES } from '../../model/items';
import {
  alternatives,
  AuthenticationMethod,
  AuthorizationRule,
  EffectivePolicy,
  Principal,
  RouteConstraints,
} from '../../model/policy';
import { Route } from '../../model/route';
import { formatToolPattern, matchesTool, selectsAll, ToolPattern } from '../../model/tool-pattern';

/** Findings about the policy in force at one entry. */
export function checkPolicy(policy: EffectivePolicy, tools: readonly string[] | undefined): Diagnostic[] {
  return [
    ...userLimitsWithoutUser(policy),
    ...rulesWithoutAuthentication(policy),
    ...idlePrincipals(policy),
    ...ambiguousPrincipals(policy),
    ...idleScopes(policy),
    ...idleRulePatterns(policy, tools),
    ...shadowedRules(policy, tools),
    ...everythingForEveryone(policy),
  ];
}

const AUTHENTICATE = 'Add an authentication to the gateway or the route';

const USER_LIMIT_WITHOUT_AUTHENTICATION = errorKind(
  'user-limit-without-authentication',
  'a limit for each user needs to know the user, and callers are not authenticated',
  `${AUTHENTICATE}, or limit by IP address with RateLimit.perIp`,
);
const USER_LIMIT_WITHOUT_USER = errorKind(
  'user-limit-without-user',
  'a limit for each user needs to know the user, and some callers pass with an API key that names none',
  'Give each API key a user, or limit by IP address with RateLimit.perIp',
);
const RULE_WITHOUT_AUTHENTICATION = errorKind(
  'rule-without-authentication',
  'the rule names callers, and callers are not authenticated, so that it can grant nothing',
  AUTHENTICATE,
);
const RULE_LEVEL_WITHOUT_AUTHENTICATION = errorKind(
  'rule-level-without-authentication',
  "the rule names callers, and the {level} does not authenticate them: names that only a route verifies are the route's to choose",
  'Add an authentication to the {level}',
);
const idle = <R extends string>(kind: string, remedy: R) =>
  warningKind(
    `${kind}-never-matches`,
    'can never match: callers present {presented}, which names no such caller',
    remedy,
  );

/** Principals that no caller can be. */
const PRINCIPAL_NEVER_MATCHES: Readonly<Record<Principal['kind'], FindingKind<'presented'>>> = {
  user: idle('principal-user', 'Correct the name, or give an API key this user'),
  group: idle(
    'principal-group',
    'Authenticate with tokens (Authentication.jwt or oidc), give an API key this group, or remove the principal',
  ),
  serviceAccount: idle(
    'principal-service-account',
    'Authenticate with tokens that Kubernetes issues (Authentication.jwt), or remove the principal',
  ),
  anyAuthenticated: idle('principal-authenticated', 'Remove the principal'),
};
const PRINCIPAL_AMBIGUOUS = errorKind(
  'principal-ambiguous',
  'can be verified by {sources}, which may give this name to different callers, and the rule does not say by which',
  'Say it: Principal.{factory}(…, { issuer }) or { method }, and name the principal once for each that is meant',
);
const SCOPE_NEVER_MATCHES = warningKind(
  'scope-never-matches',
  'can never match: callers present {presented}, and no token of {issuer}',
  'Authenticate with tokens (Authentication.jwt or oidc), correct the issuer, or remove the condition',
);
const SCOPE_AMBIGUOUS = errorKind(
  'scope-ambiguous',
  'can be of {issuers}, which may mean different things by it, and the rule does not say whose it is',
  'Say it: Condition.scope(…, { issuer })',
);
const RULE_TOOL_NEVER_MATCHES = warningKind(
  'rule-tool-never-matches',
  'can never match: no server of {entry} offers such a tool ({tools})',
  'Correct the pattern, or the `tools` of the servers',
);
const RULE_WITHOUT_EFFECT = warningKind(
  'rule-without-effect',
  'has no effect: {outer} grants nothing of it, and every level must grant ({granted})',
  'Add a rule for it to {outer} too, or remove it',
);
const RULE_GRANTS_EVERYTHING = warningKind(
  'rule-grants-everything',
  'every authenticated caller may {what}, those that servers add later included',
  'Name the {items}, or the callers',
);
const ROUTE_WITHOUT_REQUIRED_AUTHENTICATION = errorKind(
  'route-without-required-authentication',
  '{gateway} admits only routes with authentication (routeConstraints.requireAuthentication)',
  AUTHENTICATE,
);
const ROUTE_METHOD_NOT_ADMITTED = errorKind(
  'route-method-not-admitted',
  '{gateway} admits only the methods {methods} (routeConstraints.allowedMethods)',
  'Match one of these, or extend allowedMethods',
);
const ROUTE_RATE_TOO_HIGH = errorKind(
  'route-rate-too-high',
  '{gateway} admits at most {rate} (routeConstraints.maximumRates)',
  'Lower the rate, or raise the maximum',
);

/** Limits counted by user where some caller has none: who has none would not be counted. */
export function userLimitsWithoutUser({ authentication, rateLimits }: EffectivePolicy): Diagnostic[] {
  const methods = authentication.map(({ method }) => method);
  return alwaysYieldsUser(methods)
    ? []
    : rateLimits
        .filter(({ dimension }) => dimension === 'user' || dimension === 'principal')
        .map(limit =>
          findingOf(
            methods.length === 0 ? USER_LIMIT_WITHOUT_AUTHENTICATION : USER_LIMIT_WITHOUT_USER,
            limit.origin.path,
            limit.origin.property,
            describeRate(limit),
          ),
        );
}

/** Rules where nobody is authenticated: they would deny everything. A level's rules trust no method of a level within it. */
export function rulesWithoutAuthentication(policy: EffectivePolicy): Diagnostic[] {
  return rulesOf(policy.levels)
    .filter(({ level }) => trustedMethods(policy, level).length === 0)
    .map(({ level, rule }) => {
      const at = [rule.origin.path, rule.origin.property, describeRule(rule)] as const;
      return policy.authentication.length === 0
        ? findingOf(RULE_WITHOUT_AUTHENTICATION, ...at)
        : findingOf(RULE_LEVEL_WITHOUT_AUTHENTICATION, ...at, { level: level.level });
    });
}

/** Principals that no caller can be, given how callers are authenticated. */
export function idlePrincipals(policy: EffectivePolicy): Diagnostic[] {
  return rulesOf(policy.levels).flatMap(({ level, rule }) => {
    const methods = trustedMethods(policy, level);
    const presented = methods.map(describeMethod).join(' and ');
    return methods.length === 0
      ? []
      : rule.principals
          .filter(principal => !canYield(methods, principal))
          .map(principal =>
            findingOf(
              PRINCIPAL_NEVER_MATCHES[principal.kind],
              rule.origin.path,
              rule.origin.property,
              formatPrincipal(principal),
              { presented },
            ),
          );
  });
}

/** Names that several methods can yield, where the rule does not say which: who chooses names for one could be granted what is another's. */
export function ambiguousPrincipals(policy: EffectivePolicy): Diagnostic[] {
  return rulesOf(policy.levels).flatMap(({ level, rule }) => {
    const methods = trustedMethods(policy, level);
    return rule.principals.flatMap(principal => {
      if (principal.kind === 'anyAuthenticated' || principal.source !== undefined) {
        return [];
      }
      const sources = sourcesOf(methods, principal);
      return sources.length < 2
        ? []
        : [
            findingOf(PRINCIPAL_AMBIGUOUS, rule.origin.path, rule.origin.property, formatPrincipal(principal), {
              sources: listAnd(sources),
              factory: principal.kind,
            }),
          ];
    });
  });
}

/** Scopes that no token can have, and those that tokens of several issuers can. */
export function idleScopes(policy: EffectivePolicy): Diagnostic[] {
  return rulesOf(policy.levels).flatMap(({ level, rule }) => {
    const methods = trustedMethods(policy, level);
    const tokens = methods.flatMap(alternatives).flatMap(method => (method.kind === 'jwt' ? [method.issuer] : []));
    return rule.conditions.flatMap(condition => {
      if (condition.kind !== 'scope' || methods.length === 0) {
        return [];
      }
      const { issuer, scope } = condition;
      const able = [...new Set(tokens)].filter(name => issuer === undefined || name === issuer);
      const { path, property } = rule.origin;
      return able.length === 0
        ? [
            findingOf(SCOPE_NEVER_MATCHES, path, property, scope, {
              presented: methods.map(describeMethod).join(' and '),
              issuer: issuer ?? 'any issuer',
            }),
          ]
        : able.length > 1
          ? [
              findingOf(SCOPE_AMBIGUOUS, path, property, scope, {
                issuers: listAnd(able.map(name => `tokens of ${name}`)),
              }),
            ]
          : [];
    });
  });
}

/** Patterns of rules that select no tool the entry's servers declare. */
export function idleRulePatterns({ levels }: EffectivePolicy, tools: readonly string[] | undefined): Diagnostic[] {
  return tools === undefined
    ? []
    : rulesOf(levels).flatMap(({ level, rule }) =>
        level.level === 'gateway'
          ? []
          : toolsOf(rule)
              .filter(pattern => !tools.some(tool => matchesTool(pattern, tool)))
              .map(pattern =>
                findingOf(RULE_TOOL_NEVER_MATCHES, rule.origin.path, rule.origin.property, formatToolPattern(pattern), {
                  entry: level.path,
                  tools: tools.join(', ') || 'none is declared',
                }),
              ),
      );
}

/** Rules of an inner level of which an outer one grants nothing. */
export function shadowedRules(
  { levels, authentication }: EffectivePolicy,
  tools: readonly string[] | undefined,
): Diagnostic[] {
  const methods = authentication.map(({ method }) => method);
  return levels.flatMap((inner, i) =>
    levels
      .slice(0, i)
      .filter(({ rules }) => rules.length > 0)
      .flatMap(outer =>
        inner.rules
          .filter(rule => !outer.rules.some(other => overlaps(rule, other, methods, tools)))
          .map(rule =>
            findingOf(RULE_WITHOUT_EFFECT, rule.origin.path, rule.origin.property, describeRule(rule), {
              outer: outer.path,
              granted: outer.rules.map(describeRule).join('; '),
            }),
          ),
      ),
  );
}

/** What may be done with all items of a kind. */
const USE_OF_ALL = {
  tool: { what: 'call every tool', items: 'tools' },
  prompt: { what: 'get every prompt', items: 'prompts' },
  resource: { what: 'read every resource', items: 'resources' },
} as const satisfies Record<ItemKind, object>;

/** Rules by which every caller may use all items of a kind. */
export function everythingForEveryone({ levels }: EffectivePolicy): Diagnostic[] {
  return rulesOf(levels)
    .filter(
      ({ rule }) => rule.conditions.length === 0 && rule.principals.some(({ kind }) => kind === 'anyAuthenticated'),
    )
    .flatMap(({ rule }) =>
      ITEM_KINDS.filter(kind => granted(rule.permissions, kind, USES[kind]).some(selectsAll)).map(kind =>
        findingOf(RULE_GRANTS_EVERYTHING, rule.origin.path, rule.origin.property, describeRule(rule), USE_OF_ALL[kind]),
      ),
    );
}

/** What of a route breaks the rules by which its gateway admits routes. */
export function brokenConstraints(
  constraints: RouteConstraints,
  gatewayPath: string,
  route: Route,
  policy: EffectivePolicy,
): Diagnostic[] {
  const { requireAuthentication, allowedMethods, maximumRates } = constraints;
  const own = policy.levels.filter(({ level }) => level === 'route').flatMap(({ rateLimits }) => rateLimits);
  return [
    ...(requireAuthentication && policy.authentication.length === 0
      ? [
          findingOf(ROUTE_WITHOUT_REQUIRED_AUTHENTICATION, route.path, 'authentication', undefined, {
            gateway: gatewayPath,
          }),
        ]
      : []),
    ...(allowedMethods === undefined
      ? []
      : route.matches.flatMap(({ method }, i) =>
          method === undefined || allowedMethods.includes(method)
            ? []
            : [
                findingOf(ROUTE_METHOD_NOT_ADMITTED, route.path, `matches[${i}].method`, method, {
                  gateway: gatewayPath,
                  methods: listOr(allowedMethods),
                }),
              ],
        )),
    ...own.flatMap(limit =>
      maximumRates
        .filter(maximum => maximum.dimension === limit.dimension && compareRates(limit, maximum) > 0)
        .map(maximum =>
          findingOf(ROUTE_RATE_TOO_HIGH, limit.origin.path, limit.origin.property, describeRate(limit), {
            gateway: gatewayPath,
            rate: describeRate(maximum),
          }),
        ),
    ),
  ];
}

function rulesOf(
  levels: EffectivePolicy['levels'],
): { readonly level: EffectivePolicy['levels'][number]; readonly rule: AuthorizationRule }[] {
  return levels.flatMap(level => level.rules.map(rule => ({ level, rule })));
}

function toolsOf(rule: AuthorizationRule): ToolPattern[] {
  return rule.permissions.flatMap(({ tools = [] }) => tools);
}

/** Whether a request could be granted by two rules at once, as far as it can be known: conditions are not compared. */
function overlaps(
  a: AuthorizationRule,
  b: AuthorizationRule,
  methods: readonly AuthenticationMethod[],
  tools: readonly string[] | undefined,
): boolean {
  const severalNames = methods.length > 1 || methods.some(method => alternatives(method).length > 1);
  return (
    a.principals.some(one => b.principals.some(other => maybeSame(one, other, severalNames))) &&
    a.permissions.some(one => b.permissions.some(other => permissionsOverlap(one, other, tools)))
  );
}

function maybeSame(a: Principal, b: Principal, severalNames: boolean): boolean {
  if (a.kind === 'user' && b.kind === 'user') {
    // With several methods, one caller may have several names.
    return severalNames || a.name === b.name;
  }
  if (a.kind === 'serviceAccount' && b.kind === 'serviceAccount') {
    return a.name === b.name && a.namespace === b.namespace;
  }
  // A user may be in any group, and in several.
  return true;
}

function permissionsOverlap(a: Permission, b: Permission, tools: readonly string[] | undefined): boolean {
  return a.actions.some(
    action =>
      b.actions.includes(action) &&
      ITEM_KINDS.some(kind =>
        granted([a], kind, action).some(one =>
          granted([b], kind, action).some(other =>
            patternsOverlap(one, other, kind, kind === 'tool' ? tools : undefined),
          ),
        ),
      ),
  );
}

/** `names` are all that there are of the kind, where that is known. */
function patternsOverlap(
  a: ToolPattern,
  b: ToolPattern,
  kind: ItemKind,
  names: readonly string[] | undefined,
): boolean {
  const selects = (pattern: ToolPattern, name: string): boolean => matchesItem(pattern, kind, name);
  if (names !== undefined && names.some(name => selects(a, name))) {
    return names.some(name => selects(a, name) && selects(b, name));
  }
  if (a.kind === 'exact') {
    return selects(b, a.value);
  }
  if (b.kind === 'exact') {
    return selects(a, b.value);
  }
  if (a.kind === 'prefix' && b.kind === 'prefix') {
    return a.value.startsWith(b.value) || b.value.startsWith(a.value);
  }
  return true;
}
