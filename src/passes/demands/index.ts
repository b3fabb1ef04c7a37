import { Demand } from './features';
import { authenticationDemands, authorizationDemands, rateLimitDemands } from './levels';
import { gatewayDemands, routingDemands } from './routing';
import { Gateway } from '../../model/gateway';
import { GatewayPlan } from '../../model/plan';
import { LevelPolicy } from '../../model/policy';
import { distinct } from '../../values/lists';

export * from './features';

/**
 * Everything that a plan asks of its data plane, whichever that is. A finer feature is asked for beside the one that it is a
 * case of, so that a plane that has neither says both.
 */
export function demandsOf(plan: GatewayPlan): Demand[] {
  const demands = [
    ...gatewayDemands(plan.gateway),
    ...plan.entries.flatMap(entry => routingDemands(plan.gateway, entry)),
    ...levelsOf(plan).flatMap(level => [
      ...authenticationDemands(level),
      ...authorizationDemands(level),
      ...rateLimitDemands(level),
    ]),
    ...trafficDemands(plan.gateway),
  ];
  return distinct(demands);
}

/** What the traffic policy of a gateway demands has been read from the fields that say it. */
function trafficDemands({ traffic }: Gateway): Demand[] {
  return (traffic?.demands ?? []).map(demand => ({ ...demand, path: traffic!.path }));
}

/** The levels of policies, each once: a gateway's is that of all its entries, and asks while there are none, too. */
function levelsOf({ gateway, entries }: GatewayPlan): LevelPolicy[] {
  const levels = entries.flatMap(({ policy }) => policy?.levels ?? []);
  return [...new Set(gateway.policy === undefined ? levels : [gateway.policy, ...levels])];
}
