import { POLICY_CAPABILITIES } from '../../../src/backends/envoy/policy-capabilities';
import { bodyLimit, checkTraffic, removedHeaders } from '../../../src/backends/envoy/traffic';
import { TrafficPolicy } from '../../../src/model/traffic-policy';
import { gatewayOf } from '../../support/literals';

const planOf = (traffic: Omit<TrafficPolicy, 'path'>) => ({
  gateway: gatewayOf({ traffic: { path: 'app/gw', ...traffic } }),
  entries: [],
});
const found = (traffic: Omit<TrafficPolicy, 'path'>) =>
  checkTraffic(planOf(traffic)).map(({ path, property, problem }) => `${path} ${property}: ${problem}`);
const NONE = { headerFilters: [], bodyFilters: [] };

it('bounds bodies', () => {
  expect(bodyLimit(planOf({}))).toBe(2 ** 21);
  expect(bodyLimit(planOf({ requestFiltering: { ...NONE, sizeLimit: 1000 } }))).toBe(1000);
  expect(
    bodyLimit(
      planOf({
        requestFiltering: { ...NONE, sizeLimit: 5000, bodyFilters: [{ type: 'Size', action: 'Deny', pattern: '2Ki' }] },
      }),
    ),
  ).toBe(2048);
  expect(found({ requestFiltering: { ...NONE, sizeLimit: 10 * 2 ** 20 } })).toEqual([]);
  expect(found({ requestFiltering: { ...NONE, sizeLimit: 10 * 2 ** 20 + 1 } })).toEqual([
    'app/gw requestFiltering.sizeLimit: Envoy cannot read bodies above 10 MiB',
  ]);
});

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
  expect(removedHeaders(planOf(policy))).toEqual({
    request_headers_to_remove: ['x-a'],
    response_headers_to_remove: ['x-b'],
  });
});

it('refuses what depends on the value of a header', () => {
  const filtering = (action: 'Remove' | 'Redact', pattern?: string) => ({
    requestFiltering: { ...NONE, headerFilters: [{ name: 'x-a', action, pattern }] },
  });
  expect(found(filtering('Redact'))).toEqual([
    'app/gw requestFiltering.headerFilters[0]: Envoy cannot change a header by its value here',
  ]);
  expect(found(filtering('Remove', 'secret.*'))).toEqual([
    'app/gw requestFiltering.headerFilters[0]: Envoy cannot change a header by its value here',
  ]);
});

it('records requests, without what it cannot make a digest of', () => {
  const audit = { level: 'Request', format: 'JSON', metadata: false } as const;
  expect(found({ audit })).toEqual([]);
  expect(found({ audit: { ...audit, metadata: true } })).toHaveLength(1);
});

it('says of all that it refuses that Envoy cannot do it', () => {
  const refused = Object.entries(POLICY_CAPABILITIES).filter(([, { supported }]) => !supported);
  expect(refused.filter(([, { reason }]) => !reason.startsWith('Envoy cannot ')).map(([feature]) => feature)).toEqual(
    [],
  );
});
