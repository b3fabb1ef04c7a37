import { exposuresOf } from './exposures';
import { enforcedRules } from './parts/authorization';
import { Entry } from '../../model/plan';
import { Enforcement } from '../../passes/access/enforcement';
import { Behind } from '../interface/data-plane';

/** What is enforced at an entry. */
export function enforcement(entry: Entry, behind: Behind = () => undefined): Enforcement {
  return {
    entry: entry.id,
    clientHeaders: {},
    authentication: entry.policy?.authentication ?? [],
    rules: enforcedRules(entry),
    exposes: exposuresOf(entry, behind),
  };
}
