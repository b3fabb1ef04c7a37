import { capability, Feature } from './capabilities';
import { standing } from './standing';
import { errorAt } from '../../model/diagnostic';
import { Refusal } from '../data-plane';
import { PlaneFeature } from '../features';

/** A refusal of a feature that other planes may have. */
export function refusal(path: string, feature: PlaneFeature, property: string, value: unknown): Refusal {
  const { reason, remedy } = standing(feature);
  return { ...errorAt(path, property, value, reason, remedy ?? 'remove it'), feature };
}

/** A refusal of something that is a limit of this plane's own. */
export function limit(path: string, feature: Feature, property: string, value: unknown): Refusal {
  const { reason, remedy } = capability(feature);
  return errorAt(path, property, value, reason, remedy ?? 'remove it');
}
