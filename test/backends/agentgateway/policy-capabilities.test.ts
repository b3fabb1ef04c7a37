import { POLICY_CAPABILITIES } from '../../../src/backends/agentgateway/policy-capabilities';

it('says of all that it refuses that agentgateway cannot do it', () => {
  const refused = Object.entries(POLICY_CAPABILITIES).filter(([, { supported }]) => !supported);
  expect(
    refused.filter(([, { reason }]) => !reason.startsWith('agentgateway cannot ')).map(([feature]) => feature),
  ).toEqual([]);
});
