import { createHash } from 'crypto';
import * as fc from 'fast-check';
import { CALLER_METADATA, JWT_METADATA } from '../../../../src/backends/envoy/config/names';
import { methodName } from '../../../../src/backends/envoy/dialect/identity';
import { CALLER_PROGRAM } from '../../../../src/backends/envoy/lua/programs';
import { callers } from '../../../../src/backends/envoy/parts/callers';
import { Entry } from '../../../../src/model/plan';
import { AuthenticationMethod, AuthorizationRule, SingleMethod } from '../../../../src/model/policy';
import { entryOf, groupOf, serverOf } from '../../../support/literals';
import { LuaRequest, Outcome, serve } from '../../../support/lua/handle';
import { utf8 } from '../../../support/lua/vm';
import { allow, anyOf, apiKeyOf, BASIC, CERTIFICATE, jwtOf, policyOf } from '../../agentgateway/policy-fixtures';
import { entryFilters, planOfEntries } from '../plans';

const sha256 = (text: string) => createHash('sha256').update(text, 'latin1').digest('hex');
const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

const JWT = jwtOf();
const KEY = apiKeyOf({
  keys: [
    { secret: { kind: 'sha256', hex: sha256('s3cret') }, user: 'bot', groups: ['bots'] },
    { secret: { kind: 'secret', ref: { secretName: 'keys', key: 'ci' } }, groups: [] },
  ],
});
const KEY_FILE = '/etc/envoy-secrets/keys/ci';
const PASSWORD_FILE = '/etc/envoy-secrets/passwords/htpasswd';
/** Of `secret` and of `a`, by openssl. */
const ALICE = 'alice:$apr1$r31jKnTu$fJd8EYaXhFQrYp3EBa2VU1\n';
const BOB = 'bob:$apr1$abcdefgh$G8IsPsylW5ROvIKsQMRG61\n';
const FILES = { [KEY_FILE]: 'of a file\n', [PASSWORD_FILE]: ALICE + BOB };

const CLAIMS = { iss: JWT.issuer, aud: 'mcp', sub: 'alice', groups: ['interns'] };
/** A request with a token, as Envoy's own filter leaves it: with the claims of one that is good. */
const withToken = (claims: object | null = CLAIMS, headers: LuaRequest['headers'] = {}): LuaRequest => ({
  headers: { authorization: 'Bearer e30.e30.c2ln', ...headers },
  metadata: claims === null ? {} : { [JWT_METADATA]: { [methodName(JWT)]: claims } },
});
const withHeader = (name: string, value: string | readonly string[]): LuaRequest => ({ headers: { [name]: value } });
const withCertificate = (commonName?: string, validated = true): LuaRequest => ({
  certificate: { presented: true, validated, commonName },
});

const contextOf = (methods: readonly AuthenticationMethod[], options: Partial<Entry> = {}) =>
  entryFilters(
    callers,
    planOfEntries([
      entryOf([groupOf('default', [serverOf('ledger')])], {
        policy: policyOf({ authentication: methods }),
        ...options,
      }),
    ]),
  )[0]['mcp.authentication'].filter_context;
/** What becomes of requests to a route, one after the other. */
const outcomesOf = (
  methods: readonly AuthenticationMethod[],
  requests: readonly LuaRequest[],
  options: Partial<Entry> = {},
): Promise<Outcome[]> =>
  serve(
    CALLER_PROGRAM,
    requests.map(request => ({ context: contextOf(methods, options), files: FILES, ...request })),
  );
const outcomeOf = async (
  methods: readonly AuthenticationMethod[],
  request: LuaRequest,
  options: Partial<Entry> = {},
): Promise<Outcome> => (await outcomesOf(methods, [request], options))[0];
/** Whether each request passes, or is told that nobody knows the caller. */
const admissions = async (
  methods: readonly AuthenticationMethod[],
  requests: readonly LuaRequest[],
): Promise<boolean[]> =>
  (await outcomesOf(methods, requests)).map(({ response, failure }) => {
    expect(failure).toBeUndefined();
    expect([undefined, '401']).toContain(response?.headers[':status']);
    return response === undefined;
  });

describe('a token', () => {
  it('that Envoy has verified passes, and stays with the gateway', async () => {
    expect(await outcomeOf([JWT], withToken(CLAIMS, { accept: 'a' }))).toEqual({
      headers: { accept: ['a'] },
      metadata: {
        [JWT_METADATA]: { [methodName(JWT)]: CLAIMS },
        [CALLER_METADATA]: { user: 'alice', principal: `token ${JWT.issuer} alice` },
      },
      log: [],
    });
  });

  it.each([
    ['that is not there', {}],
    ['that Envoy did not verify', withToken(null)],
    ['for others', withToken({ ...CLAIMS, aud: ['other', 'others'] })],
    ['for an audience that is only similar', withToken({ ...CLAIMS, aud: 'https://mcp/' })],
    ['for nobody', withToken({ ...CLAIMS, aud: undefined })],
    ['beside something else', withToken(CLAIMS, { authorization: 'Bearer e30.e30.c2ln, e30.e30.c2ln' })],
    ['that is there twice', withToken(CLAIMS, { authorization: ['Bearer e30.e30.c2ln', 'Bearer e30.e30.c2ln'] })],
    ['of another scheme', withToken(CLAIMS, { authorization: 'Token e30.e30.c2ln' })],
    ['without the token', withToken(CLAIMS, { authorization: 'Bearer ' })],
  ])('%s does not pass', async (_, request) => {
    expect(await admissions([JWT], [request])).toEqual([false]);
  });

  it.each([
    ['one of several audiences', withToken({ ...CLAIMS, aud: ['other', 'mcp'] })],
    ['a scheme in another case', withToken(CLAIMS, { authorization: 'bEARER e30.e30.c2ln' })],
  ])('passes with %s', async (_, request) => {
    expect(await admissions([JWT], [request])).toEqual([true]);
  });

  it('says who the user is where the method says it does', async () => {
    const nested = jwtOf({ claims: { user: ['act', 'name'], groups: ['groups'] } });
    const said = async (claims: object) =>
      (
        await outcomeOf([nested], {
          ...withToken(),
          metadata: { [JWT_METADATA]: { [methodName(nested)]: { ...CLAIMS, ...claims } } },
        })
      ).metadata[CALLER_METADATA];
    const principal = `token ${JWT.issuer} alice`;
    expect(await said({ act: { name: 'carol' } })).toEqual({ user: 'carol', principal });
    expect(await said({ act: 'carol' })).toEqual({ principal });
    expect(await said({ act: { name: '' } })).toEqual({ principal });
    expect(await said({ act: { name: 7 }, sub: undefined })).toBeUndefined();
  });

  it('goes on to a server that wants it', async () => {
    const token = jwtOf({ header: { name: 'x-token', prefix: '' } });
    const wanting = { groups: [groupOf('default', [serverOf('ledger', { credentials: [{ kind: 'callerToken' }] })])] };
    const { headers } = await outcomeOf(
      [token],
      {
        headers: { 'x-token': 'e30.e30.c2ln', authorization: 'Bearer of another' },
        metadata: { [JWT_METADATA]: { [methodName(token)]: CLAIMS } },
      },
      wanting,
    );
    expect(headers).toEqual({ authorization: ['Bearer e30.e30.c2ln'] });
  });
});

describe('a key', () => {
  const passes = (user?: string) => ({
    headers: {},
    metadata: {
      [CALLER_METADATA]: {
        [methodName(KEY)]: { verified: true, ...(user === undefined ? {} : { user, groups: ['bots'] }) },
        ...(user === undefined ? {} : { user, principal: `user ${user}` }),
      },
    },
    log: [],
  });

  it('passes by its hash, or by what is in a file, and says whose it is', async () => {
    expect(await outcomeOf([KEY], withHeader('x-api-key', 's3cret'))).toEqual(passes('bot'));
    expect(await outcomeOf([KEY], withHeader('X-Api-Key', 'of a file'))).toEqual(passes());
  });

  it('that is another does not pass', async () => {
    const others = ['', 'S3CRET', 's3cret ', 'of a file\n', 'bot', sha256('s3cret'), ['s3cret', 's3cret']];
    expect(await admissions([KEY], [{}, ...others.map(key => withHeader('x-api-key', key))])).not.toContain(true);
  });

  it.each([
    ['nothing', ''],
    ['nothing but the end of a line', '\r\n'],
  ])('is none where a file holds %s', async (_, text) => {
    const files = { [KEY_FILE]: text };
    expect(
      await admissions(
        [KEY],
        ['', '\n', '\r\n'].map(key => ({ ...withHeader('x-api-key', key), files })),
      ),
    ).not.toContain(true);
  });

  it('passes without the end of its line', async () => {
    const asked = (text: string) => ({ ...withHeader('x-api-key', 'k'), files: { [KEY_FILE]: text } });
    expect(await admissions([KEY], [asked('k\n')])).toEqual([true]);
    expect(await admissions([KEY], [asked('k\r\n')])).toEqual([true]);
    expect(await admissions([KEY], [asked('k\n\n')])).toEqual([false]);
  });

  it('that is endless is not even looked at', async () => {
    const key = (length: number) => 'k'.repeat(length);
    const known = apiKeyOf({
      keys: [4096, 4097].map(length => ({ secret: { kind: 'sha256', hex: sha256(key(length)) }, groups: [] })),
    });
    expect(
      await admissions(
        [known],
        [4096, 4097].map(length => withHeader('x-api-key', key(length))),
      ),
    ).toEqual([true, false]);
  });

  it('that is made of two headers does not pass', async () => {
    const known = apiKeyOf({ keys: [{ secret: { kind: 'sha256', hex: sha256('a,b') }, groups: [] }] });
    expect(await admissions([known], [withHeader('x-api-key', 'a,b'), withHeader('x-api-key', ['a', 'b'])])).toEqual([
      true,
      false,
    ]);
  });

  it('passes if it is one of those that are known, whatever they are', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.hexaString({ maxLength: 3 }), { minLength: 1, maxLength: 5 }),
        fc.array(fc.hexaString({ maxLength: 3 }), { minLength: 1, maxLength: 5 }),
        async (known, asked) => {
          const method = apiKeyOf({
            keys: known.map(key => ({ secret: { kind: 'sha256', hex: sha256(key) }, groups: [] })),
          });
          const all = [...known, ...asked];
          expect(
            await admissions(
              [method],
              all.map(key => withHeader('x-api-key', key)),
            ),
          ).toEqual(all.map(key => key !== '' && known.includes(key)));
        },
      ),
      { numRuns: 50 },
    ));
});

describe('a password', () => {
  const withPassword = (user: string, password: string, files: LuaRequest['files'] = FILES, time = 0): LuaRequest => ({
    ...withHeader('authorization', basic(user, password)),
    files,
    time,
  });

  it('passes, and says who the user is', async () => {
    expect(await outcomeOf([BASIC], withPassword('alice', 'secret'))).toEqual({
      headers: {},
      metadata: {
        [CALLER_METADATA]: {
          [methodName(BASIC)]: { verified: true, user: 'alice' },
          user: 'alice',
          principal: 'user alice',
        },
      },
      log: [],
    });
  });

  it('passes in any bytes', async () => {
    const files = { [PASSWORD_FILE]: utf8('zoë:$apr1$saltsalt$GAaP1pFNfxCj4IQJFBiu31') };
    expect(await admissions([BASIC], [withPassword('zoë', 'pä€', files)])).toEqual([true]);
  });

  it.each([
    ['that is wrong', withPassword('alice', 'Secret')],
    ['of another', withPassword('bob', 'secret')],
    ['of nobody', withPassword('carol', 'secret')],
    ['of a user without a name', withPassword('', 'secret')],
    ['without a colon', withHeader('authorization', `Basic ${Buffer.from('alice').toString('base64')}`)],
    ['that is no base64', withHeader('authorization', 'Basic alice:secret')],
    ['that is there twice', withHeader('authorization', [basic('alice', 'secret'), basic('alice', 'secret')])],
    ['without a file', withPassword('alice', 'secret', {})],
    ['of a user whose hash is of another kind', withPassword('alice', 'secret', { [PASSWORD_FILE]: 'alice:secret' })],
  ])('%s does not pass', async (_, request) => {
    expect(await admissions([BASIC], [request])).toEqual([false]);
  });

  it('that is endless is not even looked at', async () => {
    // By openssl: of 255 letters, and of one more.
    const files = {
      [PASSWORD_FILE]: 'a:$apr1$abcdefgh$.5y1/SnmKOyKwUkqskf9B0\nb:$apr1$abcdefgh$eLVoX6kfOJLEBWboqmhWc.\n',
    };
    expect(
      await admissions([BASIC], [withPassword('a', 'x'.repeat(255), files), withPassword('b', 'x'.repeat(256), files)]),
    ).toEqual([true, false]);
  });

  it('that has passed passes again, and lets no other pass', async () => {
    expect(
      await admissions(
        [BASIC],
        [
          withPassword('alice', 'secret'),
          withPassword('alice', 'wrong'),
          withPassword('bob', 'secret'),
          withPassword('alice', 'secret'),
          withPassword('bob', 'a'),
        ],
      ),
    ).toEqual([true, false, false, true, true]);
  });

  describe('when many are tried', () => {
    const statuses = async (requests: readonly LuaRequest[]): Promise<string[]> =>
      (await outcomesOf([BASIC], requests)).map(({ response }) => String(response?.headers[':status'] ?? 'passed'));
    const tries = (count: number, user: string, address: string, time = 0): LuaRequest[] =>
      Array.from({ length: count }, (_, i) => ({ ...withPassword(user, `${address} ${i}`, FILES, time), address }));
    const [first, second, third] = ['192.0.2.1:1', '192.0.2.2:1', '[2001:db8::1]:1'];

    // Whoever is not in the file counts as much, since as much is done for him.
    it.each(['alice', 'nobody'])('looks at ten of one address in a second: those of %s', async user => {
      expect(
        await statuses([...tries(11, user, first), ...tries(1, user, '192.0.2.1:2'), ...tries(1, user, first, 1)]),
      ).toEqual([...Array(10).fill('401'), '429', '429', '401']);
    });

    it('looks at twenty of all addresses together', async () => {
      expect(
        await statuses([...tries(10, 'alice', first), ...tries(10, 'alice', second), ...tries(1, 'alice', third)]),
      ).toEqual([...Array(20).fill('401'), '429']);
    });

    it('says when to come again, and serves those whom it knows', async () => {
      const known = withPassword('alice', 'secret');
      const outcomes = await outcomesOf(
        [BASIC],
        [known, ...tries(10, 'bob', '192.0.2.1:1234'), known, withPassword('bob', 'a')],
      );
      expect(outcomes[10].response?.headers).toEqual({ ':status': '429', 'retry-after': '1' });
      expect(outcomes[11].response).toBeUndefined();
      expect(outcomes[12].response?.headers[':status']).toBe('429');
    });

    it('knows what was wrong before, without looking again', async () => {
      const again = withPassword('alice', 'wrong');
      expect(await statuses([...Array(30).fill(again), withPassword('alice', 'secret')])).toEqual([
        ...Array(30).fill('401'),
        'passed',
      ]);
    });
  });

  it('that has passed is forgotten when the file says another', async () => {
    const after = {
      [PASSWORD_FILE]: ALICE.replace('r31jKnTu$fJd8EYaXhFQrYp3EBa2VU1', 'abcdefgh$G8IsPsylW5ROvIKsQMRG61'),
    };
    expect(
      await admissions(
        [BASIC],
        [
          withPassword('alice', 'secret', FILES, 0),
          withPassword('alice', 'secret', after, 10),
          withPassword('alice', 'a', after, 10),
        ],
      ),
    ).toEqual([true, false, true]);
  });
});

describe('a file', () => {
  const asked = (key: string, text: string | undefined, time: number): LuaRequest => ({
    ...withHeader('x-api-key', key),
    files: text === undefined ? {} : { [KEY_FILE]: text },
    time,
  });

  it('is read again after ten seconds', async () => {
    expect(
      await admissions(
        [KEY],
        [asked('old', 'old', 100), asked('new', 'new', 109), asked('new', 'new', 110), asked('old', 'new', 110)],
      ),
    ).toEqual([true, false, true, false]);
  });

  it('is read again when the clock went back', async () => {
    expect(await admissions([KEY], [asked('old', 'old', 100), asked('new', 'new', 99)])).toEqual([true, true]);
  });

  it('that is gone lets nobody pass, until it is there again', async () => {
    expect(
      await admissions(
        [KEY],
        [asked('k', undefined, 0), asked('k', 'k', 10), asked('k', undefined, 20), asked('k', 'k', 30)],
      ),
    ).toEqual([false, true, false, true]);
  });
});

describe('a certificate', () => {
  it('passes, and says who the user is', async () => {
    const name = methodName(CERTIFICATE);
    expect((await outcomeOf([CERTIFICATE], withCertificate('agent'))).metadata).toEqual({
      [CALLER_METADATA]: { [name]: { verified: true, user: 'agent' }, user: 'agent', principal: 'user agent' },
    });
    expect((await outcomeOf([CERTIFICATE], withCertificate())).metadata).toEqual({
      [CALLER_METADATA]: { [name]: { verified: true } },
    });
  });

  it.each([
    ['that nobody verified', withCertificate('agent', false)],
    ['that is not there', { certificate: { presented: false, validated: true } }],
    ['on a connection without TLS', {}],
  ])('%s does not pass', async (_, request) => {
    expect(await admissions([CERTIFICATE], [request])).toEqual([false]);
  });
});

describe('several methods', () => {
  it('name the user of the first, and count the token', async () => {
    const request = { ...withToken(CLAIMS, { 'x-api-key': 's3cret' }) };
    const named = async (...methods: readonly AuthenticationMethod[]) => {
      const { user, principal } = (await outcomeOf(methods, request)).metadata[CALLER_METADATA];
      return [user, principal];
    };
    const principal = `token ${JWT.issuer} alice`;
    expect(await named(JWT, KEY)).toEqual(['alice', principal]);
    expect(await named(KEY, JWT)).toEqual(['bot', principal]);
  });

  it('leave nothing of a token by which nobody passed', async () => {
    const { response, metadata } = await outcomeOf([anyOf(JWT, KEY)], {
      ...withToken(),
      ...withHeader('x-api-key', 's3cret'),
    });
    expect(response).toBeUndefined();
    expect(metadata[JWT_METADATA]).toEqual({ [methodName(JWT)]: {} });
  });

  it('of one route say nothing of another', async () => {
    const request = withHeader('x-api-key', 's3cret');
    const [key, password] = await serve(
      CALLER_PROGRAM,
      [KEY, BASIC].map(method => ({ ...request, context: contextOf([method]) })),
    );
    expect([key.response, password.response?.headers[':status']]).toEqual([undefined, '401']);
  });
});

/* Random methods and credentials, against the rule in words: every method by one of its ways, and nothing wrong presented. */

interface Credentials {
  readonly authorization: string;
  readonly key: string;
  readonly certified: boolean;
}

const GOOD_TOKEN = 'Bearer e30.e30.good';
const GOOD_KEY = 'Bearer opaque';
const GOOD_PASSWORD = basic('alice', 'secret');
const BEARER_KEY = apiKeyOf({
  header: { name: 'authorization', prefix: 'Bearer ' },
  keys: [{ secret: { kind: 'sha256', hex: sha256('opaque') }, groups: [] }],
});

/** A way to pass: what it reads there, if anything is, and whether that is right. */
interface Way {
  readonly method: SingleMethod;
  readonly place?: 'authorization' | 'key';
  readonly reads: (value: string) => boolean;
  readonly takes: (credentials: Credentials) => boolean;
}

const inAuthorization = (method: SingleMethod, scheme: string, good: string): Way => ({
  method,
  place: 'authorization',
  reads: value => value.startsWith(`${scheme} `),
  takes: ({ authorization }) => authorization === good,
});
const WAYS: readonly Way[] = [
  inAuthorization(JWT, 'Bearer', GOOD_TOKEN),
  inAuthorization(BEARER_KEY, 'Bearer', GOOD_KEY),
  inAuthorization(BASIC, 'Basic', GOOD_PASSWORD),
  { method: KEY, place: 'key', reads: value => value !== '', takes: ({ key }) => key === 's3cret' },
  { method: CERTIFICATE, reads: () => false, takes: ({ certified }) => certified },
];

/** By every method in one of its ways; and what is presented where a way reads it has to be right for some way. */
function mayPass(methods: readonly (readonly Way[])[], credentials: Credentials): boolean {
  return (
    methods.every(ways => ways.some(({ takes }) => takes(credentials))) &&
    (['authorization', 'key'] as const).every(place => {
      const readers = methods.flat().filter(way => way.place === place && way.reads(credentials[place]));
      return readers.length === 0 || readers.some(({ takes }) => takes(credentials));
    })
  );
}

const methodsArbitrary = fc.array(fc.uniqueArray(fc.constantFrom(...WAYS), { minLength: 1, maxLength: 3 }), {
  minLength: 1,
  maxLength: 3,
});
const credentialsArbitrary: fc.Arbitrary<Credentials> = fc.record({
  authorization: fc.constantFrom(
    '',
    GOOD_TOKEN,
    'Bearer e30.e30.bad',
    GOOD_KEY,
    GOOD_PASSWORD,
    'Basic YQ==',
    'Other x',
  ),
  key: fc.constantFrom('', 's3cret', 'other'),
  certified: fc.boolean(),
});
const requestOf = ({ authorization, key, certified }: Credentials): LuaRequest => ({
  headers: { ...(authorization && { authorization }), ...(key && { 'x-api-key': key }) },
  metadata: authorization === GOOD_TOKEN ? { [JWT_METADATA]: { [methodName(JWT)]: CLAIMS } } : {},
  ...(certified ? withCertificate('agent') : {}),
});

it('lets pass by every method, and with nothing that is wrong', () =>
  fc.assert(
    fc.asyncProperty(
      methodsArbitrary,
      fc.array(credentialsArbitrary, { minLength: 10, maxLength: 20 }),
      async (methods, all) => {
        const asked = methods.map(ways =>
          ways.length === 1 ? ways[0].method : anyOf(...ways.map(({ method }) => method)),
        );
        expect(await admissions(asked, all.map(requestOf))).toEqual(
          all.map(credentials => mayPass(methods, credentials)),
        );
      },
    ),
    { numRuns: 50 },
  ));

describe('who does not pass', () => {
  const refusal = async (
    methods: readonly AuthenticationMethod[],
    request: LuaRequest = {},
    options: Partial<Entry> = {},
  ) => {
    const { response } = await outcomeOf(methods, request, options);
    return [response!.headers[':status'], response!.headers['www-authenticate'], response!.body];
  };
  const OIDC = jwtOf({ resource: { scopes: ['mcp:read', 'mcp:write'] } });
  const METADATA = '/.well-known/oauth-protected-resource/routes/finance/smart';
  const MISSING = 'credentials are missing\n';
  const WRONG = 'the credentials are not accepted\n';
  const at = (authority: string, scheme = 'https'): LuaRequest => ({
    headers: { ':scheme': scheme, ':authority': authority },
  });

  it('is told what to present', async () => {
    expect(await refusal([JWT])).toEqual(['401', ['Bearer'], MISSING]);
    expect(await refusal([BASIC])).toEqual(['401', ['Basic realm="mcp"'], MISSING]);
    expect(await refusal([anyOf(JWT, BASIC)])).toEqual(['401', ['Bearer', 'Basic realm="mcp"'], MISSING]);
    expect(await refusal([KEY])).toEqual(['401', undefined, MISSING]);
  });

  it('is told that what was presented is wrong', async () => {
    expect(await refusal([JWT], withToken(null))).toEqual(['401', ['Bearer error="invalid_token"'], WRONG]);
    expect(await refusal([KEY], withHeader('x-api-key', 'x'))).toEqual(['401', undefined, WRONG]);
  });

  it('is told where to get a token, by the name he calls the gateway by', async () => {
    const told = (resource: string) => [
      '401',
      [`Bearer resource_metadata="${resource}", scope="mcp:read mcp:write"`],
      MISSING,
    ];
    expect(await refusal([OIDC], at('gw.finance.svc:8080', 'http'))).toEqual(
      told(`http://gw.finance.svc:8080${METADATA}`),
    );
    expect(await refusal([OIDC], at('[::1]'))).toEqual(told(`https://[::1]${METADATA}`));
    expect(await refusal([OIDC], at('other'), { publicUrl: 'https://mcp.acme.dev/routes/finance/smart' })).toEqual(
      told(`https://mcp.acme.dev${METADATA}`),
    );
  });

  it.each([
    ['a name that could be anything', at('evil.example/"x')],
    ['a name with spaces', at('a b')],
    ['a scheme that is none', at('gw', 'javascript')],
    ['no name', { headers: { ':scheme': 'https' } }],
  ])('is not told where to get a token by %s', async (_, request) => {
    expect(await refusal([OIDC], request)).toEqual(['401', ['Bearer scope="mcp:read mcp:write"'], MISSING]);
  });
});

it('who passes has noted where to get a token for more, where rules ask for scopes', async () => {
  const oidc = jwtOf({ resource: { scopes: [] } });
  const noted = async (conditions: AuthorizationRule['conditions'], authority: string): Promise<unknown> => {
    const rules = [{ ...allow([{ kind: 'anyAuthenticated' }], ['*']), conditions }];
    const request = withToken(CLAIMS, { ':scheme': 'https', ':authority': authority });
    const { metadata } = await outcomeOf([], request, { policy: policyOf({ authentication: [oidc], rules }) });
    return (metadata[CALLER_METADATA] as Record<string, unknown>).resource;
  };
  const scope = { kind: 'scope', scope: 'write' } as const;
  expect(await noted([scope], 'gw')).toBe('https://gw/.well-known/oauth-protected-resource/routes/finance/smart');
  expect(await noted([scope], 'a"b')).toBeUndefined();
  expect(await noted([], 'gw')).toBeUndefined();
});

describe('a request is answered', () => {
  const answer = async (context: LuaRequest['context']) =>
    (await serve(CALLER_PROGRAM, [{ ...withHeader('x-api-key', 's3cret'), context }]))[0];

  it('where the route is none of ours', async () => {
    expect((await answer(undefined)).response).toEqual({
      headers: { ':status': '404' },
      body: 'there is no such route\n',
    });
  });

  it('where the program fails', async () => {
    const way = { kind: 'unheardOf', name: 'x', header: 'x-api-key', prefix: '' };
    const { response, log, failure } = await answer({ id: 'x', context: { methods: [['x']], ways: [way] } });
    expect(response).toEqual({ headers: { ':status': '500' }, body: 'authentication failed\n' });
    expect(log).toEqual([expect.stringMatching(/^authentication failed: .*nil value/)]);
    expect(failure).toBeUndefined();
  });
});
