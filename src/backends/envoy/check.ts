import { checkAuthentication } from './authentication';
import { checkAuthorization, checkMatches } from './authorization';
import { checkBackends } from './backends';
import { RESERVED_PORTS } from './capabilities';
import { checkOpenApi } from './open-api-check';
import { checkRateLimits } from './rate-limits';
import { limit } from './refusal';
import { checkTraffic } from './traffic';
import { Diagnostic } from '../../model/diagnostic';
import { GatewayPlan } from '../../model/plan';
import { distinct } from '../../values/lists';

/** What Envoy cannot do of a plan. A gateway's policy is met at every entry, and reported once. */
export function check(plan: GatewayPlan): readonly Diagnostic[] {
  const found = [
    ...checkGateway(plan),
    ...checkBackends(plan),
    ...checkMatches(plan),
    ...checkAuthentication(plan),
    ...checkAuthorization(plan),
    ...checkRateLimits(plan),
    ...checkTraffic(plan),
    ...checkOpenApi(plan),
  ];
  return distinct(found);
}

function checkGateway({ gateway }: GatewayPlan): Diagnostic[] {
  return [
    ...(RESERVED_PORTS.includes(gateway.port) ? [limit(gateway.path, 'port.reserved', 'port', gateway.port)] : []),
  ];
}
