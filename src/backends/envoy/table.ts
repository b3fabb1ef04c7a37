import { fromParts, PARTS } from './parts';
import { distinctBy } from '../../values/lists';
import { Detail, detailsOf, PLANE_FEATURES, PlaneFeature, PlaneTable, Standing } from '../interface/standing';

const SAID = new Map(fromParts(({ features = {} }) => Object.entries(features)));

function standingTo(feature: PlaneFeature): Standing {
  const standing = SAID.get(feature);
  if (standing === undefined) {
    throw new Error(`no part of Envoy says how it stands to "${feature}"`);
  }
  return standing;
}

/** How Envoy stands to every feature, as the part says that it belongs to. */
export const FEATURES = Object.fromEntries(PLANE_FEATURES.map(feature => [feature, standingTo(feature)])) as PlaneTable;

/** What else is said of Envoy. Parts may share a limit. */
export const DETAILS: readonly Detail[] = distinctBy(
  detailsOf(PARTS.map(({ limits = {} }) => limits)),
  ({ name }) => name,
);
