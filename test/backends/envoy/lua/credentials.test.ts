import * as fc from 'fast-check';
import { CREDENTIALS_PROGRAM } from '../../../../src/backends/envoy/lua/programs';
import { serverCredentials } from '../../../../src/backends/envoy/parts/server-credentials';
import { BackendCredential } from '../../../../src/model/server';
import { entryOf, groupOf, serverOf } from '../../../support/literals';
import { LuaRequest, serve } from '../../../support/lua/handle';
import { utf8 } from '../../../support/lua/vm';
import { planOfEntries, routeOf } from '../plans';

const secret = (key: string) => ({ secretName: 'crm', key });
const TOKEN: BackendCredential = { kind: 'header', name: 'authorization', prefix: 'Bearer ', value: secret('token') };
const KEY: BackendCredential = { kind: 'header', name: 'x-api-key', prefix: '', value: secret('key') };
const PASSWORD: BackendCredential = { kind: 'basic', username: secret('user'), password: secret('password') };
const PASSWORD_OF_ALICE: BackendCredential = { ...PASSWORD, username: 'alice' };
const REFUSED = { headers: { ':status': '503' }, body: 'a credential of the server cannot be read\n' };

/** What becomes of a request to a server with some credentials, whose Secret has some keys. */
async function outcomeOf(
  credentials: readonly BackendCredential[],
  values: Readonly<Record<string, string>>,
  headers: LuaRequest['headers'] = {},
) {
  const plan = planOfEntries([entryOf([groupOf('default', [serverOf('crm', { credentials })])])]);
  const context = routeOf(serverCredentials, plan).filters!['mcp.credentials'].filter_context;
  const files = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [`/etc/envoy-secrets/crm/${key}`, value]),
  );
  return (await serve(CREDENTIALS_PROGRAM, [{ context, files, headers }]))[0];
}
const base64 = (text: string) => Buffer.from(text).toString('base64');

const SENT: BackendCredential = {
  kind: 'callerHeader',
  from: 'x-github-token',
  name: 'authorization',
  prefix: 'Bearer ',
};

describe('what callers send for a server', () => {
  it('is put in the place of what they send to the gateway', async () => {
    const headers = { 'x-github-token': ['ghp_1'], authorization: ['Bearer mine'] };
    expect((await outcomeOf([SENT], {}, headers)).headers).toMatchObject({ authorization: ['Bearer ghp_1'] });
  });

  it('is nothing where they send nothing', async () => {
    const outcome = await outcomeOf([SENT], {}, { authorization: ['Bearer mine'] });
    expect(outcome.headers).toEqual({});
    expect(outcome.log).toEqual([]);
  });
});

describe('a request to a server', () => {
  it.each([
    ['a value behind a prefix', [TOKEN], { token: 's3cret' }, { authorization: 'Bearer s3cret' }],
    ['a value without the space at its ends', [KEY], { key: ' \n s3cret \r\n' }, { 'x-api-key': 's3cret' }],
    ['a value with space in it', [KEY], { key: 'a b' }, { 'x-api-key': 'a b' }],
    [
      'user name and password of a Secret',
      [PASSWORD],
      { user: 'bob\n', password: 'pä:ss\n' },
      { authorization: `Basic ${base64('bob:pä:ss')}` },
    ],
    [
      'a password of a user that is known',
      [PASSWORD_OF_ALICE],
      { password: 'secret' },
      { authorization: `Basic ${base64('alice:secret')}` },
    ],
    [
      'several',
      [PASSWORD_OF_ALICE, KEY],
      { password: 'p', key: 'k' },
      { authorization: `Basic ${base64('alice:p')}`, 'x-api-key': 'k' },
    ],
  ])('gets %s', async (_, credentials, values: Readonly<Record<string, string>>, expected) => {
    const bytes = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, utf8(value)]));
    expect(await outcomeOf(credentials, bytes)).toEqual({
      headers: Object.fromEntries(Object.entries(expected).map(([name, value]) => [name, [value]])),
      metadata: {},
      log: [],
    });
  });

  it('keeps nothing of what the caller sent in their place', async () => {
    const { headers } = await outcomeOf([KEY], { key: 's3cret' }, { 'X-Api-Key': ['forged', 'twice'], accept: 'a' });
    expect(headers).toEqual({ 'x-api-key': ['s3cret'], accept: ['a'] });
  });

  it.each([
    ['no file', [KEY], {}, 'x-api-key'],
    ['an empty file', [KEY], { key: '' }, 'x-api-key'],
    ['nothing but space', [KEY], { key: ' \n' }, 'x-api-key'],
    ['a second line', [KEY], { key: 'a\r\nx-admin: true' }, 'x-api-key'],
    ['a byte of zero', [KEY], { key: 'a\0b' }, 'x-api-key'],
    ['no user', [PASSWORD], { password: 'p' }, 'authorization'],
    ['no password', [PASSWORD], { user: 'u' }, 'authorization'],
    ['no password of a user that is known', [PASSWORD_OF_ALICE], {}, 'authorization'],
    ['only one of two', [TOKEN, KEY], { token: 't' }, 'x-api-key'],
  ])('is answered where there is %s', async (_, credentials, values: Readonly<Record<string, string>>, header) => {
    expect(await outcomeOf(credentials, values, { authorization: 'of the caller' })).toEqual({
      response: REFUSED,
      headers: { authorization: ['of the caller'] },
      metadata: {},
      log: [`no value for the header ${header} of a server`],
    });
  });

  it('gets any value that can stand in a header, and no other', () =>
    fc.assert(
      fc.asyncProperty(
        fc.stringOf(fc.oneof(fc.fullUnicode(), fc.constantFrom(' ', '\t', '\n', '\r', '\0', '\x7f', '%c')), {
          maxLength: 12,
        }),
        async text => {
          const { response, headers, failure } = await outcomeOf([KEY], { key: utf8(text) });
          const value = text.replace(/^[ \t-\r]+|[ \t-\r]+$/g, '');
          const can = value !== '' && ![...value].some(character => character < ' ' || character === '\x7f');
          expect({ response, headers, failure }).toEqual(
            can ? { headers: { 'x-api-key': [utf8(value)] } } : { response: REFUSED, headers: {} },
          );
        },
      ),
    ));
});
