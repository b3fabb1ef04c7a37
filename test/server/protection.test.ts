import { Chart, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { parse } from 'yaml';
import {
  AccessMatrix,
  AllowedNamespaces,
  ApiKey,
  Authentication,
  AuthzConfig,
  BackendCredential,
  ClusterMcpServer,
  ClusterProfile,
  EgressTarget,
  IngressSource,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerProps,
  McpServerSource,
  McpSessions,
  McpTransport,
  NetworkEnforcement,
  OidcConfig,
  Principal,
  Reconciliation,
  ToolAction,
} from '../../src';
import { resolvedConfig } from '../support/agentgateway-config';
import { checkReferences, refKey } from '../support/references';
import { containerOf, find, messageOf, namesOf, newChart, podOf, synth } from '../support/synth';
import { Manifest, validateObjects } from '../support/validate';

/* Servers that ask something of their callers themselves. What their guards really do is tried with agentgateway elsewhere. */

const JWKS = JSON.stringify({
  keys: [
    {
      kty: 'OKP',
      crv: 'Ed25519',
      alg: 'EdDSA',
      use: 'sig',
      kid: 'a',
      x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
    },
  ],
});
const ISSUER = 'https://auth.acme.dev';
const oidcConfig = OidcConfig.inline({ issuer: ISSUER, audiences: ['ledger'], jwks: JWKS });
const authzConfig = AuthzConfig.inline({
  policies: ['permit(principal == User::"alice", action, resource == Tool::"db_query");'],
});
const source = McpServerSource.image('acme/ledger:1', { port: 9000 });
const tools = ['db_query', 'db_insert'];

function host(
  props: Partial<McpServerProps> = {},
  chart = newChart(),
): { objects: Manifest[]; server: McpServer; chart: Chart } {
  const server = new McpServer(chart, 'ledger', { source, oidcConfig, ...props });
  const objects = synth(chart);
  expect(validateObjects(objects)).toEqual([]);
  expect(checkReferences(objects, { externals: new Set([refKey('Secret', 'finance', 'key')]) })).toEqual([]);
  return { objects, server, chart };
}

function workloadOf(objects: readonly Manifest[]): Manifest {
  return objects.find(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet')!;
}

function guardOf(workload: Manifest): Manifest | undefined {
  return podOf(workload).initContainers?.find(({ name }: Manifest) => name === 'mcp-guard');
}

function configOf(objects: readonly Manifest[], name = 'ledger-guard-config'): any {
  return resolvedConfig(parse(find(objects, 'ConfigMap', name).data['config.yaml']));
}

describe('a server that listens on HTTP', () => {
  const { objects, server } = host({ authzConfig, tools });
  const workload = workloadOf(objects);
  const guard = guardOf(workload)!;

  it('has a guard in its pods, which starts before it and ends after it', () => {
    expect(namesOf(objects)).toEqual([
      'ConfigMap ledger-guard-config',
      'Deployment ledger',
      'MCPServer ledger',
      'NetworkPolicy ledger',
      'Service ledger',
      'ServiceAccount ledger',
    ]);
    expect(guard).toMatchObject({
      image: 'cr.agentgateway.dev/agentgateway:v1.4.1',
      restartPolicy: 'Always',
      ports: [{ name: 'guard', containerPort: 15080, protocol: 'TCP' }],
      readinessProbe: { httpGet: { path: '/healthz/ready', port: 15081 } },
      volumeMounts: [{ name: 'mcp-guard-config', mountPath: '/etc/agentgateway', readOnly: true }],
    });
    expect(Object.keys(guard.resources)).toEqual(['limits', 'requests']);
  });

  it('runs it with as few rights as the program', () => {
    expect(guard.securityContext).toEqual({
      ...containerOf(workload).securityContext,
      runAsUser: 65532,
      runAsGroup: 65532,
    });
    expect(guard.securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(guard).not.toHaveProperty('env');
  });

  it('is reached by its guard alone', () => {
    expect(find(objects, 'Service').spec.ports).toEqual([{ name: 'http', port: 8080, targetPort: 15080 }]);
    const chart = newChart();
    new McpServer(chart, 'ledger', { source, oidcConfig }).allowIngress(IngressSource.namespaces('agents'));
    const { ingress, podSelector, policyTypes } = find(synth(chart), 'NetworkPolicy').spec;
    expect(podSelector.matchLabels).toEqual({
      'app.kubernetes.io/component': 'mcp-server',
      'app.kubernetes.io/name': 'ledger',
    });
    expect([policyTypes, ingress.map(({ ports }: Manifest) => ports)]).toEqual([
      ['Ingress', 'Egress'],
      [[{ protocol: 'TCP', port: 15080 }]],
    ]);
    expect(server.url).toBe('http://ledger.finance.svc:8080/mcp');
    expect(containerOf(workload).ports).toEqual([{ name: 'http', containerPort: 9000, protocol: 'TCP' }]);
  });

  it('has its token verified, and each tool asked about', () => {
    const {
      config,
      binds: [
        {
          port,
          listeners: [
            {
              routes: [route, ...others],
            },
          ],
        },
        ...inner
      ],
    } = configOf(objects);
    expect(config).toEqual({
      adminAddr: 'off',
      statsAddr: 'off',
      readinessAddr: '[::]:15081',
      logging: { level: 'info', format: 'json' },
    });
    expect([port, others, inner, route.matches]).toEqual([15080, [], [], [{ path: { exact: '/mcp' } }]]);
    expect(route.policies.jwtAuth).toMatchObject({
      mode: 'strict',
      issuer: ISSUER,
      audiences: ['ledger'],
      jwks: JWKS,
      jwtValidationOptions: { requiredClaims: expect.arrayContaining(['exp', 'iss', 'aud']) },
    });
    expect(route.backends).toEqual([
      {
        mcp: { targets: [{ name: 'ledger', mcp: { host: '127.0.0.1', port: 9000, path: '/mcp' } }] },
        policies: { mcpAuthorization: { rules: [{ require: expect.stringContaining('"db_query"') }] } },
      },
    ]);
  });

  it('says so in its resource', () => {
    expect(find(objects, 'MCPServer').spec).toMatchObject({
      oidcConfig: { inline: { issuer: ISSUER, audience: 'ledger', jwks: JWKS } },
      authzConfig: {
        inline: { policies: ['permit(principal == User::"alice", action, resource == Tool::"db_query");'] },
      },
      port: 9000,
    });
  });

  it('has one guard for each replica that keeps sessions, at the name of the replica', () => {
    const { objects: replicated } = host({ replicas: 2 });
    expect(guardOf(find(replicated, 'StatefulSet'))).toBeDefined();
    expect(find(replicated, 'Service', 'ledger-replicas').spec.ports).toEqual([{ name: 'http', port: 15080 }]);
  });

  it('is scaled with its guard', () => {
    const { objects: scaled } = host({ sessions: McpSessions.STATELESS, autoscaling: { maxReplicas: 5 } });
    expect(guardOf(find(scaled, 'Deployment'))!.resources.requests.cpu).toBe('50m');
    expect(configOf(scaled).binds[0].listeners[0].routes[0].backends[0].mcp.statefulMode).toBe('stateless');
  });

  it('may be described by a pod template, and patched', () => {
    const template = {
      spec: {
        containers: [{ name: 'mcp-server', image: 'acme/ledger:1', ports: [{ containerPort: 9000 }] }],
        initContainers: [{ name: 'migrate', image: 'acme/migrate:1' }],
      },
    };
    const { objects: described } = host({
      source: McpServerSource.podTemplate(template),
      podTemplate: { spec: { initContainers: [{ name: 'mcp-guard', image: 'mirror.acme.dev/agentgateway:v1.4.1' }] } },
      terminationGracePeriod: Duration.minutes(5),
    });
    const pod = podOf(workloadOf(described));
    expect(pod.initContainers.map(({ name, image }: Manifest) => [name, image])).toEqual([
      ['mcp-guard', 'mirror.acme.dev/agentgateway:v1.4.1'],
      ['migrate', 'acme/migrate:1'],
    ]);
    expect(guardOf(workloadOf(described))!.args).toEqual(['-f', '/etc/agentgateway/config.yaml']);
    expect(configOf(described).binds[0].listeners[0].routes[0].backends[0].mcp.targets[0].mcp.port).toBe(9000);
  });

  it('may speak HTTP+SSE', () => {
    const { objects: sse } = host({
      source: McpServerSource.image('acme/legacy:1', { transport: McpTransport.SSE, port: 3000 }),
    });
    const [route] = configOf(sse).binds[0].listeners[0].routes;
    expect([route.matches, route.backends[0].mcp.targets]).toEqual([
      [{ path: { exact: '/sse' } }],
      [{ name: 'ledger', sse: { host: '127.0.0.1', port: 3000, path: '/sse' } }],
    ]);
  });

  it('may fetch keys where it may connect to them', () => {
    const outside = OidcConfig.inline({ issuer: ISSUER, audiences: ['ledger'], jwksUri: `${ISSUER}/jwks.json` });
    const chart = newChart();
    new McpServer(chart, 'ledger', { source, oidcConfig: outside });
    expect(messageOf(() => synth(chart))).toMatch(
      /oidcConfig: got "auth.acme.dev": is a name outside the cluster.*Keys that are given as text \(jwks\) need no connection\./,
    );
    const allowed = newChart();
    new McpServer(allowed, 'ledger', { source, oidcConfig: outside }).allowEgress(
      EgressTarget.cidr('203.0.113.7/32', { ports: [443] }),
    );
    expect(JSON.stringify(find(synth(allowed), 'NetworkPolicy').spec.egress)).toContain('203.0.113.7/32');
  });

  it('may be shared', () => {
    const chart = newChart('tools');
    new ClusterMcpServer(chart, 'search', { source, oidcConfig, allowedNamespaces: AllowedNamespaces.all() });
    const shared = synth(chart);
    expect(validateObjects(shared)).toEqual([]);
    expect(find(shared, 'ConfigMap', 'search-guard-config').metadata.namespace).toBe('tools');
    expect(find(shared, 'ClusterMCPServer').spec.oidcConfig.inline.audience).toBe('ledger');
  });
});

describe('a stdio program', () => {
  const stdio = McpServerSource.command('acme/tools:2', ['tools', '--all']);

  it('is protected by its adapter, with no port beside it', () => {
    const { objects } = host({ source: stdio, authzConfig, tools });
    expect(namesOf(objects)).not.toContain('ConfigMap ledger-guard-config');
    expect(guardOf(workloadOf(objects))).toBeUndefined();
    expect(find(objects, 'Service').spec.ports).toEqual([{ name: 'http', port: 8080, targetPort: 8080 }]);
    const {
      config,
      binds: [
        {
          port,
          listeners: [
            {
              routes: [route],
            },
          ],
        },
      ],
    } = configOf(objects, 'ledger-stdio-adapter');
    expect([config, port, route.matches]).toEqual([{}, 8080, [{ path: { exact: '/mcp' } }]]);
    expect(route.policies.jwtAuth).toMatchObject({ mode: 'strict', issuer: ISSUER, audiences: ['ledger'] });
    expect(route.backends).toEqual([
      {
        mcp: { targets: [{ name: 'stdio', stdio: { cmd: 'tools', args: ['--all'] } }] },
        policies: { mcpAuthorization: { rules: [{ require: expect.stringContaining('"db_query"') }] } },
      },
    ]);
  });

  it('has a guard where keys are fetched: its own image need not know public authorities', () => {
    const { objects } = host({
      source: stdio,
      oidcConfig: OidcConfig.inline({ issuer: ISSUER, audiences: ['ledger'], jwksUri: 'https://dex.auth.svc/keys' }),
    });
    expect(podOf(workloadOf(objects)).initContainers.map(({ name }: Manifest) => name)).toEqual([
      'mcp-guard',
      'mcp-adapter',
    ]);
    expect(find(objects, 'Service').spec.ports[0].targetPort).toBe(15080);
    expect(configOf(objects).binds[0].listeners[0].routes[0].backends[0].mcp.targets[0].mcp).toEqual({
      host: '127.0.0.1',
      port: 8080,
      path: '/mcp',
    });
    expect(configOf(objects, 'ledger-stdio-adapter').binds[0].listeners[0].routes[0]).not.toHaveProperty('policies');
  });
});

describe('who may call', () => {
  const alice = Principal.user('alice');
  const bob = Principal.user('bob');
  const jwt = (issuer = ISSUER) => Authentication.jwt({ issuer, audiences: ['mcp'], jwks: JWKS });

  function behind(
    authentication: Authentication[] | undefined,
    props: Partial<McpServerProps> = { authzConfig, tools },
  ) {
    const chart = newChart();
    const gateway = new McpGateway(chart, 'gateway', { authentication });
    const server = new McpServer(chart, 'ledger', { source, oidcConfig, ...props });
    const route = new McpRoute(chart, 'books', { gateway, backends: [{ server }] });
    return { chart, gateway, server, route };
  }

  it('is asked by the server too, whatever route a call comes by', () => {
    const { chart, route } = behind([jwt()]);
    const access = AccessMatrix.of(chart);
    const granted = access.decide({ route, principal: alice, tool: 'db_query' });
    expect([granted.allowed, granted.reasons.map(({ level }) => level)]).toEqual([true, ['server']]);
    const denied = access.decide({ route, principal: bob, tool: 'db_query' });
    expect(denied.allowed).toBe(false);
    expect(denied.reasons).toEqual([
      expect.objectContaining({
        level: 'server',
        words: expect.stringMatching(/^ledger itself: no Cedar policy of the server permits user:bob to call db_query/),
      }),
    ]);
    access.expectDenied({ route, principal: alice, tool: 'db_insert' });
    access.expectAllowed({ route, principal: alice, tool: 'db_query', action: ToolAction.LIST });
    expect(access.toMarkdown()).toMatch(/\| user:alice \| - \| call, list \|/);
  });

  it('is asked for a token behind a gateway that asks for none', () => {
    const { chart, route } = behind(undefined, {});
    const access = AccessMatrix.of(chart);
    access.expectAllowed({ route, principal: bob, tool: 'db_query' });
    expect(() => access.expectAllowed({ route, tool: 'db_query' })).toThrow(
      'server: ledger itself: callers have to present a token of https://auth.acme.dev in the header authorization',
    );
  });

  it('does not need a gateway', () => {
    const { chart, server } = behind(undefined);
    const access = AccessMatrix.of(chart);
    access.expectAllowed({ server, principal: alice, tool: 'db_query' });
    access.expectDenied({ server, principal: bob, tool: 'db_query' });
    access.expectDenied({ server, tool: 'db_query' });
    const open = new McpServer(chart, 'open', { source });
    expect(() => AccessMatrix.of(chart).decide({ server: open, tool: 'x' })).toThrow(
      'server: got "finance/open": asks nothing of its callers itself',
    );
  });

  it('is passed on by the gateway that verified it', () => {
    const { chart } = behind([jwt()]);
    const [
      {
        listeners: [
          {
            routes: [route],
          },
        ],
      },
    ] = configOf(synth(chart), 'gateway-gateway-config').binds;
    expect(route.backends[0].mcp.targets).toEqual([
      {
        name: 'ledger',
        mcp: { host: 'ledger.finance.svc', port: 8080, path: '/mcp' },
        policies: expect.objectContaining({ backendAuth: { passthrough: {} } }),
      },
    ]);
  });

  it.each<[string, () => Chart, RegExp]>([
    [
      "another issuer than the gateway's",
      () => behind([jwt('https://other.dev')]).chart,
      /\[finance\/books\] backends: got "ledger": MCPServer finance\/ledger asks its callers for a token of https:\/\/auth.acme.dev .*those of this route present a token of https:\/\/other.dev/,
    ],
    [
      'a header in which the gateway takes passwords',
      () => {
        const chart = newChart();
        const gateway = new McpGateway(chart, 'gateway', {
          authentication: [
            Authentication.basic({ secret: kplus.Secret.fromSecretName(chart, 'users', 'users'), key: 'htpasswd' }),
          ],
        });
        new McpRoute(chart, 'books', {
          gateway,
          backends: [{ server: new McpServer(chart, 'ledger', { source, oidcConfig }) }],
        });
        return chart;
      },
      /MCPServer finance\/ledger gets the token of the caller, and a caller may come without one/,
    ],
    [
      'what another server of the route does not',
      () => {
        const { chart, route } = behind(undefined);
        route.addBackend(new McpServer(chart, 'open', { source }), {});
        return chart;
      },
      /\[finance\/books\] backends: got \["ledger","open"\]: MCPServer finance\/ledger asks its callers for .*, and another server does not, but a session is opened with all of them/,
    ],
  ])('asking for %s is an error', (_, app, expected) => {
    expect(messageOf(() => synth(app()))).toMatch(expected);
  });

  it('may be known to the gateway by a key in another header', () => {
    const { chart, route } = behind([
      Authentication.apiKey({ keys: [ApiKey.sha256('ab'.repeat(32), { user: 'alice' })] }),
    ]);
    const access = AccessMatrix.of(chart);
    access.expectAllowed({ route, principal: alice, tool: 'db_query' });
    access.expectDenied({ route, principal: bob, tool: 'db_query' });
  });
});

describe('it is an error', () => {
  const template = (spec: object, transport = McpTransport.STREAMABLE_HTTP) =>
    McpServerSource.podTemplate(
      { spec: { containers: [{ name: 'mcp-server', image: 'x:1', command: ['x'] }], ...spec } },
      { transport },
    );
  it.each<[string, Partial<McpServerProps>, string]>([
    [
      'to protect a remote server',
      { source: McpServerSource.remote('https://mcp.acme.dev/mcp') },
      'oidcConfig: got "(given)": is given for a remote server, and nothing of it runs in the cluster that could ask its callers. Ask for the token at the route (Authentication.jwt).',
    ],
    [
      'to judge the callers of a remote server',
      { source: McpServerSource.remote('https://mcp.acme.dev/mcp'), authzConfig },
      'authzConfig: got "(given)": is given for a remote server, and nothing of it runs in the cluster that could ask its callers. Give the policies to the route (authzConfig).',
    ],
    [
      'to judge callers who are not known',
      { oidcConfig: undefined, authzConfig },
      'authzConfig: got "(given)": judges callers, and callers are not authenticated. Say whose tokens the server takes (oidcConfig).',
    ],
    [
      'to listen where the guard does',
      { source: McpServerSource.image('x:1', { port: 15080 }) },
      'source.port: got 15080: is a port of what protects the server, in the same pod (15080, 15081). Let the program listen on another port.',
    ],
    [
      'to probe where the guard is probed',
      {
        source: template({
          containers: [
            { name: 'mcp-server', image: 'x:1' },
            { name: 'side', ports: [{ containerPort: 15081 }] },
          ],
        }),
      },
      'source.template.spec.containers[side].ports[0].containerPort: got 15081',
    ],
    [
      'to add a container that does',
      { podTemplate: { spec: { containers: [{ name: 'side', ports: [{ containerPort: 15080 }] }] } } },
      'podTemplate.spec.containers[side].ports[0].containerPort: got 15080',
    ],
    [
      'to be on the network of the node',
      { podTemplate: { spec: { hostNetwork: true } } },
      'podTemplate.spec.hostNetwork: got true: opens the port of the program to the network of its node',
    ],
    [
      'to describe a pod there',
      { source: template({ hostNetwork: true }) },
      'source.template.spec.hostNetwork: got true',
    ],
    [
      'to speak HTTP+SSE elsewhere',
      { source: McpServerSource.image('x:1', { transport: McpTransport.SSE, path: '/events' }) },
      'source.path: got "/events": agentgateway cannot protect a server there',
    ],
    [
      'to speak streamable HTTP at /sse',
      { source: McpServerSource.image('x:1', { path: '/sse' }) },
      'source.path: got "/sse": agentgateway cannot protect a server there',
    ],
    [
      'to describe the adapter of a stdio server',
      {
        source: template({
          containers: [
            {
              name: 'mcp-server',
              image: 'x:1',
              command: ['/mcp-adapter/agentgateway', '-f', '/etc/mcp-adapter/config.yaml'],
            },
          ],
        }),
      },
      'is the adapter of a stdio server, which asks the callers by itself. Describe the program itself: transport stdio, and the command that the adapter starts.',
    ],
  ])('%s', (_, props, expected) => {
    expect(messageOf(() => new McpServer(newChart(), 'ledger', { source, oidcConfig, ...props }))).toContain(
      `[finance/ledger] ${expected.startsWith('is the') ? '' : expected}`,
    );
    expect(messageOf(() => new McpServer(newChart(), 'ledger', { source, oidcConfig, ...props }))).toContain(expected);
  });

  it('to be proved something in the header of the token', () => {
    const chart = newChart();
    const credentials = [
      BackendCredential.bearer({ secret: kplus.Secret.fromSecretName(chart, 'key', 'key'), key: 'key' }),
    ];
    expect(
      messageOf(
        () => new McpServer(chart, 'ledger', { source: McpServerSource.image('x:1', { credentials }), oidcConfig }),
      ),
    ).toContain('source.credentials[0]: got "header": comes in the header of the token that oidcConfig asks for');
  });

  it('to rely on a network that nothing guards', () => {
    const chart = newChart();
    new ClusterProfile({ network: NetworkEnforcement.none({ acknowledgement: 'a lab' }) }).applyTo(chart);
    new McpServer(chart, 'ledger', { source, oidcConfig });
    expect(messageOf(() => synth(chart))).toContain(
      'oidcConfig: got nothing: the program listens on 9000 in its pod, and the cluster has nothing that keeps callers from that port',
    );
  });

  it('to rely on sidecars that the cluster does not know', () => {
    const chart = newChart();
    new ClusterProfile({ kubernetesVersion: '1.28' }).applyTo(chart);
    new McpServer(chart, 'ledger', { source, oidcConfig });
    expect(messageOf(() => synth(chart))).toContain(
      'what protects the server is a sidecar container, which Kubernetes 1.28 does not know. Use Kubernetes 1.29 or later.',
    );
  });
});

it("is an operator's in controller mode, with the policies", () => {
  const chart = newChart();
  Reconciliation.CONTROLLER.applyTo(chart);
  new McpServer(chart, 'ledger', {
    source: McpServerSource.image('x:1'),
    oidcConfig: OidcConfig.inline({ issuer: ISSUER }),
    authzConfig,
  });
  const objects = synth(chart);
  expect(validateObjects(objects)).toEqual([]);
  expect(namesOf(objects)).toEqual(['MCPServer ledger']);
  expect(objects[0].spec).toMatchObject({
    oidcConfig: { inline: { issuer: ISSUER } },
    authzConfig: { inline: { policies: [expect.stringContaining('permit')] } },
  });
  expect(JSON.stringify(objects)).not.toContain('mcp-guard');
});
