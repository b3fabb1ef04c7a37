import { LevelPolicy } from '../../../src/model/policy';
import { EnforcedRule, Enforcement, Exposure } from '../../../src/passes/access/enforcement';
import { grantExpression, levelIdentity, ruleGrants } from '../../../src/passes/policy/authorization-cel';
import { effectivePolicy } from '../../../src/passes/policy/merge';

const CALLED = 'json(request.body).params.name';
const ITEM = 'mcp.tool.name';

/** What a plane enforces that tells calls from lists by the body of the request. */
export function enforcementOf(
  levels: readonly LevelPolicy[],
  options: { readonly entry?: string; readonly exposes?: readonly Exposure[] } = {},
): Enforcement {
  const { policy } = effectivePolicy(levels);
  const rules = policy.levels
    .filter(level => level.rules.length > 0)
    .flatMap((level): EnforcedRule[] => {
      const identity = levelIdentity(policy, level);
      const origins = level.rules.map(({ origin }) => origin);
      const list = grantExpression(level, 'tools/list', ITEM, identity);
      const call = grantExpression(level, 'tools/call', ITEM, identity);
      return [
        {
          level: level.level,
          stage: 'request',
          expression: `json(request.body).method != "tools/call" || (${grantExpression(level, 'tools/call', CALLED, identity)})`,
          origins,
          grants: ruleGrants(level, 'tools/call', CALLED, identity),
        },
        {
          level: level.level,
          stage: 'item',
          expression: `json(request.body).method == "tools/call" ? (${call}) : (${list})`,
          origins,
          grants: ruleGrants(level, 'tools/list', ITEM, identity),
        },
      ];
    });
  return {
    entry: options.entry ?? 'finance/smart',
    clientHeaders: {},
    authentication: policy.authentication,
    rules,
    exposes: options.exposes ?? [],
  };
}
