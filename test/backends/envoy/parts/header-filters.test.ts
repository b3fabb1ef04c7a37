import { headerFilters } from '../../../../src/backends/envoy/parts/header-filters';
import { TrafficPolicy } from '../../../../src/model/traffic-policy';
import { groupOf, serverOf } from '../../../support/literals';
import { envoyPlanOf, foundBy, routeOf } from '../plans';

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
