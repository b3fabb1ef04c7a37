import { ApiObject, App, Chart, Lazy } from 'cdk8s';
import { clusterScoped, detachedScope, transformJson } from '../../src/synthesis/materialize';

const chart = (namespace?: string): Chart => new Chart(new App(), 'chart', { namespace, labels: { team: 'money' } });

it('gives functions the last word on what an object renders to, in their order', () => {
  const object = new ApiObject(chart(), 'a', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    data: Lazy.any({ produce: () => ({ a: '1' }) }),
  });
  transformJson(object, json => ({ ...json, data: { ...json.data, b: '2' } }));
  transformJson(object, json => ({ ...json, data: { ...json.data, c: Object.keys(json.data).join() } }));
  expect(object.toJson().data).toEqual({ a: '1', b: '2', c: 'a,b' });
});

it.each([undefined, 'finance'])(
  'takes the namespace off an object of the cluster in a chart of namespace %p',
  namespace => {
    const object = clusterScoped(new ApiObject(chart(namespace), 'a', { apiVersion: 'v1', kind: 'Namespace' }));
    expect(object.toJson().metadata).not.toHaveProperty('namespace');
  },
);

it('lends a scope outside the tree, with the namespace and labels of the chart', () => {
  const inside = chart('finance');
  const outside = detachedScope(inside);
  expect([Chart.of(outside).namespace, Chart.of(outside).labels]).toEqual(['finance', { team: 'money' }]);
  expect(outside.node.root).not.toBe(inside.node.root);
});
