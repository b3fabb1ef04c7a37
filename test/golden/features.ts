import { PlaneFeature, POLICY_FEATURES, ROUTING_FEATURES } from '../../src/passes/demands';

/** What no chart can ask for: it is what clients and servers do. */
const UNASKED: readonly PlaneFeature[] = ['notifications', 'resources', 'serverRequests'];

/** Features that a chart can ask a data plane for: each has a folder of its name. */
export const ASKED_FEATURES: readonly PlaneFeature[] = [...ROUTING_FEATURES, ...POLICY_FEATURES].filter(
  feature => !UNASKED.includes(feature),
);
