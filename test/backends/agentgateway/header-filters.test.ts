import { headerChangesOf, headerRule } from '../../../src/backends/agentgateway/header-filters';
import { HeaderFilter } from '../../../src/model/traffic-policy';

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
