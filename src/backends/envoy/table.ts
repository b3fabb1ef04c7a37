import { fromParts, PARTS } from './parts';
import { PlaneFeature, POLICY_FEATURES, ROUTING_FEATURES } from '../../passes/demands';
import { distinctBy } from '../../values/lists';
import { Detail, detailsOf, PlaneTable, Standing } from '../interface/standing';

const SAID = new Map(fromParts(({ features = {} }) => Object.entries(features)));

function standingTo(feature: PlaneFeature): Standing {
  const standing = SAID.get(feature);
  if (standing === undefined) {
    throw new Error(`no part of Envoy says how it stands to "${feature}"`);
  }
  return standing;
}

/** How Envoy stands to every feature, as the part says that it belongs to. */
export const FEATURES = Object.fromEntries(
  [...ROUTING_FEATURES, ...POLICY_FEATURES].map(feature => [feature, standingTo(feature)]),
) as PlaneTable;

/** What else is said of Envoy. Parts may share a limit. */
export const DETAILS: readonly Detail[] = distinctBy(
  detailsOf(PARTS.map(({ limits = {} }) => limits)),
  ({ name }) => name,
);
