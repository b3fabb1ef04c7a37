import { ApiObject, Chart, Duration, JsonPatch } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { parse } from 'yaml';
import {
  AccessLogField,
  AntiAffinity,
  ClusterMcpGateway,
  ExternalTrafficPolicy,
  GatewayDataPlane,
  GatewayLogFormat,
  GatewayLogLevel,
  IMcpGateway,
  McpGateway,
  McpGatewayOptions,
  McpRoute,
  McpServer,
  McpServerSource,
  OtlpProtocol,
  Reconciliation,
} from '../../src';
import { containerOf, find, messageOf, namesOf, newChart, podOf, synth } from '../support/synth';
import { Manifest, validateObjects } from '../support/validate';

interface Run {
  readonly objects: Manifest[];
  readonly gateway: McpGateway;
  readonly deployment: Manifest;
  readonly container: Manifest;
  readonly spec: Manifest;
}

function run(options: McpGatewayOptions = {}, chart = newChart('mcp-system')): Run {
  const gateway = new McpGateway(chart, 'gateway', options);
  const objects = synth(chart);
  expect(validateObjects(objects)).toEqual([]);
  const deployment = find(objects, 'Deployment');
  return {
    objects,
    gateway,
    deployment,
    container: containerOf(deployment, 'gateway'),
    spec: find(objects, 'MCPGateway').spec,
  };
}

it('emits a resource, a Deployment, its configuration, a Service, a ServiceAccount and a NetworkPolicy', () => {
  const { objects, gateway } = run();
  expect(namesOf(objects)).toEqual([
    'ConfigMap gateway-gateway-config',
    'Deployment gateway',
    'MCPGateway gateway',
    'NetworkPolicy gateway',
    'Service gateway',
    'ServiceAccount gateway',
  ]);
  expect([gateway.kind, gateway.name, gateway.namespace, gateway.url]).toEqual([
    'MCPGateway',
    'gateway',
    'mcp-system',
    'http://gateway.mcp-system',
  ]);
  expect(gateway.node.defaultChild).toBe(gateway.resource);
});

it('of the cluster is a resource of the cluster, with pods in the namespace it names', () => {
  const chart = newChart('mcp-system');
  const gateway = new ClusterMcpGateway(chart, 'edge', { workloadNamespace: 'edge-system' });
  const objects = synth(chart);
  expect(validateObjects(objects)).toEqual([]);
  expect(find(objects, 'ClusterMCPGateway').metadata).not.toHaveProperty('namespace');
  expect(find(objects, 'ClusterMCPGateway').spec.workloadNamespace).toBe('edge-system');
  expect(find(objects, 'Deployment').metadata.namespace).toBe('edge-system');
  expect([gateway.namespace, gateway.workloadNamespace, gateway.url]).toEqual([
    undefined,
    'edge-system',
    'http://edge.edge-system',
  ]);
});

describe('its pods', () => {
  it('mount no token, run with few rights, and read the configuration as a whole folder', () => {
    const { objects, deployment, container } = run();
    expect(find(objects, 'ServiceAccount').automountServiceAccountToken).toBe(false);
    expect(podOf(deployment)).toMatchObject({
      automountServiceAccountToken: false,
      serviceAccountName: 'gateway',
      volumes: [{ configMap: { name: 'gateway-gateway-config' } }],
    });
    expect(container.securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container.volumeMounts).toHaveLength(1);
    expect(container.volumeMounts[0]).not.toHaveProperty('subPath');
  });

  it('are not replaced when only the configuration changes', () => {
    const [before, after] = [false, true].map(withServer => {
      const chart = newChart('mcp-system');
      new McpGateway(chart, 'gateway', { discovery: { labels: { tools: 'shared' } } });
      if (withServer) {
        new McpServer(chart, 'ledger', { source: McpServerSource.image('acme/ledger:1'), labels: { tools: 'shared' } });
      }
      return synth(chart);
    });
    expect(find(after, 'ConfigMap').data).not.toEqual(find(before, 'ConfigMap').data);
    expect(find(after, 'Deployment', 'gateway')).toEqual(find(before, 'Deployment', 'gateway'));
  });

  it('read the session key from the Secret of the user, or from the one that the docs say', () => {
    expect(run().container.env).toEqual([
      { name: expect.any(String), valueFrom: { secretKeyRef: { key: 'key', name: 'gateway-session-key' } } },
    ]);
    const chart = newChart('mcp-system');
    const { container, gateway } = run(
      { sessionKey: { secret: kplus.Secret.fromSecretName(chart, 'secret', 'mine'), key: 'hex' } },
      chart,
    );
    expect(container.env[0].valueFrom.secretKeyRef).toEqual({ key: 'hex', name: 'mine' });
    expect(gateway.sessionKey!.key).toBe('hex');
  });

  it('run the image of the data plane', () => {
    expect(run().container.image).toBe('cr.agentgateway.dev/agentgateway:v1.4.1');
    const { container, spec } = run({
      dataPlane: GatewayDataPlane.agentgateway({ image: 'registry.acme.dev/agw:v1.4.1' }),
    });
    expect(container.image).toBe('registry.acme.dev/agw:v1.4.1');
    expect(spec.dataPlane).toEqual({ type: 'agentgateway', image: 'registry.acme.dev/agw:v1.4.1' });
  });

  it('keep apart, and spread over zones', () => {
    const labelSelector = {
      matchLabels: { 'app.kubernetes.io/component': 'mcp-gateway', 'app.kubernetes.io/name': 'gateway' },
    };
    const term = { labelSelector, topologyKey: 'kubernetes.io/hostname' };
    expect(podOf(run().deployment)).toMatchObject({
      affinity: {
        podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ podAffinityTerm: term, weight: 100 }] },
      },
      topologySpreadConstraints: [
        { labelSelector, maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' },
      ],
    });
    expect(podOf(run({ antiAffinity: AntiAffinity.REQUIRED }).deployment).affinity).toEqual({
      podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] },
    });
    const free = podOf(run({ antiAffinity: AntiAffinity.NONE, spreadOver: [] }).deployment);
    expect([free.affinity, free.topologySpreadConstraints]).toEqual([undefined, undefined]);
    expect(
      podOf(run({ spreadOver: [kplus.Topology.custom('acme.dev/rack')] }).deployment).topologySpreadConstraints[0]
        .topologyKey,
    ).toBe('acme.dev/rack');
  });

  it('are placed, labelled and patched as the user says', () => {
    const { deployment, container } = run({
      nodeSelector: { a: 'b' },
      podLabels: { tier: 'gold' },
      podAnnotations: { note: 'x' },
      terminationGracePeriod: Duration.minutes(2),
      tolerations: [kplus.NodeTaintQuery.exists('dedicated')],
      podTemplate: {
        spec: {
          priorityClassName: 'high',
          affinity: null,
          containers: [{ name: 'gateway', livenessProbe: { exec: { command: ['true'] } } }],
        },
      },
    });
    expect(podOf(deployment)).toMatchObject({
      nodeSelector: { a: 'b' },
      priorityClassName: 'high',
      terminationGracePeriodSeconds: 120,
      tolerations: [{ key: 'dedicated', operator: 'Exists' }],
    });
    expect(podOf(deployment)).not.toHaveProperty('affinity');
    expect(deployment.spec.template.metadata).toMatchObject({ labels: { tier: 'gold' }, annotations: { note: 'x' } });
    expect(container.livenessProbe).toMatchObject({ exec: { command: ['true'] } });
    expect(container.livenessProbe).not.toHaveProperty('httpGet');
  });

  it('tell Prometheus where their metrics are, where they should', () => {
    const { annotations } = run({ observability: { prometheusScrape: true } }).deployment.spec.template.metadata;
    expect(annotations).toEqual({
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': '15020',
      'prometheus.io/path': '/metrics',
    });
    expect(run().deployment.spec.template.metadata).not.toHaveProperty('annotations');
  });
});

describe('replicas', () => {
  it('of which there is one need no budget', () => {
    const { deployment, objects } = run();
    expect(deployment.spec.replicas).toBe(1);
    expect(namesOf(objects)).not.toContain('PodDisruptionBudget gateway');
  });

  it('of which there are several may go one at a time, and are replaced before they go', () => {
    const { deployment, objects, spec } = run({ replicas: 3 });
    expect(deployment.spec).toMatchObject({
      replicas: 3,
      strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    });
    expect(find(objects, 'PodDisruptionBudget').spec.maxUnavailable).toBe(1);
    expect(spec.replicas).toBe(3);
  });

  it('may be scaled', () => {
    const { deployment, objects, spec, gateway } = run({
      autoscaling: { minReplicas: 2, maxReplicas: 5 },
      disruptionBudget: { minAvailable: kplus.PercentOrAbsolute.absolute(1) },
    });
    expect(deployment.spec).not.toHaveProperty('replicas');
    expect(find(objects, 'HorizontalPodAutoscaler').spec).toMatchObject({
      minReplicas: 2,
      maxReplicas: 5,
      scaleTargetRef: { name: 'gateway' },
    });
    expect(find(objects, 'PodDisruptionBudget').spec).toMatchObject({ minAvailable: 1 });
    expect(find(objects, 'PodDisruptionBudget').spec).not.toHaveProperty('maxUnavailable');
    expect(spec.replicas).toBe(2);
    expect(gateway.autoscaler).toBeDefined();
  });
});

describe('its Service', () => {
  it('leads from 80 to the port of the pods', () => {
    expect(find(run().objects, 'Service').spec).toMatchObject({
      type: 'ClusterIP',
      ports: [{ name: 'http', port: 80, targetPort: 8080 }],
    });
  });

  it('is as the user says', () => {
    const { objects, gateway, container, spec } = run({
      port: 9443,
      service: {
        type: kplus.ServiceType.LOAD_BALANCER,
        port: 443,
        nodePort: 30443,
        annotations: { 'lb.acme.dev/internal': 'true' },
        loadBalancerSourceRanges: ['10.0.0.0/8', 'fd00::/8'],
      },
    });
    const service = find(objects, 'Service');
    expect(service.metadata.annotations).toEqual({ 'lb.acme.dev/internal': 'true' });
    expect(service.spec).toMatchObject({
      type: 'LoadBalancer',
      loadBalancerSourceRanges: ['10.0.0.0/8', 'fd00::/8'],
      ports: [{ name: 'http', nodePort: 30443, port: 443, targetPort: 9443 }],
    });
    expect(container.ports.map(({ containerPort }: Manifest) => containerPort)).toContain(9443);
    expect(gateway.url).toBe('http://gateway.mcp-system:443');
    expect(spec.network.service).toMatchObject({ type: 'LoadBalancer', ports: [{ port: 443, targetPort: 9443 }] });
  });
});

it('tells in the resource and the configuration what it logs and traces', () => {
  const { spec, objects } = run({
    observability: {
      logLevel: GatewayLogLevel.DEBUG,
      logFormat: GatewayLogFormat.TEXT,
      accessLog: [
        AccessLogField.toolName('tool'),
        AccessLogField.requestHeader('tenant', 'X-Tenant'),
        AccessLogField.text('cluster', 'eu-1'),
      ],
      tracing: { endpoint: 'http://otel:4318', protocol: OtlpProtocol.HTTP, sampling: 0.25 },
    },
  });
  expect(spec.observability).toMatchObject({
    logging: { level: 'Debug', format: 'Text' },
    tracing: { enabled: true, endpoint: 'http://otel:4318', samplingRate: '0.25' },
  });
  const configuration = parse(find(objects, 'ConfigMap').data['config.yaml']);
  expect(configuration.config.logging).toEqual({ level: 'debug', format: 'text' });
  expect(Object.keys(configuration.frontendPolicies.accessLog.add)).toEqual(
    expect.arrayContaining(['tool', 'tenant', 'cluster']),
  );
  expect(configuration.frontendPolicies.tracing).toMatchObject({
    host: 'otel:4318',
    protocol: 'http',
    randomSampling: 0.25,
  });
});

it.each([
  [0, '0'],
  [1, '1'],
  [0.1, '0.1'],
  [0.125, '0.125'],
])('writes the share %p of traced requests as the resource takes it', (sampling, text) => {
  expect(
    run({ observability: { tracing: { endpoint: 'http://otel:4317', sampling } } }).spec.observability.tracing
      .samplingRate,
  ).toBe(text);
});

it('tells callers apart by the header that the user names', () => {
  const chart = newChart('mcp-system');
  const [a, b] = ['a', 'b'].map(name => new McpServer(chart, name, { source: McpServerSource.image('acme/x:1') }));
  const gateway = new McpGateway(chart, 'gateway', { sessionAffinityHeader: 'X-User' });
  new McpRoute(chart, 'smart', { gateway, backends: [{ server: a }, { server: b }] });
  expect(find(synth(chart), 'ConfigMap').data['config.yaml']).toContain('x-user');
});

describe('that exists already', () => {
  it.each<[string, (chart: Chart) => IMcpGateway, unknown[]]>([
    [
      'of a namespace',
      chart => McpGateway.fromMcpGatewayName(chart, 'g', 'edge'),
      ['MCPGateway', 'edge', 'mcp-system', 'http://edge.mcp-system'],
    ],
    [
      'of another namespace and port',
      chart => McpGateway.fromMcpGatewayName(chart, 'g', 'edge', { namespace: 'edge-system', port: 8080 }),
      ['MCPGateway', 'edge', 'edge-system', 'http://edge.edge-system:8080'],
    ],
    [
      'of the cluster',
      chart => ClusterMcpGateway.fromClusterMcpGatewayName(chart, 'g', 'edge', { workloadNamespace: 'edge-system' }),
      ['ClusterMCPGateway', 'edge', undefined, 'http://edge.edge-system'],
    ],
  ])('%s has a URL and emits nothing', (_, create, expected) => {
    const chart = newChart('mcp-system');
    const { kind, name, namespace, url } = create(chart);
    expect([kind, name, namespace, url]).toEqual(expected);
    expect(synth(chart)).toEqual([]);
  });

  it('must have a valid name and port', () => {
    const message = messageOf(() => McpGateway.fromMcpGatewayName(newChart('mcp-system'), 'g', 'Edge', { port: 0 }));
    expect(message).toContain('[mcp-system/g] name: got "Edge": is not a DNS label');
    expect(message).toContain('[mcp-system/g] port: got 0: is not a port (1 to 65535). Give the port of its Service.');
  });
});

describe('in controller mode', () => {
  function controlled(): Chart {
    const chart = newChart('mcp-system');
    Reconciliation.CONTROLLER.applyTo(chart);
    return chart;
  }

  it('is a resource alone, with what the user says of its pods', () => {
    const chart = controlled();
    new McpGateway(chart, 'gateway', {
      replicas: 2,
      discovery: { labels: { tools: 'shared' } },
      podTemplate: { spec: { priorityClassName: 'high', containers: [{ name: 'gateway', image: 'acme/gateway:1' }] } },
    });
    const objects = synth(chart);
    expect(validateObjects(objects)).toEqual([]);
    expect(namesOf(objects)).toEqual(['MCPGateway gateway']);
    const { spec } = objects[0];
    expect(spec).toMatchObject({ replicas: 2, mcpServers: { selector: { matchLabels: { tools: 'shared' } } } });
    expect(spec.podSpec.spec).toEqual({
      priorityClassName: 'high',
      containers: [{ name: 'gateway', image: 'acme/gateway:1' }],
    });
    expect([
      spec.dataPlane,
      spec.workloadNamespace,
      spec.observability.health,
      spec.observability.metrics.port,
    ]).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('takes a whole pod template or none', () => {
    expect(
      messageOf(
        () =>
          new McpGateway(controlled(), 'gateway', {
            podTemplate: { spec: { priorityClassName: 'high' } },
            nodeSelector: { disk: 'ssd' },
          }),
      ),
    ).toBe(
      [
        'Invalid input:',
        '  [mcp-system/gateway] podTemplate: got {"spec":{"priorityClassName":"high"}}: has no containers, and the resource holds whole pod templates only. Give the whole template, or use Reconciliation.RENDERED.',
        '  [mcp-system/gateway] nodeSelector: got "(given)": is about pods that an operator makes. Say it in podTemplate, or use Reconciliation.RENDERED.',
      ].join('\n'),
    );
  });

  it('says nothing of pods of which the user says nothing', () => {
    const chart = controlled();
    new McpGateway(chart, 'gateway');
    expect(find(synth(chart), 'MCPGateway').spec.podSpec).toBeUndefined();
  });

  it('carries what is done to the pods of its Deployment, over the template that is given', () => {
    const chart = controlled();
    const gateway = new McpGateway(chart, 'gateway', {
      podTemplate: { spec: { containers: [{ name: 'gateway', image: 'acme/gateway:1' }] } },
    });
    gateway.deployment.addContainer({ name: 'sidecar', image: 'acme/sidecar:1' });
    gateway.deployment.podMetadata.addAnnotation('acme.dev/team', 'money');
    const { podSpec } = find(synth(chart), 'MCPGateway').spec;
    expect(podSpec.metadata).toEqual({ annotations: { 'acme.dev/team': 'money' } });
    expect(podSpec.spec.containers.map(({ name, image }: Manifest) => [name, image])).toEqual([
      ['gateway', 'acme/gateway:1'],
      ['sidecar', 'acme/sidecar:1'],
    ]);
  });

  it('refuses what is done to pods where no template is given, which the remedy mends', () => {
    const build = (podTemplate?: Manifest): Chart => {
      const chart = controlled();
      const { deployment } = new McpGateway(chart, 'gateway', { podTemplate });
      deployment.podMetadata.addAnnotation('acme.dev/team', 'money');
      return chart;
    };
    expect(messageOf(() => synth(build()))).toContain(
      'deployment: got {"metadata":{"annotations":{"acme.dev/team":"money"}}}: was done to the pods of the gateway, and the resource holds whole pod templates only.',
    );
    expect(() => synth(build({ spec: { containers: [{ name: 'gateway', image: 'acme/gateway:1' }] } }))).not.toThrow();
  });

  it('refuses what is taken out of its pods, whatever template is given', () => {
    const chart = controlled();
    const { deployment } = new McpGateway(chart, 'gateway', {
      podTemplate: { spec: { containers: [{ name: 'gateway', image: 'acme/gateway:1' }] } },
    });
    ApiObject.of(deployment).addJsonPatch(JsonPatch.remove('/spec/template/spec/securityContext'));
    expect(messageOf(() => synth(chart))).toContain(
      'deployment: got "(given)": takes something out of its pods, and the pods of an operator do not have what this library puts into them.',
    );
  });

  it.each<[string, (gateway: McpGateway) => void]>([
    ['deployment', ({ deployment }) => deployment.metadata.addLabel('acme.dev/team', 'money')],
    ['service', ({ service }) => service.metadata.addAnnotation('acme.dev/team', 'money')],
    ['serviceAccount', ({ serviceAccount }) => serviceAccount.metadata.addLabel('acme.dev/team', 'money')],
  ])('refuses what is done to its %s, which would reach nothing', (member, change) => {
    const chart = controlled();
    change(new McpGateway(chart, 'gateway'));
    expect(messageOf(() => synth(chart))).toContain(
      `${member}: got "${member[0].toUpperCase()}${member.slice(1)} gateway": was changed, but an operator makes its own: the change would reach nothing.`,
    );
  });

  it('has no configuration and no session key of its own', () => {
    const gateway = new McpGateway(controlled(), 'gateway');
    expect([gateway.config, gateway.sessionKey]).toEqual([undefined, undefined]);
  });

  it('takes health checks and circuit breakers, which the data plane of this library cannot do', () => {
    const chart = controlled();
    new McpGateway(chart, 'gateway', {
      healthCheck: { interval: Duration.seconds(10) },
      circuitBreaker: { consecutiveFailures: 3 },
    });
    expect(find(synth(chart), 'MCPGateway').spec).toMatchObject({
      mcpServers: {
        healthCheck: { enabled: true, interval: '10s', timeout: '5s', healthyThreshold: 2, unhealthyThreshold: 3 },
      },
      policy: { circuitBreaker: { failureThreshold: 3, openStateTimeout: '30s' } },
    });
  });

  it.each<[string, (chart: Chart) => McpGatewayOptions]>([
    ['dataPlane', () => ({ dataPlane: GatewayDataPlane.agentgateway() })],
    ['autoscaling', () => ({ autoscaling: { maxReplicas: 3 } })],
    ['disruptionBudget', () => ({ disruptionBudget: {} })],
    ['antiAffinity', () => ({ antiAffinity: AntiAffinity.NONE })],
    ['spreadOver', () => ({ spreadOver: [kplus.Topology.ZONE] })],
    ['sessionKey', chart => ({ sessionKey: { secret: kplus.Secret.fromSecretName(chart, 'secret', 's'), key: 'k' } })],
    ['sessionAffinityHeader', () => ({ sessionAffinityHeader: 'x-user' })],
    ['service.nodePort', () => ({ service: { type: kplus.ServiceType.NODE_PORT, nodePort: 30000 } })],
    [
      'service.loadBalancerSourceRanges',
      () => ({ service: { type: kplus.ServiceType.LOAD_BALANCER, loadBalancerSourceRanges: ['10.0.0.0/8'] } }),
    ],
    [
      'service.externalTrafficPolicy',
      () => ({
        service: { type: kplus.ServiceType.NODE_PORT, externalTrafficPolicy: ExternalTrafficPolicy.LOCAL },
      }),
    ],
    ['observability.accessLog', () => ({ observability: { accessLog: [AccessLogField.toolName('tool')] } })],
    ['allowedRemoteHosts', () => ({ allowedRemoteHosts: [] })],
    [
      'discovery.credentials',
      chart => {
        const server = new McpServer(chart, 'ledger', { source: McpServerSource.image('acme/ledger:1') });
        return { discovery: { servers: [server], credentials: [{ server, credentials: [] }] } };
      },
    ],
    ['discovery.skipUnavailable', () => ({ discovery: { labels: { a: 'b' }, skipUnavailable: false } })],
  ])('refuses %s, for which upstream has no field', (property, options) => {
    const chart = controlled();
    const message = messageOf(() => new McpGateway(chart, 'gateway', options(chart)));
    expect(message).toContain(`[mcp-system/gateway] ${property}: got `);
    expect(message).toContain(
      'has no field in the gateway resource, so an operator would never see it. Drop it, or use Reconciliation.RENDERED.',
    );
  });
});
