import { stringify } from 'yaml';
import { escapeDollars } from '../../../../../src/backends/agentgateway/config/escape';
import {
  authenticationPolicies,
  authenticationRules,
  metadataRoute,
} from '../../../../../src/backends/agentgateway/parts/authentication';
import { AuthenticationMethod, EffectivePolicy } from '../../../../../src/model/policy';
import { entryOf } from '../../../../support/literals';
import { anyOf, apiKeyOf, BASIC, jwtOf, limitOf, policyOf, user, allow } from '../../policy-fixtures';

const policies = (policy: EffectivePolicy) =>
  stringify(escapeDollars(authenticationPolicies(policy)), { lineWidth: 0 });
const of = (...methods: AuthenticationMethod[]) => policyOf({ authentication: methods });
const rules = (policy: EffectivePolicy) => authenticationRules(policy).map(({ expression }) => expression);
const IN_FORCE = '!has(jwt.nbf) || timestamp(int(jwt.nbf)) <= timestamp(string(request.startTime)) + duration("60s")';

describe('tokens', () => {
  it('must be there, and say by whom and for whom they are', () => {
    expect(policies(of(jwtOf()))).toMatchInlineSnapshot(`
"jwtAuth:
  mode: strict
  location:
    header:
      name: authorization
      prefix: "Bearer "
  issuer: https://auth.acme.dev
  audiences:
    - mcp
  jwks: KEYS
  jwtValidationOptions:
    requiredClaims:
      - exp
      - iss
      - aud
"
`);
    expect(rules(of(jwtOf()))).toEqual([IN_FORCE]);
  });

  it('are verified by keys at a URL, in any header', () => {
    expect(
      policies(
        of(
          jwtOf({
            keys: { kind: 'url', url: 'https://auth.acme.dev/jwks.json' },
            header: { name: 'x-token', prefix: '' },
          }),
        ),
      ),
    ).toMatchInlineSnapshot(`
"jwtAuth:
  mode: strict
  location:
    header:
      name: x-token
  issuer: https://auth.acme.dev
  audiences:
    - mcp
  jwks:
    url: https://auth.acme.dev/jwks.json
  jwtValidationOptions:
    requiredClaims:
      - exp
      - iss
      - aud
"
`);
  });

  it('must have a subject where users are asked for by it', () => {
    const claims = (policy: EffectivePolicy) => JSON.stringify(authenticationPolicies(policy)).includes('"sub"');
    expect(claims(policyOf({ authentication: [jwtOf()], rules: [allow([user('alice')], ['*'])] }))).toBe(true);
    expect(claims(policyOf({ authentication: [jwtOf()], rateLimits: [limitOf('user', 1)] }))).toBe(true);
    expect(claims(policyOf({ authentication: [jwtOf()], rateLimits: [limitOf('ip', 1)] }))).toBe(false);
    expect(
      claims(
        policyOf({
          authentication: [jwtOf({ claims: { user: ['email'], groups: ['groups'] } })],
          rateLimits: [limitOf('user', 1)],
        }),
      ),
    ).toBe(false);
  });

  it('of one issuer are verified once, and must be for each level', () => {
    const policy = policyOf(
      { level: 'gateway', authentication: [jwtOf()] },
      { authentication: [jwtOf({ audiences: ['ledger', 'books'] })] },
    );
    expect(authenticationPolicies(policy).jwtAuth).toMatchObject({
      mode: 'strict',
      audiences: ['books', 'ledger', 'mcp'],
    });
    expect(rules(policy)).toEqual([
      '(has(jwt.aud)) && ((jwt.aud == "mcp") || ((type(jwt.aud) == list) && (jwt.aud.exists(g, g == "mcp"))))',
      IN_FORCE,
      '(has(jwt.aud)) && ((jwt.aud in ["ledger", "books"]) || ((type(jwt.aud) == list) && (jwt.aud.exists(g, g in ["ledger", "books"]))))',
    ]);
  });
});

describe('a protected resource', () => {
  const policy = of(jwtOf({ resource: { scopes: ['tools', 'admin'] } }));

  it('tells clients where to get a token', () => {
    expect(policies(policy)).toMatchInlineSnapshot(`
"mcpAuthentication:
  mode: strict
  issuer: https://auth.acme.dev
  audiences:
    - mcp
  jwks: KEYS
  jwtValidationOptions:
    requiredClaims:
      - exp
      - iss
      - aud
  authorizationLocation:
    header:
      name: authorization
      prefix: "Bearer "
  resourceMetadata:
    bearerMethodsSupported:
      - header
    scopesSupported:
      - tools
      - admin
"
`);
  });

  it('serves its metadata by a route without anything else in front', () => {
    const both = policyOf(
      { level: 'gateway', authentication: [apiKeyOf()] },
      { authentication: [jwtOf({ resource: { scopes: [] } })] },
    );
    const route = metadataRoute(entryOf([], { policy: both }))[0];
    expect([route.name, route.matches, Object.keys(route.policies!), route.backends]).toEqual([
      'finance.smart/oauth-metadata',
      [{ path: { exact: '/.well-known/oauth-protected-resource/routes/finance/smart' } }],
      ['mcpAuthentication'],
      [],
    ]);
    expect(metadataRoute(entryOf([], { policy: of(jwtOf()) }))).toEqual([]);
  });
});

describe('API keys', () => {
  it('stand there as hashes or as variables, as text whatever they hold', () => {
    expect(policies(of(apiKeyOf({ header: { name: 'authorization', prefix: 'Bearer ' } })))).toMatchInlineSnapshot(`
"apiKey:
  mode: strict
  location:
    header:
      name: authorization
      prefix: "Bearer "
  keys:
    - keyHash: sha256:abababababababababababababababababababababababababababababababab
      metadata:
        user: bot
        groups:
          - bots
    - key: |-
        \${API_KEY_C3F6B09A7E0B}
      metadata:
        groups: []
"
`);
  });
});

describe('passwords', () => {
  it('are checked against a file of a Secret', () => {
    expect(authenticationPolicies(of(BASIC))).toEqual({
      basicAuth: { mode: 'strict', htpasswd: { file: '/etc/agentgateway-secrets/passwords/htpasswd' } },
    });
  });
});

describe('one of several', () => {
  it('asks for one of them, and refuses wrong ones', () => {
    const policy = of(anyOf(jwtOf(), apiKeyOf(), BASIC));
    const { jwtAuth, apiKey, basicAuth } = authenticationPolicies(policy);
    expect([jwtAuth!.mode, apiKey!.mode, basicAuth!.mode]).toEqual(['optional', 'optional', 'optional']);
    expect(rules(policy)).toEqual(['(has(jwt.iss)) || (has(apiKey.key)) || (has(basicAuth.username))', IN_FORCE]);
  });

  it('passes on what another may accept in the same place', () => {
    const { jwtAuth, apiKey } = authenticationPolicies(
      of(anyOf(jwtOf(), apiKeyOf({ header: { name: 'authorization', prefix: 'bearer ' } }))),
    );
    expect([jwtAuth!.mode, apiKey!.mode]).toEqual(['permissive', 'permissive']);
  });

  it('verifies tokens of several issuers, each with its audiences', () => {
    const other = jwtOf({ issuer: 'https://other.dev', audiences: ['x'], keys: { kind: 'inline', jwks: 'OTHER' } });
    const policy = of(anyOf(jwtOf(), other, jwtOf({ audiences: ['more'] })));
    expect(authenticationPolicies(policy).jwtAuth).toMatchObject({
      mode: 'optional',
      providers: [
        { issuer: 'https://auth.acme.dev', audiences: ['mcp', 'more'] },
        { issuer: 'https://other.dev', audiences: ['x'] },
      ],
    });
    expect(rules(policy)[0]).toContain('(has(jwt.iss)) && (jwt.iss == "https://other.dev")');
  });

  it('is no way around what another level asks for', () => {
    const policy = policyOf(
      { level: 'gateway', authentication: [jwtOf()] },
      { authentication: [anyOf(jwtOf({ audiences: ['ledger'] }), apiKeyOf())] },
    );
    expect(authenticationPolicies(policy).jwtAuth!.mode).toBe('strict');
    expect(rules(policy)).toEqual([
      '(has(jwt.aud)) && ((jwt.aud == "mcp") || ((type(jwt.aud) == list) && (jwt.aud.exists(g, g == "mcp"))))',
      IN_FORCE,
      '((has(jwt.iss)) && ((has(jwt.aud)) && ((jwt.aud == "ledger") || ((type(jwt.aud) == list) && (jwt.aud.exists(g, g == "ledger")))))) || (has(apiKey.key))',
    ]);
  });
});

it('says where each of its rules comes from', () => {
  expect(
    authenticationRules(of(BASIC, anyOf(jwtOf(), apiKeyOf()))).map(({ level, stage, origins }) => [
      level,
      stage,
      origins,
    ]),
  ).toEqual(Array(2).fill(['authentication', 'request', [{ path: 'app/smart', property: 'authentication[1]' }]]));
});
