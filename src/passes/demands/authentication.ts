import { Demand } from './demand';
import { RoutingFeature } from './features';
import { AuthenticationMethod, LevelPolicy } from '../../model/policy';
import { alternatives } from '../policy/alternatives';
import { describeMethod } from '../policy/words';

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
