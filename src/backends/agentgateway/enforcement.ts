import { authenticationRules } from './authentication';
import { authorizationRules } from './authorization';
import { exposuresOf } from './exposures';
import { clientHeaders, trafficRules } from './traffic';
import { Entry } from '../../model/plan';
import { Server } from '../../model/server';
import { EnforcedRule, Enforcement } from '../../passes/access/enforcement';
import { planGuard } from '../../passes/guard-plan';

/** The rules at an entry, in the order they are asked. */
export function rulesOf(entry: Entry): readonly EnforcedRule[] {
  return [...trafficRules(entry), ...(entry.policy === undefined ? [] : [...authenticationRules(entry.policy), ...authorizationRules(entry)])];
}

/** What is enforced at an entry. */
export function enforcement(entry: Entry): Enforcement {
  return {
    entry: entry.id,
    clientHeaders: clientHeaders(entry),
    authentication: entry.policy?.authentication ?? [],
    rules: rulesOf(entry),
    exposes: exposuresOf(entry, guardEnforcement),
  };
}

/** What stands in front of a server, as one entry of its own; undefined where nothing does. */
export function guardEnforcement(server: Server): Enforcement | undefined {
  const guard = planGuard(server);
  return guard && enforcement(guard.plan.entries[0]);
}
