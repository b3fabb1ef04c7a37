import { DEMANDS, PLAIN } from './demands';
import { PLANES, refusedDemands } from '../../src/backends/planes';
import { PlaneFeature, POLICY_FEATURES, ROUTING_FEATURES } from '../../src/passes/demands';

/* For each feature and each data plane: what asks for it changes what is emitted, or is refused by its name. There is no third state. */

/** What no chart can ask for: it is what clients and servers do. */
const UNASKED: readonly PlaneFeature[] = ['notifications', 'resources', 'serverRequests'];

/** What is enforced without a trace in the configuration, and how. */
const WITHOUT_TRACE: Readonly<Record<string, readonly PlaneFeature[]>> = {
  agentgateway: [
    // Synthesis checks the connections.
    'policy.compliance.encryption',
    // What the plane does anyway.
    'policy.responseFiltering.removeInternalHeaders',
    'skipUnavailable',
  ],
  envoy: ['policy.compliance.encryption', 'policy.responseFiltering.removeInternalHeaders.off', 'skipUnavailable'],
};

const FEATURES: readonly PlaneFeature[] = [...ROUTING_FEATURES, ...POLICY_FEATURES];

it('knows how to ask for every feature', () => {
  expect(FEATURES.filter(feature => DEMANDS[feature] === undefined)).toEqual(UNASKED);
});

describe.each(PLANES)('$name', plane => {
  const asked = FEATURES.filter(feature => !UNASKED.includes(feature));
  const rendered = JSON.stringify(plane.render(PLAIN));

  it.each(asked)('%s', feature => {
    const plan = DEMANDS[feature]!;
    // An answer that is filtered either keeps the headers of its server or not, of which each plane can do one.
    const refused = refusedDemands(plane, plan).map(({ demand }) => demand.feature);
    if (plane.features[feature].supported) {
      const others = refused.filter(other => !other.startsWith('policy.responseFiltering.removeInternalHeaders'));
      expect([...others, ...plane.check(plan)]).toEqual([]);
      expect(JSON.stringify(plane.render(plan)) !== rendered).toBe(!WITHOUT_TRACE[plane.name].includes(feature));
    } else {
      expect(refused).toContain(feature);
    }
  });
});
