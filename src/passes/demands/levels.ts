import { Demand, RoutingFeature } from './features';
import { alternatives, AuthenticationMethod, AuthorizationRule, LevelPolicy, RateLimit } from '../../model/policy';
import { formatToolPattern, selectsAll } from '../../model/tool-pattern';
import { describeMethod, describeRate, describeRule } from '../policy/words';

/** The methods by which callers prove to a level who they are. */
export function authenticationDemands({ authentication }: LevelPolicy): Demand[] {
  return authentication.flatMap(({ method, origin }) =>
    featuresOf(method).map(feature => ({ feature, ...origin, value: describeMethod(method) })),
  );
}

function featuresOf(method: AuthenticationMethod): RoutingFeature[] {
  return [
    ...(method.kind === 'anyOf' ? ['authentication.anyOf' as const] : []),
    ...alternatives(method).flatMap((single): RoutingFeature[] => [
      `authentication.${single.kind}`,
      // A token of a protected resource is a token.
      ...(single.kind === 'jwt' && single.resource !== undefined ? ['authentication.oidc' as const] : []),
    ]),
  ];
}

/** What a level asks about who may do what. */
export function authorizationDemands({ authzConfig, rules }: LevelPolicy): Demand[] {
  return [
    ...(authzConfig === undefined
      ? []
      : [{ feature: 'authorization.cedar' as const, ...authzConfig.origin, value: 'Cedar policies' }]),
    ...rules.map((rule): Demand => ({ feature: 'authorization', ...rule.origin, value: describeRule(rule) })),
    ...rules.flatMap(listingDemand),
  ];
}

/** A rule that grants something of lists, and not all: lists are to leave the rest out. */
function listingDemand({ origin, permissions }: AuthorizationRule): Demand[] {
  const listed = permissions.filter(({ actions }) => actions.includes('tools/list')).flatMap(({ tools }) => tools);
  return listed.length === 0 || listed.some(selectsAll)
    ? []
    : [{ feature: 'authorization.listing', ...origin, value: listed.map(formatToolPattern) }];
}

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
