import { POLICY_CAPABILITIES } from '../../../src/backends/agentgateway/policy-capabilities';

it('says of all that it refuses that agentgateway cannot do it, and what to do instead', () => {
  const refused = Object.entries(POLICY_CAPABILITIES).filter(([, { supported }]) => !supported);
  expect(refused.filter(([, { reason, remedy }]) => !reason.startsWith('agentgateway cannot ') || remedy === undefined).map(([feature]) => feature)).toEqual([]);
});

it('is about the fields that its features are named after', () => {
  const strange = Object.entries(POLICY_CAPABILITIES).filter(([feature, { fields }]) => !fields.every((field) => feature.startsWith(field.split('.').slice(0, 2).join('.')) || field.startsWith(feature.split('.')[0])));
  expect(strange.map(([feature]) => feature)).toEqual([]);
});
