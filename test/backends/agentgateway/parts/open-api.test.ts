import { parse } from 'yaml';
import { agentgateway } from '../../../../src/backends/agentgateway';
import { argumentsRules } from '../../../../src/backends/agentgateway/parts/open-api';
import { GatewayPlan } from '../../../../src/model/plan';
import { resolvedConfig } from '../../../support/agentgateway-config';
import { groupOf, planOf, serverOf } from '../../../support/literals';
import { apiOf, LIST, restServerOf, UPDATE } from '../../../support/rest';

const crm = restServerOf('crm', apiOf(UPDATE, LIST));

function filesOf(plan: GatewayPlan): { config: any; documents: any[] } {
  expect(agentgateway.check(plan).filter(({ severity }) => severity === 'error')).toEqual([]);
  const { 'config.yaml': config, ...others } = agentgateway.configure(plan).files;
  return { config: resolvedConfig(parse(config)), documents: Object.values(others).map(text => JSON.parse(text)) };
}

/** What every route asks: that it is no web page. */
const NO_PAGE = { require: '!("origin" in request.headers)' };

it('serves a REST service by its document, over a hop below which the paths are those of the service', () => {
  const { config, documents } = filesOf(planOf([groupOf('default', [crm])]));
  const [outer, inner] = config.binds.map(({ listeners }: any) => listeners[0].routes[0]);
  expect(outer.backends[0].mcp).toMatchObject({
    statefulMode: 'stateless',
    targets: [
      {
        name: 'crm',
        openapi: {
          host: '127.0.0.1',
          port: 15100,
          schema: { file: expect.stringMatching(/^\/etc\/agentgateway\/openapi-[0-9a-f]{16}\.json$/) },
        },
      },
    ],
  });
  expect(outer.backends[0].mcp.targets[0].policies.transformations.request.remove).toEqual([
    'authorization',
    'cookie',
    'proxy-authorization',
  ]);
  expect(outer.policies.authorization.rules).toEqual([
    NO_PAGE,
    { require: argumentsRules(groupOf('default', [crm]))[0].replace(/\$/g, '$$$$') },
  ]);
  expect(inner).toMatchObject({
    matches: [{ path: { pathPrefix: '/finance/smart/_hold/crm' } }],
    backends: [{ host: 'crm.finance.svc:8080' }],
    policies: {
      urlRewrite: { path: { prefix: '/api' } },
      requestHeaderModifier: { remove: ['accept-encoding', 'x-mcp-inner'] },
    },
  });
  expect(inner.policies.authorization.rules.map(({ require }: any) => require)).toEqual([
    expect.stringContaining('127.0.0.0/8'),
    expect.stringContaining('x-mcp-inner'),
    '!request.path.contains("{")',
  ]);
  expect(documents).toHaveLength(1);
  expect(documents[0]).toMatchObject({ openapi: '3.0.3', servers: [{ url: '/finance/smart/_hold/crm' }] });
  expect(documents[0].paths['/customers/{customer-id}'].put).toEqual({
    operationId: 'update',
    summary: 'Update',
    description: 'Changes a customer.',
    parameters: [
      { name: 'customer-id', in: 'path', required: true, schema: { type: 'string' } },
      { name: 'dry', in: 'query', description: 'Only checks.', schema: { type: 'boolean' } },
      { name: 'tag[]', in: 'query', schema: { type: 'array', items: { type: 'string' } } },
      // An argument of another type than text would not be sent.
      { name: 'X-Level', in: 'header', schema: { type: 'string', pattern: '^(-?[0-9]+)$' } },
    ],
    requestBody: { content: { 'application/json': { schema: { type: 'object' } } } },
    responses: {},
  });
});

it('repeats requests on a hop of their own', () => {
  const { config, documents } = filesOf(planOf([groupOf('default', [crm])], { retry: { attempts: 3, codes: [503] } }));
  const inner = config.binds[1].listeners[0].routes;
  expect(
    inner.map(({ matches, policies, backends }: any) => [
      matches[0].path.pathPrefix,
      policies.urlRewrite.path.prefix,
      policies.retry?.attempts,
      backends[0].host,
    ]),
  ).toEqual([
    ['/finance/smart/_retry/crm', '/finance/smart/_hold/crm', 2, '127.0.0.1:15100'],
    ['/finance/smart/_hold/crm', '/api', undefined, 'crm.finance.svc:8080'],
  ]);
  expect(documents[0].servers).toEqual([{ url: '/finance/smart/_retry/crm' }]);
});

it('is a part of a virtual server, whose calls are checked on the way to it alone', () => {
  const tools = { tools: [{ kind: 'exact' as const, value: 'list' }], headers: [] };
  const { config } = filesOf(
    planOf([groupOf('match-0', [crm], { when: tools }), groupOf('default', [serverOf('ledger')], { unless: [tools] })]),
  );
  expect(config.binds[0].listeners[0].routes[0].policies?.authorization).toEqual({ rules: [NO_PAGE] });
  const rules = config.binds[1].listeners[0].routes.map(({ name, policies }: any) => [
    name,
    policies.authorization.rules.length,
  ]);
  expect(rules).toContainEqual(['finance.smart/match-0', 3]);
  expect(rules).toContainEqual(['finance.smart/default', 2]);
});

describe('a call', () => {
  const rule = argumentsRules(groupOf('default', [crm]))[0];

  it('names its tool and has the arguments of its operation', () => {
    expect(rule).toContain('json(request.body).params.name in ["update", "list"]');
    expect(rule).toContain(
      '"update": {"keys": ["path", "query", "header", "body"], "path": ["customer-id"], "lists": ["tag[]"], "query": ["dry"], "header": ["X-Level"]}',
    );
    expect(rule).toContain('"list": {"keys": [], "path": [], "lists": [], "query": [], "header": []}');
  });
});

describe('a schema', () => {
  const listed = (schema: any) => {
    const { documents } = filesOf(
      planOf([
        groupOf('default', [restServerOf('crm', apiOf({ ...LIST, method: 'post', body: { required: true, schema } }))]),
      ]),
    );
    return documents[0].paths['/customers'].post.requestBody.content['application/json'].schema;
  };

  it.each([
    [{ const: 'a' }, { enum: ['a'] }],
    [
      { type: ['string', 'null'], description: 'Words.' },
      { description: 'Words.', anyOf: [{ type: 'string' }, { type: 'null' }] },
    ],
    [
      { type: ['string', 'null'], anyOf: [{ minLength: 1 }] },
      { anyOf: [{ minLength: 1 }], allOf: [{ anyOf: [{ type: 'string' }, { type: 'null' }] }] },
    ],
    [
      { type: 'number', exclusiveMinimum: 1, exclusiveMaximum: 9 },
      { type: 'number', minimum: 1, not: { enum: [1] }, allOf: [{ maximum: 9, not: { enum: [9] } }] },
    ],
    [
      { type: 'object', properties: { a: { const: 1, examples: [1, 2] } }, additionalProperties: false },
      { type: 'object', properties: { a: { enum: [1], example: 1 } }, additionalProperties: false },
    ],
    [
      { type: 'array', items: { oneOf: [{ const: 1 }] }, contains: {} },
      { type: 'array', items: { oneOf: [{ enum: [1] }] } },
    ],
  ])('%j is written as %j', (schema, expected) => {
    expect(listed(schema)).toEqual(expected);
  });
});

it('warns of what the list of tools cannot say', () => {
  const schema = { type: 'object', properties: { a: { type: 'array', contains: {} } }, if: {}, then: {} };
  const plan = planOf([
    groupOf('default', [restServerOf('crm', apiOf({ ...LIST, method: 'post', body: { required: true, schema } }))]),
  ]);
  expect(agentgateway.check(plan)).toMatchObject([
    { severity: 'warning', path: 'app/crm', property: 'source.schema[list]', value: ['contains', 'if', 'then'] },
  ]);
});

it('refuses MCP servers and REST services that share calls by weight', () => {
  expect(agentgateway.check(planOf([groupOf('default', [crm, serverOf('ledger')])]))).toMatchObject([
    {
      severity: 'error',
      path: 'app/smart',
      property: 'backends',
      value: ['MCPServer finance/crm', 'MCPServer finance/ledger'],
    },
  ]);
});
