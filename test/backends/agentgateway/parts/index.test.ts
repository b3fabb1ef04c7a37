import { FEATURES, PARTS } from '../../../../src/backends/agentgateway/parts';

it('says of all that it refuses that agentgateway cannot do it', () => {
  const refused = Object.entries(FEATURES).filter(([, { supported }]) => !supported);
  expect(
    refused.filter(([, { reason }]) => !reason.startsWith('agentgateway cannot ')).map(([feature]) => feature),
  ).toEqual([]);
});

it('says everything in one part', () => {
  const said = PARTS.flatMap(({ features = {}, limits = {} }) => [...Object.keys(features), ...Object.keys(limits)]);
  expect(said.filter((name, i) => said.indexOf(name) !== i)).toEqual([]);
});
