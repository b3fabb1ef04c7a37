import { defaultPullPolicy } from '../../src/workload/rendered-template';

it.each([
  ['acme/x:1.4.0', 'IfNotPresent'],
  ['acme/x', 'Always'],
  ['acme/x:latest', 'Always'],
  ['registry:5000/acme/x', 'Always'],
  ['registry:5000/acme/x:1', 'IfNotPresent'],
  ['acme/x:latest@sha256:00', 'IfNotPresent'],
])('pulls %s %s, as Kubernetes itself would', (image, policy) => {
  expect(defaultPullPolicy(image)).toBe(policy);
});
