import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import * as ts from 'typescript';
import {
  AccessMatrix,
  Authentication,
  AuthzConfig,
  ClusterProfile,
  EgressTarget,
  GatewayDataPlane,
  GatewayExposure,
  IngressSource,
  McpDiagnostics,
  McpGateway,
  McpGatewayOptions,
  McpInferenceService,
  McpManifest,
  McpRoute,
  McpRouteProps,
  McpServer,
  McpServerProps,
  McpServerSource,
  McpTenant,
  OidcConfig,
  Principal,
  RateLimit,
  RateLimitUnit,
  ToolAction,
  ToolMatch,
} from '../src';
import { messageOf, newChart } from './support/synth';

/*
 * An empty list could mean all or none, and a program that made it of something may have meant either: where leaving a list
 * out means all, or everyone, an empty one is an error. Where leaving it out means none, it says the same.
 */

const SRC = join(__dirname, '..', 'src');
const image = McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0');
const jwt = { issuer: 'https://auth.acme.dev', audiences: ['mcp'], jwksUri: 'https://auth.acme.dev/jwks.json' };
const document = {
  openapi: '3.0.0',
  info: { title: 'crm', version: '1' },
  servers: [{ url: 'https://crm.example.com/v1' }],
  paths: { '/a': { get: { operationId: 'a', responses: { 200: { description: 'ok' } } } } },
};

const gateway = (options: McpGatewayOptions) => () => new McpGateway(newChart(), 'gateway', options);
const server = (options: Partial<McpServerProps>) => () =>
  new McpServer(newChart(), 'ledger', { source: image, ...options });
const route = (props: McpRouteProps) => () => new McpRoute(newChart(), 'books', props);
const rule = { principals: [Principal.user('alice')], permissions: [{ tools: ['a'] }] };

/** Options in which an empty list is an error, each with what says one. */
const REFUSED: Readonly<Record<string, readonly (() => unknown)[]>> = {
  'AllowOptions.when': [
    () => new McpRoute(newChart(), 'books').allow(Principal.user('alice'), { tools: ['a'], when: [] }),
    () => new McpGateway(newChart(), 'gateway').allow(Principal.user('alice'), { tools: ['a'], when: [] }),
  ],
  'AllowIngressOptions.ports': [() => server({})().allowIngress(IngressSource.namespaces('monitoring'), { ports: [] })],
  'ApiKeyAuthenticationOptions.keys': [() => Authentication.apiKey({ keys: [] })],
  'AutoscalingOptions.metrics': [server({ autoscaling: { maxReplicas: 2, metrics: [] } })],
  'AuthorizationRule.conditions': [
    route({ authorization: [{ ...rule, conditions: [] }] }),
    gateway({ authorization: [{ ...rule, conditions: [] }] }),
  ],
  'AuthorizationRule.permissions': [route({ authorization: [{ ...rule, permissions: [] }] })],
  'AuthorizationRule.principals': [route({ authorization: [{ ...rule, principals: [] }] })],
  'InlineAuthzConfigOptions.policies': [() => AuthzConfig.inline({ policies: [] })],
  'ClusterProfileProps.apiServerCidrs': [() => new ClusterProfile({ apiServerCidrs: [] })],
  'ClusterProfileProps.apiServerPorts': [() => new ClusterProfile({ apiServerPorts: [] })],
  'ClusterService.ports': [
    () =>
      new ClusterProfile({
        services: [{ namespace: 'ops', name: 'tickets', podLabels: { app: 'tickets' }, ports: [] }],
      }),
  ],
  'ClusterProfileProps.ipFamilies': [() => new ClusterProfile({ ipFamilies: [] })],
  'ClusterProfileProps.clusterCidrs': [() => new ClusterProfile({ clusterCidrs: [] })],
  'ConnectOptions.containers': [
    () => {
      const chart = newChart();
      const workload = new kplus.Deployment(chart, 'agent', { containers: [{ image: 'a/b:1' }] });
      new McpRoute(chart, 'books').connect(workload, { containers: [] });
    },
  ],
  'EgressPortOptions.ports': [
    () => EgressTarget.cidr('10.0.0.0/8', { ports: [] }),
    () => EgressTarget.pods({ ports: [] }),
  ],
  'EgressPortOptions.udpPorts': [() => EgressTarget.cidr('10.0.0.0/8', { udpPorts: [] })],
  'EgressServiceOptions.ports': [() => EgressTarget.serviceName('postgres', { ports: [] })],
  'ExposureOptions.from': [() => GatewayExposure.ingress({ hosts: ['mcp.acme.dev'], from: [] })],
  'ExposureOptions.hosts': [() => GatewayExposure.ingress({ hosts: [] })],
  'ExposureOptions.paths': [() => GatewayExposure.ingress({ hosts: ['mcp.acme.dev'], paths: [] })],
  'ElicitationOptions.allowedTypes': [gateway({ elicitation: { enabled: true, allowedTypes: [] } })],
  'GatewayServiceOptions.loadBalancerSourceRanges': [
    gateway({ service: { type: kplus.ServiceType.LOAD_BALANCER, loadBalancerSourceRanges: [] } }),
  ],
  'HttpRouteExposureOptions.parents': [() => GatewayExposure.httpRoute({ hosts: ['mcp.acme.dev'], parents: [] })],
  'JwtAuthenticationOptions.audiences': [
    () => Authentication.jwt({ ...jwt, audiences: [] }),
    () => Authentication.oidc({ ...jwt, audiences: [] }),
  ],
  'KubernetesPermission.namespaces': [
    server({ kubernetes: [{ resources: [kplus.ApiResource.PODS], verbs: ['get'], namespaces: [] }] }),
  ],
  'KubernetesPermission.resourceNames': [
    server({ kubernetes: [{ resources: [kplus.ApiResource.PODS], verbs: ['get'], resourceNames: [] }] }),
  ],
  'KubernetesPermission.resources': [server({ kubernetes: [{ resources: [], verbs: ['get'] }] })],
  'KubernetesPermission.verbs': [server({ kubernetes: [{ resources: [kplus.ApiResource.PODS], verbs: [] }] })],
  'McpInferenceServiceProps.matches': [
    () =>
      new McpInferenceService(newChart(), 'llm', {
        model: { name: 'llama' },
        servers: [{ server: server({})() }],
        matches: [],
      }),
  ],
  'McpMatchOptions.backends': [
    route({ matches: [{ tools: ToolMatch.glob('a'), backends: [] }] }),
    () => new McpRoute(newChart(), 'books').addMatch({ tools: ToolMatch.glob('a'), backends: [] }),
  ],
  'McpMatchOptions.headers': [route({ matches: [{ tools: ToolMatch.glob('a'), headers: [] }] })],
  'McpOpenApiOptions.operations': [() => McpServerSource.openApi({ schema: document, operations: [] })],
  'McpRouteProps.matches': [route({ matches: [] })],
  'McpServerDiscovery.expressions': [gateway({ discovery: { expressions: [] } })],
  'McpServerDiscovery.namespaceExpressions': [
    gateway({ discovery: { labels: { team: 'finance' }, namespaceExpressions: [] } }),
  ],
  'McpServerOptions.toolsFilter': [server({ toolsFilter: [] })],
  'McpTenantProps.kinds': [() => new McpTenant(new Chart(new App(), 'finance'), 'finance', { kinds: [] })],
  'OidcConfigInlineOptions.audiences': [() => OidcConfig.inline({ ...jwt, audiences: [] })],
  'OidcConfigKubernetesOptions.audiences': [() => OidcConfig.kubernetes({ audiences: [], jwks: '{"keys":[]}' })],
  'PiiDetectionOptions.patterns': [gateway({ compliance: { piiDetection: { patterns: [] } } })],
  'PodSelectionOptions.namespaces': [
    () => EgressTarget.pods({ namespaces: [] }),
    () => IngressSource.pods({ namespaces: [] }),
  ],
  'PolicyOptions.authentication': [
    gateway({ authentication: [] }),
    route({ authentication: [] }),
    () =>
      new McpInferenceService(newChart(), 'llm', {
        model: { name: 'llama' },
        matches: [{ tools: ToolMatch.glob('a'), backends: [{ server: server({})() }] }],
        authentication: [],
      }),
  ],
  'PolicyOptions.authorization': [gateway({ authorization: [] }), route({ authorization: [] })],
  'PolicyOptions.rateLimits': [gateway({ rateLimits: [] }), route({ rateLimits: [] })],
  'ProtocolVersionOptions.supported': [gateway({ protocolVersion: { supported: [] } })],
  'RateLimitOptions.tools': [() => RateLimit.perUser(1, RateLimitUnit.HOUR, { tools: [] })],
  'RequestFilteringOptions.contentTypeFilter': [gateway({ requestFiltering: { contentTypeFilter: [] } })],
  'RouteConstraintsOptions.allowedMethods': [gateway({ routeConstraints: { allowedMethods: [] } })],
  'RouteConstraintsOptions.maximumRates': [gateway({ routeConstraints: { maximumRates: [] } })],
  'KubernetesRoleOptions.namespaces': [() => server({})().allowRole({ clusterRole: 'view', namespaces: [] })],
  'McpRetryOptions.codes': [route({ retry: { attempts: 2, codes: [] } })],
  'ToolPermission.actions': [
    () => new McpRoute(newChart(), 'books').allow(Principal.user('alice'), { tools: ['a'], actions: [] }),
  ],
  'ToolPermission.prompts': [() => new McpRoute(newChart(), 'books').allow(Principal.user('alice'), { prompts: [] })],
  'ToolPermission.resources': [
    () => new McpRoute(newChart(), 'books').allow(Principal.user('alice'), { resources: [] }),
  ],
  'ToolPermission.tools': [() => new McpRoute(newChart(), 'books').allow(Principal.user('alice'), { tools: [] })],
};

/** Options in which an empty list means none, as leaving it out does, or is what has to be said. */
const NONE: readonly string[] = [
  'AccessMatrixOptions.principals',
  'AccessMatrixOptions.prompts',
  'AccessMatrixOptions.resources',
  'AccessMatrixOptions.tools',
  'ApiKeyOptions.groups',
  'ClusterEgressProxy.noProxy',
  'ClusterProfileProps.addOns',
  'ClusterProfileProps.directRegistries',
  'ClusterProfileProps.imagePullSecrets',
  'ClusterProfileProps.services',
  'DiscoveredServerCredentials.credentials',
  'EgressCidrOptions.except',
  'FileSystemPermissions.read',
  'FileSystemPermissions.write',
  'GatewayObservabilityOptions.accessLog',
  'HeaderModifierOptions.remove',
  'ImportedMcpServerOptions.credentials',
  'ImportedMcpServerOptions.tools',
  'IngressCidrOptions.except',
  'InlinePermissionProfileOptions.allow',
  'IssuedCertificateOptions.dnsNames',
  'KubernetesPermission.customVerbs',
  'McpCommandOptions.writablePaths',
  'McpGatewayOptions.allowedOrigins',
  'McpGatewayOptions.allowedRemoteHosts',
  'McpGatewayOptions.egress',
  'McpGatewayOptions.exposures',
  'McpGatewayOptions.ingress',
  'McpGatewayOptions.trustedProxies',
  'McpImageOptions.args',
  'McpImageOptions.command',
  'McpImageOptions.credentials',
  'McpInferenceServiceProps.servers',
  'McpManifestOptions.servers',
  'McpManifestOptions.routes',
  'McpOpenApiOptions.credentials',
  'McpPackageOptions.args',
  'McpPodTemplateOptions.credentials',
  'McpRemoteOptions.credentials',
  'McpRouteProps.allowedOrigins',
  'McpRouteProps.backends',
  'McpServerDiscovery.credentials',
  'McpServerDiscovery.servers',
  'McpServerOptions.egress',
  'McpServerOptions.envFrom',
  'McpServerOptions.ingress',
  'McpServerOptions.kubernetes',
  'McpServerOptions.tools',
  'McpServerOptions.volumeClaimTemplates',
  'McpServerOptions.volumeMounts',
  'McpTenantProps.members',
  'McpTenantProps.viewers',
  'NetworkPermission.allowCidr',
  'NetworkPermission.allowHost',
  'OidcAuthenticationOptions.scopes',
  'PodOptions.imagePullSecrets',
  'PodOptions.tolerations',
  'RequestFilteringOptions.bodyFilters',
  'RequestFilteringOptions.headerFilters',
  'ResponseFilteringOptions.bodyFilters',
  'ResponseFilteringOptions.headerFilters',
  'SessionIsolationOptions.allowedCrossSessionData',
  'SpreadOptions.spreadOver',
];

/** What users are told, and do not give. */
const ANSWERS = ['AccessDecision', 'ReportContent', 'SecretToCreate', 'WorkloadPermissions', /^Reported/];

/** Lists among the options that users give, as `Interface.property`. */
function listOptions(): string[] {
  const rooms = [
    'client',
    'cluster',
    'gateway',
    'inference',
    'manifest',
    'permissions',
    'policy',
    'reports',
    'route',
    'server',
    'tenant',
    'workload',
  ];
  return rooms
    .flatMap(room =>
      readdirSync(join(SRC, room), { recursive: true, encoding: 'utf8' })
        .filter(file => file.endsWith('.ts'))
        .flatMap(file => {
          const source = ts.createSourceFile(file, readFileSync(join(SRC, room, file), 'utf8'), ts.ScriptTarget.Latest);
          return source.statements
            .filter(ts.isInterfaceDeclaration)
            .filter(
              ({ name: { text } }) =>
                !ANSWERS.some(known => (known instanceof RegExp ? known.test(text) : known === text)),
            )
            .flatMap(({ name, members }) =>
              members
                .filter(ts.isPropertySignature)
                // What users give are lists of jsii; what the library keeps is read-only.
                .filter(({ type }) => type !== undefined && ts.isArrayTypeNode(type))
                .map(member => `${name.text}.${(member.name as ts.Identifier).text}`),
            );
        }),
    )
    .sort();
}

it('every list is known to be refused when empty, or to mean none', () => {
  expect(listOptions().filter(option => REFUSED[option] === undefined && !NONE.includes(option))).toEqual([]);
  expect([...Object.keys(REFUSED), ...NONE].filter(option => !listOptions().includes(option))).toEqual([]);
});

const refusals = Object.entries(REFUSED).flatMap(([option, actions]) =>
  actions.map(action => [option, action] as const),
);

it.each(refusals)('%s: an empty list is an error with a remedy', (option, action) => {
  // A call of `allow` is a rule.
  const property = option === 'AllowOptions.when' ? 'conditions' : option.split('.')[1];
  expect(messageOf(action)).toMatch(new RegExp(`\\b${property}(\\[\\d+\\])?[^ ]*: got .+\\. [A-Z].+\\.$`, 'm'));
});

it('an empty list says what it would be to leave it out', () => {
  expect(messageOf(route({ authorization: [], authentication: [] }))).toContain(
    '[finance/books] authorization: got []: is an empty list, which could mean all of them or none. ' +
      'Name at least one rule, or leave it out to let every authenticated caller in.',
  );
});

describe('in a document, `toolsFilter: []` exposes no tool', () => {
  const read = (dataPlane: GatewayDataPlane) => {
    const app = new App();
    const platform = new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway', {
      dataPlane,
      authentication: [Authentication.jwt(jwt)],
    });
    const manifest = McpManifest.fromYaml(
      new Chart(app, 'finance', { namespace: 'finance' }),
      'm',
      `apiVersion: ome.io/v1alpha1
kind: MCPServer
metadata: { name: ledger }
spec:
  transport: streamable-http
  tools: [{ name: db_query }]
  toolsFilter: []
  hosted: { podSpec: { spec: { containers: [{ name: mcp-server, image: "a/b:1" }] } } }
---
apiVersion: ome.io/v1alpha1
kind: MCPRoute
metadata: { name: books }
spec:
  gatewayRef: { name: gateway, namespace: mcp-system }
  backendRefs: [{ serverRef: { name: ledger } }]
`,
    );
    return { app, platform, route: manifest.route('books') };
  };

  it('and warns where the document says it', () => {
    const { app } = read(GatewayDataPlane.agentgateway());
    const [warning] = McpDiagnostics.of(app).warnings.filter(({ property }) => property === 'toolsFilter');
    expect(warning.problem).toBe('is an empty list, so that no tool of the server is exposed');
    expect(warning.remedy).toBe('Name tools to expose, or remove it to expose all');
  });

  it('to anyone', () => {
    const { app, route: books } = read(GatewayDataPlane.agentgateway());
    const access = AccessMatrix.of(app);
    const question = { route: books, principal: Principal.user('alice'), tool: 'db_query', undeclared: true };
    expect(access.decide(question).allowed).toBe(false);
    expect(access.decide({ ...question, action: ToolAction.LIST }).allowed).toBe(false);
  });

  it('and is refused where the data plane hides no tools', () => {
    expect(messageOf(() => read(GatewayDataPlane.envoy()).app.synthYaml())).toMatch(/toolsFilter: got \[\]: /);
  });
});
