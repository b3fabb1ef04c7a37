import { checkAuthentication } from './authentication';
import { checkAuthorization, checkMatches } from './authorization';
import { checkBackends } from './backends';
import { RESERVED_PORTS } from './capabilities';
import { checkOpenApi } from './open-api-check';
import { checkRateLimits } from './rate-limits';
import { limit, refusal } from './refusal';
import { checkTraffic } from './traffic';
import { GatewayPlan } from '../../model/plan';
import { distinct } from '../../values/lists';
import { Refusal } from '../data-plane';

/** What Envoy cannot do of a plan. A gateway's policy is met at every entry, and reported once. */
export function check(plan: GatewayPlan): readonly Refusal[] {
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

function checkGateway({ gateway }: GatewayPlan): Refusal[] {
  return [
    ...(RESERVED_PORTS.includes(gateway.port) ? [limit(gateway.path, 'port.reserved', 'port', gateway.port)] : []),
    ...(gateway.affinity.header === undefined
      ? []
      : [refusal(gateway.path, 'affinity.header', 'sessionAffinityHeader', gateway.affinity.header)]),
  ];
}
