import { messageFilter } from '../../../src/backends/envoy/message';
import { MESSAGE_SCRIPT } from '../../../src/backends/envoy/message-script';

/* What the program does is tested on Envoy itself, by the conformance tests. */

it('looks at every message, and never at a program that failed', () => {
  expect(messageFilter()).toMatchObject({
    name: 'mcp.message',
    typed_config: { default_source_code: { inline_string: MESSAGE_SCRIPT } },
  });
  expect(MESSAGE_SCRIPT).toContain('pcall(is_unambiguous, text)');
});

it('is written in ASCII, without anything that JavaScript would have replaced', () => {
  expect(MESSAGE_SCRIPT).toMatch(/^[\n\x20-\x7e]*$/);
  expect(MESSAGE_SCRIPT).toContain(String.raw`"[\\\128-\255]"`);
  expect(MESSAGE_SCRIPT).toContain(String.raw`'["\\]'`);
});
