import { ApiObject, App, Chart, JsonPatch, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { McpManifest, McpServer, McpServerProps, McpServerSource, McpSessions, McpTransport } from '../../src';
import { containerOf, find, namesOf, newChart, podOf, synth } from '../support/synth';
import { Manifest, validateObjects } from '../support/validate';

const source = McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0');

function host(
  rest: Partial<McpServerProps> = {},
  chart = newChart(),
): { objects: Manifest[]; server: McpServer; workload: Manifest; container: Manifest; resource: Manifest } {
  const server = new McpServer(chart, 'ledger', { source, ...rest });
  const objects = synth(chart);
  expect(validateObjects(objects)).toEqual([]);
  const workload = find(objects, server.statefulSet === undefined ? 'Deployment' : 'StatefulSet');
  return { objects, server, workload, container: containerOf(workload), resource: find(objects, 'MCPServer') };
}

it('emits a resource, a Deployment, a Service, a ServiceAccount and a NetworkPolicy, all of its name', () => {
  expect(namesOf(host().objects)).toEqual([
    'Deployment ledger',
    'MCPServer ledger',
    'NetworkPolicy ledger',
    'Service ledger',
    'ServiceAccount ledger',
  ]);
});

it('is named as its id, or as it is told, in the namespace of its chart or of its own', () => {
  const { objects, server } = host({ name: 'books', namespace: 'audit' });
  expect(new Set(objects.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`))).toEqual(
    new Set(['audit/books']),
  );
  expect([server.kind, server.name, server.namespace, server.url]).toEqual([
    'MCPServer',
    'books',
    'audit',
    'http://books.audit.svc:8080/mcp',
  ]);
});

describe('its pods', () => {
  it('mount no token and run with few rights', () => {
    const { objects, workload, container } = host();
    expect(find(objects, 'ServiceAccount').automountServiceAccountToken).toBe(false);
    expect(podOf(workload)).toMatchObject({ automountServiceAccountToken: false, serviceAccountName: 'ledger' });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
  });

  it('give a slow start ten minutes, and are then probed by TCP', () => {
    const { startupProbe, readinessProbe, livenessProbe } = host().container;
    expect(startupProbe.periodSeconds * startupProbe.failureThreshold).toBe(600);
    expect([startupProbe, readinessProbe, livenessProbe].map(({ tcpSocket }) => tcpSocket)).toEqual(
      new Array(3).fill({ port: 8080 }),
    );
    expect([readinessProbe.periodSeconds, livenessProbe.periodSeconds, livenessProbe.failureThreshold]).toEqual([
      10, 20, 6,
    ]);
  });

  it('request and limit resources', () => {
    expect(host().container.resources).toEqual({
      requests: { cpu: '100m', memory: '128Mi' },
      limits: { cpu: '1', memory: '512Mi' },
    });
    expect(
      host({ resources: { cpu: { request: kplus.Cpu.millis(5) }, memory: { limit: Size.gibibytes(1) } } }).container
        .resources,
    ).toEqual({ requests: { cpu: '5m' }, limits: { memory: '1Gi' } });
  });

  it('get variables, plain and from elsewhere', () => {
    const chart = newChart();
    const secret = kplus.Secret.fromSecretName(chart, 'secret', 'db');
    const config = new kplus.ConfigMap(chart, 'config', { metadata: { name: 'modes' }, data: { mode: 'fast' } });
    const { container } = host(
      {
        env: {
          PLAIN: kplus.EnvValue.fromValue('$HOME'),
          TOKEN: kplus.EnvValue.fromSecretValue({ secret, key: 'token' }),
          MODE: kplus.EnvValue.fromConfigMap(config, 'mode'),
        },
        envFrom: [kplus.Env.fromSecret(secret)],
      },
      chart,
    );
    expect(container.env).toEqual([
      { name: 'PLAIN', value: '$HOME' },
      { name: 'TOKEN', valueFrom: { secretKeyRef: { key: 'token', name: 'db' } } },
      { name: 'MODE', valueFrom: { configMapKeyRef: { key: 'mode', name: 'modes' } } },
    ]);
    expect(container.envFrom).toEqual([{ secretRef: { name: 'db' } }]);
  });

  it('keep what the source needs unless the user says otherwise', () => {
    const { container } = host({
      source: McpServerSource.npx('a@1.0.0'),
      env: { HOME: kplus.EnvValue.fromValue('/home/me') },
    });
    expect(container.env.filter(({ name }: Manifest) => name === 'HOME')).toEqual([
      { name: 'HOME', value: '/home/me' },
    ]);
    expect(container.env.map(({ name }: Manifest) => name)).toContain('NPM_CONFIG_CACHE');
  });

  it('mount volumes', () => {
    const chart = newChart();
    const claim = kplus.PersistentVolumeClaim.fromClaimName(chart, 'claim', 'books');
    const { container, workload } = host(
      {
        volumeMounts: [
          {
            path: '/data',
            volume: kplus.Volume.fromPersistentVolumeClaim(chart, 'volume', claim, { name: 'books' }),
            readOnly: true,
          },
        ],
      },
      chart,
    );
    expect(container.volumeMounts).toEqual([{ mountPath: '/data', name: 'books', readOnly: true }]);
    expect(podOf(workload).volumes).toMatchObject([{ name: 'books', persistentVolumeClaim: { claimName: 'books' } }]);
  });

  it('are probed as the user says', () => {
    const { container } = host({
      readiness: kplus.Probe.fromHttpGet('/ready', { port: 9000 }),
      liveness: kplus.Probe.fromCommand(['alive']),
      startup: kplus.Probe.fromTcpSocket({ port: 1 }),
    });
    expect([
      container.readinessProbe.httpGet.path,
      container.livenessProbe.exec.command,
      container.startupProbe.tcpSocket.port,
    ]).toEqual(['/ready', ['alive'], 1]);
  });

  it('are placed and pulled as the user says', () => {
    const chart = newChart();
    const { workload, container } = host(
      {
        nodeSelector: { 'kubernetes.io/arch': 'arm64' },
        tolerations: [kplus.NodeTaintQuery.is('dedicated', 'mcp', { effect: kplus.TaintEffect.NO_SCHEDULE })],
        imagePullSecrets: [kplus.Secret.fromSecretName(chart, 'pull', 'registry')],
        imagePullPolicy: kplus.ImagePullPolicy.NEVER,
        podLabels: { tier: 'gold' },
        podAnnotations: { note: 'x' },
        user: 4711,
      },
      chart,
    );
    expect(podOf(workload)).toMatchObject({
      nodeSelector: { 'kubernetes.io/arch': 'arm64' },
      tolerations: [{ effect: 'NoSchedule', key: 'dedicated', operator: 'Equal', value: 'mcp' }],
      imagePullSecrets: [{ name: 'registry' }],
    });
    expect(workload.spec.template.metadata).toMatchObject({ labels: { tier: 'gold' }, annotations: { note: 'x' } });
    expect(container).toMatchObject({
      imagePullPolicy: 'Never',
      securityContext: { runAsUser: 4711, runAsGroup: 4711, runAsNonRoot: true },
    });
  });

  it('are patched by a pod template, over all else', () => {
    const { workload, container } = host({
      env: { A: kplus.EnvValue.fromValue('1'), B: kplus.EnvValue.fromValue('2') },
      nodeSelector: { a: 'b' },
      podTemplate: {
        metadata: { annotations: { note: 'y' } },
        spec: {
          nodeSelector: null,
          runtimeClassName: 'gvisor',
          containers: [
            {
              name: 'mcp-server',
              env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
              livenessProbe: { exec: { command: ['alive'] } },
            },
            { name: 'proxy', image: 'acme/proxy:1' },
          ],
        },
      },
    });
    expect(podOf(workload)).toMatchObject({ runtimeClassName: 'gvisor' });
    expect(podOf(workload)).not.toHaveProperty('nodeSelector');
    expect(workload.spec.template.metadata.annotations).toEqual({ note: 'y' });
    expect(podOf(workload).containers.map(({ name }: Manifest) => name)).toEqual(['mcp-server', 'proxy']);
    expect(container.env).toEqual([
      { name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'B', value: '2' },
    ]);
    expect(container.livenessProbe).toMatchObject({ exec: { command: ['alive'] }, periodSeconds: 20 });
    expect(container.livenessProbe).not.toHaveProperty('tcpSocket');
    expect(container.image).toBe('ghcr.io/acme/ledger-mcp:1.4.0');
  });
});

describe('replicas', () => {
  it.each([1001, 1e6, 3e9])('that keep sessions are at most 1,000, in code and in a document: not %d', replicas => {
    expect(() => host({ replicas })).toThrow(/replicas.*(more than 1000|from 0 to 2147483647)/);
    const chart = newChart();
    const document = `{apiVersion: ome.io/v1alpha1, kind: MCPServer, metadata: {name: ledger}, spec: {transport: streamable-http,
      hosted: {replicas: ${replicas}, podSpec: {spec: {containers: [{name: mcp-server, image: "a:1"}]}}}}}`;
    expect(() => McpManifest.fromYaml(chart, 'documents', document)).toThrow(/replicas.*(more than 1000|32 bits)/);
  });

  it('that keep no sessions may be more', () => {
    expect(host({ replicas: 5000, sessions: McpSessions.STATELESS }).workload.spec.replicas).toBe(5000);
  });

  it('that keep sessions have names of their own', () => {
    const { objects, workload, server, resource } = host({ replicas: 3 });
    expect(namesOf(objects)).toEqual([
      'MCPServer ledger',
      'NetworkPolicy ledger',
      'PodDisruptionBudget ledger',
      'Service ledger',
      'Service ledger-replicas',
      'ServiceAccount ledger',
      'StatefulSet ledger',
    ]);
    expect(workload.spec).toMatchObject({
      replicas: 3,
      serviceName: 'ledger-replicas',
      podManagementPolicy: 'Parallel',
    });
    expect(find(objects, 'Service', 'ledger-replicas').spec).toMatchObject({
      clusterIP: 'None',
      ports: [{ name: 'http', port: 8080 }],
      selector: { 'app.kubernetes.io/component': 'mcp-server', 'app.kubernetes.io/name': 'ledger' },
    });
    expect(server.deployment).toBeUndefined();
    expect(resource.spec.hosted.replicas).toBe(3);
  });

  it.each<[string, Partial<McpServerProps>, number]>([
    ['that keep no sessions', { replicas: 3, sessions: McpSessions.STATELESS }, 3],
    ['of which there is one', { replicas: 1 }, 1],
    ['of which there is none', { replicas: 0 }, 0],
  ])('%s are a Deployment', (_, rest, replicas) => {
    const { workload, resource } = host(rest);
    expect([workload.kind, workload.spec.replicas, resource.spec.hosted.replicas]).toEqual([
      'Deployment',
      replicas,
      replicas,
    ]);
  });

  it('that are scaled are not fixed', () => {
    const { objects, workload, resource, server } = host({
      sessions: McpSessions.STATELESS,
      autoscaling: { minReplicas: 2, maxReplicas: 9, cpuUtilization: 60 },
    });
    expect(workload.spec).not.toHaveProperty('replicas');
    expect(find(objects, 'HorizontalPodAutoscaler').spec).toMatchObject({
      minReplicas: 2,
      maxReplicas: 9,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'ledger' },
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } },
      ],
    });
    expect(resource.spec.hosted.replicas).toBe(2);
    expect(server.autoscaler).toBeDefined();
  });

  it.each<[string, McpServerProps['disruptionBudget'], object]>([
    ['one may go where nothing is said', undefined, { maxUnavailable: 1 }],
    ['one may go by default', {}, { maxUnavailable: 1 }],
    ['some must stay', { minAvailable: kplus.PercentOrAbsolute.percent(50) }, { minAvailable: '50%' }],
    ['some may go', { maxUnavailable: kplus.PercentOrAbsolute.absolute(2) }, { maxUnavailable: 2 }],
  ])('have a budget: %s', (_, disruptionBudget, spec) => {
    const { objects } = host({ replicas: 3, disruptionBudget });
    expect(find(objects, 'PodDisruptionBudget').spec).toEqual({
      ...spec,
      selector: { matchLabels: { 'app.kubernetes.io/component': 'mcp-server', 'app.kubernetes.io/name': 'ledger' } },
    });
  });
});

describe('the resource', () => {
  it('says what the server offers', () => {
    const { resource } = host({
      tools: ['db_query', 'db_insert'],
      toolDescriptions: { db_query: 'Reads.', db_drop: 'Drops.' },
      toolsFilter: ['db_q*'],
      sessions: McpSessions.STATELESS,
      capabilities: { tools: true, prompts: false },
      version: '1.4.0',
      labels: { team: 'money' },
      annotations: { note: 'x' },
    });
    expect(resource.metadata).toMatchObject({ labels: { team: 'money' }, annotations: { note: 'x' } });
    expect({ ...resource.spec, hosted: undefined }).toEqual({
      transport: 'streamable-http',
      port: 8080,
      path: '/mcp',
      sessions: 'stateless',
      version: '1.4.0',
      capabilities: { tools: true, prompts: false },
      toolsFilter: ['db_q*'],
      tools: [
        { name: 'db_query', description: 'Reads.' },
        { name: 'db_insert' },
        { name: 'db_drop', description: 'Drops.' },
      ],
    });
  });

  it.each<[string, Partial<McpServerProps>, (server: McpServer) => void, (pod: Manifest) => unknown]>([
    [
      'a sidecar',
      {},
      ({ deployment }) => deployment!.addContainer({ name: 'sidecar', image: 'acme/sidecar:1' }),
      ({ spec }) => spec.containers[1].name,
    ],
    [
      'a sidecar of a StatefulSet',
      { replicas: 2 },
      ({ statefulSet }) => statefulSet!.addContainer({ name: 'sidecar', image: 'acme/sidecar:1' }),
      ({ spec }) => spec.containers[1].name,
    ],
    [
      'a label',
      {},
      ({ deployment }) => deployment!.podMetadata.addLabel('sidecar', 'sidecar'),
      ({ metadata }) => metadata.labels.sidecar,
    ],
    [
      'a variable',
      {},
      ({ container }) => container!.env.addVariable('A', kplus.EnvValue.fromValue('sidecar')),
      ({ spec }) => spec.containers[0].env[0].value,
    ],
    [
      'a JSON patch',
      {},
      ({ deployment }) =>
        ApiObject.of(deployment!).addJsonPatch(JsonPatch.add('/spec/template/spec/priorityClassName', 'sidecar')),
      ({ spec }) => spec.priorityClassName,
    ],
  ])('carries the template that runs, with %s of the user', (_, rest, change, read) => {
    const chart = newChart();
    const server = new McpServer(chart, 'ledger', { source, ...rest });
    // Not only what is said before the first look counts.
    synth(chart);
    change(server);
    const objects = synth(chart);
    const workload = find(objects, server.deployment ? 'Deployment' : 'StatefulSet');
    expect(read(workload.spec.template)).toBe('sidecar');
    expect(find(objects, 'MCPServer').spec.hosted.podSpec).toEqual(workload.spec.template);
    expect(validateObjects(objects)).toEqual([]);
  });

  it('is the default child', () => {
    const { server } = host();
    expect(server.node.defaultChild).toBe(server.resource);
  });
});

it('keeps the names of its pods through any change: a selector is immutable', () => {
  const selectorOf = (rest: Partial<McpServerProps>): unknown => host(rest).workload.spec.selector;
  expect(selectorOf({})).toEqual({
    matchLabels: { 'app.kubernetes.io/component': 'mcp-server', 'app.kubernetes.io/name': 'ledger' },
  });
  expect(
    selectorOf({
      source: McpServerSource.image('acme/other:2', { transport: McpTransport.SSE }),
      labels: { a: 'b' },
      podLabels: { c: 'd' },
    }),
  ).toEqual(selectorOf({}));
});

it('may live beside others in one chart, each with objects of its own', () => {
  const chart = new Chart(new App(), 'all');
  for (const namespace of ['a', 'b']) {
    new McpServer(chart, `ledger-${namespace}`, { name: 'ledger', namespace, source });
  }
  expect(
    synth(chart)
      .map(({ kind, metadata }) => `${kind} ${metadata.namespace}`)
      .sort(),
  ).toEqual(
    ['Deployment', 'MCPServer', 'NetworkPolicy', 'Service', 'ServiceAccount'].flatMap(kind => [
      `${kind} a`,
      `${kind} b`,
    ]),
  );
});
