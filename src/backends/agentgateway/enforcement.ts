import { authenticationRules } from './authentication';
import { authorizationRules } from './authorization';
import { StagedRule } from './dialect/rule';
import { exposuresOf } from './exposures';
import { clientHeaders, trafficRules } from './traffic';
import { Entry } from '../../model/plan';
import { Enforcement } from '../../passes/access/enforcement';
import { Behind } from '../data-plane';

/** The rules at an entry, in the order they are asked. */
export function rulesOf(entry: Entry): readonly StagedRule[] {
  return [
    ...trafficRules(entry),
    ...(entry.policy === undefined ? [] : [...authenticationRules(entry.policy), ...authorizationRules(entry)]),
  ];
}

/** What is enforced at an entry. */
export function enforcement(entry: Entry, behind: Behind = () => undefined): Enforcement {
  return {
    entry: entry.id,
    clientHeaders: clientHeaders(entry),
    authentication: entry.policy?.authentication ?? [],
    rules: rulesOf(entry),
    exposes: exposuresOf(entry, behind),
  };
}
