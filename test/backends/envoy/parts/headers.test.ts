import { headerChanges, headerFilters } from '../../../../src/backends/envoy/parts/headers';
import { Entry } from '../../../../src/model/plan';
import { TrafficPolicy } from '../../../../src/model/traffic-policy';
import { groupOf, serverOf } from '../../../support/literals';
import { envoyPlanOf, foundBy, routeOf } from '../plans';

const changes = (options: Partial<Entry>) =>
  routeOf(headerChanges, envoyPlanOf([groupOf('default', [serverOf('ledger')])], options)).headers!;

it('sets, adds and removes headers, of requests and of answers', () => {
  const found = changes({
    requestHeaders: { set: [{ name: 'x-a', value: '1' }], add: [{ name: 'x-b', value: '2' }], remove: ['x-c'] },
    responseHeaders: { set: [], add: [], remove: ['server'] },
  });
  expect(found).toEqual({
    request_headers_to_add: [
      { header: { key: 'x-a', value: '1' }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' },
      { header: { key: 'x-b', value: '2' }, append_action: 'APPEND_IF_EXISTS_OR_ADD' },
    ],
    request_headers_to_remove: ['x-c'],
    response_headers_to_remove: ['server'],
  });
  expect(changes({})).toEqual({});
});

it('takes values as they are', () => {
  const [changed, empty] = changes({
    requestHeaders: {
      set: [
        { name: 'x-a', value: '100%REQ(authorization)%' },
        { name: 'x-b', value: '' },
      ],
      add: [],
      remove: [],
    },
  }).request_headers_to_add!;
  expect(changed.header.value).toBe('100%%REQ(authorization)%%');
  expect(empty.keep_empty_value).toBe(true);
});

type Traffic = Omit<TrafficPolicy, 'path' | 'demands'>;
const planOf = (traffic: Traffic) =>
  envoyPlanOf([groupOf('default', [serverOf('ledger')])], {}, { traffic: { path: 'app/gw', demands: [], ...traffic } });
const found = (traffic: Traffic) => foundBy(headerFilters, planOf(traffic));
const removed = (traffic: Traffic) => routeOf(headerFilters, planOf(traffic)).headers;
const NONE = { headerFilters: [], bodyFilters: [] };

it('takes headers out, of requests and of answers', () => {
  const remove = (name: string) => ({
    ...NONE,
    headerFilters: [
      { name, action: 'Remove' as const },
      { name, action: 'Remove' as const },
    ],
  });
  const policy = {
    requestFiltering: remove('x-a'),
    responseFiltering: { ...remove('x-b'), removeInternalHeaders: false },
  };
  expect(found(policy)).toEqual([]);
  expect(removed(policy)).toEqual({
    request_headers_to_remove: ['x-a'],
    response_headers_to_remove: ['x-b'],
  });
});

it('refuses what depends on the value of a header', () => {
  const filtering = (action: 'Remove' | 'Redact' | 'Deny', pattern?: string) => ({
    requestFiltering: { ...NONE, headerFilters: [{ name: 'x-a', action, pattern }] },
  });
  expect(found(filtering('Redact'))).toEqual([
    'app/gw requestFiltering.headerFilters[0]: Envoy cannot change a header by its value here',
  ]);
  expect(found(filtering('Remove', 'secret.*'))).toEqual([
    'app/gw requestFiltering.headerFilters[0]: Envoy cannot change a header by its value here',
  ]);
});
