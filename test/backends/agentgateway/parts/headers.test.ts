import {
  changesOf,
  headerChangesOf,
  headerFilters as part,
  headerRule,
} from '../../../../src/backends/agentgateway/parts/headers';
import { HeaderFilter } from '../../../../src/model/traffic-policy';
import { entryOf, findingsInShort, gatewayOf, groupOf, serverOf } from '../../../support/literals';
import { apiKeyOf, jwtOf, policyOf } from '../policy-fixtures';

it('leaves out modifiers that change nothing', () => {
  expect(changesOf(undefined)).toBeUndefined();
  expect(changesOf({ set: [], add: [], remove: [] })).toBeUndefined();
});

it('joins values that are added under one name, and keeps the last that is set', () => {
  expect(
    changesOf({
      set: [
        { name: 'x-a', value: '1' },
        { name: 'x-a', value: '2' },
      ],
      add: [
        { name: 'x-b', value: '1' },
        { name: 'x-b', value: '2' },
      ],
      remove: ['x-c'],
    }),
  ).toEqual({ set: { 'x-a': '2' }, add: { 'x-b': '1, 2' }, remove: ['x-c'] });
});

const filter = (action: HeaderFilter['action'], pattern?: string, name = 'x-a'): HeaderFilter => ({
  name,
  action,
  pattern,
});

it('refuses by rules alone', () => {
  expect(headerRule(filter('Deny'))).toBe('!("x-a" in request.headers)');
  expect(headerRule(filter('Deny', 'b'))).toBe(
    '(!("x-a" in request.headers)) || (!(request.headers.join()["x-a"].matches("^(?:b)$")))',
  );
  expect(headerRule(filter('Allow', 'b'))).toBe(
    '(!("x-a" in request.headers)) || (request.headers.join()["x-a"].matches("^(?:b)$"))',
  );
  expect(headerRule(filter('Remove'))).toBeUndefined();
  expect(headerChangesOf([filter('Deny'), filter('Allow', 'b')], 'request')).toEqual({});
});

it('takes out by name, or by value', () => {
  expect(headerChangesOf([filter('Remove'), filter('Redact')], 'request')).toEqual({ remove: ['x-a'] });
  expect(headerChangesOf([filter('Remove', 's.*')], 'response')).toEqual({
    set: {
      'x-a': 'response.headers.join()["x-a"].matches("^(?:s.*)$") ? fail("removed") : response.headers.join()["x-a"]',
    },
  });
});

it('applies all filters of a header, the first that matches first', () => {
  expect(
    headerChangesOf([filter('Redact', 'a'), filter('Remove', 'b'), filter('Redact', 'c', 'x-b')], 'request').set,
  ).toEqual({
    'x-a':
      'request.headers.join()["x-a"].matches("^(?:a)$") ? "[redacted]" : request.headers.join()["x-a"].matches("^(?:b)$") ? fail("removed") : request.headers.join()["x-a"]',
    'x-b': 'request.headers.join()["x-b"].matches("^(?:c)$") ? "[redacted]" : request.headers.join()["x-b"]',
  });
});

it('leaves a header away that is not there', () => {
  expect(headerChangesOf([filter('Redact')], 'request').set).toEqual({
    'x-a': 'size(request.headers.join()["x-a"]) >= 0 ? "[redacted]" : request.headers.join()["x-a"]',
  });
});

it('refuses filters of headers that are no longer there when they would be asked', () => {
  const headerFilters: readonly HeaderFilter[] = [
    { name: 'authorization', action: 'Redact' },
    { name: 'x-api-key', action: 'Deny' },
    { name: 'x-a', action: 'Deny' },
    { name: 'mcp-session-id', action: 'Remove' },
    { name: 'accept', action: 'Deny' },
  ];
  const traffic = { path: 'app/gw', demands: [], requestFiltering: { headerFilters, bodyFilters: [] } };
  const entry = entryOf([groupOf('default', [serverOf('ledger')])], {
    policy: policyOf({ authentication: [jwtOf(), apiKeyOf()] }),
  });
  expect(findingsInShort(part.check({ gateway: gatewayOf({ traffic }), entries: [entry] }))).toEqual([
    'error app/gw requestFiltering.headerFilters[0].name: agentgateway cannot filter the header of a credential: it takes the credential out of the request when it has verified it',
    'error app/gw requestFiltering.headerFilters[1].name: agentgateway cannot filter the header of a credential: it takes the credential out of the request when it has verified it',
    'error app/gw requestFiltering.headerFilters[3].name: agentgateway cannot take this header out: it sets the header itself',
  ]);
});
