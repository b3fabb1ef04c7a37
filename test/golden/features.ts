import { PLANE_FEATURES, PlaneFeature } from '../../src/backends/interface/standing';

/** What no chart can ask for: it is what clients and servers do. */
const UNASKED: readonly PlaneFeature[] = ['notifications', 'resources', 'serverRequests'];

/** Features that a chart can ask a data plane for: each has a folder of its name. */
export const ASKED_FEATURES: readonly PlaneFeature[] = PLANE_FEATURES.filter(feature => !UNASKED.includes(feature));
