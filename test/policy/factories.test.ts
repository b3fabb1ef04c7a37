import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  ApiKey,
  Authentication,
  Claim,
  Condition,
  CredentialKind,
  HeaderOperator,
  Principal,
  RateLimit,
  RateLimitUnit,
} from '../../src';
import { principalModel } from '../../src/api/authorization';
import { condition as conditionTable, conditionModel } from '../../src/api/condition';
import { limitModel } from '../../src/api/rate-limit';

/*
 * Every factory with what it makes, and with what it refuses.
 */

const chart = new Chart(new App(), 'platform', { namespace: 'mcp-system' });
const secret = kplus.Secret.fromSecretName(chart, 'secret', 'keys');
const HASH = 'ab'.repeat(32);
const JWT = { issuer: 'https://auth.acme.dev', audiences: ['mcp'], jwksUri: 'https://auth.acme.dev/jwks.json' };
const REF = { secretName: 'keys', secretNamespace: 'mcp-system', key: 'k' };

describe('what is made', () => {
  test.each<[string, Authentication, object]>([
    [
      'jwt',
      Authentication.jwt(JWT),
      {
        kind: 'jwt',
        issuer: 'https://auth.acme.dev',
        audiences: ['mcp'],
        keys: { kind: 'url', url: 'https://auth.acme.dev/jwks.json' },
        header: { name: 'authorization', prefix: 'Bearer ' },
        claims: { user: ['sub'], groups: ['groups'] },
      },
    ],
    [
      'jwt elsewhere',
      Authentication.jwt({
        ...JWT,
        header: 'X-Token',
        userClaim: Claim.named('https://a.b/user'),
        groupsClaim: Claim.nested('realm_access', 'roles'),
      }),
      {
        kind: 'jwt',
        header: { name: 'x-token', prefix: '' },
        claims: { user: ['https://a.b/user'], groups: ['realm_access', 'roles'] },
      },
    ],
    ['oidc', Authentication.oidc({ ...JWT, scopes: ['read'] }), { kind: 'jwt', resource: { scopes: ['read'] } }],
    [
      'apiKey',
      Authentication.apiKey({
        keys: [
          ApiKey.sha256(HASH.toUpperCase(), { user: 'ci', groups: ['jobs'] }),
          ApiKey.fromSecret({ secret, key: 'k' }),
        ],
      }),
      {
        kind: 'apiKey',
        header: { name: 'x-api-key', prefix: '' },
        keys: [
          { secret: { kind: 'sha256', hex: HASH }, user: 'ci', groups: ['jobs'] },
          { secret: { kind: 'secret', ref: REF }, user: undefined, groups: [] },
        ],
      },
    ],
    [
      'an API key as a bearer token',
      Authentication.apiKey({ keys: [ApiKey.sha256(HASH)], header: 'Authorization' }),
      { header: { name: 'authorization', prefix: 'Bearer ' } },
    ],
    ['basic', Authentication.basic({ secret, key: 'k' }), { kind: 'basic', htpasswd: REF }],
    [
      'anyOf',
      Authentication.anyOf(Authentication.jwt(JWT), Authentication.basic({ secret, key: 'k' })),
      { kind: 'anyOf', methods: [{ kind: 'jwt' }, { kind: 'basic' }] },
    ],
  ])('%s', (_, method, expected) => {
    expect(method._method).toMatchObject(expected);
  });

  test.each<[Principal, string, object]>([
    [Principal.user('alice'), 'user:alice', { kind: 'user', name: 'alice' }],
    [Principal.group('a:b "c"'), 'group:a:b "c"', { kind: 'group', name: 'a:b "c"' }],
    [
      Principal.serviceAccount('bot', 'ops'),
      'serviceaccount:ops/bot',
      { kind: 'serviceAccount', name: 'bot', namespace: 'ops' },
    ],
    [
      Principal.user('alice', { issuer: 'https://auth.acme.dev' }),
      'user:alice by a token of https://auth.acme.dev',
      { kind: 'user', name: 'alice', source: { issuer: 'https://auth.acme.dev' } },
    ],
    [
      Principal.group('jobs', { method: CredentialKind.API_KEY }),
      'group:jobs by an API key',
      { kind: 'group', name: 'jobs', source: { method: 'apiKey' } },
    ],
    [
      Principal.serviceAccount('bot', 'ops', { method: CredentialKind.TOKEN }),
      'serviceaccount:ops/bot by a token',
      { kind: 'serviceAccount', name: 'bot', namespace: 'ops', source: { method: 'jwt' } },
    ],
    [Principal.anyAuthenticated(), 'group:system:authenticated', { kind: 'anyAuthenticated' }],
  ])('%#', (principal, text, model) => {
    expect([principal.text, principalModel(principal._value)]).toEqual([text, model]);
  });

  test.each<[Condition, object, object]>([
    [
      Condition.sourceIp('10.0.0.0/8'),
      { kind: 'sourceIp', negated: false, cidrs: ['10.0.0.0/8'] },
      { type: 'IPAddress', operator: 'Equal', value: '10.0.0.0/8' },
    ],
    [
      Condition.notSourceIp('10.1.2.3', 'fd00::/8'),
      { kind: 'sourceIp', negated: true, cidrs: ['10.1.2.3/32', 'fd00::/8'] },
      { type: 'IPAddress', operator: 'NotIn', value: '10.1.2.3,fd00::/8' },
    ],
    [
      Condition.timeOfDay('08:00', '24:00', 'Europe/Berlin'),
      { kind: 'timeOfDay', negated: false, from: 480, to: 1440, timeZone: 'Europe/Berlin' },
      { type: 'TimeOfDay', key: 'Europe/Berlin', operator: 'Equal', value: '08:00-24:00' },
    ],
    [
      Condition.notTimeOfDay('22:00', '06:00'),
      { kind: 'timeOfDay', negated: true, from: 1320, to: 360, timeZone: 'UTC' },
      { type: 'TimeOfDay', key: 'UTC', operator: 'NotEqual', value: '22:00-06:00' },
    ],
    ...Object.values(HeaderOperator).map((operator): [Condition, object, object] => [
      Condition.header('X-Release', operator, 'stable'),
      { kind: 'header', name: 'x-release', operator, values: ['stable'] },
      { type: 'RequestHeader', key: 'X-Release', operator, value: 'stable' },
    ]),
    [Condition.header('a', HeaderOperator.IN, 'b', 'c'), { values: ['b', 'c'] }, { value: 'b,c' }],
  ])('condition %#', (condition, model, spec) => {
    expect(conditionModel(condition._value)).toMatchObject(model);
    expect(conditionTable.encode(condition._value)).toMatchObject(spec);
  });

  test.each<[RateLimit, string]>([
    [RateLimit.perUser(1, RateLimitUnit.SECOND), 'user'],
    [RateLimit.perPrincipal(1, RateLimitUnit.SECOND), 'principal'],
    [RateLimit.perIp(1, RateLimitUnit.SECOND), 'ip'],
    [RateLimit.perTool(1, RateLimitUnit.SECOND), 'tool'],
    [RateLimit.perNamespace(1, RateLimitUnit.SECOND), 'namespace'],
    [RateLimit.perServer(1, RateLimitUnit.SECOND), 'server'],
    [RateLimit.overall(1, RateLimitUnit.SECOND), 'global'],
  ])('limit %#', (limit, dimension) => {
    expect(limitModel(limit._value)).toEqual({ dimension, requests: 1, unit: 'second', tools: undefined });
  });

  test('a limit of some tools', () => {
    const { _value } = RateLimit.perUser(5, RateLimitUnit.DAY, { tools: ['db_query', 'db_*'] });
    expect(limitModel(_value).tools).toHaveLength(2);
  });
});

const jwks = (key: object) => JSON.stringify({ keys: [key] });

test.each<[string, () => unknown, string[]]>([
  [
    'an empty issuer and audience',
    () => Authentication.jwt({ ...JWT, issuer: '', audiences: [''] }),
    [
      '[Authentication.jwt] issuer: got "": is empty. Give what the `iss` claim of the tokens holds.',
      '[Authentication.jwt] audiences[0]: got "": is empty. Name the audience.',
    ],
  ],
  [
    'no audience',
    () => Authentication.jwt({ ...JWT, audiences: [] }),
    [
      '[Authentication.jwt] audiences: got []: is empty, so tokens for any service would pass. Name the audience that stands for this gateway.',
    ],
  ],
  [
    'no keys',
    () => Authentication.jwt({ issuer: 'a', audiences: ['b'] }),
    [
      '[Authentication.jwt] jwksUri: got nothing: exactly one of jwksUri and jwks is needed. Give the URL of the keys, or the keys themselves.',
    ],
  ],
  [
    'keys twice',
    () => Authentication.jwt({ ...JWT, jwks: jwks({ kty: 'RSA' }) }),
    [
      '[Authentication.jwt] jwksUri: got "https://auth.acme.dev/jwks.json": exactly one of jwksUri and jwks is needed. Give the URL of the keys, or the keys themselves.',
    ],
  ],
  [
    'a URL with a password',
    () => Authentication.jwt({ ...JWT, jwksUri: 'https://a:b@c' }),
    [expect.stringContaining('is not a URL without credentials')],
  ],
  [
    'a private key',
    () => Authentication.jwt({ issuer: 'a', audiences: ['b'], jwks: jwks({ kty: 'oct', k: 'c2VjcmV0' }) }),
    [
      '[Authentication.jwt] jwks: got "(not shown)": contains a private or symmetric key. Give the JSON text that the issuer serves, with public keys only.',
    ],
  ],
  [
    'keys that are none',
    () => Authentication.jwt({ issuer: 'a', audiences: ['b'], jwks: '{' }),
    [
      '[Authentication.jwt] jwks: got "(not shown)": is not JSON. Give the JSON text that the issuer serves, with public keys only.',
    ],
  ],
  [
    'an issuer that is no URL, a header, a scope',
    () => Authentication.oidc({ ...JWT, issuer: 'acme', header: 'X-Token', scopes: ['a b'] }),
    [
      '[Authentication.oidc] issuer: got "acme": is not a URL, so clients could not find the authorization server. Write it as https://auth.acme.dev.',
      '[Authentication.oidc] header: got "X-Token": is not the header that OAuth clients send tokens in. Drop it.',
      '[Authentication.oidc] scopes[0]: got "a b": is not an OAuth scope. Use printable characters without spaces and quotes.',
    ],
  ],
  [
    'no API key, and no header',
    () => Authentication.apiKey({ keys: [], header: 'a b' }),
    [
      expect.stringContaining('[Authentication.apiKey] header: got "a b": '),
      '[Authentication.apiKey] keys: got 0: accepts no key, so nobody could call. Give at least one ApiKey.',
    ],
  ],
  [
    'a literal API key, which is not echoed',
    () => ApiKey.sha256('s3cret-k3y'),
    [
      '[ApiKey.sha256] hash: got "(not shown)": is not a SHA-256 hash of 64 hexadecimal digits. Compute it with: printf %s "$KEY" | sha256sum.',
    ],
  ],
  [
    'nobody with an API key',
    () => ApiKey.fromSecret({ secret, key: 'k' }, { user: '', groups: [''] }),
    [
      '[ApiKey.fromSecret] user: got "": is empty. Name the user, or leave it out.',
      '[ApiKey.fromSecret] groups[0]: got "": is empty. Name the group.',
    ],
  ],
  [
    'a choice of one',
    () => Authentication.anyOf(Authentication.jwt(JWT)),
    ['[Authentication.anyOf] methods: got 1: is not a choice. Give at least two methods.'],
  ],
  [
    'a choice in a choice',
    () =>
      Authentication.anyOf(
        Authentication.jwt(JWT),
        Authentication.anyOf(Authentication.jwt(JWT), Authentication.jwt({ ...JWT, issuer: 'b' })),
      ),
    ['[Authentication.anyOf] methods[1]: got "anyOf": is a choice itself. Give its methods to this anyOf.'],
  ],
  [
    'an empty claim',
    () => Claim.nested('a', ''),
    ['[Claim] path: got ["a",""]: has an empty name. Name each claim from the top of the token.'],
  ],
  ['no user', () => Principal.user(''), ['[Principal.user] name: got "": is empty. Name the user.']],
  [
    'no issuer',
    () => Principal.user('alice', { issuer: '' }),
    ['[Principal.user] options.issuer: got "": is empty. Give the issuer as tokens have it (iss).'],
  ],
  [
    'two sources',
    () => Principal.user('alice', { issuer: 'a', method: CredentialKind.PASSWORD }),
    [
      '[Principal.user] options: got ["a","Password"]: are two ways to say what verifies a name. Give the issuer of tokens, or the method.',
    ],
  ],
  ['no group', () => Principal.group(''), ['[Principal.group] name: got "": is empty. Name the group.']],
  [
    'everyone as a group',
    () => Principal.group('system:authenticated'),
    [
      '[Principal.group] name: got "system:authenticated": stands for every authenticated caller. Use Principal.anyAuthenticated().',
    ],
  ],
  [
    'a service account that is none',
    () => Principal.serviceAccount('', 'A_b'),
    [
      expect.stringContaining('[Principal.serviceAccount] name: got "": '),
      expect.stringContaining('[Principal.serviceAccount] namespace: got "A_b": '),
    ],
  ],
  [
    'no address',
    () => Condition.sourceIp(),
    ['[Condition.sourceIp] ranges: got []: is empty. Give at least one address or CIDR.'],
  ],
  ...[
    '10.0.0.0/33',
    '10.0.0/8',
    '300.1.1.1',
    'fd00::/129',
    '10.0.0.0/08',
    '10.0.0.0/8/8',
    'fe80::1%eth0',
    'localhost',
    '',
  ].map((range): [string, () => unknown, string[]] => [
    `address ${range}`,
    () => Condition.notSourceIp('10.0.0.0/8', range),
    [
      `[Condition.notSourceIp] ranges[1]: got "${range}": is not an address or CIDR. Write it as 10.0.0.0/8 or 10.1.2.3.`,
    ],
  ]),
  ...['8:00', '24:01', '12:60', 'noon', ''].map((time): [string, () => unknown, string[]] => [
    `time ${time}`,
    () => Condition.timeOfDay(time, '18:00'),
    [`[Condition.timeOfDay] from: got "${time}": is not a time of day. Write it as 08:00.`],
  ]),
  [
    'an empty span, in no zone',
    () => Condition.notTimeOfDay('08:00', '08:00', 'Mars/Olympus'),
    [
      '[Condition.notTimeOfDay] to: got "08:00": is the start too, so the span is empty. Give a later end, or drop the condition.',
      '[Condition.notTimeOfDay] timeZone: got "Mars/Olympus": is not an IANA time zone. Write it as Europe/Berlin.',
    ],
  ],
  [
    'an offset for a zone',
    () => Condition.timeOfDay('08:00', '09:00', '+02:00'),
    [expect.stringContaining('is not an IANA time zone')],
  ],
  [
    'a header without a name or a value',
    () => Condition.header('a b', HeaderOperator.EQUAL),
    [
      expect.stringContaining('[Condition.header] name: got "a b": '),
      '[Condition.header] values: got []: does not fit the operator Equal. Give one value.',
    ],
  ],
  [
    'a regular expression that is none',
    () => Condition.header('a', HeaderOperator.MATCHES, '('),
    [expect.stringContaining('[Condition.header] values[0]: got "(": ')],
  ],
  [
    'a regular expression of another syntax',
    () => Condition.header('a', HeaderOperator.NOT_MATCHES, '(?=a)'),
    [expect.stringContaining('[Condition.header] values[0]: got "(?=a)": ')],
  ],
  [
    'a value with a comma',
    () => Condition.header('a', HeaderOperator.NOT_IN, 'b,c'),
    [expect.stringContaining('contains a comma, which separates values in the resource')],
  ],
  [
    'a value with a line break',
    () => Condition.header('a', HeaderOperator.EQUAL, 'b\nc'),
    [expect.stringContaining('[Condition.header] values[0]: ')],
  ],
  ...[0, -1, 1.5, Number.NaN, 2 ** 31].map((requests): [string, () => unknown, string[]] => [
    `${requests} calls`,
    () => RateLimit.perUser(requests, RateLimitUnit.HOUR),
    [expect.stringContaining('[RateLimit] requests: got ')],
  ]),
  [
    'a limit of no tools',
    () => RateLimit.perTool(1, RateLimitUnit.HOUR, { tools: [] }),
    ['[RateLimit] tools: got []: is empty, so nothing would be limited. Name tools, or leave it out for all.'],
  ],
  [
    'a limit of what is no tool',
    () => RateLimit.perTool(1, RateLimitUnit.HOUR, { tools: ['a b'] }),
    [expect.stringContaining('[RateLimit] tools[0]: got "a b": ')],
  ],
])('%s', (_, make, expected) => {
  let message = '';
  try {
    make();
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message.split('\n  ').slice(1)).toEqual(expected);
  expect(message).not.toMatch(/s3cret-k3y|c2VjcmV0/);
});
