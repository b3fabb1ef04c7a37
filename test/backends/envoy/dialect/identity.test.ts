import { levelIdentity, metadataOf, methodName, policyIdentity } from '../../../../src/backends/envoy/dialect/identity';
import { present } from '../../../../src/passes/access/caller';
import { anyOf, apiKeyOf, BASIC, CERTIFICATE, jwtOf, policyOf } from '../../agentgateway/policy-fixtures';

const jwt = jwtOf({ claims: { user: ['https://acme.dev/user'], groups: ['realm_access', 'roles'] } });

it('reads a caller from where each method has left what it verified', () => {
  const { users, groups, subjects } = policyIdentity(policyOf({ authentication: [jwt, apiKeyOf()] }));
  const token = { by: { kind: 'jwt', issuer: jwt.issuer }, namespace: 'envoy.filters.http.jwt_authn' };
  const key = { by: { kind: 'apiKey' }, namespace: 'mcp.caller' };
  expect(users).toEqual([
    { ...token, path: [methodName(jwt), 'https://acme.dev/user'] },
    { ...key, path: [methodName(apiKeyOf()), 'user'] },
  ]);
  expect(groups).toEqual([
    { ...token, path: [methodName(jwt), 'realm_access', 'roles'] },
    { ...key, path: [methodName(apiKeyOf()), 'groups'] },
  ]);
  expect(subjects).toEqual([{ ...token, path: [methodName(jwt), 'sub'] }]);
});

it('trusts no method of a level within', () => {
  const policy = policyOf({ level: 'gateway', authentication: [jwt] }, { authentication: [apiKeyOf()] });
  expect(levelIdentity(policy, policy.levels[0]).users).toHaveLength(1);
  expect(levelIdentity(policy, policy.levels[1]).users).toHaveLength(2);
});

it('takes for authenticated whom every method let pass, and nobody where there is none', () => {
  expect(policyIdentity(policyOf({})).authenticated).toEqual({ not_id: { any: true } });
  const { authenticated } = policyIdentity(policyOf({ authentication: [jwtOf(), anyOf(BASIC, CERTIFICATE)] }));
  expect(JSON.parse(JSON.stringify(authenticated))).toEqual({
    and_ids: {
      ids: [
        {
          sourced_metadata: {
            metadata_matcher: {
              filter: 'envoy.filters.http.jwt_authn',
              path: [{ key: methodName(jwtOf()) }, { key: 'iss' }],
              value: { string_match: { exact: 'https://auth.acme.dev' } },
            },
          },
        },
        {
          or_ids: {
            ids: [BASIC, CERTIFICATE].map(method => ({
              sourced_metadata: {
                metadata_matcher: {
                  filter: 'mcp.caller',
                  path: [{ key: methodName(method) }, { key: 'verified' }],
                  value: { bool_match: true },
                },
              },
            })),
          },
        },
      ],
    },
  });
});

describe('the name of a method', () => {
  it('is made of all that decides whom it lets pass', () => {
    const variants = [
      jwtOf(),
      jwtOf({ issuer: 'https://other.dev' }),
      jwtOf({ audiences: ['x'] }),
      jwtOf({ keys: { kind: 'inline', jwks: 'OTHER' } }),
      jwtOf({ header: { name: 'x-token', prefix: '' } }),
      apiKeyOf(),
      apiKeyOf({ keys: apiKeyOf().keys.slice(1) }),
      apiKeyOf({ header: { name: 'x-other', prefix: '' } }),
      BASIC,
      CERTIFICATE,
    ];
    expect(new Set(variants.map(methodName)).size).toBe(variants.length);
  });

  it('is the same for what verifies the same, whatever is read of it', () => {
    expect(methodName(jwtOf({ audiences: ['a', 'b'] }))).toBe(
      methodName(
        jwtOf({ audiences: ['b', 'a', 'a'], claims: { user: ['email'], groups: [] }, resource: { scopes: [] } }),
      ),
    );
  });

  it('has no characters that formats of metadata take for their own', () => {
    expect(methodName(jwtOf({ issuer: 'https://Auth.acme.dev:8443/realms/a b%c/' }))).toMatch(
      /^Auth\.acme\.dev-8443-realms-a-b-c-[0-9a-f]{12}$/,
    );
  });
});

it('writes the metadata of a caller as the filters would', () => {
  const policy = policyOf({ authentication: [jwt, apiKeyOf()] });
  const verified = present(policy.authentication, { user: 'bot', groups: ['bots'] });
  expect(metadataOf(policy, typeof verified === 'string' ? fail(verified) : verified)).toEqual({
    'envoy.filters.http.jwt_authn': {
      [methodName(jwt)]: {
        iss: 'https://auth.acme.dev',
        aud: ['mcp'],
        sub: 'bot',
        'https://acme.dev/user': 'bot',
        realm_access: { roles: ['bots'] },
      },
    },
    'mcp.caller': { [methodName(apiKeyOf())]: { verified: true, user: 'bot', groups: ['bots'] } },
  });
});

it('keeps tokens of several issuers apart', () => {
  const other = jwtOf({
    issuer: 'https://other.dev',
    header: { name: 'x-token', prefix: '' },
    claims: { user: ['email'], groups: ['teams'] },
  });
  const policy = policyOf({ authentication: [jwtOf(), other] });
  const verified = present(policy.authentication, { user: 'alice', groups: ['g'] });
  const { 'envoy.filters.http.jwt_authn': tokens } = metadataOf(
    policy,
    typeof verified === 'string' ? fail(verified) : verified,
  ) as any;
  expect(tokens[methodName(jwtOf())]).toEqual({
    iss: 'https://auth.acme.dev',
    aud: ['mcp'],
    sub: 'alice',
    groups: ['g'],
  });
  expect(tokens[methodName(other)]).toEqual({
    iss: 'https://other.dev',
    aud: ['mcp'],
    sub: 'alice',
    email: 'alice',
    teams: ['g'],
  });
});

function fail(problem: string): never {
  throw new Error(problem);
}
