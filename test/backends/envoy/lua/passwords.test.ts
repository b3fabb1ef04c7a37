import * as fc from 'fast-check';
import { sourceOf } from '../../../../scripts/lua/programs';
import { evaluate, literal, utf8 } from '../../../support/lua/vm';

const call = (name: string, ...args: string[]): Promise<any> =>
  evaluate(`${sourceOf('digests.lua').code}
${sourceOf('passwords.lua').code}
return ${name}(${args.map(literal).join(', ')})`);

describe('the hash of htpasswd', () => {
  // openssl passwd -apr1 -salt SALT PASSWORD
  it.each([
    ['a', '$apr1$abcdefgh$G8IsPsylW5ROvIKsQMRG61'],
    ['', '$apr1$emptyone$asZXBLnBtfyCx6LRYF2LA.'],
    ['secret', '$apr1$r31jKnTu$fJd8EYaXhFQrYp3EBa2VU1'],
    ['password', '$apr1$./.AZaz9$Bp/8X48fOJpeAftt5kC6j1'],
    ['short salt', '$apr1$x$vgFrl2RFHQNObHHupNrZ60'],
    ['fifteen letters', '$apr1$8sALT8sa$s0jOIU/HwmvdIkh9XLjJW.'],
    ['sixteen letters!', '$apr1$8sALT8sa$2LmlYKf90X0SWiC1AYTS4/'],
    ['seventeen letters', '$apr1$8sALT8sa$HjexNGzVlK5HdmjOEHXtE.'],
    ['thirty-two letters, to the last.', '$apr1$12345678$XFGdDV3RcqWXeXOuCuXdz/'],
    ['x'.repeat(64), '$apr1$abcdefgh$sYpVmKv8KQPwkvpertal7/'],
    ['y'.repeat(200), '$apr1$abcdefgh$anNn0WmGChwsSfBgWpCm60'],
    ['pä€', '$apr1$saltsalt$GAaP1pFNfxCj4IQJFBiu31'],
    ['with $ and : and "quotes"', '$apr1$salt1234$Czi0i3khKwEjxA3Su3Wt/1'],
  ])('of %j is that of openssl', async (password, hashed) => {
    const [, , salt, hash] = hashed.split('$');
    expect(await call('apr1', utf8(password), salt)).toBe(hash);
  });
});

describe('base64', () => {
  it('gives the bytes that were written', () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async array => {
        const bytes = Buffer.from(array);
        expect(await call('from_base64', bytes.toString('base64'))).toBe(bytes.toString('latin1'));
      }),
    ));

  it('gives no other bytes than node reads, whatever the text', () =>
    fc.assert(
      fc.asyncProperty(fc.stringOf(fc.constantFrom(...'AZaz09+/=-_ \n'), { maxLength: 12 }), async text => {
        const bytes = await call('from_base64', text);
        expect([null, Buffer.from(text, 'base64').toString('latin1')]).toContain(bytes);
      }),
    ));

  it.each(['A', 'AA', 'AAA', 'A===', '=AAA', 'AA=A', 'AAAA=', 'AA-_', 'AA A', 'AAAA\n', '\xe4AAA'])(
    'is not what is in %j',
    async text => {
      expect(await call('from_base64', text)).toBeNull();
    },
  );
});

describe('a file of htpasswd', () => {
  it('has salt and hash of each user', async () => {
    expect(await call('htpasswd', 'alice:$apr1$abcdefgh$G8Is./\r\nbob:$apr1$x$vgFr  \n\n')).toEqual({
      alice: { salt: 'abcdefgh', hash: 'G8Is./' },
      bob: { salt: 'x', hash: 'vgFr' },
    });
  });

  it('knows users by their first line, also where that lets nobody in', async () => {
    expect(
      await call('htpasswd', 'alice:$2y$05$abc\nalice:$apr1$x$vgFr\nbob:$apr1$x$first\nbob:$apr1$x$second\n'),
    ).toEqual({
      alice: {},
      bob: { salt: 'x', hash: 'first' },
    });
  });

  it.each([
    ['no user', ':$apr1$x$vgFr'],
    ['no colon', 'alice'],
    ['nothing at all', ''],
  ])('has nobody in a line with %s', async (_, text) => {
    expect(await call('htpasswd', text)).toEqual({});
  });

  it.each(['plain', '{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=', '$apr1$x$', '$apr1$$vgFr', '$apr1$x$vg Fr', '$1$x$vgFr'])(
    'lets nobody in by %s',
    async hashed => {
      expect(await call('htpasswd', `alice:${hashed}`)).toEqual({ alice: {} });
    },
  );
});
