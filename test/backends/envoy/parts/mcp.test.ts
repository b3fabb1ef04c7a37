import { MESSAGE_PROGRAM } from '../../../../src/backends/envoy/lua/programs';
import { mcp, message } from '../../../../src/backends/envoy/parts/mcp';
import { Filtering } from '../../../../src/model/traffic-policy';
import { emitted, foundBy, planOfEntries } from '../plans';

const NONE: Filtering = { headerFilters: [], bodyFilters: [] };
const planOf = (filtering: Partial<Filtering>) =>
  planOfEntries([], { traffic: { path: 'app/gw', demands: [], requestFiltering: { ...NONE, ...filtering } } });
const limitOf = (filtering: Partial<Filtering>) =>
  emitted(mcp.filters!(planOf(filtering)))[0].typed_config.max_request_body_size;

it('bounds bodies', () => {
  expect(limitOf({})).toBe(2 ** 21);
  expect(limitOf({ sizeLimit: 1000 })).toBe(1000);
  expect(limitOf({ sizeLimit: 5000, bodyFilters: [{ type: 'Size', action: 'Deny', pattern: '2Ki' }] })).toBe(2048);
});

it('refuses bodies that it could not read', () => {
  expect(foundBy(mcp, planOf({ sizeLimit: 10 * 2 ** 20 }))).toEqual([]);
  expect(foundBy(mcp, planOf({ sizeLimit: 10 * 2 ** 20 + 1 }))).toEqual([
    'app/gw requestFiltering.sizeLimit: Envoy cannot read bodies above 10 MiB',
  ]);
});

/* What the program does is tested in lua/message.test.ts. */

it('looks at every message, and never at a program that failed', () => {
  expect(message.filters!(planOfEntries([]))[0]).toMatchObject({
    name: 'mcp.message',
    typed_config: { default_source_code: { inline_string: MESSAGE_PROGRAM } },
  });
  expect(MESSAGE_PROGRAM).toContain('pcall(is_unambiguous, text)');
});
