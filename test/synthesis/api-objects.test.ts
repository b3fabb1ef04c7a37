import { ApiObject, App, Chart, Lazy } from 'cdk8s';
import { clusterScoped, compact, detachedScope, sorted, transformJson } from '../../src/synthesis/api-objects';

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

it('copies deeply, so that nothing stands in two places, and sorts keys', () => {
  const shared = { b: 1, a: [{ d: 1, c: null }] };
  const copy = sorted({ y: shared, x: shared });
  expect(JSON.stringify(copy)).toBe('{"x":{"a":[{"c":null,"d":1}],"b":1},"y":{"a":[{"c":null,"d":1}],"b":1}}');
  expect(copy.x).not.toBe(copy.y);
  expect(copy.x.a[0]).not.toBe(copy.y.a[0]);
});

it('drops what says nothing, one level deep', () => {
  expect(compact({ a: undefined, b: [], c: {}, d: 0, e: '', f: false, g: [[]], h: { i: {} } })).toEqual({
    d: 0,
    e: '',
    f: false,
    g: [[]],
    h: { i: {} },
  });
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
