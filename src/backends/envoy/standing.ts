import { CAPABILITIES, capability, isListed } from './capabilities';
import { Capability } from '../capability';
import { PlaneFeature } from '../features';

/** How Envoy stands to a feature. One that nobody thought of is refused, never dropped. */
export function standing(feature: PlaneFeature): Capability {
  return isListed(feature) ? capability(feature) : { feature, supported: false, reason: `Envoy cannot enforce ${feature}`, remedy: 'remove it, or choose another data plane' };
}

export { CAPABILITIES };
