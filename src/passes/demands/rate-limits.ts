import { Demand } from './demand';
import { LevelPolicy, RateLimit } from '../../model/policy';
import { describeRate } from '../policy/words';

/** The limits of a level. A gateway's stand in its policy, where the API has fields of their own for them. */
export function rateLimitDemands({ level, rateLimits }: LevelPolicy): Demand[] {
  return rateLimits.flatMap(limit => limitDemands(limit, level === 'gateway'));
}

function limitDemands(limit: RateLimit, ofGateway: boolean): Demand[] {
  const { burst, origin } = limit;
  const value = describeRate(limit);
  return [
    { feature: 'rateLimits', ...origin, value },
    ...(ofGateway ? [{ feature: 'policy.rateLimit' as const, ...origin, value }] : []),
    ...(burst === undefined ? [] : [{ feature: 'policy.rateLimit.burst' as const, ...origin, value }]),
  ];
}
