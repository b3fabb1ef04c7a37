import { readdirSync } from 'fs';
import { join } from 'path';
import { sourceOf } from '../../scripts/lua/programs';
import { evaluate } from '../support/lua/vm';

/*
 * The tests of the proxy's programs, and of what they are tested with, once more: in LuaJIT, which is Envoy's Lua and which
 * LUAJIT_BINARY names.
 */

const TESTS = ['backends/envoy/lua', 'support/lua'].flatMap(folder =>
  readdirSync(join(__dirname, '..', folder))
    .filter(file => file.endsWith('.test.ts'))
    .map(file => `${folder}/${file}`),
);

if (process.env.LUAJIT_BINARY === undefined) {
  process.stderr.write('SKIPPED: programs in LuaJIT: set LUAJIT_BINARY, or run `npm run conformance -- lua`\n');
  test.skip('programs in LuaJIT', () => undefined);
} else {
  test('Lua is LuaJIT', async () => {
    expect(await evaluate('return jit.version')).toMatch(/^LuaJIT 2\.1/);
  });

  test('a million times "a" has the digest of RFC 6234', async () => {
    expect(await evaluate(`${sourceOf('digests.lua').code}\nreturn hex(sha256(("a"):rep(1000000)))`)).toBe(
      'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
    );
  });

  // Loaded here, they are tests of this file.
  describe.each(TESTS)('%s', file => {
    require(join(__dirname, '..', file));
  });
}
