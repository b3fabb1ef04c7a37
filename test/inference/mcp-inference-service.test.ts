import { App, Chart } from 'cdk8s';
import {
  AllowedNamespaces,
  ClusterMcpServer,
  McpGateway,
  McpInferenceService,
  McpInferenceServiceProps,
  McpRoute,
  McpServer,
  McpServerSource,
  RateLimit,
  RateLimitUnit,
  Reconciliation,
  ToolMatch,
} from '../../src';
import { find, messageOf, namesOf, synth } from '../support/synth';

const source = McpServerSource.image('ghcr.io/acme/postgres-mcp:1.0.0');
const model = { name: 'llama-3-70b' };

function program(mode = Reconciliation.RENDERED) {
  const app = new App();
  mode.applyTo(app);
  const team = new Chart(app, 'analytics', { namespace: 'analytics' });
  return {
    team,
    gateway: new McpGateway(team, 'gateway', { namespace: 'mcp-system' }),
    postgres: new McpServer(team, 'postgres-tools', { source }),
  };
}

it('gets a route of its own for its servers', () => {
  const { team, gateway, postgres } = program();
  const service = new McpInferenceService(team, 'analytics-llm', {
    model,
    runtime: { name: 'vllm' },
    servers: [{ server: postgres, weight: 3 }],
    matches: [{ tools: ToolMatch.prefix('db_') }],
    gateway,
    rateLimits: [RateLimit.perIp(10, RateLimitUnit.MINUTE)],
  });
  const objects = synth(team);
  expect(service.route?.url).toBe('http://gateway.mcp-system/routes/analytics/analytics-llm-route');
  expect(find(objects, 'InferenceService').spec).toEqual({
    model,
    runtime: { name: 'vllm' },
    engine: { runner: { name: 'ome-container', env: [{ name: 'MCP_GATEWAY_URL', value: service.route!.url }] } },
  });
  const route = find(objects, 'MCPRoute', 'analytics-llm-route');
  expect(route.metadata.labels['ome.io/inferenceservice']).toBe('analytics-llm');
  expect(route.spec).toMatchObject({
    backendRefs: [{ serverRef: { name: 'postgres-tools' }, weight: 3 }],
    rateLimit: { limits: [{ dimension: 'ip', requests: 10, unit: 'minute' }] },
  });
});

it('shares a route that exists', () => {
  const { team, gateway, postgres } = program();
  const route = new McpRoute(team, 'canary', { gateway, backends: [{ server: postgres }] });
  const services = ['a', 'b'].map(id => new McpInferenceService(team, id, { model, route }));
  const objects = synth(team);
  expect(namesOf(objects).filter(name => name.startsWith('MCPRoute'))).toEqual(['MCPRoute canary']);
  expect(services.map(({ name }) => find(objects, 'InferenceService', name).spec.engine.runner.env)).toEqual(
    services.map(() => [{ name: 'MCP_GATEWAY_URL', value: 'http://gateway.mcp-system/routes/analytics/canary' }]),
  );
});

const URL_OF_ROUTE = { name: 'MCP_GATEWAY_URL', value: 'http://gateway.mcp-system/routes/analytics/llm-route' };

test.each<[string, object, (spec: any) => unknown, unknown]>([
  [
    'the engine',
    { engine: { minReplicas: 2, runner: { name: 'sglang', image: 'sglang:1', env: [{ name: 'MODE', value: 'x' }] } } },
    spec => spec.engine.runner,
    { name: 'sglang', image: 'sglang:1', env: [{ name: 'MODE', value: 'x' }, URL_OF_ROUTE] },
  ],
  [
    'the leader of several nodes',
    { engine: { leader: { runner: { name: 'sglang' } }, worker: { size: 1 } } },
    spec => [spec.engine.leader.runner, spec.engine.runner],
    [{ name: 'sglang', env: [URL_OF_ROUTE] }, undefined],
  ],
  [
    'engine and decoder',
    { engine: { minReplicas: 1 }, decoder: { minReplicas: 1 } },
    spec => [spec.engine.runner, spec.decoder.runner],
    [
      { name: 'ome-container', env: [URL_OF_ROUTE] },
      { name: 'ome-container', env: [URL_OF_ROUTE] },
    ],
  ],
])('gives the URL to the runner of %s, and keeps what is there', (_, spec, read, expected) => {
  const { team, gateway, postgres } = program();
  new McpInferenceService(team, 'llm', { model, servers: [{ server: postgres }], gateway, spec });
  expect(read(find(synth(team), 'InferenceService').spec)).toEqual(expected);
});

it('says in controller mode what OEP-0005 proposes, and nothing else', () => {
  const { team, postgres } = program(Reconciliation.CONTROLLER);
  const route = McpRoute.fromMcpRouteName(team, 'shared', 'shared');
  new McpInferenceService(team, 'simple', {
    model,
    servers: [{ server: postgres, weight: 100 }],
    matches: [{ tools: ToolMatch.prefix('db_') }],
  });
  new McpInferenceService(team, 'explicit', { model, route });
  const objects = synth(team);
  expect(namesOf(objects)).toEqual([
    'InferenceService explicit',
    'InferenceService simple',
    'MCPGateway gateway',
    'MCPServer postgres-tools',
  ]);
  expect(find(objects, 'InferenceService', 'simple').spec.mcpServers).toEqual([
    { serverRef: { name: 'postgres-tools' }, weight: 100 },
  ]);
  expect(find(objects, 'InferenceService', 'explicit').spec.mcpRoute).toEqual({ routeRef: { name: 'shared' } });
});

test.each<[string, (program_: ReturnType<typeof program>) => Partial<McpInferenceServiceProps>, string]>([
  ['neither servers nor a route', () => ({}), 'servers: got 0: names no server, and there is no route'],
  [
    'both servers and a route',
    ({ team, gateway, postgres }) => ({
      servers: [{ server: postgres }],
      route: new McpRoute(team, 'other', { gateway, backends: [{ server: postgres }] }),
    }),
    'servers: got "(given)": is given together with route (analytics/other)',
  ],
  [
    'a policy for a route of others',
    ({ team, gateway, postgres }) => ({
      rateLimits: [],
      route: new McpRoute(team, 'other', { gateway, backends: [{ server: postgres }] }),
    }),
    'Drop rateLimits, or route',
  ],
  [
    'a route of another namespace',
    ({ team }) => ({ route: McpRoute.fromMcpRouteName(team, 'far', 'far', { namespace: 'far' }) }),
    'is in another namespace than the service (analytics)',
  ],
  [
    '33 servers',
    ({ postgres }) => ({ servers: Array.from({ length: 33 }, () => ({ server: postgres })) }),
    'are more than the 32 an InferenceService may have',
  ],
  [
    'more servers than a route takes',
    ({ postgres }) => ({ servers: Array.from({ length: 17 }, () => ({ server: postgres })) }),
    'are more than the 16 backends that a route may have',
  ],
  [
    'a model without a name',
    ({ postgres }) => ({ model: { name: '' }, servers: [{ server: postgres }] }),
    'model.name: got ""',
  ],
  [
    'fields that options say',
    ({ postgres }) => ({ servers: [{ server: postgres }], spec: { mcpRoute: {} } }),
    'spec.mcpRoute: got {}: is what an option says. Use the option: route',
  ],
  [
    'a spec that is none',
    ({ postgres }) => ({ servers: [{ server: postgres }], spec: 'engine' }),
    'spec: got "engine": is not an object',
  ],
])('refuses %s', (_, props, message) => {
  const built = program();
  expect(messageOf(() => new McpInferenceService(built.team, 'llm', { model, ...props(built) }))).toContain(message);
});

test('refuses in controller mode what the resource cannot say', () => {
  const { team, gateway } = program(Reconciliation.CONTROLLER);
  const shared = new ClusterMcpServer(team, 'shared', { source, allowedNamespaces: AllowedNamespaces.all() });
  const message = messageOf(
    () => new McpInferenceService(team, 'llm', { model, servers: [{ server: shared }], gateway, runnerContainer: 'x' }),
  );
  expect(message).toContain('servers[0]: got "ClusterMCPServer shared": is not an MCPServer');
  expect(message).toContain('gateway: got "(given)": has no field in the InferenceService resource');
  expect(message).toContain('runnerContainer');
});

test('fails synthesis where the runner has the variable already', () => {
  const { team, gateway, postgres } = program();
  new McpInferenceService(team, 'llm', {
    model,
    servers: [{ server: postgres }],
    gateway,
    spec: { engine: { runner: { env: [{ name: 'MCP_GATEWAY_URL', value: 'http://elsewhere' }] } } },
  });
  expect(messageOf(() => synth(team))).toContain(
    'spec.engine.runner.env: got "MCP_GATEWAY_URL": is set to something else',
  );
});
