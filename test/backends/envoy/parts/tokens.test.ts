import { tokens } from '../../../../src/backends/envoy/parts/tokens';
import { AuthenticationMethod, EffectivePolicy } from '../../../../src/model/policy';
import { entryOf } from '../../../support/literals';
import { anyOf, apiKeyOf, BASIC, jwtOf, policyOf } from '../../agentgateway/policy-fixtures';
import { emitted, entryFilters, planOfEntries } from '../plans';

const remote = jwtOf({ keys: { kind: 'url', url: 'https://auth.acme.dev/jwks.json' } });
const planOf = (...policies: EffectivePolicy[]) => planOfEntries(policies.map(policy => entryOf([], { policy })));
const filter = (...policies: EffectivePolicy[]) => emitted(tokens.filters!(planOf(...policies)))[0].typed_config;
const clusters = (...policies: EffectivePolicy[]) => emitted(tokens.resources!(planOf(...policies)).clusters);
const of = (...authentication: AuthenticationMethod[]) => policyOf({ authentication });

it('asks for all that makes a token good, and hands none on', () => {
  const { providers } = filter(of(jwtOf()));
  expect(Object.values(providers)).toEqual([
    {
      issuer: 'https://auth.acme.dev',
      audiences: ['mcp'],
      require_expiration: true,
      // From a header alone: there are other places where Envoy would look by itself.
      from_headers: [
        { name: 'authorization', value_prefix: 'Bearer ' },
        { name: 'authorization', value_prefix: 'bearer ' },
        { name: 'authorization', value_prefix: 'BEARER ' },
      ],
      forward: true,
      payload_in_metadata: Object.keys(providers)[0],
      local_jwks: { inline_string: 'KEYS' },
      jwt_cache_config: { jwt_cache_size: 100 },
    },
  ]);
});

it('remembers tokens where other keys are another configuration, and nowhere else', () => {
  const { providers } = filter(of(jwtOf()), of(remote));
  expect(
    Object.values<any>(providers).map(({ jwt_cache_config: cache, remote_jwks: url }) => [!!url, !!cache]),
  ).toEqual(
    expect.arrayContaining([
      [false, true],
      [true, false],
    ]),
  );
  expect(Object.keys(providers)).toHaveLength(2);
});

it('reads a header without a prefix', () => {
  expect(
    Object.values<any>(filter(of(jwtOf({ header: { name: 'x-token', prefix: '' } }))).providers)[0].from_headers,
  ).toEqual([{ name: 'x-token' }]);
});

it('fetches keys before they are needed, by TLS', () => {
  const [provider] = Object.values<any>(filter(of(remote)).providers);
  expect(provider.remote_jwks.http_uri).toMatchObject({
    uri: 'https://auth.acme.dev/jwks.json',
    cluster: 'jwks/https://auth.acme.dev',
  });
  expect(provider.remote_jwks.async_fetch).toBeDefined();
  const [cluster, ...others] = clusters(of(remote), of(remote, BASIC));
  expect(others).toEqual([]);
  expect(cluster.name).toBe('jwks/https://auth.acme.dev');
  const {
    sni,
    common_tls_context: { validation_context: verified },
  } = cluster.transport_socket.typed_config;
  expect([sni, verified.match_typed_subject_alt_names]).toEqual([
    'auth.acme.dev',
    [{ san_type: 'DNS', matcher: { exact: 'auth.acme.dev' } }],
  ]);
});

it('fetches keys without TLS from where there is none', () => {
  const [cluster] = clusters(of(jwtOf({ keys: { kind: 'url', url: 'http://keys.auth.svc:8080/jwks' } })));
  expect(cluster).not.toHaveProperty('transport_socket');
  expect(JSON.stringify(cluster.load_assignment)).toContain('{"address":"keys.auth.svc","port_value":8080}');
});

it('verifies each token, whatever becomes of the others: who decides is behind', () => {
  const { requirement_map: requirements } = filter(of(jwtOf(), anyOf(remote, apiKeyOf())));
  const [requirement] = Object.values<any>(requirements);
  expect(
    requirement.requires_all.requirements.map((each: any) =>
      each.requires_any.requirements.map((one: any) => Object.keys(one)[0]),
    ),
  ).toEqual([
    ['provider_name', 'allow_missing_or_failed'],
    ['provider_name', 'allow_missing_or_failed'],
  ]);
});

it('asks on each route for what the route wants, and has it in the listener', () => {
  const policies = [of(jwtOf()), of(remote), of(jwtOf(), anyOf(remote, BASIC))];
  const { requirement_map: requirements } = filter(...policies);
  const asked = entryFilters(tokens, planOf(...policies)).map(
    filters => filters['envoy.filters.http.jwt_authn'].requirement_name,
  );
  expect(new Set(asked).size).toBe(3);
  expect(Object.keys(requirements)).toEqual([...asked].sort());
});

it('is not there where nobody asks for tokens', () => {
  expect(tokens.filters!(planOf(of(BASIC)))).toEqual([]);
  expect(entryFilters(tokens, planOf(of(BASIC)))).toEqual([{}]);
});

it('does not depend on the order of routes', () => {
  const [a, b] = [of(jwtOf()), of(remote)];
  expect(JSON.stringify(filter(a, b))).toBe(JSON.stringify(filter(b, a)));
});
