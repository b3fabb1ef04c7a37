import { capability, isListed } from './capabilities';
import { POLICY_CAPABILITIES } from './policy-capabilities';
import { PolicyCapability, Standing } from '../capability';
import { PlaneFeature, PolicyFeature } from '../features';

/** How Envoy stands to a feature. One that nobody thought of is refused, never dropped. */
export function standing(feature: PlaneFeature): Standing {
  if (isListed(feature)) {
    return capability(feature);
  }
  const known: PolicyCapability | undefined = POLICY_CAPABILITIES[feature as PolicyFeature];
  return (
    known ?? {
      supported: false,
      reason: `Envoy cannot enforce ${feature}`,
      remedy: 'remove it, or choose another data plane',
    }
  );
}
