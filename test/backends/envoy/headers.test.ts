import { headerChanges } from '../../../src/backends/envoy/headers';
import { entryOf } from '../../support/literals';

it('sets, adds and removes headers, of requests and of answers', () => {
  const entry = entryOf([], {
    requestHeaders: { set: [{ name: 'x-a', value: '1' }], add: [{ name: 'x-b', value: '2' }], remove: ['x-c'] },
    responseHeaders: { set: [], add: [], remove: ['server'] },
  });
  expect(headerChanges(entry)).toEqual({
    request_headers_to_add: [
      { header: { key: 'x-a', value: '1' }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' },
      { header: { key: 'x-b', value: '2' }, append_action: 'APPEND_IF_EXISTS_OR_ADD' },
    ],
    request_headers_to_remove: ['x-c'],
    response_headers_to_remove: ['server'],
  });
  expect(headerChanges(entryOf([]))).toEqual({});
});

it('takes values as they are', () => {
  const [changed, empty] = headerChanges(
    entryOf([], {
      requestHeaders: {
        set: [
          { name: 'x-a', value: '100%REQ(authorization)%' },
          { name: 'x-b', value: '' },
        ],
        add: [],
        remove: [],
      },
    }),
  ).request_headers_to_add;
  expect(changed.header.value).toBe('100%%REQ(authorization)%%');
  expect(empty.keep_empty_value).toBe(true);
});
