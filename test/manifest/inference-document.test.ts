import { App, Chart, Testing } from 'cdk8s';
import { chartOf, controllerChart, documents, faults, only, readInto, serverOf } from './support';
import { McpGateway, McpManifest, McpManifestOptions, McpRoute } from '../../src';

/* InferenceServices that say which tools their model has (OEP-0005, "InferenceService MCP Integration"). */

function inference(spec: object, metadata: object = {}): string {
  return `${JSON.stringify({
    apiVersion: 'ome.io/v1beta1',
    kind: 'InferenceService',
    metadata: { name: 'llm', ...metadata },
    spec: { model: { name: 'llama-3-70b' }, runtime: { name: 'vllm' }, ...spec },
  })}\n`;
}

interface Read {
  readonly manifest: McpManifest;
  readonly chart: Chart;
  readonly platform: Chart;
}

function read(text: string, options: McpManifestOptions = {}): Read {
  const app = new App();
  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const gateway = new McpGateway(platform, 'gateway');
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  return { manifest: readInto(chart, text, { gateway, ...options }), chart, platform };
}

const URL = { name: 'MCP_GATEWAY_URL', value: 'http://gateway.mcp-system/routes/finance/llm-route' };

describe('servers', () => {
  const text = documents(
    serverOf('ledger'),
    serverOf('reports'),
    inference({
      mcpServers: [
        { serverRef: { name: 'ledger' }, weight: 90 },
        { serverRef: { name: 'reports' }, weight: 10 },
      ],
      engine: { minReplicas: 1 },
    }),
  );

  test('get a route of their own, which the runner finds', () => {
    const { manifest, chart } = read(text);
    const objects = Testing.synth(chart);
    expect(manifest.inferenceServices.map(({ name }) => name)).toEqual(['llm']);
    expect(manifest.others).toEqual([]);
    expect(manifest.route('llm-route').url).toBe(URL.value);
    expect(only(objects, 'MCPRoute').spec.backendRefs).toEqual([
      { serverRef: { name: 'ledger' }, weight: 90 },
      { serverRef: { name: 'reports' }, weight: 10 },
    ]);
    // Valid for the InferenceService that OME has released, which knows neither field.
    expect(only(objects, 'InferenceService').spec).toEqual({
      engine: { minReplicas: 1, runner: { name: 'ome-container', env: [URL] } },
      model: { name: 'llama-3-70b' },
      runtime: { name: 'vllm' },
    });
  });

  test('are reached by the pods of the model, and by nobody else', () => {
    const { platform } = read(text);
    const { ingress } = only(Testing.synth(platform), 'NetworkPolicy').spec;
    expect(JSON.stringify(ingress)).toContain('"ome.io/inferenceservice":"llm"');
  });

  test('policies are those of the route', () => {
    const { chart } = read(
      documents(
        serverOf('ledger'),
        inference({
          mcpServers: [{ serverRef: { name: 'ledger' } }],
          mcpRoute: { rateLimit: { limits: [{ dimension: 'ip', requests: 5, unit: 'minute' }] } },
        }),
      ),
    );
    expect(only(Testing.synth(chart), 'MCPRoute').spec).toMatchObject({
      backendRefs: [{ serverRef: { name: 'ledger' } }],
      rateLimit: { limits: [{ dimension: 'ip', requests: 5, unit: 'minute' }] },
    });
  });

  test('an operator reads the resource itself', () => {
    const chart = controllerChart();
    readInto(chart, documents(serverOf('ledger'), inference({ mcpServers: [{ serverRef: { name: 'ledger' } }] })));
    const objects = Testing.synth(chart);
    expect(objects.map(({ kind }) => kind).sort()).toEqual(['InferenceService', 'MCPServer']);
    expect(only(objects, 'InferenceService').spec.mcpServers).toEqual([{ serverRef: { name: 'ledger' } }]);
  });
});

describe('a route', () => {
  const route = (name: string) =>
    `${JSON.stringify({
      apiVersion: 'ome.io/v1alpha1',
      kind: 'MCPRoute',
      metadata: { name },
      spec: { backendRefs: [{ serverRef: { name: 'ledger' } }] },
    })}\n`;

  test('of the manifest, shared by two models', () => {
    const named = { mcpRoute: { routeRef: { name: 'shared' } } };
    const { chart, manifest } = read(
      documents(inference(named), inference(named, { name: 'other' }), route('shared'), serverOf('ledger')),
    );
    expect(manifest.inferenceServices.map(service => service.route?.name)).toEqual(['shared', 'shared']);
    expect(Testing.synth(chart).filter(({ kind }) => kind === 'MCPRoute')).toHaveLength(1);
  });

  test('of the app', () => {
    const app = new App();
    const gateway = new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway');
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    const servers = readInto(chart, serverOf('ledger'));
    const shared = new McpRoute(chart, 'shared', { backends: [{ server: servers.server('ledger') }], gateway });
    McpManifest.fromYaml(chart, 'models', inference({ mcpRoute: { routeRef: { name: 'shared' } } }), {
      routes: [shared],
    });
    expect(only(Testing.synth(chart), 'InferenceService').spec.engine.runner.env).toEqual([
      { name: 'MCP_GATEWAY_URL', value: shared.url },
    ]);
  });
});

test('names of models as some examples of the proposal have them', () => {
  const { chart } = read(
    documents(
      serverOf('ledger'),
      inference({
        model: { modelRef: { name: 'llama-3-70b' } },
        runtime: { runtimeRef: { name: 'vllm' } },
        mcpServers: [{ serverRef: { name: 'ledger' } }],
      }),
    ),
  );
  expect(only(Testing.synth(chart), 'InferenceService').spec).toMatchObject({
    model: { name: 'llama-3-70b' },
    runtime: { name: 'vllm' },
  });
});

const AT = 'f.yaml:1 (document 1, InferenceService llm)';

test.each<[string, string, string[]]>([
  [
    'servers beside a route',
    inference({ mcpServers: [{ serverRef: { name: 'ledger' } }], mcpRoute: { routeRef: { name: 'shared' } } }),
    [
      `[${AT}] spec.mcpRoute.routeRef.name: got "shared": there is no MCPRoute finance/shared in the manifest, and no other route. Correct the name, add the document, or pass a route from elsewhere in the option \`routes\`.`,
      `[${AT}] spec.mcpServers: got [{"serverRef":{"name":"ledger"}}]: is given together with mcpRoute.routeRef, which says it. Keep one of the two.`,
    ],
  ],
  [
    'what a reference has not, and a runtime that is text',
    inference({ runtime: 'vllm', mcpRoute: { routeRef: { name: 'shared', namespace: 'hr' } } }),
    [
      expect.stringContaining('spec.mcpRoute.routeRef.name: got "shared"') as unknown as string,
      expect.stringContaining('spec.mcpRoute.routeRef.namespace: got "hr": is not a field here') as unknown as string,
      expect.stringContaining('spec.runtime: got "vllm": is text, not an object') as unknown as string,
    ],
  ],
  [
    'a server that is not there, where it is written',
    inference({ mcpServers: [{ serverRef: { name: 'ledger' } }] }),
    [
      `[${AT}] spec.mcpServers[0].serverRef.name: got "ledger": there is no MCPServer finance/ledger in the manifest, and no other server. Correct the name, add the document, or pass a server from elsewhere in the option \`servers\`.`,
    ],
  ],
  [
    'no model',
    inference({ model: undefined, mcpRoute: { routeRef: {} } }),
    [
      `[${AT}] spec.mcpRoute.routeRef: got {}: names no route. Write routeRef.name.`,
      `[${AT}] spec.model: got nothing: names no model. Write model.name.`,
    ],
  ],
  [
    'a route that is text',
    inference({ mcpRoute: 'shared' }),
    [
      `[${AT}] spec.mcpRoute: got "shared": is text, not an object. Write routeRef.name.`,
      `[${AT}] spec.mcpServers: got nothing: is missing. Add it.`,
    ],
  ],
  [
    'a policy that is none, where it is written',
    inference({ mcpServers: [{ serverRef: { name: 'ledger' } }], mcpRoute: { rateLimits: {} } }),
    [
      expect.stringContaining('spec.mcpRoute.rateLimits: got {}: is not a field here') as unknown as string,
      expect.stringContaining('spec.mcpServers[0].serverRef.name: got "ledger"') as unknown as string,
    ],
  ],
  [
    'a namespace that is none, once',
    inference({ mcpServers: [] }, { namespace: 'Not A Name' }),
    [
      expect.stringContaining('metadata.namespace: got "Not A Name"') as unknown as string,
      expect.stringContaining('spec.mcpServers: got []') as unknown as string,
    ],
  ],
])('refuses %s', (_, text, expected) => {
  expect(faults(text, {}, chartOf()).sort()).toEqual(expected);
});
