import { Diagnostic } from '../../model/findings';
import { Gateway } from '../../model/gateway';
import { Entry } from '../../model/plan';
import { EffectivePolicy, LevelPolicy } from '../../model/policy';
import { Route } from '../../model/route';
import { exposedTools } from '../../model/server';
import { checkCedar } from '../policy/cedar-checks';
import { brokenConstraints, checkPolicy } from '../policy/checks';
import { countersOf, effectivePolicy } from '../policy/merge';

function saysSomething(policy: LevelPolicy | undefined): policy is LevelPolicy {
  return (
    policy !== undefined &&
    (policy.authentication.length + policy.rules.length + policy.rateLimits.length > 0 ||
      policy.authzConfig !== undefined)
  );
}

/** Tools of an entry, when all its servers declare theirs. */
export function toolsOfEntry(entry: Entry): string[] | undefined {
  const servers = entry.groups.flatMap(group => group.servers).map(({ server }) => server);
  return servers.some(server => server.tools === undefined)
    ? undefined
    : [...new Set(servers.flatMap(server => exposedTools(server) ?? []))];
}

/** A level behind proxies that name callers: conditions on addresses know which are those of proxies alone. */
function behindProxies(level: LevelPolicy, proxies: readonly string[] | undefined): LevelPolicy {
  return proxies === undefined
    ? level
    : {
        ...level,
        rules: level.rules.map(rule => ({
          ...rule,
          conditions: rule.conditions.map(condition =>
            condition.kind === 'sourceIp' ? { ...condition, proxies } : condition,
          ),
        })),
      };
}

/** An entry with the policy in force there: that of its gateway, and of its route where it is one. */
export function withPolicy(
  entry: Entry,
  gateway: Gateway,
  route?: Route,
): { readonly entry: Entry; readonly diagnostics: readonly Diagnostic[] } {
  const levels = [gateway.policy, route?.policy]
    .filter(saysSomething)
    .map(level => behindProxies(level, gateway.trustedProxies));
  const { policy, diagnostics } = effectivePolicy(levels);
  const constraints =
    gateway.routeConstraints === undefined || route === undefined
      ? []
      : brokenConstraints(gateway.routeConstraints, gateway.path, route, policy);
  if (levels.length === 0) {
    return { entry, diagnostics: constraints };
  }
  const tools = toolsOfEntry(entry);
  return {
    entry: { ...entry, policy, counters: countersOf(policy, entry.id, gateway) },
    diagnostics: [...diagnostics, ...checkPolicy(policy, tools), ...checkCedar(policy, entry, tools), ...constraints],
  };
}

/** The policy in force, for reports; what nobody restricts is an empty policy. */
export function policyOf(entry: Entry): EffectivePolicy {
  return entry.policy ?? { levels: [], authentication: [], rateLimits: [] };
}
