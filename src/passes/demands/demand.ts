import { RoutingFeature } from './features';
import { PolicyFeatureName } from '../../model/traffic-policy';

/** A feature that is asked of a data plane, and where. */
export interface Demand {
  readonly feature: RoutingFeature | PolicyFeatureName;
  /** Construct path of who asks. */
  readonly path: string;
  /** Property as the user writes it. */
  readonly property: string;
  readonly value: unknown;
}
