import { authenticationRules } from './authentication';
import { authorizationRules } from './authorization';
import { exposuresOf } from './exposures';
import { Entry } from '../../model/plan';
import { EnforcedRule, Enforcement } from '../../passes/access/enforcement';

/** The rules at an entry, in the order they are asked. */
export function rulesOf({ policy }: Entry): readonly EnforcedRule[] {
  return policy === undefined ? [] : [...authenticationRules(policy), ...authorizationRules(policy)];
}

/** What is enforced at an entry. */
export function enforcement(entry: Entry): Enforcement {
  return {
    entry: entry.id,
    authentication: entry.policy?.authentication ?? [],
    rules: rulesOf(entry),
    exposes: exposuresOf(entry),
  };
}
