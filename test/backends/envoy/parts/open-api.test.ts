import { parse } from 'yaml';
import { envoy } from '../../../../src/backends/envoy';
import { GatewayPlan } from '../../../../src/model/plan';
import { RestOperation } from '../../../../src/model/rest';
import { Server } from '../../../../src/model/server';
import { groupOf, planOf as onAgentgateway, serverOf } from '../../../support/literals';
import { apiOf, LIST, restServerOf, UPDATE } from '../../../support/rest';

const planOf = (...servers: readonly Server[]): GatewayPlan =>
  onAgentgateway([groupOf('default', servers)], {}, { plane: 'envoy' });
const crm = restServerOf('crm', apiOf(UPDATE, LIST));

function routesOf(plan: GatewayPlan): Record<string, any> {
  expect(envoy.check(plan)).toEqual([]);
  const {
    virtual_hosts: [{ routes }],
  } = parse(envoy.configure(plan).files['routes.yaml']).resources[0];
  return Object.fromEntries(routes.map((route: any) => [route.name, route]));
}

const filtersOf = (plan: GatewayPlan): string[] =>
  parse(
    envoy.configure(plan).files['listeners.yaml'],
  ).resources[0].filter_chains[0].filters[0].typed_config.http_filters.map(({ name }: any) => name);

it('translates last of all, and only where there is something to translate', () => {
  expect(filtersOf(planOf(crm)).slice(-3)).toEqual(['mcp.rest', 'mcp.rbac.rest', 'envoy.filters.http.router']);
  expect(filtersOf(planOf(serverOf('ledger')))).not.toContain('mcp.rest');
});

it('makes a tool of an operation', () => {
  const { 'finance.smart/default': route, 'finance.smart/default/stream': stream } = routesOf(planOf(crm));
  // The path is made of the call.
  expect(route.route).not.toHaveProperty('regex_rewrite');
  const [config] = route.typed_per_filter_config['mcp.rest'].tool_config;
  expect(config).toMatchObject({ tool_list_local: {}, default_server_info: { path: '/routes/finance/smart' } });
  expect(
    config.tools.map(({ tool_list_config: { input_schema, ...listed }, ...tool }: any) => ({
      ...tool,
      listed,
      takes: JSON.parse(input_schema),
    })),
  ).toEqual([
    {
      name: 'update',
      http_rule: {
        put: '/api/customers/{customer_id}',
        body: 'body',
        bindings: [{ type: 'HEADER', name: 'X-Level', argument_path: 'X-Level' }],
      },
      listed: { title: 'Update', description: 'Changes a customer.' },
      takes: {
        type: 'object',
        properties: {
          customer_id: { type: 'string' },
          dry: { type: 'boolean', description: 'Only checks.' },
          'tag[]': { type: 'array', items: { type: 'string' } },
          'X-Level': { type: 'integer' },
          // A call without it would be refused.
          body: { anyOf: [{ type: 'object' }, { type: 'null' }] },
        },
        required: ['customer_id', 'body'],
        additionalProperties: false,
      },
    },
    {
      name: 'list',
      http_rule: { get: '/api/customers' },
      listed: { description: 'list' },
      takes: { type: 'object', properties: {}, additionalProperties: false },
    },
  ]);
  expect(stream.typed_per_filter_config['mcp.rest'].tool_config[0].tools).toEqual([]);
});

it('leaves out the tools that the server keeps back', () => {
  const { 'finance.smart/default': route } = routesOf(
    planOf({ ...crm, toolsFilter: [{ kind: 'exact', value: 'list' }] }),
  );
  expect(route.typed_per_filter_config['mcp.rest'].tool_config[0].tools.map(({ name }: any) => name)).toEqual(['list']);
  expect(Object.keys(route.typed_per_filter_config['mcp.rbac.rest'].rbac.rules.policies)).toEqual(['list']);
});

it('lets through what an operation may ask for, and nothing else', () => {
  const { 'finance.smart/default': route } = routesOf(planOf(crm));
  const { update } = route.typed_per_filter_config['mcp.rbac.rest'].rbac.rules.policies;
  expect(update.permissions[0].and_rules.rules.slice(0, 2)).toEqual([
    {
      sourced_metadata: {
        metadata_matcher: {
          filter: 'envoy.filters.http.mcp',
          path: [{ key: 'params' }, { key: 'name' }],
          value: { string_match: { exact: 'update' } },
        },
      },
    },
    { header: { name: ':method', string_match: { exact: 'PUT' } } },
  ]);
});

describe('the request of a call', () => {
  const meets = (operation: RestOperation, request: string): boolean => {
    const { 'finance.smart/default': route } = routesOf(planOf(restServerOf('crm', apiOf(operation))));
    const policy = route.typed_per_filter_config['mcp.rbac.rest'].rbac.rules.policies[operation.name];
    const [, , { header }] = policy.permissions[0].and_rules.rules;
    expect(header.name).toBe(':path');
    return new RegExp(`^(?:${header.string_match.safe_regex.regex})$`).test(request);
  };

  it.each([
    ['/api/customers/7', true],
    ['/api/customers/a%2Fb?dry=true', true],
    ['/api/customers/7?tag%5B%5D=a&tag%5B%5D=b&dry=', true],
    ['/api/customers/', false],
    ['/api/customers/7/8', false],
    ['/api/customers/7?other=1', false],
    ['/api/customers/7?dry=1&other=1', false],
    ['/api/customers', false],
    ['/api/customers/7?dry', false],
  ])('%s: %s', (request, expected) => {
    expect(meets(UPDATE, request)).toBe(expected);
  });

  it('has no query where there are no parameters', () => {
    expect([meets(LIST, '/api/customers'), meets(LIST, '/api/customers?a=1'), meets(LIST, '/apiXcustomers')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('is refused:', () => {
  const refusals = (plan: GatewayPlan) => envoy.check(plan).map(({ path, property, value }) => [path, property, value]);

  it('services with different tools that share calls by weight', () => {
    expect(refusals(planOf(crm, restServerOf('other', apiOf(LIST))))).toEqual([
      ['app/smart', 'backends', ['MCPServer finance/crm', 'MCPServer finance/other']],
    ]);
    expect(refusals(planOf(crm, restServerOf('other', apiOf(UPDATE, LIST))))).toEqual([]);
  });

  it('an MCP server among them', () => {
    expect(
      refusals(
        planOf(
          crm,
          serverOf('ledger', {
            sessions: 'stateless',
            endpoints: [{ host: 'ledger.finance.svc', port: 8080, path: '/api' }],
            credentials: [],
          }),
        ),
      ),
    ).toContainEqual(['app/smart', 'backends', ['MCPServer finance/crm', 'MCPServer finance/ledger']]);
  });

  it('arguments of one name', () => {
    const also = ['customer_id', 'body'].map(name => ({
      name,
      place: 'query' as const,
      required: false,
      schema: { type: 'string' },
    }));
    const twice: RestOperation = { ...UPDATE, parameters: [...UPDATE.parameters, ...also] };
    expect(refusals(planOf(restServerOf('crm', apiOf(twice))))).toEqual([
      ['app/crm', 'source.schema[update]', ['customer_id', 'body']],
    ]);
  });
});
