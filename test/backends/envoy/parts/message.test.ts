import { MESSAGE_PROGRAM } from '../../../../src/backends/envoy/lua/programs';
import { message } from '../../../../src/backends/envoy/parts/message';
import { planOfEntries } from '../plans';

/* What the program does is tested in lua/message.test.ts. */

it('looks at every message, and never at a program that failed', () => {
  expect(message.filters!(planOfEntries([]))[0]).toMatchObject({
    name: 'mcp.message',
    typed_config: { default_source_code: { inline_string: MESSAGE_PROGRAM } },
  });
  expect(MESSAGE_PROGRAM).toContain('pcall(is_unambiguous, text)');
});
