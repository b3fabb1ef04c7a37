import { App, Chart, Duration, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { stringify } from 'yaml';
import { Json, withoutPaths } from './support';
import {
  AllowedNamespaces,
  AuditLevel,
  Authentication,
  BackendCredential,
  BodyFilterType,
  CertificateAuthority,
  CertManagerIssuer,
  ClusterAddOn,
  ClusterMcpGateway,
  ClusterMcpServer,
  ClusterProfile,
  Condition,
  EgressTarget,
  ExposurePathType,
  FilterAction,
  GatewayDataPlane,
  GatewayExposure,
  GatewayLogLevel,
  GatewayTls,
  HeaderMatch,
  IngressSource,
  McpGateway,
  McpManifest,
  McpRoute,
  McpServer,
  McpServerSource,
  McpSessions,
  McpTransport,
  OtlpProtocol,
  PermissionProfile,
  PiiAction,
  PiiType,
  Principal,
  RateLimit,
  RateLimitUnit,
  SessionAuditLevel,
  ToolAction,
  ToolMatch,
} from '../../src';

/*
 * What an app rendered, read again: the resources of the API say all that the workloads and the gateway's configuration
 * are made of.
 *
 * They do not say what their schema has no field for: autoscaling and disruption budgets, a gateway's session key and
 * affinity header, its access log. An app that uses those comes back without them.
 */

const API_KINDS = ['MCPServer', 'ClusterMCPServer', 'MCPRoute', 'MCPGateway', 'ClusterMCPGateway'];

/** An app for a cluster with everything that gateways may ask for. */
function furnishedApp(): App {
  const app = new App();
  new ClusterProfile({
    addOns: [ClusterAddOn.CERT_MANAGER, ClusterAddOn.GATEWAY_API, ClusterAddOn.PROMETHEUS_OPERATOR],
    monitoring: { namespace: 'monitoring', podLabels: { app: 'prometheus' } },
    monitorLabels: { release: 'prometheus' },
  }).applyTo(app);
  return app;
}

function byName(objects: readonly Json[]): Record<string, Json> {
  return Object.fromEntries(
    objects.map(object => [`${object.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name}`, object]),
  );
}

/** What a program emits, and what is emitted from the API resources among it. */
function roundTrip(program: (app: App) => void): {
  readonly written: Record<string, Json>;
  readonly read: Record<string, Json>;
} {
  const app = furnishedApp();
  program(app);
  const written = app.charts.flatMap(chart => Testing.synth(chart));
  const text = written
    .filter(({ kind }) => API_KINDS.includes(kind))
    .map(object => stringify(object, { version: '1.1' }))
    .join('---\n');
  const chart = new Chart(furnishedApp(), 'again');
  McpManifest.fromYaml(chart, 'manifest', text);
  const read = Testing.synth(chart);
  expectServicesToFindPods(read);
  return { written: withoutPaths(byName(written)), read: withoutPaths(byName(read)) };
}

/** The path that cdk8s-plus puts on pods, and into the selectors of some Services, is that of the new tree on both. */
function expectServicesToFindPods(objects: readonly Json[]): void {
  const pods: Json[] = objects
    .filter(({ spec }) => spec?.template !== undefined)
    .map(({ spec }) => spec.template.metadata.labels);
  for (const { metadata, spec } of objects.filter(({ kind }) => kind === 'Service')) {
    const found = pods.filter(labels => Object.entries(spec.selector).every(([key, value]) => labels[key] === value));
    expect([metadata.name, found.length]).toEqual([metadata.name, 1]);
  }
}

test('REST services', () => {
  const { written, read } = roundTrip(app => {
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    const token = kplus.Secret.fromSecretName(chart, 'token', 'crm-token');
    const crm = new McpServer(chart, 'crm', {
      source: McpServerSource.openApi({
        url: 'http://crm.finance.svc:8080',
        schema: {
          openapi: '3.0.3',
          servers: [{ url: '/api' }],
          paths: {
            '/customers/{id}': {
              parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string', nullable: true } }],
              get: {
                operationId: 'get',
                summary: 'One',
                parameters: [{ name: 'tags', in: 'query', schema: { type: 'array', items: { type: 'string' } } }],
              },
              put: {
                operationId: 'put',
                requestBody: {
                  required: true,
                  content: { 'application/json': { schema: { $ref: '#/components/schemas/Customer' } } },
                },
              },
              delete: { operationId: 'remove' },
            },
          },
          components: {
            schemas: {
              Customer: {
                type: 'object',
                properties: {
                  next: { $ref: '#/components/schemas/Customer' },
                  age: { type: 'number', minimum: 0, exclusiveMinimum: true, example: 7 },
                },
              },
            },
          },
        },
        operations: ['get', 'put'],
        credentials: [BackendCredential.bearer({ secret: token, key: 'token' })],
      }),
      toolsFilter: ['get'],
    });
    const gateway = new McpGateway(chart, 'gateway');
    new McpRoute(chart, 'sales', { gateway, backends: [{ server: crm }] });
  });
  expect(read).toEqual(written);
});

test('servers that listen on HTTP', () => {
  const { written, read } = roundTrip(app => {
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    new McpServer(chart, 'ledger', {
      source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0', {
        port: 9000,
        path: '/tools',
        args: ['--verbose'],
      }),
      replicas: 3,
      env: {
        DATABASE_URI: kplus.EnvValue.fromSecretValue({
          secret: kplus.Secret.fromSecretName(chart, 'db', 'db'),
          key: 'uri',
        }),
        MODE: kplus.EnvValue.fromValue('yes'),
      },
      labels: { team: 'money' },
      annotations: { owner: 'alice' },
      nodeSelector: { disk: 'ssd' },
      tolerations: [kplus.NodeTaintQuery.is('dedicated', 'tools')],
      podTemplate: { spec: { priorityClassName: 'high' } },
      tools: ['db_query'],
      toolDescriptions: { db_insert: 'Writes.' },
      toolsFilter: ['db_*'],
      capabilities: { tools: true },
      version: '1.4.0',
      terminationGracePeriod: Duration.minutes(2),
    });
    new McpServer(chart, 'stateless', {
      source: McpServerSource.image('x:1', { transport: McpTransport.SSE }),
      replicas: 2,
      sessions: McpSessions.STATELESS,
    });
    new McpServer(chart, 'crm', {
      source: McpServerSource.remote('https://mcp.crm.example.com/mcp', { tls: { serverName: 'crm' } }),
    });
    new ClusterMcpServer(chart, 'search', {
      source: McpServerSource.image('x:1'),
      workloadNamespace: 'shared',
      allowedNamespaces: AllowedNamespaces.names('finance'),
    });
    new ClusterMcpServer(chart, 'docs', {
      source: McpServerSource.image('x:1'),
      allowedNamespaces: AllowedNamespaces.labels({ a: 'b' }),
    });
  });
  expect(read).toEqual(written);
});

test('what servers may do', () => {
  const { written, read } = roundTrip(app => {
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    const claim = kplus.Volume.fromPersistentVolumeClaim(
      chart,
      'books',
      kplus.PersistentVolumeClaim.fromClaimName(chart, 'claim', 'books'),
      { name: 'books' },
    );
    const ledger = new McpServer(chart, 'ledger', {
      source: McpServerSource.image('x:1'),
      permissionProfile: PermissionProfile.inline({
        allow: [
          {
            kubernetes: { resources: [kplus.ApiResource.PODS, kplus.ApiResource.DEPLOYMENTS], verbs: ['get'] },
            network: { allowHost: ['api.finance.svc:443'], allowCidr: ['10.20.0.0/16'] },
          },
        ],
      }),
      fileSystem: { write: ['/tmp'] },
    });
    ledger.allowKubernetes({ resources: [kplus.ApiResource.NODES], verbs: ['get'], clusterWide: true });
    ledger.allowKubernetes({
      resources: [kplus.ApiResource.SECRETS],
      verbs: ['get'],
      customVerbs: ['rotate'],
      namespaces: ['ops'],
      resourceNames: ['db'],
    });
    ledger.allowEgress(EgressTarget.host('db.finance.svc', 5432, 5433));
    ledger.allowEgress(EgressTarget.cidr('10.30.0.0/16', { ports: [80], udpPorts: [53], except: ['10.30.1.0/24'] }));
    ledger.allowEgress(
      EgressTarget.pods({ namespaceLabels: { team: 'data' }, labels: { app: 'redis' }, ports: [6379] }),
    );
    ledger.allowEgress(EgressTarget.pods({ namespaces: ['a', 'b'] }));
    ledger.allowEgress(EgressTarget.pods({ allNamespaces: true, labels: { app: 'dns' } }));
    ledger.allowEgress(EgressTarget.serviceName('cache', { namespace: 'data', ports: [1] }));
    ledger.allowEgress(EgressTarget.publicInternet());
    ledger.allowWrite('/books', { volume: claim });
    const none = new McpServer(chart, 'none', {
      source: McpServerSource.image('x:1'),
      permissionProfile: PermissionProfile.none(),
    });
    ledger.allowEgress(EgressTarget.server(none));
    new McpServer(chart, 'network', {
      source: McpServerSource.image('x:1'),
      permissionProfile: PermissionProfile.networkOnly(),
    });
    new McpServer(chart, 'full', {
      source: McpServerSource.image('x:1'),
      permissionProfile: PermissionProfile.fullAccess(),
      kubernetes: [{ resources: [kplus.ApiResource.PODS], verbs: ['get'] }],
    });
    new McpServer(chart, 'open', { source: McpServerSource.image('x:1') }).allowEgress(EgressTarget.anywhere());
    const shared = new ClusterMcpServer(chart, 'search', {
      source: McpServerSource.image('x:1'),
      workloadNamespace: 'shared',
      allowedNamespaces: AllowedNamespaces.all(),
    });
    shared.allowKubernetes({ resources: [kplus.ApiResource.PODS], verbs: ['get'] });
  });
  expect(read).toEqual(written);
  expect(Object.keys(read)).toEqual(
    expect.arrayContaining([
      'Role finance/ledger',
      'Role ops/finance.ledger',
      'ClusterRole /finance.ledger',
      'Role shared/search',
      'NetworkPolicy finance/ledger',
    ]),
  );
});

test('the policy of a gateway, down to the configuration', () => {
  const { written, read } = roundTrip(app => {
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    const gateway = new McpGateway(chart, 'gateway', {
      authentication: [
        Authentication.jwt({
          issuer: 'https://auth.acme.dev',
          audiences: ['mcp'],
          jwksUri: 'https://auth.acme.dev/jwks.json',
        }),
      ],
      rateLimits: [
        RateLimit.overall(100, RateLimitUnit.SECOND),
        RateLimit.perServer(10, RateLimitUnit.MINUTE, { tools: ['db_*'] }),
      ],
      audit: { level: AuditLevel.FULL, includeMetadata: false },
      requestFiltering: {
        sizeLimit: Size.kibibytes(64),
        contentTypeFilter: ['application/json'],
        headerFilters: [
          { name: 'X-Debug', action: FilterAction.REMOVE },
          { name: 'x-tenant', action: FilterAction.ALLOW, pattern: '[a-z]+' },
        ],
        bodyFilters: [
          {
            type: BodyFilterType.JSON_PATH,
            action: FilterAction.REDACT,
            pattern: '$.params.arguments.password',
            replacement: '***',
          },
        ],
      },
      responseFiltering: {
        removeInternalHeaders: true,
        bodyFilters: [{ type: BodyFilterType.SIZE, action: FilterAction.DENY, pattern: '1Mi' }],
      },
      compliance: {
        encryption: { encryptionInTransit: false },
        piiDetection: {
          action: PiiAction.REDACT,
          patterns: [{ type: PiiType.SSN }, { type: PiiType.CUSTOM, pattern: 'A-[0-9]+', description: 'badge' }],
        },
      },
      sampling: { enabled: false },
      elicitation: {},
      sessionIsolation: { contextRetention: Duration.minutes(90), auditLevel: SessionAuditLevel.NONE },
      protocolVersion: {
        supported: ['2025-06-18', '2025-11-25'],
        preferredVersion: '2025-11-25',
        strictVersioning: true,
      },
    });
    const ledger = new McpServer(chart, 'ledger', { source: McpServerSource.image('x:1') });
    new McpRoute(chart, 'tools', { gateway, backends: [{ server: ledger }] });
  });
  expect(read).toEqual(written);
});

test('a route and its gateway, down to the configuration', () => {
  const { written, read } = roundTrip(app => {
    const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
    const gateway = new McpGateway(platform, 'gateway', {
      replicas: 2,
      port: 9000,
      service: { type: kplus.ServiceType.LOAD_BALANCER, port: 8000, annotations: { lb: 'internal' } },
      nodeSelector: { disk: 'ssd' },
      observability: {
        logLevel: GatewayLogLevel.WARN,
        tracing: { endpoint: 'http://otel:4318', protocol: OtlpProtocol.HTTP, sampling: 1 },
      },
      discovery: {
        labels: { team: 'money' },
        namespaceExpressions: [kplus.LabelExpression.in('kubernetes.io/metadata.name', ['finance'])],
      },
    });
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    const ledger = new McpServer(chart, 'ledger', {
      source: McpServerSource.image('x:1'),
      replicas: 2,
      labels: { team: 'money' },
    });
    const canary = new McpServer(chart, 'canary', { source: McpServerSource.image('x:2') });
    const shared = new ClusterMcpServer(platform, 'search', {
      source: McpServerSource.image('x:1'),
      allowedNamespaces: AllowedNamespaces.all(),
    });
    const route = new McpRoute(chart, 'tools', {
      gateway,
      timeouts: { request: Duration.seconds(90), backendRequest: Duration.millis(1500) },
      retry: { attempts: 3, backoff: Duration.millis(250) },
      requestHeaders: { set: { 'X-A': 'a' }, remove: ['x-b'] },
      responseHeaders: { add: { 'x-c': 'yes' } },
      labels: { team: 'money' },
    });
    route.addBackend(ledger, { weight: 90 });
    route.addBackend(canary, { weight: 10 });
    route.addMatch({
      tools: ToolMatch.glob('db_*', '*_query'),
      headers: [HeaderMatch.regex('x-tenant', 'a|b')],
      backends: [{ server: canary }],
    });
    route.addMatch({ tools: ToolMatch.prefix('search_'), backends: [{ server: shared, weight: 2 }] });
    new McpRoute(chart, 'search', { gateway, backends: [{ server: shared }] });
  });
  expect(read).toEqual(written);
  expect(Object.keys(read)).toContain('ConfigMap mcp-system/gateway-gateway-config');
});

test('a gateway with a certificate, which asks for those of its callers', () => {
  const { written, read } = roundTrip(app => {
    const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
    const gateway = new McpGateway(platform, 'gateway', {
      tls: GatewayTls.fromIssuer(CertManagerIssuer.clusterIssuer('cluster-ca'), {
        dnsNames: ['mcp.acme.dev'],
        duration: Duration.days(30),
        renewBefore: Duration.days(10),
      }),
      authentication: [
        Authentication.clientCertificate(CertificateAuthority.fromIssuer(CertManagerIssuer.issuer('partners'))),
      ],
    });
    const edge = new ClusterMcpGateway(platform, 'edge', {
      tls: GatewayTls.fromSecret(kplus.Secret.fromSecretName(platform, 'tls', 'edge-tls')),
      service: { port: 8443 },
      authentication: [
        Authentication.clientCertificate(
          CertificateAuthority.fromSecret({
            secret: kplus.Secret.fromSecretName(platform, 'clients', 'clients'),
            key: 'ca.pem',
          }),
        ),
      ],
    });
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    const ledger = new McpServer(chart, 'ledger', { source: McpServerSource.image('x:1') });
    new McpRoute(chart, 'books', { gateway, backends: [{ server: ledger }] }).allow(Principal.user('alice'), {
      tools: ['*'],
    });
    new McpRoute(chart, 'outside', { gateway: edge, backends: [{ server: ledger }] });
  });
  expect(read).toEqual(written);
  expect(Object.keys(read).filter(name => name.startsWith('Certificate '))).toEqual([
    'Certificate mcp-system/gateway-tls',
    'Certificate mcp-system/gateway-client-ca',
  ]);
});

test('gateways that are exposed, and what clients are told about tokens', () => {
  const { written, read } = roundTrip(app => {
    const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
    const authentication = [
      Authentication.oidc({
        issuer: 'https://auth.acme.dev',
        audiences: ['mcp'],
        jwksUri: 'https://auth.acme.dev/jwks.json',
      }),
    ];
    const gateway = new McpGateway(platform, 'gateway', {
      authentication,
      service: { port: 8000 },
      exposures: [
        GatewayExposure.httpRoute({
          hosts: ['edge.acme.dev'],
          parents: [{ name: 'public', namespace: 'infra', sectionName: 'https', port: 443 }],
          paths: ['/routes/finance/books'],
          pathType: ExposurePathType.EXACT,
          https: false,
          from: [IngressSource.anywhere()],
        }),
        GatewayExposure.ingress({
          hosts: ['*.acme.dev', 'mcp.acme.dev'],
          paths: ['/routes/finance', '/mcp'],
          className: 'nginx',
          issuer: CertManagerIssuer.clusterIssuer('public'),
          annotations: { a: 'b' },
          from: [
            IngressSource.namespaces('ingress-nginx'),
            IngressSource.cidr('10.0.0.0/8', { except: ['10.1.0.0/16'] }),
            IngressSource.pods({ namespaceLabels: { edge: 'yes' }, labels: { app: 'proxy' } }),
          ],
        }),
        GatewayExposure.ingress({
          name: 'inner',
          hosts: ['mcp.corp'],
          tlsSecret: kplus.Secret.fromSecretName(platform, 'tls', 'inner-tls'),
          from: [IngressSource.pods({ labels: { app: 'proxy' } })],
        }),
      ],
    });
    const edge = new ClusterMcpGateway(platform, 'edge', {
      authentication,
      exposures: [
        GatewayExposure.ingress({
          hosts: ['edge.acme.dev'],
          https: true,
          from: [IngressSource.pods({ allNamespaces: true })],
        }),
      ],
    });
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    const ledger = new McpServer(chart, 'ledger', { source: McpServerSource.image('x:1') });
    new McpRoute(chart, 'books', { gateway, backends: [{ server: ledger }] });
    new McpRoute(chart, 'outside', { gateway: edge, backends: [{ server: ledger }] });
  });
  expect(read).toEqual(written);
  expect(Object.keys(read).filter(name => /^(Ingress|HTTPRoute|Certificate) /.test(name))).toEqual([
    'Ingress mcp-system/gateway',
    'Certificate mcp-system/gateway-ingress-tls',
    'Ingress mcp-system/inner',
    'HTTPRoute mcp-system/gateway',
    'Ingress mcp-system/edge',
  ]);
  expect(read['ConfigMap mcp-system/gateway-gateway-config'].data['config.yaml']).toContain(
    'resource: https://mcp.acme.dev/routes/finance/books',
  );
});

test('a gateway of the cluster with listed servers', () => {
  const { written, read } = roundTrip(app => {
    const chart = new Chart(app, 'platform', { namespace: 'mcp-system' });
    const own = new McpServer(chart, 'own', { source: McpServerSource.image('x:1') });
    const shared = new ClusterMcpServer(chart, 'shared', {
      source: McpServerSource.image('x:1'),
      allowedNamespaces: AllowedNamespaces.all(),
    });
    new ClusterMcpGateway(chart, 'edge', { discovery: { servers: [own, shared] } });
  });
  expect(read).toEqual(written);
});

test('proxies that say where callers are', () => {
  roundTrip(app => {
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    const gateway = new McpGateway(chart, 'gateway', {
      dataPlane: GatewayDataPlane.envoy(),
      authentication: [
        Authentication.jwt({
          issuer: 'https://auth.acme.dev',
          audiences: ['mcp'],
          jwksUri: 'https://auth.acme.dev/keys',
        }),
      ],
      trustedProxies: ['10.1.0.7', '2001:db8:1::/64'],
    });
    const server = new McpServer(chart, 'ledger', { source: McpServerSource.image('x:1') });
    new McpRoute(chart, 'books', { gateway, backends: [{ server }] }).allow(Principal.anyAuthenticated(), {
      tools: ['*'],
      actions: [ToolAction.CALL],
      when: [Condition.notSourceIp('203.0.113.0/24')],
    });
  });
});

test('credentials towards servers, wherever their Secrets are, and the hosts that servers may be at', () => {
  const { written, read } = roundTrip(app => {
    const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
    const value = (key: string) => ({ secret: kplus.Secret.fromSecretName(platform, `secret-${key}`, 'crm'), key });
    const basic = BackendCredential.basic({ username: value('username'), password: value('password') });
    const chart = new Chart(app, 'sales', { namespace: 'sales' });
    const tls = kplus.Secret.fromSecretName(platform, 'tls', 'crm-tls');
    const crm = new McpServer(chart, 'crm', {
      source: McpServerSource.remote('https://mcp.crm.example.com/mcp', {
        credentials: [
          basic,
          BackendCredential.header('X-Key', value('key'), { prefix: 'Key ' }),
          BackendCredential.clientCertificate(tls),
        ],
      }),
    });
    const own = new McpServer(platform, 'own', {
      source: McpServerSource.image('x:1', { credentials: [BackendCredential.bearer(value('token'))] }),
    });
    const silent = new McpServer(chart, 'silent', { source: McpServerSource.image('x:1', { credentials: [] }) });
    const shared = new ClusterMcpServer(platform, 'shared', {
      source: McpServerSource.image('x:1', { credentials: [BackendCredential.callerToken()] }),
      allowedNamespaces: AllowedNamespaces.all(),
    });
    const gateway = new McpGateway(platform, 'gateway', {
      allowedRemoteHosts: ['*.crm.example.com'],
      discovery: {
        servers: [crm, own, shared],
        credentials: [
          { server: crm, credentials: [BackendCredential.bearer(value('other'))] },
          { server: own, credentials: [] },
        ],
      },
    });
    new McpRoute(chart, 'crm-route', { gateway, backends: [{ server: crm }, { server: silent }] });
  });
  expect(read).toEqual(written);
});

test('checks of the servers of routes alone', () => {
  const { written, read } = roundTrip(app => {
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    const gateway = new McpGateway(chart, 'gateway', {
      dataPlane: GatewayDataPlane.envoy(),
      healthCheck: { interval: Duration.seconds(10), unhealthyThreshold: 2 },
    });
    new McpRoute(chart, 'route', {
      gateway,
      backends: [{ server: new McpServer(chart, 'ledger', { source: McpServerSource.image('acme/ledger:1') }) }],
    });
  });
  expect(written['MCPGateway finance/gateway'].spec.mcpServers).toEqual({
    healthCheck: { enabled: true, interval: '10s', timeout: '5s', healthyThreshold: 2, unhealthyThreshold: 2 },
  });
  expect(read).toEqual(written);
});

test('a package that listens by itself', () => {
  const { written, read } = roundTrip(app => {
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    new McpServer(chart, 'k8s', {
      source: McpServerSource.npx('kubernetes-mcp-server@0.0.50', {
        transport: McpTransport.STREAMABLE_HTTP,
        port: 3001,
      }),
    });
  });
  expect(read).toEqual(written);
});

/*
 * A stdio server does not come back whole. Its resource describes what runs, which is the adapter: the program that the
 * adapter starts stands in the adapter's ConfigMap and nowhere in the resource, so the ConfigMap cannot be made again.
 * The resource says that it needs it (its pod template mounts it), and everything else comes back.
 */
test('a stdio server, but for the configuration of its adapter', () => {
  const { written, read } = roundTrip(app => {
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    new McpServer(chart, 'k8s', { source: McpServerSource.npx('kubernetes-mcp-server@0.0.50') });
  });
  const { 'ConfigMap finance/k8s-stdio-adapter': adapter, ...rest } = written;
  expect(adapter).toBeDefined();
  expect(read).toEqual(rest);
  expect(JSON.stringify(read['Deployment finance/k8s'])).toContain('k8s-stdio-adapter');
});
