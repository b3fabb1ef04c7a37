import { trustedMethods } from './merge';
import { overlaps } from './overlap';
import { compareRates } from './rates';
import { describeMethod, describeRate, describeRule, formatPrincipal, listOr } from './words';
import { alwaysYieldsUser, canYield } from './yields';
import { Diagnostic, errorAt, warningAt } from '../../model/diagnostic';
import { AuthorizationRule, EffectivePolicy, Principal, RouteConstraints } from '../../model/policy';
import { Route } from '../../model/route';
import { formatToolPattern, matchesTool, ToolPattern } from '../../model/tool-pattern';

/** Findings about the policy in force at one entry. */
export function checkPolicy(policy: EffectivePolicy, tools: readonly string[] | undefined): Diagnostic[] {
  return [
    ...userLimitsWithoutUser(policy),
    ...rulesWithoutAuthentication(policy),
    ...idlePrincipals(policy),
    ...idleRulePatterns(policy, tools),
    ...shadowedRules(policy, tools),
    ...everythingForEveryone(policy),
  ];
}

const AUTHENTICATE = 'Add an authentication to the gateway or the route';

/** Limits counted by user where some caller has none: who has none would not be counted. */
export function userLimitsWithoutUser({ authentication, rateLimits }: EffectivePolicy): Diagnostic[] {
  const methods = authentication.map(({ method }) => method);
  return alwaysYieldsUser(methods)
    ? []
    : rateLimits
        .filter(({ dimension }) => dimension === 'user' || dimension === 'principal')
        .map(limit =>
          errorAt(
            limit.origin.path,
            limit.origin.property,
            describeRate(limit),
            methods.length === 0
              ? 'a limit for each user needs to know the user, and callers are not authenticated'
              : 'a limit for each user needs to know the user, and some callers pass with an API key that names none',
            methods.length === 0
              ? `${AUTHENTICATE}, or limit by IP address with RateLimit.perIp`
              : 'Give each API key a user, or limit by IP address with RateLimit.perIp',
          ),
        );
}

/** Rules where nobody is authenticated: they would deny everything. A level's rules trust no method of a level within it. */
export function rulesWithoutAuthentication(policy: EffectivePolicy): Diagnostic[] {
  return rulesOf(policy.levels)
    .filter(({ level }) => trustedMethods(policy, level).length === 0)
    .map(({ level, rule }) =>
      errorAt(
        rule.origin.path,
        rule.origin.property,
        describeRule(rule),
        policy.authentication.length === 0
          ? 'the rule names callers, and callers are not authenticated, so that it can grant nothing'
          : `the rule names callers, and the ${level.level} does not authenticate them: names that only a route verifies are the route's to choose`,
        policy.authentication.length === 0 ? AUTHENTICATE : `Add an authentication to the ${level.level}`,
      ),
    );
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
            warningAt(
              rule.origin.path,
              rule.origin.property,
              formatPrincipal(principal),
              `can never match: callers present ${presented}, which names no such caller`,
              REMEDY_OF_IDLE[principal.kind],
            ),
          );
  });
}

const REMEDY_OF_IDLE: Readonly<Record<Principal['kind'], string>> = {
  user: 'Correct the name, or give an API key this user',
  group: 'Authenticate with tokens (Authentication.jwt or oidc), give an API key this group, or remove the principal',
  serviceAccount: 'Authenticate with tokens that Kubernetes issues (Authentication.jwt), or remove the principal',
  anyAuthenticated: 'Remove the principal',
};

/** Patterns of rules that select no tool the entry's servers declare. */
export function idleRulePatterns({ levels }: EffectivePolicy, tools: readonly string[] | undefined): Diagnostic[] {
  return tools === undefined
    ? []
    : rulesOf(levels).flatMap(({ level, rule }) =>
        level.level === 'gateway'
          ? []
          : patternsOf(rule)
              .filter(pattern => !tools.some(tool => matchesTool(pattern, tool)))
              .map(pattern =>
                warningAt(
                  rule.origin.path,
                  rule.origin.property,
                  formatToolPattern(pattern),
                  `can never match: no server of ${level.path} offers such a tool (${tools.join(', ') || 'none is declared'})`,
                  'Correct the pattern, or the `tools` of the servers',
                ),
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
            warningAt(
              rule.origin.path,
              rule.origin.property,
              describeRule(rule),
              `has no effect: ${outer.path} grants nothing of it, and every level must grant (${outer.rules.map(describeRule).join('; ')})`,
              `Add a rule for it to ${outer.path} too, or remove it`,
            ),
          ),
      ),
  );
}

/** Rules by which every caller may call every tool. */
export function everythingForEveryone({ levels }: EffectivePolicy): Diagnostic[] {
  return rulesOf(levels)
    .filter(
      ({ rule }) =>
        rule.conditions.length === 0 &&
        rule.principals.some(({ kind }) => kind === 'anyAuthenticated') &&
        rule.permissions.some(({ tools, actions }) => actions.includes('tools/call') && tools.some(selectsAll)),
    )
    .map(({ rule }) =>
      warningAt(
        rule.origin.path,
        rule.origin.property,
        describeRule(rule),
        'every authenticated caller may call every tool, those that servers add later included',
        'Name the tools, or the callers',
      ),
    );
}

function selectsAll({ kind, value }: ToolPattern): boolean {
  return kind === 'prefix'
    ? value === ''
    : kind === 'glob'
      ? /^\*+$/.test(value)
      : kind === 'regex' && /^(?:\^?\(?\.\*\)?\$?)$/.test(value);
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
          errorAt(
            route.path,
            'authentication',
            undefined,
            `${gatewayPath} admits only routes with authentication (routeConstraints.requireAuthentication)`,
            AUTHENTICATE,
          ),
        ]
      : []),
    ...(allowedMethods === undefined
      ? []
      : route.matches.flatMap(({ method }, i) =>
          method === undefined || allowedMethods.includes(method)
            ? []
            : [
                errorAt(
                  route.path,
                  `matches[${i}].method`,
                  method,
                  `${gatewayPath} admits only the methods ${listOr(allowedMethods)} (routeConstraints.allowedMethods)`,
                  'Match one of these, or extend allowedMethods',
                ),
              ],
        )),
    ...own.flatMap(limit =>
      maximumRates
        .filter(maximum => maximum.dimension === limit.dimension && compareRates(limit, maximum) > 0)
        .map(maximum =>
          errorAt(
            limit.origin.path,
            limit.origin.property,
            describeRate(limit),
            `${gatewayPath} admits at most ${describeRate(maximum)} (routeConstraints.maximumRates)`,
            'Lower the rate, or raise the maximum',
          ),
        ),
    ),
  ];
}

function rulesOf(
  levels: EffectivePolicy['levels'],
): { readonly level: EffectivePolicy['levels'][number]; readonly rule: AuthorizationRule }[] {
  return levels.flatMap(level => level.rules.map(rule => ({ level, rule })));
}

function patternsOf(rule: AuthorizationRule): ToolPattern[] {
  return rule.permissions.flatMap(({ tools }) => tools);
}
