import { HeaderModifier } from '../../../src/model/route';
import { HeaderFilter } from '../../../src/model/traffic-policy';
import { withFilteredHeaders } from '../../../src/passes/entries/filtered-headers';
import { entryOf, groupOf, serverOf } from '../../support/literals';

const ENTRY = entryOf([groupOf('default', [serverOf('ledger')])]);

/** What is left of changes of a route, and what is said of the rest. */
function held(changes: Partial<HeaderModifier>, ...headerFilters: HeaderFilter[]) {
  const requestHeaders = { set: [], add: [], remove: [], ...changes };
  const { entry, diagnostics } = withFilteredHeaders(
    { ...ENTRY, requestHeaders },
    { path: 'app/gateway', demands: [], requestFiltering: { headerFilters, bodyFilters: [] } },
  );
  return { left: entry.requestHeaders, properties: diagnostics.map(({ property }) => property) };
}

const DEBUG = { name: 'x-debug', value: 'all' };

it('a header that the gateway removes is not set again', () => {
  expect(held({ set: [DEBUG] }, { name: 'x-debug', action: 'Remove' })).toEqual({
    left: { set: [], add: [], remove: [] },
    properties: ['requestHeaders.set[x-debug]'],
  });
});

it('nor is one of a value that it removes, and what the client sends goes as well', () => {
  expect(held({ set: [DEBUG] }, { name: 'x-debug', action: 'Remove', pattern: 'all|some' })).toEqual({
    left: { set: [], add: [], remove: ['x-debug'] },
    properties: ['requestHeaders.set[x-debug]'],
  });
});

it('nor is it added', () => {
  expect(held({ add: [DEBUG], remove: ['x-a'] }, { name: 'x-debug', action: 'Remove' })).toEqual({
    left: { set: [], add: [], remove: ['x-a'] },
    properties: ['requestHeaders.add[x-debug]'],
  });
});

it('a value is put in the place of one that the gateway redacts', () => {
  const redacted = { name: 'x-debug', value: '[redacted]' };
  expect(held({ set: [DEBUG] }, { name: 'x-debug', action: 'Redact', pattern: 'a.*' }).left!.set).toEqual([redacted]);
  expect(held({ set: [DEBUG] }, { name: 'x-debug', action: 'Redact', pattern: 'a' }).left!.set).toEqual([DEBUG]);
});

it.each<[string, HeaderFilter, boolean]>([
  ['denied at all', { name: 'x-debug', action: 'Deny' }, false],
  ['of a denied value', { name: 'x-debug', action: 'Deny', pattern: 'all|some' }, false],
  ['of another value than one denied', { name: 'x-debug', action: 'Deny', pattern: 'some' }, true],
  ['of an allowed value', { name: 'x-debug', action: 'Allow', pattern: 'all' }, true],
  ['of another value than those allowed', { name: 'x-debug', action: 'Allow', pattern: 'some' }, false],
  ['of another name', { name: 'x-other', action: 'Remove' }, true],
])('a header %s', (_, filter, stays) => {
  const { left, properties } = held({ set: [DEBUG] }, filter);
  expect(left).toEqual(stays ? { set: [DEBUG], add: [], remove: [] } : { set: [], add: [], remove: ['x-debug'] });
  expect(properties).toHaveLength(stays ? 0 : 1);
});

it('of answers as of requests', () => {
  const { entry, diagnostics } = withFilteredHeaders(
    { ...ENTRY, responseHeaders: { set: [DEBUG], add: [], remove: [] } },
    {
      path: 'app/gateway',
      demands: [],
      responseFiltering: {
        headerFilters: [
          { name: 'x-other', action: 'Remove' },
          { name: 'x-debug', action: 'Remove' },
        ],
        bodyFilters: [],
        removeInternalHeaders: false,
      },
    },
  );
  expect(entry.responseHeaders).toEqual({ set: [], add: [], remove: [] });
  expect(diagnostics).toEqual([
    {
      id: 'route-header-filtered',
      severity: 'warning',
      path: ENTRY.origin,
      property: 'responseHeaders.set[x-debug]',
      value: 'all',
      problem:
        'has no effect: app/gateway filters this header (responseFiltering.headerFilters[1]), and its word is the last',
      remedy: 'Remove it, or change the filter of the gateway',
    },
  ]);
});

it('an entry of a gateway that filters nothing stays as it is', () => {
  expect(withFilteredHeaders(ENTRY, undefined)).toEqual({ entry: ENTRY, diagnostics: [] });
});
