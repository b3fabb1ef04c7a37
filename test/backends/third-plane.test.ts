import { AGENTGATEWAY, DataPlane } from '../../src/backends/interface/data-plane';
import { PLANE_FEATURES, PlaneTable, refusedBy } from '../../src/backends/interface/standing';
import { refusedDemands } from '../../src/backends/planes';
import { ASKED_FEATURES } from '../golden/features';
import { planOf } from '../golden/folders';
import { gatewayOf } from '../support/literals';

/* Another data plane is a table and what it renders. This one supports nothing, and so refuses everything, by its name. */

const NOTHING = Object.fromEntries(
  PLANE_FEATURES.map(feature => [
    feature,
    refusedBy('toy', feature, `toy cannot do ${feature}`, 'choose another data plane'),
  ]),
) as PlaneTable;

const TOY: DataPlane = {
  name: 'toy',
  title: 'Toy 0.1',
  features: NOTHING,
  details: [],
  check: () => [],
  configure: () => ({ files: {}, findings: [] }),
  container: () => {
    throw new Error('runs nowhere');
  },
  secrets: () => ({ environment: [], mounts: [] }),
  monitoring: { alerts: () => [], panels: () => [] },
  enforcement: ({ id }) => ({ entry: id, clientHeaders: {}, authentication: [], rules: [], ways: [] }),
};

it.each(ASKED_FEATURES)('%s is refused by its name', feature => {
  const refused = refusedDemands(TOY, planOf(feature, AGENTGATEWAY));
  expect(refused.map(({ finding }) => finding.problem)).toContain(`toy cannot do ${feature}`);
});

it('says where, and what to do', () => {
  const plan = { gateway: gatewayOf({ affinity: { header: 'x-user' } }), entries: [] };
  expect(refusedDemands(TOY, plan).map(({ finding }) => finding)).toEqual([
    {
      id: 'toy-affinity-header',
      severity: 'error',
      path: 'app/gw',
      property: 'sessionAffinityHeader',
      value: 'x-user',
      problem: 'toy cannot do affinity.header',
      remedy: 'Choose another data plane',
    },
  ]);
});
