import { PlaneFeature } from '../../src/backends/interface/standing';
import { planes, refusedDemands } from '../../src/backends/planes';
import { ASKED_FEATURES } from '../golden/features';
import { planOf } from '../golden/folders';

/*
 * For each feature and each data plane: what its golden app asks for changes what is emitted, or is refused by its name. There is
 * no third state.
 */

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

const ISOLATED = 'policy.sessionIsolation.mode.relaxed';

/** Folders of apps that are without the feature but for which `plain` would be without more. */
const WITHOUT: Readonly<Partial<Record<PlaneFeature, string>>> = {
  'affinity.header': 'weights',
  'affinity.none': 'weights.stateless',
  'authentication.oidc': 'authentication.jwt',
  authorization: 'authentication.jwt',
  'authorization.cedar': 'authentication.jwt',
  'authorization.listing': 'authentication.jwt',
  'policy.audit.answers': 'policy.audit',
  'policy.compliance.encryption': 'tls',
  'policy.sessionIsolation.auditLevel': ISOLATED,
  'policy.sessionIsolation.contextRetention': ISOLATED,
  'policy.sessionIsolation.enforceResourceBoundaries': 'authentication.jwt',
  'policy.sessionIsolation.mode.relaxed': 'authentication.jwt',
  'policy.sessionIsolation.mode.strict': ISOLATED,
  'protocolVersion.negotiation': 'protocolVersion',
  'protocolVersion.strict': 'protocolVersion',
  skipUnavailable: 'discovery',
  virtualServers: 'discovery',
};

describe.each(planes())('$name', plane => {
  it.each(ASKED_FEATURES)('%s', feature => {
    const plan = planOf(feature, plane.name);
    const refused = refusedDemands(plane, plan).map(({ demand }) => demand.feature);
    if (plane.features[feature].supported) {
      expect([...refused, ...plane.check(plan)]).toEqual([]);
      const without = planOf(WITHOUT[feature] ?? 'plain', plane.name);
      expect(JSON.stringify(plane.configure(plan).files) !== JSON.stringify(plane.configure(without).files)).toBe(
        !WITHOUT_TRACE[plane.name].includes(feature),
      );
    } else {
      expect(refused).toContain(feature);
    }
  });
});
