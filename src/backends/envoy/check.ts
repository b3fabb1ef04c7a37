import { fromParts } from './parts';
import { EnvoyPlan } from './plan';
import { Diagnostic } from '../../model/diagnostic';
import { distinct } from '../../values/lists';

/** What of a plan is beyond limits of Envoy's own. A gateway's policy is met at every entry, and reported once. */
export function check(plan: EnvoyPlan): readonly Diagnostic[] {
  return distinct(fromParts(part => part.check?.(plan)));
}
