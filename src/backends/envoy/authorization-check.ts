import { credentialHeaders, isRewritten } from './header-names';
import { selectsAll } from './policies';
import { limit, refusal } from './refusal';
import { isTooLarge } from './regex-size';
import { GatewayPlan } from '../../model/plan';
import { AuthorizationRule, EffectivePolicy } from '../../model/policy';
import { formatToolPattern, ToolPattern } from '../../model/tool-pattern';
import { Refusal } from '../data-plane';

/** What Envoy cannot enforce of the rules of a plan. */
export function checkAuthorization({ entries }: GatewayPlan): Refusal[] {
  return entries.flatMap(({ policy }) => (policy === undefined ? [] : checkPolicy(policy)));
}

function checkPolicy(policy: EffectivePolicy): Refusal[] {
  const credentials = credentialHeaders(policy);
  return policy.levels.flatMap(({ authzConfig, rateLimits, rules }) => [
    ...(authzConfig === undefined
      ? []
      : [refusal(authzConfig.origin.path, 'authorization.cedar', authzConfig.origin.property, 'Cedar policies')]),
    ...rules.flatMap(rule => [...checkListing(rule), ...checkHeaders(rule, credentials), ...checkRegexes(rule)]),
    ...rateLimits.flatMap(({ origin, tools }) =>
      largePatterns(tools ?? []).map(regex => limit(origin.path, 'regex.size', origin.property, regex)),
    ),
  ]);
}

/** A rule that grants something of lists, and not all. */
function checkListing({ origin, permissions }: AuthorizationRule): Refusal[] {
  const listed = permissions.filter(({ actions }) => actions.includes('tools/list')).flatMap(({ tools }) => tools);
  return listed.length === 0 || listed.some(selectsAll)
    ? []
    : [refusal(origin.path, 'authorization.listing', origin.property, listed.map(formatToolPattern))];
}

function checkHeaders({ conditions, origin }: AuthorizationRule, credentials: ReadonlySet<string>): Refusal[] {
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

function checkRegexes({ conditions, origin, permissions }: AuthorizationRule): Refusal[] {
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
