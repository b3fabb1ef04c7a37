import { parse } from 'yaml';
import { methodName } from '../../../../src/backends/envoy/dialect/identity';
import { callers } from '../../../../src/backends/envoy/parts/callers';
import { render } from '../../../../src/backends/envoy/render';
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
  } = parse(render(plan)['routes.yaml']);
  const asked = routes.map(({ match, typed_per_filter_config: config }: any) => [
    match.path,
    config['mcp.authentication'].disabled ?? false,
  ]);
  expect(new Set(asked.map((one: unknown) => JSON.stringify(one)))).toEqual(
    new Set(['["/routes/finance/smart",false]', '["/routes/finance/open",true]']),
  );
});
