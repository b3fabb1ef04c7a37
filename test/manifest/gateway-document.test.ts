import { Chart, Testing } from 'cdk8s';
import {
  chartOf,
  controllerChart,
  documentOf,
  documents,
  gatewayOf,
  Json,
  only,
  POD,
  readInto,
  serverOf,
  synthesize,
  withoutPaths,
} from './support';
import { McpGateway, McpServer, McpServerSource } from '../../src';
import { Synthesis } from '../../src/synthesis/synthesis';

const gatewaySpec = (fields: string, kind = 'MCPGateway') => only(synthesize(gatewayOf(fields, kind)), kind).spec;
const model = (chart: Chart) => Synthesis.of(chart).compile().plans[0].gateway;

test('without fields, a gateway as in code', () => {
  const written = chartOf();
  new McpGateway(written, 'gw');
  const expected = withoutPaths(Testing.synth(written));
  expect(withoutPaths(synthesize(gatewayOf()))).toEqual(expected);
  expect(withoutPaths(synthesize('apiVersion: ome.io/v1alpha1\nkind: MCPGateway\nmetadata: {name: gw}\n'))).toEqual(
    expected,
  );
});

test('how it runs and is reached', () => {
  const objects = synthesize(
    gatewayOf(`
    replicas: 2,
    transport: streamable-http,
    podSpec: {metadata: {annotations: {a: b}}, spec: {priorityClassName: high, containers: [{name: gateway, resources: {limits: {memory: 1Gi}}}]}},
    dataPlane: {type: agentgateway, image: "registry.acme.dev/agentgateway:v1.4.1"},
    network: {service: {type: LoadBalancer, annotations: {lb: internal}, ports: [{name: http, port: 8000, protocol: TCP, targetPort: 9000}]}, transport: {http: {port: 9000}}, ingress: {enabled: false}},
  `),
  );
  const { replicas, template } = only(objects, 'Deployment').spec;
  expect(replicas).toBe(2);
  expect(template.metadata.annotations.a).toBe('b');
  expect(template.spec.priorityClassName).toBe('high');
  expect(template.spec.containers).toHaveLength(1);
  expect(template.spec.containers[0]).toMatchObject({
    image: 'registry.acme.dev/agentgateway:v1.4.1',
    resources: { limits: { memory: '1Gi' } },
  });
  const service = only(objects, 'Service');
  expect(service.metadata.annotations).toEqual({ lb: 'internal' });
  expect(service.spec).toMatchObject({ type: 'LoadBalancer', ports: [{ port: 8000, targetPort: 9000 }] });
  expect(only(objects, 'MCPGateway').spec.network).toEqual({
    service: {
      type: 'LoadBalancer',
      annotations: { lb: 'internal' },
      ports: [{ name: 'http', port: 8000, protocol: 'TCP', targetPort: 9000 }],
    },
    transport: { http: { port: 9000 } },
    ingress: { enabled: false },
  });
});

test('the port of the pods may stand at the Service alone', () => {
  const objects = synthesize(gatewayOf('network: {service: {ports: [{name: http, port: 80, targetPort: 9000}]}}'));
  expect(only(objects, 'Service').spec.ports).toEqual([{ name: 'http', port: 80, targetPort: 9000 }]);
});

test('what it tells about itself', () => {
  const chart = chartOf();
  readInto(
    chart,
    gatewayOf(`observability: {
    metrics: {enabled: false, format: Prometheus},
    logging: {level: Debug, format: Text, output: Stdout},
    tracing: {enabled: true, provider: OpenTelemetry, endpoint: "http://otel.observability.svc:4317", samplingRate: "0.5"},
  }`),
  );
  expect(model(chart)).toMatchObject({
    logLevel: 'debug',
    logFormat: 'text',
    tracing: { endpoint: 'http://otel.observability.svc:4317', protocol: 'grpc', sampling: 0.5 },
  });
  expect(only(Testing.synth(chart), 'Deployment').spec.template.metadata).not.toHaveProperty('annotations');
});

test.each([
  ['http://otel:4318', 'http'],
  ['http://otel:4318/v1/traces', 'http'],
  ['http://otel:4317', 'grpc'],
  ['https://otel', 'grpc'],
])('traces to %s go by %s', (endpoint, protocol) => {
  const chart = chartOf();
  readInto(chart, gatewayOf(`observability: {tracing: {enabled: true, endpoint: "${endpoint}"}}`));
  expect(model(chart).tracing).toEqual({ endpoint, protocol, sampling: 0.1 });
});

test.each([
  ['policy: {authentication: {enabled: false}}'],
  ['policy: {audit: {enabled: false, level: Full}, sampling: {enabled: false}, elicitation: {enabled: false}}'],
  ['observability: {tracing: {enabled: false, endpoint: "http://x"}}'],
  ['observability: {health: {enabled: true}, metrics: {path: /metrics}}'],
  ['network: {ingress: {enabled: false, className: nginx}, transport: {}}'],
])('what is off, or states what is done, stays in the resource and changes nothing else: %s', fields => {
  const objects = synthesize(gatewayOf(fields));
  const plain = synthesize(gatewayOf());
  expect(objects.filter(({ kind }) => kind !== 'MCPGateway')).toEqual(
    plain.filter(({ kind }) => kind !== 'MCPGateway'),
  );
  const said: Json = gatewaySpec(fields);
  expect(said).toMatchObject(JSON.parse(JSON.stringify(only(plain, 'MCPGateway').spec)));
  expect(
    Object.keys({
      ...said.policy,
      ...said.observability?.tracing,
      ...said.network.ingress,
      ...said.observability?.health,
    }).length,
  ).toBeGreaterThan(0);
});

describe('discovery', () => {
  const SERVERS = documents(
    serverOf('a', '', 'labels: {team: x}'),
    serverOf('b', '', 'labels: {team: z}, namespace: other'),
    documentOf(
      'ClusterMCPServer',
      'c',
      `{transport: sse, hosted: {${POD}}, workloadNamespace: shared}`,
      'labels: {team: x}',
    ),
  );
  const served = (fields: string, kind = 'MCPGateway') => {
    const chart = chartOf();
    readInto(chart, documents(gatewayOf(`mcpServers: {${fields}}`, kind), SERVERS));
    Testing.synth(chart);
    return Synthesis.of(chart)
      .compile()
      .plans[0].entries.flatMap(entry => entry.groups.map(({ id }) => id));
  };

  test.each<[string, string[]]>([
    ['static: [{name: a}]', ['finance.a']],
    [
      'static: [{name: b, namespace: other, priority: 0, auth: {method: None}}, {name: c}], autoDiscovery: true',
      ['c', 'other.b'],
    ],
    ['selector: {matchLabels: {team: x}}', ['c', 'finance.a']],
    ['selector: {}', ['c', 'finance.a']],
    [
      'selector: {matchExpressions: [{key: team, operator: NotIn, values: [x]}]}, namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: other}}',
      ['other.b'],
    ],
    [
      'selector: {matchExpressions: [{key: team, operator: Exists}]}, namespaceSelector: {}',
      ['c', 'finance.a', 'other.b'],
    ],
    [
      'selector: {matchExpressions: [{key: team, operator: In, values: [z]}, {key: other, operator: DoesNotExist}]}, namespaceSelector: {}',
      ['other.b'],
    ],
    [
      'namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: [other]}]}',
      ['c', 'other.b'],
    ],
  ])('%s', (fields, expected) => {
    expect(served(fields)).toEqual(expected);
  });

  test('by a gateway of the cluster', () => {
    expect(served('static: [{name: c}, {name: a, namespace: finance}]', 'ClusterMCPGateway')).toEqual([
      'c',
      'finance.a',
    ]);
    expect(served('selector: {matchExpressions: [{key: team, operator: Exists}]}', 'ClusterMCPGateway')).toEqual([
      'c',
      'finance.a',
      'other.b',
    ]);
  });

  test('of servers from outside of the manifest', () => {
    const chart = chartOf();
    const server = new McpServer(chart, 'ledger', { source: McpServerSource.image('x:1') });
    readInto(chart, gatewayOf('mcpServers: {static: [{name: ledger}]}'), { servers: [server] });
    expect(only(Testing.synth(chart), 'MCPGateway').spec.mcpServers).toEqual({ static: [{ name: 'ledger' }] });
  });

  test('health checks that are on by default, or off, are those of Kubernetes', () => {
    expect(served('static: [{name: a}], healthCheck: {enabled: true}')).toEqual(['finance.a']);
    expect(served('static: [{name: a}], healthCheck: {enabled: false, interval: 5s}')).toEqual(['finance.a']);
  });
});

test('health checks and circuit breakers reach the data plane, which says what it cannot do', () => {
  const chart = chartOf();
  readInto(
    chart,
    documents(
      serverOf('a'),
      gatewayOf(
        'mcpServers: {static: [{name: a}], healthCheck: {interval: 10s, unhealthyThreshold: 5}}, policy: {circuitBreaker: {failureThreshold: 3, openStateTimeout: 1m}}',
      ),
    ),
  );
  expect(model(chart)).toMatchObject({
    healthCheck: { interval: '10s', timeout: '5s', healthyThreshold: 2, unhealthyThreshold: 5 },
    circuitBreaker: { consecutiveFailures: 3, ejection: '60s' },
  });
  expect(
    Synthesis.of(chart)
      .diagnostics()
      .map(({ path, property }) => `${path} ${property}`),
  ).toEqual([
    'chart/manifest/MCPGateway.finance.gw circuitBreaker',
    'chart/manifest/MCPGateway.finance.gw healthCheck',
    'chart/manifest/MCPGateway.finance.gw ingress',
  ]);
});

test('a gateway of the cluster runs in the namespace it names', () => {
  const objects = synthesize(gatewayOf('workloadNamespace: edge', 'ClusterMCPGateway'));
  expect(only(objects, 'Deployment').metadata.namespace).toBe('edge');
  const resource = only(objects, 'ClusterMCPGateway');
  expect(resource.metadata.namespace).toBeUndefined();
  expect(resource.spec.workloadNamespace).toBe('edge');
});

test('in controller mode everything that is said reaches the operator as it is said', () => {
  const spec = {
    replicas: 2,
    mcpServers: { autoDiscovery: false, static: [{ name: 'a', priority: 2, tags: ['x'], auth: { method: 'Bearer' } }] },
    network: {
      ingress: { enabled: true, className: 'nginx' },
      service: {
        ports: [
          { name: 'mcp', port: 80 },
          { name: 'https', port: 443 },
        ],
      },
    },
    policy: {
      rateLimit: { global: { requestsPerHour: 10 } },
      authentication: { methods: [{ method: 'Bearer' }] },
      circuitBreaker: { errorRateThreshold: '10' },
    },
    protocolVersion: { minVersion: '2025-06-18' },
    observability: { logging: { output: 'File', file: { path: '/x' } } },
  };
  const chart = controllerChart();
  readInto(chart, documents(serverOf('a'), documentOf('MCPGateway', 'gw', JSON.stringify(spec))));
  const objects = Testing.synth(chart);
  expect(objects.map(({ kind }) => kind).sort()).toEqual(['MCPGateway', 'MCPServer']);
  expect(only(objects, 'MCPGateway').spec).toMatchObject(spec);
});
