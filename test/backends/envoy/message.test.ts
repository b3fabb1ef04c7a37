import { MESSAGE_PROGRAM } from '../../../src/backends/envoy/lua/programs';
import { messageFilter } from '../../../src/backends/envoy/message';

/* What the program does is tested in lua/message.test.ts. */

it('looks at every message, and never at a program that failed', () => {
  expect(messageFilter()).toMatchObject({
    name: 'mcp.message',
    typed_config: { default_source_code: { inline_string: MESSAGE_PROGRAM } },
  });
  expect(MESSAGE_PROGRAM).toContain('pcall(is_unambiguous, text)');
});
