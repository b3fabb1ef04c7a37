import { ApiObject } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { RenderedTemplate, defaultPullPolicy, overrideTemplate } from '../../src/synthesis/pods';
import { newChart } from '../support/synth';

function deployment(): kplus.Deployment {
  return new kplus.Deployment(newChart(), 'a', { containers: [{ name: 'c', image: 'acme/x:1' }] });
}

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

it('merges templates over a workload, the last one last', () => {
  const workload = deployment();
  overrideTemplate(
    workload,
    { spec: { nodeName: 'a', hostname: 'b' } },
    {},
    { spec: { nodeName: null, hostname: 'c' } },
  );
  const { spec } = ApiObject.of(workload).toJson().spec.template;
  expect([spec.nodeName, spec.hostname, spec.containers[0].name]).toEqual([undefined, 'c', 'c']);
});

it('reads a template as it is at that time', () => {
  const workload = deployment();
  const template = new RenderedTemplate(workload, workload);
  expect(template.read().spec.containers).toHaveLength(1);
  workload.addContainer({ name: 'd', image: 'acme/y:1' });
  expect(template.read().spec.containers).toHaveLength(2);
});
