import { App, Chart } from 'cdk8s';
import {
  AccessMatrix,
  AccessQuestion,
  AllowOptions,
  Authentication,
  GatewayDataPlane,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  Principal,
  Reconciliation,
  ToolAction,
} from '../../src';
import { messageOf, newChart } from '../support/synth';

/* Rules about more than tools: prompts, resources, completions of their arguments, and tasks. */

function appWith(dataPlane: GatewayDataPlane, ...rules: AllowOptions[]): [App, McpRoute] {
  const app = new App();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const server = new McpServer(chart, 'ledger', { source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0') });
  const route = new McpRoute(chart, 'books', {
    gateway: new McpGateway(chart, 'gateway', { dataPlane }),
    backends: [{ server }],
    authentication: [
      Authentication.jwt({
        issuer: 'https://auth.acme.dev',
        audiences: ['mcp'],
        jwksUri: 'https://auth.acme.dev/keys',
      }),
    ],
  });
  rules.forEach(rule => route.allow(Principal.user('alice'), rule));
  return [app, route];
}

const CALL = [ToolAction.CALL];
const LIST = [ToolAction.LIST];

type Asked = Omit<AccessQuestion, 'route' | 'principal'>;

const TOOL: Asked = { tool: 'query', undeclared: true };
const PROMPT: Asked = { prompt: 'report_sales' };
const RESOURCE: Asked = { resource: 'file:///reports/sales' };
const EVERYTHING: readonly Asked[] = [TOOL, PROMPT, RESOURCE].flatMap((item): Asked[] => [
  item,
  { ...item, action: ToolAction.LIST },
  item === TOOL ? { ...item, task: true } : { ...item, completion: true },
]);

describe.each([
  ['agentgateway', GatewayDataPlane.agentgateway()],
  ['envoy', GatewayDataPlane.envoy()],
])('on %s', (_, dataPlane) => {
  const allowed = (rules: AllowOptions[], asked: Asked, principal = Principal.user('alice')): boolean => {
    const [app, route] = appWith(dataPlane, ...rules);
    return AccessMatrix.of(app).decide({ route, principal, ...asked }).allowed;
  };

  it.each<[string, AllowOptions, readonly Asked[]]>([
    ['tools', { tools: ['*'] }, [TOOL, { ...TOOL, action: ToolAction.LIST }]],
    ['prompts', { prompts: ['*'] }, [PROMPT, { ...PROMPT, action: ToolAction.LIST }]],
    ['resources', { resources: ['*'] }, [RESOURCE, { ...RESOURCE, action: ToolAction.LIST }]],
    ['calls and tasks', { tools: ['*'], actions: CALL, tasks: true }, [TOOL, { ...TOOL, task: true }]],
    ['completions', { prompts: ['*'], actions: CALL, completions: true }, [PROMPT, { ...PROMPT, completion: true }]],
    [
      'lists of all, and uses of some',
      { tools: ['*'], prompts: ['*'], resources: ['*'], actions: LIST },
      [TOOL, PROMPT, RESOURCE].map(item => ({ ...item, action: ToolAction.LIST })),
    ],
  ])('a rule of %s grants these, and nothing else', (_kind, rule, granted) => {
    const [app, route] = appWith(dataPlane, rule);
    const access = AccessMatrix.of(app);
    const found = EVERYTHING.filter(
      asked => access.decide({ route, principal: Principal.user('alice'), ...asked }).allowed,
    );
    expect(found).toEqual(granted);
    expect(
      EVERYTHING.filter(asked => access.decide({ route, principal: Principal.user('bob'), ...asked }).allowed),
    ).toEqual([]);
  });

  it('selects prompts by name, and resources by URI', () => {
    const rules = [{ prompts: ['report_*'], resources: ['file:///reports/*', 'memo://rates'], actions: CALL }];
    expect(allowed(rules, { prompt: 'report_sales' })).toBe(true);
    expect(allowed(rules, { prompt: 'summary' })).toBe(false);
    expect(allowed(rules, { tool: 'report_sales', undeclared: true })).toBe(false);
    expect(allowed(rules, { resource: 'memo://rates' })).toBe(true);
    expect(allowed(rules, { resource: 'memo://rates/2' })).toBe(false);
    expect(allowed(rules, { resource: 'file:///reports/a/b' })).toBe(true);
    expect(allowed(rules, { resource: 'file:///reports/../secret' })).toBe(false);
    expect(allowed(rules, { resource: 'file:///reports/%2E%2e/secret' })).toBe(false);
    expect(allowed(rules, { prompt: 'report_sales' }, Principal.user('bob'))).toBe(false);
  });

  it('completes arguments of what a rule names, and of nothing else', () => {
    const rules = [
      { prompts: ['report_*'], resources: ['file:///reports/{name}'], actions: CALL, completions: true },
      { prompts: ['summary'], actions: CALL },
    ];
    expect(allowed(rules, { prompt: 'report_sales', completion: true })).toBe(true);
    expect(allowed(rules, { prompt: 'summary', completion: true })).toBe(false);
    expect(allowed(rules, { resource: 'file:///reports/{name}', completion: true })).toBe(true);
    expect(allowed(rules, { resource: 'file:///{name}', completion: true })).toBe(false);
  });

  it('says in words who may what', () => {
    const [app, route] = appWith(dataPlane, {
      tools: ['query'],
      prompts: ['report_*'],
      resources: ['memo://rates'],
      actions: CALL,
      completions: true,
      tasks: true,
    });
    const access = AccessMatrix.of(app);
    expect(access.decide({ route, principal: Principal.user('alice'), ...PROMPT }).reasons[0].words).toBe(
      'user:alice may call query; and get prompt report_*; and read resource memo://rates; and complete arguments of these; and follow up tasks of these',
    );
    expect(
      access.decide({ route, principal: Principal.user('bob'), prompt: 'report_sales', completion: true }).reasons[0]
        .words,
    ).toContain('no rule of the route allows user:bob to complete arguments of prompt report_sales');
    expect(access.toMarkdown()).toBe(`### finance/books

|  | query | prompt report_\\* | resource memo://rates |
|-|-|-|-|
| user:alice | call | get | read |
| any authenticated caller | - | - | - |
| without credentials | - | - | - |
`);
    expect(access.toCsv()).toContain('finance/books,user:alice,prompt report_*,true,false\n');
  });
});

it('leaves what may not be listed out of lists on agentgateway, which Envoy cannot', () => {
  const rule = { prompts: ['report_*'], resources: ['memo://*'] };
  const [app, route] = appWith(GatewayDataPlane.agentgateway(), rule);
  const lists = (asked: Asked) =>
    AccessMatrix.of(app).decide({ route, principal: Principal.user('alice'), action: ToolAction.LIST, ...asked })
      .allowed;
  expect([lists({ prompt: 'report_a' }), lists({ prompt: 'b' })]).toEqual([true, false]);
  expect([lists({ resource: 'memo://a' }), lists({ resource: 'file:///a' })]).toEqual([true, false]);
  const message = messageOf(() => appWith(GatewayDataPlane.envoy(), rule)[0].synth());
  expect(message).toContain('Envoy cannot leave anything out of a list');
  expect(message).toContain('report_*');
  expect(message).toContain('memo://*');
});

it('compares two matrices', () => {
  const [before] = appWith(GatewayDataPlane.agentgateway(), { prompts: ['a'], actions: CALL });
  const [after] = appWith(GatewayDataPlane.agentgateway(), { prompts: ['a'], resources: ['memo://b'], actions: LIST });
  const changes = AccessMatrix.diff(AccessMatrix.of(before), AccessMatrix.of(after));
  expect(changes.map(({ action, change, tool }) => `${change} ${action} ${tool}`)).toEqual([
    'lost prompts/get a',
    'gained prompts/list a',
    'gained resources/list memo://b',
  ]);
});

it.each<[string, AllowOptions]>([
  ['names no tools, prompts or resources', {}],
  ['Name prompts, or * for all', { prompts: [] }],
  ['Name resources by their URIs', { resources: [] }],
  ['is no URI: it has no scheme', { resources: ['reports/a'] }],
  ['has a space or a character of control', { resources: ['file:///a b'] }],
  ['has a segment . or ..', { resources: ['file:///reports/../*'] }],
  ['has a character of control', { prompts: ['a\nb'] }],
  ['and the permission names neither', { tools: ['*'], completions: true }],
  ['lets no tool be called', { prompts: ['*'], tasks: true }],
  ['lets no tool be called', { tools: ['*'], actions: LIST, tasks: true }],
])('refuses what means nothing: %s', (problem, rule) => {
  expect(messageOf(() => appWith(GatewayDataPlane.agentgateway(), rule))).toContain(problem);
});

it('refuses questions about nothing, or about several things', () => {
  const [app, route] = appWith(GatewayDataPlane.agentgateway(), { tools: ['query'] });
  const access = AccessMatrix.of(app);
  expect(() => access.decide({ route })).toThrow('are none of tool, prompt and resource');
  expect(() => access.decide({ route, tool: 'query', prompt: 'a' })).toThrow('are 2 of tool, prompt and resource');
  expect(() => access.decide({ route, tool: 'query', completion: true })).toThrow('is about a tool');
  expect(() => access.decide({ route, prompt: 'a', task: true })).toThrow('is about none');
});

it('an operator would not see it', () => {
  const chart = newChart();
  Reconciliation.CONTROLLER.applyTo(chart);
  const route = new McpRoute(chart, 'books');
  const message = messageOf(() =>
    route.allow(Principal.user('alice'), {
      tools: ['a'],
      prompts: ['b'],
      resources: ['memo://c'],
      completions: true,
      tasks: true,
    }),
  );
  for (const field of ['prompts', 'resources', 'completions', 'tasks']) {
    expect(message).toContain(`permissions[0].${field}: got`);
  }
  expect(message).toContain('grants more than tools');
  expect(message).not.toContain('permissions[0].tools');
});
