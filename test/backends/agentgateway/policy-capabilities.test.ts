import { POLICY_CAPABILITIES } from '../../../src/backends/agentgateway/policy-capabilities';

it('says of all that it refuses that agentgateway cannot do it, and what to do instead', () => {
  const refused = Object.entries(POLICY_CAPABILITIES).filter(([, { supported }]) => !supported);
  expect(
    refused
      .filter(([, { reason, remedy }]) => !reason.startsWith('agentgateway cannot ') || remedy === undefined)
      .map(([feature]) => feature),
  ).toEqual([]);
});
