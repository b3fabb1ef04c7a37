import { join } from 'path';
import { App, Chart, Testing } from 'cdk8s';
import { describeWithApiServer } from './api-server';
import { Cluster, ownCrds, versionOf } from './cluster';
import { McpCrds } from '../../src/cluster/mcp-crds';

/** Our CRDs on a real API server, and what they admit and refuse. Constraints of single fields, and each rule at each place, are in crds-constraints. */

const CRDS_DIR = join(__dirname, '..', '..', 'crds');
const NAMES = ['clustermcpgateways', 'clustermcpservers', 'mcpgateways', 'mcproutes', 'mcpservers'].map(
  plural => `${plural}.ome.io`,
);

const resource = (kind: string, name: string, spec: unknown) => ({
  apiVersion: 'ome.io/v1alpha1',
  kind,
  metadata: { name, ...(kind.startsWith('Cluster') ? {} : { namespace: 'default' }) },
  spec,
});

const POD = {
  metadata: { labels: { app: 'ledger' }, annotations: { note: 'kept' }, creationTimestamp: null },
  spec: {
    containers: [
      {
        name: 'mcp-server',
        image: 'ghcr.io/acme/ledger-mcp:1.4.0',
        ports: [{ containerPort: 8080 }, { containerPort: 8080, protocol: 'UDP' }],
        resources: { limits: { cpu: 1, memory: '64Mi' } },
        readinessProbe: { httpGet: { port: 'http' } },
      },
    ],
  },
};
const HOSTED = { hosted: { podSpec: POD } };
const REMOTE = { remote: { url: 'https://mcp.crm.example.com/mcp' } };
const BACKENDS = {
  backendRefs: [
    { serverRef: { name: 'stable' }, weight: 90 },
    { serverRef: { name: 'shared', kind: 'ClusterMCPServer' }, weight: 10 },
  ],
};

const ADMITTED = [
  resource('MCPServer', 'hosted', {
    ...HOSTED,
    transport: 'streamable-http',
    sessions: 'stateless',
    port: 9000,
    path: '/',
    tools: [{ name: 'db_query' }],
  }),
  resource('MCPServer', 'rest', {
    remote: {
      url: 'http://crm.finance.svc',
      openAPI: { openapi: '3.1.0', paths: { '/a': { get: { operationId: 'a' } } } },
    },
  }),
  resource('MCPServer', 'remote', {
    remote: { ...REMOTE.remote, tls: { caBundle: '-----BEGIN CERTIFICATE-----', serverName: 'crm' } },
  }),
  resource('MCPServer', 'guarded', {
    ...HOSTED,
    oidcConfig: { inline: { issuer: 'https://auth.acme.dev' } },
    authzConfig: { inline: { policies: ['permit(principal, action, resource);'] } },
    permissionProfile: {
      inline: { allow: [{ network: { allowHost: ['postgres.finance.svc'], allowCIDR: ['10.0.0.0/8'] } }] },
    },
  }),
  resource('ClusterMCPServer', 'shared', {
    ...HOSTED,
    workloadNamespace: 'mcp-system',
    allowedNamespaces: { names: ['finance'], selector: { matchLabels: { team: 'a' } } },
  }),
  resource('ClusterMCPServer', 'open', { ...REMOTE, allowedNamespaces: { all: true } }),
  resource('MCPRoute', 'smart', {
    ...BACKENDS,
    gatewayRef: { name: 'gateway', kind: 'MCPGateway', namespace: 'mcp-system' },
    matches: [{ toolMatch: { prefixMatch: 'k8s_' }, backendRefs: [{ serverRef: { name: 'k8s' } }] }],
    authorization: {
      rules: [
        { principals: ['group:admins'], permissions: [{ tools: ['db_*'], actions: ['tools/call', 'tools/list'] }] },
      ],
    },
    rateLimit: { limits: [{ dimension: 'user', requests: 100, unit: 'hour' }] },
    timeouts: { request: '1m30s', backendRequest: '250ms' },
    retry: { attempts: 2, backoff: '1s', codes: [503] },
  }),
  resource('MCPRoute', 'shared-gateway', { ...BACKENDS, gatewayRef: { name: 'gateway', kind: 'ClusterMCPGateway' } }),
  resource('MCPGateway', 'routes-alone', { replicas: 2, podSpec: POD, dataPlane: { type: 'envoy' } }),
  resource('MCPGateway', 'empty', {}),
  resource('MCPGateway', 'proving', {
    allowedRemoteHosts: [],
    mcpServers: { static: [{ name: 'crm', credentials: [{ callerToken: true }] }] },
  }),
  resource('MCPServer', 'proved', {
    remote: {
      url: 'https://crm',
      credentials: [
        { basic: { username: 'alice', passwordRef: { name: 'crm', key: 'password', namespace: 'mcp-system' } } },
        { header: { name: 'x-key', secretRef: { name: 'crm', key: 'key' } } },
      ],
    },
  }),
  resource('MCPGateway', 'secured', {
    tls: { secretRef: { name: 'gateway-tls' } },
    authentication: { clientCertificate: { issuerRef: { name: 'ca', kind: 'ClusterIssuer' } } },
  }),
  resource('ClusterMCPGateway', 'issued', {
    tls: {
      issuerRef: { name: 'ca', kind: 'Issuer' },
      dnsNames: ['mcp.acme.dev'],
      duration: '2160h',
      renewBefore: '1h30m',
    },
    authentication: { allOf: [{ clientCertificate: { caRef: { name: 'partners', key: 'ca.crt' } } }] },
  }),
  resource('ClusterMCPGateway', 'discovering', {
    workloadNamespace: 'mcp-system',
    mcpServers: { namespaceSelector: { matchLabels: { mcp: 'yes' } } },
  }),
];

const REFUSED: readonly (readonly [string, ReturnType<typeof resource>, string])[] = [
  [
    'a server that is neither hosted nor remote',
    resource('MCPServer', 'x', { transport: 'sse' }),
    'set exactly one of spec.hosted and spec.remote',
  ],
  [
    'a server that is both',
    resource('ClusterMCPServer', 'x', { ...HOSTED, ...REMOTE }),
    'set exactly one of spec.hosted and spec.remote',
  ],
  [
    'two permission profiles',
    resource('MCPServer', 'x', { ...REMOTE, permissionProfile: { builtin: 'none', configMap: { key: 'k' } } }),
    'set only one of permissionProfile.builtin and permissionProfile.configMap',
  ],
  [
    'permissions beside none',
    resource('MCPServer', 'x', { ...REMOTE, permissionProfile: { builtin: 'none', inline: { allow: [] } } }),
    'permissionProfile.inline adds nothing to the profiles none and network-only',
  ],
  [
    'rights in the whole cluster and in some namespaces',
    resource('MCPServer', 'x', {
      ...REMOTE,
      permissionProfile: {
        inline: {
          allow: [
            {
              kubeResources: {
                apiGroups: [''],
                resources: ['pods'],
                verbs: ['get'],
                clusterWide: true,
                namespaces: ['a'],
              },
            },
          ],
        },
      },
    }),
    'kubeResources.clusterWide already grants in every namespace',
  ],
  [
    'two issuers',
    resource('MCPServer', 'x', { ...REMOTE, oidcConfig: { kubernetes: {}, inline: { issuer: 'https://a' } } }),
    'set only one of oidcConfig.kubernetes, oidcConfig.inline and oidcConfig.configMap',
  ],
  [
    'two sources of Cedar',
    resource('MCPServer', 'x', { ...REMOTE, authzConfig: { configMap: { key: 'k' }, inline: { policies: ['p'] } } }),
    'set only one of authzConfig.configMap and authzConfig.inline',
  ],
  [
    'two credentials in one',
    resource('MCPServer', 'x', {
      remote: {
        url: 'https://crm',
        credentials: [{ callerToken: true, bearer: { secretRef: { name: 'a', key: 'b' } } }],
      },
    }),
    'must validate one and only one schema (oneOf)',
  ],
  [
    'a password of two users',
    resource('MCPServer', 'x', {
      remote: {
        url: 'https://crm',
        credentials: [
          { basic: { username: 'a', usernameRef: { name: 'a', key: 'b' }, passwordRef: { name: 'a', key: 'b' } } },
        ],
      },
    }),
    'must validate one and only one schema (oneOf)',
  ],
  [
    'TLS without https',
    resource('MCPServer', 'x', { remote: { url: 'http://crm', tls: { serverName: 'crm' } } }),
    'change the URL or remove remote.tls',
  ],
  [
    'all namespaces and some',
    resource('ClusterMCPServer', 'x', { ...REMOTE, allowedNamespaces: { all: true, names: ['a'] } }),
    'remove names and selector, or remove all',
  ],
  [
    'the namespace of a cluster gateway',
    resource('MCPRoute', 'x', { ...BACKENDS, gatewayRef: { name: 'g', kind: 'ClusterMCPGateway', namespace: 'a' } }),
    'remove gatewayRef.namespace',
  ],
  [
    'discovery of nothing',
    resource('MCPGateway', 'x', { mcpServers: {} }),
    'set static, selector or namespaceSelector, or remove mcpServers',
  ],
  [
    'a certificate from nowhere',
    resource('MCPGateway', 'x', { tls: { dnsNames: ['mcp.acme.dev'] } }),
    'set exactly one of tls.secretRef and tls.issuerRef',
  ],
  [
    'a certificate from two places',
    resource('ClusterMCPGateway', 'x', { tls: { secretRef: { name: 'a' }, issuerRef: { name: 'b' } } }),
    'set exactly one of tls.secretRef and tls.issuerRef',
  ],
  [
    'names of a certificate that is there already',
    resource('MCPGateway', 'x', { tls: { secretRef: { name: 'a' }, dnsNames: ['mcp.acme.dev'] } }),
    'dnsNames, duration and renewBefore are about an issued certificate: set tls.issuerRef, or remove them',
  ],
  [
    'client certificates of nobody',
    resource('MCPGateway', 'x', { authentication: { allOf: [{ anyOf: [{ clientCertificate: {} }] }] } }),
    'set exactly one of clientCertificate.caRef and clientCertificate.issuerRef',
  ],
  [
    'client certificates of two authorities',
    resource('MCPRoute', 'x', {
      ...BACKENDS,
      authentication: { clientCertificate: { caRef: { name: 'a', key: 'b' }, issuerRef: { name: 'c' } } },
    }),
    'set exactly one of clientCertificate.caRef and clientCertificate.issuerRef',
  ],
  [
    '17 backends',
    resource('MCPRoute', 'x', { backendRefs: Array.from({ length: 17 }, () => ({ serverRef: { name: 'a' } })) }),
    'must have at most 16 items',
  ],
  [
    'an action that is none',
    resource('MCPRoute', 'x', {
      ...BACKENDS,
      authorization: { rules: [{ principals: ['user:a'], permissions: [{ tools: ['a'], actions: ['tools'] }] }] },
    }),
    'supported values: "tools/call", "tools/list"',
  ],
  [
    'a pod without containers',
    resource('MCPServer', 'x', { hosted: { podSpec: { spec: {} } } }),
    'spec.hosted.podSpec.spec.containers: Required value',
  ],
  [
    'a field of pods that does not exist',
    resource('MCPServer', 'x', { hosted: { podSpec: { spec: { ...POD.spec, contaners: [] } } } }),
    'unknown field "spec.hosted.podSpec.spec.contaners"',
  ],
  [
    'a timeout that is no duration',
    resource('MCPRoute', 'x', { ...BACKENDS, timeouts: { request: '30' } }),
    'spec.timeouts.request',
  ],
];

describeWithApiServer('a real API server', server => {
  const succeed = (args: readonly string[], input?: unknown): string => server().succeed(args, input);

  describe.each<[string, string[], string]>([
    ['client-side apply', [], 'unchanged'],
    ['server-side apply', ['--server-side', '--force-conflicts'], 'serverside-applied'],
  ])('by %s', (_, options, outcome) => {
    const versions = (): unknown => JSON.parse(succeed(['get', 'crd', '-o', 'json'])).items.map(versionOf);

    test.each(NAMES)('takes %s', async name => {
      const [plural] = name.split('.');
      succeed(['apply', ...options, '-f', join(CRDS_DIR, `ome.io_${plural}.yaml`)]);
      await new Cluster(server().client).untilServed(ownCrds().filter(crd => crd.metadata.name === name));
    });

    test('changes nothing the second time', () => {
      const before = versions();
      const lines = succeed(['apply', ...options, '-f', CRDS_DIR])
        .trim()
        .split('\n');
      expect(lines.map(line => line.split(' ').pop())).toEqual(NAMES.map(() => outcome));
      expect(versions()).toEqual(before);
    });
  });

  test('finds nothing wrong with them afterwards', () => {
    const { items } = JSON.parse(succeed(['get', 'crd', '-o', 'json']));
    const conditions = items.flatMap(({ metadata, status }: any) =>
      status.conditions.map(({ type, status: value }: any) => `${metadata.name} ${type}=${value}`),
    );
    expect(conditions.sort()).toEqual(
      NAMES.flatMap(name => [`${name} Established=True`, `${name} NamesAccepted=True`]),
    );
  });

  test('takes what McpCrds emits in a chart with a namespace', async () => {
    const chart = new Chart(new App(), 'chart', { namespace: 'mcp-system' });
    new McpCrds(chart, 'crds');
    await new Cluster(server().client).install(Testing.synth(chart));
  });

  test.each(ADMITTED.map((object): [string, typeof object] => [`${object.kind} ${object.metadata.name}`, object]))(
    'admits %s, and loses nothing of it',
    async (_, object) => {
      const { status, body, warnings } = await server().client.create(object);
      expect([status < 300 ? '' : body.message, ...warnings]).toEqual(['']);
      expect(body.spec).toMatchObject(object.spec as object);
    },
  );

  test.each(REFUSED)('refuses %s', async (_, object, message) => {
    const { status, body } = await server().client.create(object);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body.message).toContain(message);
  });

  test('shows columns', () => {
    const row = (kind: string, name: string): string[] =>
      succeed(['get', kind, name, '--no-headers'])
        .trim()
        .split(/\s{2,}/)
        .slice(0, -1);
    expect(row('mcps', 'hosted')).toEqual(['hosted', 'streamable-http', '1']);
    expect(row('cmcps', 'shared')).toEqual(['shared', 'stdio', '1']);
    expect(row('mcpr', 'smart')).toEqual(['smart', 'gateway', 'stable']);
    expect(succeed(['get', 'mcpr', 'smart', '-o', 'wide', '--no-headers'])).toContain(
      JSON.stringify(BACKENDS.backendRefs[0].serverRef),
    );
    expect(row('mcpg', 'routes-alone')).toEqual(['routes-alone', '2']);
    expect(row('cmcpg', 'discovering')).toEqual(['discovering', '1']);
  });

  test.each([
    ['mcps', 'NAME TRANSPORT REPLICAS READY STATUS URL REMOTE AGE'],
    ['cmcps', 'NAME TRANSPORT REPLICAS READY STATUS URL REMOTE WORKLOAD AGE'],
    ['mcpr', 'NAME GATEWAY BACKEND BACKENDS READY URL AGE'],
    ['mcpg', 'NAME PHASE REPLICAS READY SERVERS TOOLS URL DATA-PLANE AGE'],
    ['cmcpg', 'NAME PHASE REPLICAS READY SERVERS TOOLS URL DATA-PLANE WORKLOAD AGE'],
  ])('heads the columns of %s', (shortName, columns) => {
    expect(
      succeed(['get', shortName, '-o', 'wide'])
        .split('\n')[0]
        .trim()
        .split(/\s{2,}/)
        .join(' '),
    ).toBe(columns);
  });

  test('lists all kinds by their category', () => {
    const listed = succeed(['get', 'mcp', '-o', 'name']).trim().split('\n');
    expect(new Set(listed.map(line => line.split('/')[0]))).toEqual(
      new Set(NAMES.map(name => name.replace('s.ome.io', '.ome.io'))),
    );
    expect(listed).toHaveLength(ADMITTED.length);
  });

  test.each(['mcpg/routes-alone', 'cmcpg/discovering'])('scales %s', gateway => {
    succeed(['patch', gateway, '--type', 'merge', '--subresource', 'status', '-p', '{"status":{"replicas":3}}']);
    succeed(['scale', gateway, '--replicas', '5']);
    expect(succeed(['get', gateway, '-o', 'jsonpath={.spec.replicas}'])).toBe('5');
    expect(JSON.parse(succeed(['get', gateway, '--subresource', 'scale', '-o', 'json']))).toMatchObject({
      kind: 'Scale',
      spec: { replicas: 5 },
      status: { replicas: 3 },
    });
  });

  test.each([
    ['mcps/hosted', { url: 'http://kept' }],
    ['cmcps/shared', { url: 'http://kept' }],
    ['mcpr/smart', { gatewayURL: 'http://kept' }],
    ['mcpg/empty', { serviceURL: 'http://kept' }],
    ['cmcpg/discovering', { serviceURL: 'http://kept' }],
  ])('keeps the status of %s apart from its spec', (name, status) => {
    const patch = (content: object, ...options: string[]): void =>
      void succeed(['patch', name, '--type', 'merge', ...options, '-p', JSON.stringify(content)]);
    const stored = (): any => JSON.parse(succeed(['get', name, '-o', 'json']));
    const { spec } = stored();
    patch({ status, spec: { unknown: null } }, '--subresource', 'status');
    expect(stored()).toMatchObject({ status, spec });
    patch({ status: { ...Object.fromEntries(Object.keys(status).map(key => [key, 'http://ignored'])) } });
    expect(stored()).toMatchObject({ status, spec });
  });
});
