import { parse } from 'yaml';
import { configure } from '../../../../src/backends/envoy';
import { methodName } from '../../../../src/backends/envoy/dialect/identity';
import { filterChain } from '../../../../src/backends/envoy/listener';
import { callers, oauthMetadata } from '../../../../src/backends/envoy/parts/callers';
import { routeConfiguration } from '../../../../src/backends/envoy/routes';
import { Entry } from '../../../../src/model/plan';
import { AuthenticationMethod } from '../../../../src/model/policy';
import { entryOf, groupOf, serverOf } from '../../../support/literals';
import { anyOf, apiKeyOf, BASIC, CERTIFICATE, jwtOf, policyOf } from '../../agentgateway/policy-fixtures';
import { emitted, entryFilters, planOfEntries } from '../plans';

const entry = (methods: AuthenticationMethod[], options: Partial<Entry> = {}) =>
  entryOf([groupOf('default', [serverOf('ledger')])], { policy: policyOf({ authentication: methods }), ...options });
const perRoute = (one: Entry) => entryFilters(callers, planOfEntries([one]))[0];
const contextOf = (methods: AuthenticationMethod[], options: Partial<Entry> = {}) =>
  perRoute(entry(methods, options))['mcp.authentication'].filter_context;
const context = (methods: AuthenticationMethod[], options: Partial<Entry> = {}) => contextOf(methods, options).context;
const oidc = jwtOf({ resource: { scopes: ['mcp:read', 'mcp:write'] } });

it('asks for every method, by one of its ways', () => {
  expect(context([jwtOf(), anyOf(apiKeyOf(), BASIC)]).methods).toEqual([
    [methodName(jwtOf())],
    [methodName(apiKeyOf()), methodName(BASIC)],
  ]);
});

it('knows each way by what it is verified with', () => {
  expect(context([jwtOf(), apiKeyOf(), anyOf(BASIC, CERTIFICATE)]).ways).toEqual([
    {
      name: methodName(jwtOf()),
      kind: 'jwt',
      header: 'authorization',
      prefix: 'Bearer ',
      issuer: 'https://auth.acme.dev',
      audiences: ['mcp'],
      user: ['sub'],
    },
    {
      name: methodName(apiKeyOf()),
      kind: 'apiKey',
      header: 'x-api-key',
      prefix: '',
      keys: [{ sha256: 'ab'.repeat(32), user: 'bot', groups: ['bots'] }, { file: '/etc/envoy-secrets/keys/ci' }],
    },
    {
      name: methodName(BASIC),
      kind: 'basic',
      header: 'authorization',
      prefix: 'Basic ',
      file: '/etc/envoy-secrets/passwords/htpasswd',
    },
    { name: methodName(CERTIFICATE), kind: 'clientCertificate' },
  ]);
});

it('is left out where nobody is asked', () => {
  const off = {
    'mcp.authentication': { '@type': 'type.googleapis.com/envoy.config.route.v3.FilterConfig', disabled: true },
  };
  expect(perRoute(entry([]))).toEqual(off);
  expect(perRoute(entryOf([]))).toEqual(off);
});

it('has an id of all it says', () => {
  const ids = [[jwtOf()], [jwtOf({ audiences: ['x'] })], [jwtOf(), BASIC], [anyOf(jwtOf(), BASIC)], [oidc]].map(
    methods => contextOf(methods).id,
  );
  expect(new Set(ids).size).toBe(5);
  expect(contextOf([jwtOf()]).id).toBe(ids[0]);
});

describe('callers without good credentials', () => {
  it.each([
    ['a token', [jwtOf()], { bearer: true }],
    ['a key in a header of its own', [apiKeyOf()], {}],
    ['a key as a bearer token', [apiKeyOf({ header: jwtOf().header })], { bearer: true }],
    ['a password, or a token', [anyOf(BASIC, jwtOf())], { bearer: true, basic: true }],
  ])('are told to present %s', (_, methods, told) => {
    const { bearer, basic, resource } = context(methods);
    expect({ bearer, basic, resource }).toEqual({ bearer: undefined, basic: undefined, resource: undefined, ...told });
  });

  it('are told where to get a token', () => {
    expect(context([oidc])).toMatchObject({
      bearer: true,
      resource: '/.well-known/oauth-protected-resource/routes/finance/smart',
      scope: 'mcp:read mcp:write',
    });
    expect(
      context([anyOf(oidc, apiKeyOf())], { publicUrl: 'https://mcp.acme.dev/routes/finance/smart' }).resource,
    ).toBe('https://mcp.acme.dev/.well-known/oauth-protected-resource/routes/finance/smart');
  });
});

it('passes the token of the caller on where a server wants it, and only then', () => {
  const wanting = [groupOf('default', [serverOf('ledger', { credentials: [{ kind: 'callerToken' }] })])];
  const token = jwtOf({ header: { name: 'x-token', prefix: '' } });
  expect(context([token]).forward).toBeUndefined();
  expect(context([token], { groups: wanting }).forward).toBe('x-token');
  expect(context([apiKeyOf()], { groups: wanting }).forward).toBeUndefined();
});

it('is one program, whatever it asks for', () => {
  const {
    default_source_code: { inline_string: script },
    clear_route_cache: clears,
  } = emitted(callers.filters!(planOfEntries([])))[0].typed_config;
  // Routes are selected by what is read behind it.
  expect(clears).toBe(false);
  expect(script).toContain('pcall(authenticate, handle)');
});

it('is said of every route, so that none is taken for what it is not', () => {
  const plan = planOfEntries([entry([apiKeyOf()]), entryOf([], { id: 'finance/open', path: '/routes/finance/open' })]);
  const {
    resources: [
      {
        virtual_hosts: [{ routes }],
      },
    ],
  } = parse(configure(plan).files['routes.yaml']);
  const asked = routes.map(({ match, typed_per_filter_config: config }: any) => [
    match.path,
    config['mcp.authentication'].disabled ?? false,
  ]);
  expect(new Set(asked.map((one: unknown) => JSON.stringify(one)))).toEqual(
    new Set(['["/routes/finance/smart",false]', '["/routes/finance/open",true]']),
  );
});

const oidcRead = jwtOf({ resource: { scopes: ['mcp:read'] } });
const routes = (options: Partial<Entry>) =>
  emitted(oauthMetadata.entry!(planOfEntries([entryOf([], options)]).entries[0]).routes ?? []);

it('serves the metadata of a protected resource to everybody', () => {
  const [route, ...others] = routes({ policy: policyOf({ authentication: [oidcRead, apiKeyOf()] }) });
  expect(others).toEqual([]);
  expect(route.match).toEqual({
    path: '/.well-known/oauth-protected-resource/routes/finance/smart',
    headers: [{ name: ':method', string_match: { exact: 'GET' } }],
  });
  expect(route.direct_response).toEqual({
    status: 200,
    body_format: {
      json_format: {
        resource: '%REQUEST_HEADER(:SCHEME)%://%REQUEST_HEADER(:AUTHORITY)%/routes/finance/smart',
        authorization_servers: ['https://auth.acme.dev'],
        bearer_methods_supported: ['header'],
        scopes_supported: ['mcp:read'],
      },
    },
  });
  expect(Object.keys(route.typed_per_filter_config)).toEqual(['mcp.authentication', 'envoy.filters.http.mcp']);
  expect(Object.values<any>(route.typed_per_filter_config).every(({ disabled }) => disabled)).toBe(true);
});

it('names the resource by its public URL, and takes nothing of it for a command', () => {
  const [route] = routes({
    policy: policyOf({
      authentication: [anyOf(jwtOf({ issuer: 'https://a.dev/%20', resource: { scopes: [] } }), apiKeyOf())],
    }),
    publicUrl: 'https://mcp.acme.dev/routes/finance/smart',
  });
  expect(route.direct_response.body_format.json_format).toEqual({
    resource: 'https://mcp.acme.dev/routes/finance/smart',
    authorization_servers: ['https://a.dev/%%20'],
    bearer_methods_supported: ['header'],
  });
});

it('serves none for other routes', () => {
  expect(routes({ policy: policyOf({ authentication: [jwtOf()] }) })).toEqual([]);
  expect(routes({})).toEqual([]);
});

it('serves it past the rules of the gateway, and admits it', () => {
  const rules = [
    {
      principals: [{ kind: 'user' as const, name: 'alice' }],
      permissions: [{ tools: [], actions: ['tools/call' as const] }],
      conditions: [],
      origin: { path: 'gateway', property: 'authorization[0]' },
    },
  ];
  const plan = planOfEntries([
    entryOf([], { policy: policyOf({ level: 'gateway', authentication: [oidcRead], rules }) }),
  ]);
  const chain = filterChain(plan);
  const [host] = emitted(routeConfiguration(plan, chain)).virtual_hosts;
  const [route] = host.routes;
  const filters = route.typed_per_filter_config;
  expect(route.match.path).toMatch('/.well-known/');
  expect(host.typed_per_filter_config).toHaveProperty(['mcp.rbac.gateway']);
  expect(filters['mcp.rbac.gateway']).toHaveProperty('disabled', true);
  expect(filters).toHaveProperty([chain.admitted]);
});
