import { POLICY_FEATURES } from '../../../../src/api/gateway-policy';
import { FEATURES as TABLE, PARTS } from '../../../../src/backends/envoy/parts';
import { PLANE_FEATURES } from '../../../../src/backends/interface/standing';

const said = PARTS.flatMap(({ features = {} }) => Object.keys(features));
const limits = PARTS.flatMap(({ limits: own = {} }) => Object.entries(own));

it('says how it stands to each feature, in one part', () => {
  expect([...said].sort()).toEqual([...PLANE_FEATURES].sort());
});

it('has limits besides, which mean one thing wherever they stand', () => {
  const names = new Set(limits.map(([name]) => name));
  expect([...names].filter(name => said.includes(name))).toEqual([]);
  expect(new Map(limits).size).toBe(new Set(limits.map(([name, { reason }]) => `${name}: ${reason}`)).size);
});

it('says of all policy that it refuses that Envoy cannot do it', () => {
  const refused = POLICY_FEATURES.map(feature => TABLE[feature]).filter(({ supported }) => !supported);
  expect(refused.length).toBeGreaterThan(30);
  expect(refused.filter(({ reason }) => !reason.startsWith('Envoy cannot '))).toEqual([]);
});
