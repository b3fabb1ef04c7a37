import { credentialHeaders, isRewritten } from './header-names';
import { limit } from './refusal';
import { isTooLarge } from './regex-size';
import { Diagnostic } from '../../model/diagnostic';
import { GatewayPlan } from '../../model/plan';
import { AuthorizationRule, EffectivePolicy } from '../../model/policy';
import { ToolPattern } from '../../model/tool-pattern';

/** What Envoy cannot enforce of the rules of a plan. */
export function checkAuthorization({ entries }: GatewayPlan): Diagnostic[] {
  return entries.flatMap(({ policy }) => (policy === undefined ? [] : checkPolicy(policy)));
}

function checkPolicy(policy: EffectivePolicy): Diagnostic[] {
  const credentials = credentialHeaders(policy);
  return policy.levels.flatMap(({ rateLimits, rules }) => [
    ...rules.flatMap(rule => [...checkHeaders(rule, credentials), ...checkRegexes(rule)]),
    ...rateLimits.flatMap(({ origin, tools }) =>
      largePatterns(tools ?? []).map(regex => limit(origin.path, 'regex.size', origin.property, regex)),
    ),
  ]);
}

function checkHeaders({ conditions, origin }: AuthorizationRule, credentials: ReadonlySet<string>): Diagnostic[] {
  return conditions.flatMap(condition => {
    const name = condition.kind === 'header' ? condition.name.toLowerCase() : undefined;
    return name === undefined
      ? []
      : [
          ...(credentials.has(name)
            ? [limit(origin.path, 'authorization.header.credential', origin.property, name)]
            : []),
          ...(isRewritten(name) ? [limit(origin.path, 'authorization.header.rewritten', origin.property, name)] : []),
        ];
  });
}

function checkRegexes({ conditions, origin, permissions }: AuthorizationRule): Diagnostic[] {
  const compared = conditions.flatMap(condition =>
    condition.kind === 'header' && /Matches$/.test(condition.operator) ? condition.values : [],
  );
  return [...largePatterns(permissions.flatMap(({ tools }) => tools)), ...compared.filter(isTooLarge)].map(regex =>
    limit(origin.path, 'regex.size', origin.property, regex),
  );
}

/** The regexes of patterns that are too large. */
export function largePatterns(patterns: readonly ToolPattern[]): string[] {
  return patterns.flatMap(({ kind, value }) => (kind === 'regex' && isTooLarge(value) ? [value] : []));
}
