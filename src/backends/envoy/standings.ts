import { POLICY_FEATURES, PolicyFeature } from '../../api/gateway-policy';
import { ENVOY } from '../interface/data-plane';
import { Enforced, Refused, refusedBy } from '../interface/standing';

/** Something that Envoy does: how, and for which values of the fields that ask for it where not for all. */
export function enforced(reason: string, values?: string): Enforced {
  return { supported: true, reason, ...(values === undefined ? {} : { values }) };
}

/** Something that Envoy cannot do, a feature or a limit by name: why not, and what to do instead. */
export function refused(name: string, reason: string, remedy: string): Refused {
  return refusedBy(ENVOY, name, reason, remedy);
}

/** Several features of a gateway's policy that Envoy cannot do for one reason: one, and all that is below it by name. */
export function refusedBelow<N extends string>(name: N, reason: string, remedy: string): Record<Below<N>, Refused> {
  const below = POLICY_FEATURES.filter(feature => feature === name || feature.startsWith(`${name}.`));
  const standing = refused(name, reason, remedy);
  return Object.fromEntries(below.map(feature => [feature, standing])) as Record<Below<N>, Refused>;
}

type Below<N extends string> = Extract<PolicyFeature, N | `${N}.${string}`>;
