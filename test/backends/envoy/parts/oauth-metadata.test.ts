import { filterChain } from '../../../../src/backends/envoy/listener';
import { oauthMetadata } from '../../../../src/backends/envoy/parts/oauth-metadata';
import { routeConfiguration } from '../../../../src/backends/envoy/routes';
import { Entry } from '../../../../src/model/plan';
import { entryOf } from '../../../support/literals';
import { anyOf, apiKeyOf, jwtOf, policyOf } from '../../agentgateway/policy-fixtures';
import { emitted, planOfEntries } from '../plans';

const oidc = jwtOf({ resource: { scopes: ['mcp:read'] } });
const routes = (options: Partial<Entry>) =>
  emitted(oauthMetadata.entry!(planOfEntries([entryOf([], options)]).entries[0]).routes ?? []);

it('serves the metadata of a protected resource to everybody', () => {
  const [route, ...others] = routes({ policy: policyOf({ authentication: [oidc, apiKeyOf()] }) });
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
  const plan = planOfEntries([entryOf([], { policy: policyOf({ level: 'gateway', authentication: [oidc], rules }) })]);
  const chain = filterChain(plan);
  const [host] = emitted(routeConfiguration(plan, chain)).virtual_hosts;
  const [route] = host.routes;
  const filters = route.typed_per_filter_config;
  expect(route.match.path).toMatch('/.well-known/');
  expect(host.typed_per_filter_config).toHaveProperty(['mcp.rbac.gateway']);
  expect(filters['mcp.rbac.gateway']).toHaveProperty('disabled', true);
  expect(filters).toHaveProperty([chain.admitted]);
});
