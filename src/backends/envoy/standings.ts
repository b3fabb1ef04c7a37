import { POLICY_FEATURES, PolicyFeature } from '../../api/gateway-policy';
import { Enforced, Refused } from '../interface/standing';

/** Something that Envoy does: how, and for which values of the fields that ask for it where not for all. */
export function enforced(reason: string, values?: string): Enforced {
  return { supported: true, reason, ...(values === undefined ? {} : { values }) };
}

/** Something that Envoy cannot do: why not, and what to do instead. */
export function refused(reason: string, remedy: string): Refused {
  return { supported: false, reason, remedy };
}

/** Several features of a gateway's policy that Envoy cannot do for one reason: one, and all that is below it by name. */
export function refusedBelow<N extends string>(name: N, reason: string, remedy: string): Record<Below<N>, Refused> {
  const below = POLICY_FEATURES.filter(feature => feature === name || feature.startsWith(`${name}.`));
  return Object.fromEntries(below.map(feature => [feature, refused(reason, remedy)])) as Record<Below<N>, Refused>;
}

type Below<N extends string> = Extract<PolicyFeature, N | `${N}.${string}`>;
