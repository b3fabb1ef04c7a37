import { ApiObject } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { DEFAULT_PROFILE } from '../../src/model/cluster';
import { overrideTemplate, RenderedTemplate } from '../../src/workload/rendered-template';
import { newChart } from '../support/synth';

function deployment(): kplus.Deployment {
  return new kplus.Deployment(newChart(), 'a', { containers: [{ name: 'c', image: 'acme/x:1' }] });
}

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
  const template = new RenderedTemplate(workload, workload, DEFAULT_PROFILE);
  expect(template.read().spec.containers).toHaveLength(1);
  workload.addContainer({ name: 'd', image: 'acme/y:1' });
  expect(template.read().spec.containers).toHaveLength(2);
});
