import { headerChanges } from '../../../../src/backends/envoy/parts/header-changes';
import { Entry } from '../../../../src/model/plan';
import { groupOf, serverOf } from '../../../support/literals';
import { envoyPlanOf, routeOf } from '../plans';

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
