import { fromParts } from './parts';
import { Diagnostic } from '../../model/diagnostic';
import { GatewayPlan } from '../../model/plan';

/** What of a plan is beyond agentgateway's limits. */
export function check(plan: GatewayPlan): readonly Diagnostic[] {
  return fromParts(part => part.check?.(plan));
}
