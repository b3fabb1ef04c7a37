import { ApiObject, App, Chart, Duration, JsonPatch, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { PolicyProgram, gatewayPolicyArbitrary, limitsOf, methodsOf, policySecrets, routePolicyArbitrary, rulesOf } from './policy-program';
import { refKey } from './references';
import {
  AccessLogField, AllowedNamespaces, AntiAffinity, ClusterMcpGateway, ClusterMcpServer, GatewayLogFormat, GatewayLogLevel, HeaderMatch, IMcpGateway, IMcpServer, McpBackend, McpGateway,
  McpGatewayOptions, McpMatchOptions, McpRoute, McpServer, McpServerOptions, McpServerSource, McpSessions, McpTransport, OtlpProtocol, PodOptions, ToolMatch,
} from '../../src';

/*
 * Random apps. A `Program` is plain data: what a user would write, without constructs, so that a test can change it
 * (leave something out, write it in another order), print it, and build it more than once. `programArbitrary` makes only
 * programs that this library must accept; `build` writes them down as constructs.
 */

/** A whole app. Its lists may be permuted without a change of meaning; `id`s are how its parts refer to each other. */
export interface Program {
  /** One chart for each namespace with ids as names, or one chart for everything with names and namespaces given. */
  readonly layout: 'chart-per-namespace' | 'one-chart';
  readonly namespaces: readonly NamespaceProgram[];
  readonly gateways: readonly GatewayProgram[];
  readonly servers: readonly ServerProgram[];
  readonly routes: readonly RouteProgram[];
}

/** A namespace; with labels the app declares it as an object. */
export interface NamespaceProgram {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** How a server's program is started. */
export type SourceProgram =
  | { readonly kind: 'image'; readonly transport: 'streamable-http' | 'sse'; readonly port?: number; readonly path?: string; readonly args?: readonly string[] }
  | { readonly kind: 'command'; readonly command: readonly string[]; readonly writablePaths: readonly string[] }
  | { readonly kind: 'npx' | 'uvx'; readonly packageSpec: string; readonly args: readonly string[] }
  | { readonly kind: 'podTemplate'; readonly transport: 'streamable-http' | 'sse' | 'stdio'; readonly port?: number; readonly sidecar: boolean }
  | { readonly kind: 'remote'; readonly url: string; readonly transport: 'streamable-http' | 'sse'; readonly caBundle?: string; readonly serverName?: string };

/** What pods are given. */
export interface PodProgram {
  readonly podLabels?: Readonly<Record<string, string>>;
  readonly podAnnotations?: Readonly<Record<string, string>>;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly toleratedTaint?: string;
  /** Names of Secrets outside the app. */
  readonly imagePullSecrets?: readonly string[];
  readonly terminationGraceSeconds?: number;
  readonly cpuMillis?: number;
  readonly podTemplate?: object;
}

/** A server. */
export interface ServerProgram {
  readonly id: string;
  readonly kind: 'MCPServer' | 'ClusterMCPServer';
  readonly name: string;
  /** Namespace of the workload. */
  readonly namespace: string;
  readonly source: SourceProgram;
  readonly labels: Readonly<Record<string, string>>;
  readonly sessions?: 'stateful' | 'stateless';
  readonly replicas?: number;
  readonly autoscaling?: { readonly minReplicas: number; readonly maxReplicas: number };
  readonly disruptionBudget?: { readonly minAvailable?: number; readonly maxUnavailablePercent?: number };
  readonly tools?: readonly string[];
  readonly toolsFilter?: readonly string[];
  readonly consent?: { readonly all: true } | { readonly names: readonly string[] } | { readonly labels: Readonly<Record<string, string>> };
  /** Variables: plain, from a Secret outside the app, from a ConfigMap of the app. */
  readonly env: { readonly plain?: string; readonly secret?: string; readonly configMap?: string };
  /** Volumes: scratch space, a ConfigMap of the app, a claim outside the app. */
  readonly volumes: readonly ('emptyDir' | 'configMap' | 'claim')[];
  readonly user?: number;
  readonly httpReadiness?: string;
  readonly pod: PodProgram;
  /** What the user does to the workload afterwards. */
  readonly customization?: 'sidecar' | 'label' | 'jsonPatch';
}

/** A share of requests. */
export interface BackendProgram {
  /** `id` of a server. */
  readonly server: string;
  readonly weight?: number;
}

/** A rule of a route. */
export interface MatchProgram {
  readonly tools?: { readonly kind: 'exact' | 'prefix' | 'regex' | 'glob'; readonly values: readonly string[] };
  readonly method?: string;
  readonly headers: readonly { readonly kind: 'exact' | 'prefix' | 'regex'; readonly name: string; readonly value: string }[];
  readonly backends: readonly BackendProgram[];
}

/** A route. */
export interface RouteProgram {
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
  /** `id` of a gateway; undefined for the only one. */
  readonly gateway?: string;
  readonly backends: readonly BackendProgram[];
  readonly matches: readonly MatchProgram[];
  readonly requestHeaders?: { readonly set?: Readonly<Record<string, string>>; readonly add?: Readonly<Record<string, string>>; readonly remove?: readonly string[] };
  readonly responseHeaders?: { readonly set?: Readonly<Record<string, string>>; readonly remove?: readonly string[] };
  /** Milliseconds. */
  readonly timeouts?: { readonly request?: number; readonly backendRequest?: number };
  readonly retry?: { readonly attempts: number; readonly backoff?: number; readonly codes?: readonly number[] };
  readonly policy?: PolicyProgram;
}

/** A gateway. */
export interface GatewayProgram {
  readonly id: string;
  readonly kind: 'MCPGateway' | 'ClusterMCPGateway';
  readonly name: string;
  /** Namespace of the workload. */
  readonly namespace: string;
  readonly replicas?: number;
  readonly autoscaling?: { readonly minReplicas: number; readonly maxReplicas: number };
  readonly minAvailable?: number;
  readonly antiAffinity?: AntiAffinity;
  readonly port?: number;
  readonly service: { readonly type?: kplus.ServiceType; readonly port?: number; readonly nodePort?: number; readonly sourceRanges?: readonly string[] };
  /** Name of a Secret outside the app. */
  readonly sessionKey?: string;
  readonly sessionAffinityHeader?: string;
  readonly observability: {
    readonly prometheusScrape?: boolean;
    readonly logLevel?: GatewayLogLevel;
    readonly logFormat?: GatewayLogFormat;
    readonly accessLog: readonly ('tool' | 'arguments' | 'header' | 'text')[];
    readonly tracing?: { readonly protocol?: OtlpProtocol; readonly sampling?: number };
  };
  readonly discovery?: {
    /** `id`s of servers. */
    readonly servers?: readonly string[];
    readonly labels?: Readonly<Record<string, string>>;
    readonly labelExists?: string;
    readonly namespaceLabels?: Readonly<Record<string, string>>;
    readonly skipUnavailable?: boolean;
  };
  readonly policy?: PolicyProgram;
  readonly pod: PodProgram;
}

// Building.

/** A program as constructs, by the ids of the program. */
export interface Built {
  readonly app: App;
  readonly servers: ReadonlyMap<string, McpServer | ClusterMcpServer>;
  readonly gateways: ReadonlyMap<string, McpGateway | ClusterMcpGateway>;
  readonly routes: ReadonlyMap<string, McpRoute>;
}

/** The app of a program. */
export function build(program: Program): App {
  return construct(program).app;
}

/** The constructs of a program, made in the order of its lists. */
export function construct(program: Program): Built {
  const app = new App();
  const scopes = new Scopes(app, program);
  for (const { name, labels } of program.namespaces) {
    if (labels !== undefined) {
      new kplus.Namespace(scopes.ofCluster(), name, { metadata: { name, labels: { ...labels } } });
    }
  }
  const servers = new Map(program.servers.map((server) => [server.id, buildServer(scopes, server)]));
  const gateways = new Map(program.gateways.map((gateway) => [gateway.id, buildGateway(scopes, gateway, servers)]));
  const routes = new Map(program.routes.map((route) => [route.id, buildRoute(scopes, route, servers, gateways)]));
  return { app, servers, gateways, routes };
}

/** What the objects of a program refer to without emitting it: keys as `checkReferences` takes them. */
export function externalsOf(program: Program): Set<string> {
  const secretsOf = (namespace: string, pod: PodProgram): string[] => (pod.imagePullSecrets ?? []).map((name) => refKey('Secret', namespace, name));
  return new Set([
    ...program.gateways.flatMap(({ name, namespace, sessionKey, pod, policy }) => [
      refKey('Secret', namespace, sessionKey ?? `${name}-session-key`), ...secretsOf(namespace, pod), ...policySecrets(policy, namespace),
    ]),
    ...program.servers.flatMap(({ name, namespace, env, volumes, pod }) => [
      ...(env.secret === undefined ? [] : [refKey('Secret', namespace, env.secret)]),
      ...(volumes.includes('claim') ? [refKey('PersistentVolumeClaim', namespace, `${name}-data`)] : []),
      ...secretsOf(namespace, pod),
    ]),
  ]);
}

/** Where constructs are created, and how they are told their name and namespace, in each of the two layouts. */
class Scopes {
  private readonly charts = new Map<string, Chart>();
  private readonly scopes = new Map<string, Construct>();

  constructor(private readonly app: App, private readonly program: Program) {
    // In the order of the program's namespaces rather than of their use: charts of one app are files in that order.
    this.ofCluster();
    program.namespaces.forEach(({ name }) => this.chart(name));
  }

  /** For objects that are in no namespace. */
  ofCluster(): Chart {
    return this.chart(undefined);
  }

  /** For the constructs of a kind in a namespace; servers and routes may share a name. */
  of(kind: string, namespace: string): Construct {
    const key = `${kind}/${namespace}`;
    const scope = this.scopes.get(key) ?? new Construct(this.chart(namespace), this.program.layout === 'one-chart' ? key.replace('/', '-') : kind);
    this.scopes.set(key, scope);
    return scope;
  }

  /** Id, and the properties that name and place a construct where the layout does not. */
  place(part: { readonly id: string; readonly name: string; readonly namespace: string }): { readonly id: string; readonly name?: string; readonly namespace?: string } {
    return this.program.layout === 'one-chart' ? part : { id: part.name };
  }

  private chart(namespace: string | undefined): Chart {
    const id = this.program.layout === 'one-chart' ? 'everything' : namespace ?? 'cluster';
    const chart = this.charts.get(id) ?? new Chart(this.app, id, { namespace: this.program.layout === 'one-chart' ? undefined : namespace });
    this.charts.set(id, chart);
    return chart;
  }
}

function buildServer(scopes: Scopes, program: ServerProgram): McpServer | ClusterMcpServer {
  const scope = scopes.of('servers', program.namespace);
  const remote = program.source.kind === 'remote';
  const { id, name, namespace } = scopes.place(program);
  const options: McpServerOptions = {
    name,
    source: sourceOf(program.source),
    labels: { ...program.labels },
    sessions: program.sessions as McpSessions | undefined,
    replicas: program.replicas,
    autoscaling: program.autoscaling,
    disruptionBudget: program.disruptionBudget && {
      minAvailable: program.disruptionBudget.minAvailable === undefined ? undefined : kplus.PercentOrAbsolute.absolute(program.disruptionBudget.minAvailable),
      maxUnavailable: program.disruptionBudget.maxUnavailablePercent === undefined ? undefined : kplus.PercentOrAbsolute.percent(program.disruptionBudget.maxUnavailablePercent),
    },
    tools: program.tools && [...program.tools],
    toolsFilter: program.toolsFilter && [...program.toolsFilter],
    ...(remote ? {} : hostedOptions(scope, program)),
  };
  const server = program.kind === 'MCPServer'
    ? new McpServer(scope, id, { ...options, namespace })
    : new ClusterMcpServer(scope, id, { ...options, workloadNamespace: remote ? undefined : namespace, allowedNamespaces: consentOf(program) });
  customize(server, program.customization);
  return server;
}

function sourceOf(source: SourceProgram): McpServerSource {
  switch (source.kind) {
    case 'image': return McpServerSource.image('ghcr.io/acme/server-mcp:1.4.0', {
      transport: source.transport as McpTransport, port: source.port, path: source.path, args: source.args && [...source.args],
    });
    case 'command': return McpServerSource.command('ghcr.io/acme/tools:2.0.0', [...source.command], { writablePaths: [...source.writablePaths] });
    case 'npx': return McpServerSource.npx(source.packageSpec, { args: [...source.args] });
    case 'uvx': return McpServerSource.uvx(source.packageSpec, { args: [...source.args] });
    case 'remote': return McpServerSource.remote(source.url, { transport: source.transport as McpTransport, tls: { caBundle: source.caBundle, serverName: source.serverName } });
    case 'podTemplate': return McpServerSource.podTemplate({
      metadata: { labels: { 'acme.dev/origin': 'template' } },
      spec: {
        containers: [
          {
            name: 'mcp-server',
            image: 'ghcr.io/acme/server-mcp:1.4.0',
            ...(source.transport === 'stdio' ? { command: ['/usr/bin/server', '--stdio'], args: ['--verbose'] } : {}),
            ...(source.port === undefined ? {} : { ports: [{ name: 'http', containerPort: source.port }] }),
          },
          ...(source.sidecar ? [{ name: 'proxy', image: 'ghcr.io/acme/proxy:3', ports: [{ name: 'sql', containerPort: 5432 }] }] : []),
        ],
      },
    }, { transport: source.transport as McpTransport });
  }
}

function hostedOptions(scope: Construct, program: ServerProgram): Partial<McpServerOptions> {
  const { name, namespace, env, volumes } = program;
  const settings = env.configMap === undefined && !volumes.includes('configMap') ? undefined
    : new kplus.ConfigMap(scope, `settings-${program.id}`, { metadata: { name: `${name}-settings`, namespace }, data: { mode: 'fast' } });
  const volumeOf = {
    emptyDir: () => kplus.Volume.fromEmptyDir(scope, `empty-${program.id}`, 'user-scratch', { sizeLimit: Size.mebibytes(16) }),
    configMap: () => kplus.Volume.fromConfigMap(scope, `config-${program.id}`, settings!, { name: 'user-config' }),
    claim: () => kplus.Volume.fromPersistentVolumeClaim(scope, `claim-${program.id}`, kplus.PersistentVolumeClaim.fromClaimName(scope, `pvc-${program.id}`, `${name}-data`), { name: 'user-data' }),
  };
  return {
    env: {
      ...(env.plain === undefined ? {} : { PLAIN: kplus.EnvValue.fromValue(env.plain) }),
      ...(env.secret === undefined ? {} : { TOKEN: kplus.EnvValue.fromSecretValue({ secret: kplus.Secret.fromSecretName(scope, `secret-${program.id}`, env.secret), key: 'token' }) }),
      ...(env.configMap === undefined ? {} : { MODE: kplus.EnvValue.fromConfigMap(settings!, 'mode') }),
    },
    volumeMounts: volumes.map((kind) => ({ path: `/mnt/${kind.toLowerCase()}`, volume: volumeOf[kind]() })),
    user: program.user,
    readiness: program.httpReadiness === undefined ? undefined : kplus.Probe.fromHttpGet(program.httpReadiness, { port: 8080 }),
    ...podOptions(scope, program.id, program.pod),
  };
}

function podOptions(scope: Construct, id: string, pod: PodProgram): PodOptions {
  return {
    podLabels: pod.podLabels && { ...pod.podLabels },
    podAnnotations: pod.podAnnotations && { ...pod.podAnnotations },
    nodeSelector: pod.nodeSelector && { ...pod.nodeSelector },
    tolerations: pod.toleratedTaint === undefined ? undefined : [kplus.NodeTaintQuery.is(pod.toleratedTaint, 'mcp', { effect: kplus.TaintEffect.NO_SCHEDULE })],
    imagePullSecrets: pod.imagePullSecrets?.map((name) => kplus.Secret.fromSecretName(scope, `pull-${id}-${name}`, name)),
    terminationGracePeriod: pod.terminationGraceSeconds === undefined ? undefined : Duration.seconds(pod.terminationGraceSeconds),
    resources: pod.cpuMillis === undefined ? undefined : {
      cpu: { request: kplus.Cpu.millis(pod.cpuMillis), limit: kplus.Cpu.millis(2 * pod.cpuMillis) },
      memory: { request: Size.mebibytes(64), limit: Size.mebibytes(128) },
    },
    podTemplate: pod.podTemplate,
  };
}

function consentOf({ consent }: ServerProgram): AllowedNamespaces {
  if (consent === undefined || 'all' in consent) {
    return AllowedNamespaces.all();
  }
  return 'names' in consent ? AllowedNamespaces.names(...consent.names) : AllowedNamespaces.labels({ ...consent.labels });
}

function customize(server: McpServer | ClusterMcpServer, customization: ServerProgram['customization']): void {
  const workload = server.deployment ?? server.statefulSet;
  switch (workload && customization) {
    case 'sidecar':
      workload!.addContainer({ name: 'user-sidecar', image: 'ghcr.io/acme/sidecar:1.0.0' });
      break;
    case 'label':
      workload!.podMetadata.addLabel('acme.dev/custom', 'yes');
      break;
    case 'jsonPatch':
      ApiObject.of(workload!).addJsonPatch(JsonPatch.add('/spec/template/spec/priorityClassName', 'high'));
      break;
  }
}

function buildGateway(scopes: Scopes, program: GatewayProgram, servers: Built['servers']): McpGateway | ClusterMcpGateway {
  const scope = scopes.of('gateways', program.namespace);
  const { id, name, namespace } = scopes.place(program);
  const { observability, discovery, service } = program;
  const options: McpGatewayOptions = {
    name,
    replicas: program.replicas,
    autoscaling: program.autoscaling,
    disruptionBudget: program.minAvailable === undefined ? undefined : { minAvailable: kplus.PercentOrAbsolute.absolute(program.minAvailable) },
    antiAffinity: program.antiAffinity,
    port: program.port,
    service: { type: service.type, port: service.port, nodePort: service.nodePort, loadBalancerSourceRanges: service.sourceRanges && [...service.sourceRanges] },
    sessionKey: program.sessionKey === undefined ? undefined : { secret: kplus.Secret.fromSecretName(scope, `session-key-${program.id}`, program.sessionKey), key: 'hex' },
    sessionAffinityHeader: program.sessionAffinityHeader,
    observability: {
      prometheusScrape: observability.prometheusScrape,
      logLevel: observability.logLevel,
      logFormat: observability.logFormat,
      accessLog: observability.accessLog.map((field) => ({
        tool: () => AccessLogField.toolName('tool'),
        arguments: () => AccessLogField.toolArguments('arguments'),
        header: () => AccessLogField.requestHeader('tenant', 'X-Tenant'),
        text: () => AccessLogField.text('cluster', 'eu-1 "${HOME}"'),
      })[field]()),
      tracing: observability.tracing && { endpoint: 'http://otel-collector.observability.svc:4317', ...observability.tracing },
    },
    discovery: discovery && {
      servers: discovery.servers?.map((server) => servers.get(server)!),
      labels: discovery.labels && { ...discovery.labels },
      expressions: discovery.labelExists === undefined ? undefined : [kplus.LabelExpression.exists(discovery.labelExists)],
      namespaceLabels: discovery.namespaceLabels && { ...discovery.namespaceLabels },
      skipUnavailable: discovery.skipUnavailable,
    },
    ...(program.policy && {
      authentication: methodsOf(scope, `policy-${program.id}`, program.policy), authorization: rulesOf(program.policy), rateLimits: limitsOf(program.policy),
    }),
    ...podOptions(scope, program.id, program.pod),
  };
  return program.kind === 'MCPGateway' ? new McpGateway(scope, id, { ...options, namespace }) : new ClusterMcpGateway(scope, id, { ...options, workloadNamespace: namespace });
}

/** A route's policy. A method that its gateway asks for too is that of the gateway, Secret included. */
function addPolicy(scopes: Scopes, route: McpRoute, program: RouteProgram, gatewayNamespace: string): void {
  const { policy, id } = program;
  if (policy !== undefined) {
    methodsOf(scopes.of('policies', gatewayNamespace), `policy-${id}`, policy).forEach((method) => route.addAuthentication(method));
    rulesOf(policy).forEach(({ principals, permissions: [permission], conditions }) => principals.forEach((principal) => route.allow(principal, { ...permission, when: conditions })));
    limitsOf(policy).forEach((limit) => route.addRateLimit(limit));
  }
}

function buildRoute(scopes: Scopes, program: RouteProgram, servers: Built['servers'], gateways: Built['gateways']): McpRoute {
  const { id, name, namespace } = scopes.place(program);
  const server = (key: string): IMcpServer => servers.get(key)!;
  const gateway: IMcpGateway | undefined = program.gateway === undefined ? undefined : gateways.get(program.gateway)!;
  const milliseconds = (value: number | undefined): Duration | undefined => value === undefined ? undefined : Duration.millis(value);
  const { requestHeaders, responseHeaders, timeouts, retry } = program;
  const route = new McpRoute(scopes.of('routes', program.namespace), id, {
    name,
    namespace,
    gateway,
    timeouts: timeouts && { request: milliseconds(timeouts.request), backendRequest: milliseconds(timeouts.backendRequest) },
    retry: retry && { attempts: retry.attempts, backoff: milliseconds(retry.backoff), codes: retry.codes && [...retry.codes] },
    requestHeaders: requestHeaders && { set: requestHeaders.set && { ...requestHeaders.set }, add: requestHeaders.add && { ...requestHeaders.add }, remove: requestHeaders.remove && [...requestHeaders.remove] },
  });
  if (responseHeaders !== undefined) {
    route.modifyResponseHeaders({ set: responseHeaders.set && { ...responseHeaders.set }, remove: responseHeaders.remove && [...responseHeaders.remove] });
  }
  for (const backend of program.backends) {
    route.addBackend(server(backend.server), { weight: backend.weight });
  }
  for (const match of program.matches) {
    route.addMatch(matchOf(match, server));
  }
  const serving = gateway ?? [...gateways.values()][0];
  addPolicy(scopes, route, program, serving.namespace ?? (serving as ClusterMcpGateway).workloadNamespace);
  return route;
}

function matchOf(match: MatchProgram, server: (id: string) => IMcpServer): McpMatchOptions {
  const backends = match.backends.map((backend): McpBackend => ({ server: server(backend.server), weight: backend.weight }));
  const plain = backends.every(({ weight }) => weight === undefined);
  return {
    tools: match.tools && (match.tools.kind === 'glob' ? ToolMatch.glob(...match.tools.values) : ToolMatch[match.tools.kind](match.tools.values[0])),
    method: match.method,
    headers: match.headers.map(({ kind, name, value }) => HeaderMatch[kind](name, value)),
    backends: plain ? backends.map((backend) => backend.server) : undefined,
    weightedBackends: plain ? undefined : backends,
  };
}

// Arbitraries. Each takes what it may refer to, so that what it makes is valid by construction.

const label = fc.stringMatching(/^[a-z](?:[a-z0-9-]{0,8}[a-z0-9])?$/);
/** Longest names: of a StatefulSet, whose pods are labelled with a hash behind the name, and of everything else. */
const longName = (length: number): fc.Arbitrary<string> => label.map((start) => start.padEnd(length, 'x'));
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined, freq: 2 });
const text = fc.constantFrom('plain', '$HOME', '${HOME}', 'a: b', '"quoted"', 'é', '', '0x1f', 'line\nline', '*x');

const podArbitrary: fc.Arbitrary<PodProgram> = fc.record({
  podLabels: maybe(fc.constant({ 'acme.dev/tier': 'tools' })),
  podAnnotations: maybe(fc.constant({ 'acme.dev/note': 'a: "b" $c' })),
  nodeSelector: maybe(fc.constant({ 'kubernetes.io/arch': 'amd64' })),
  toleratedTaint: maybe(fc.constant('acme.dev/dedicated')),
  imagePullSecrets: maybe(fc.constant(['registry'])),
  terminationGraceSeconds: maybe(fc.integer({ min: 0, max: 600 })),
  cpuMillis: maybe(fc.constantFrom(10, 250)),
  podTemplate: maybe(fc.constantFrom(
    { spec: { priorityClassName: 'high' } },
    { metadata: { labels: { 'acme.dev/patched': 'yes' } }, spec: { hostAliases: [{ ip: '10.0.0.1', hostnames: ['db'] }], dnsConfig: { options: [{ name: 'ndots', value: '2' }] } } },
    { spec: { containers: [{ name: 'logger', image: 'ghcr.io/acme/logger:1' }], volumes: [{ name: 'logs', emptyDir: {} }] } },
  )),
});

type HttpTransport = 'streamable-http' | 'sse';
const httpTransport: fc.Arbitrary<HttpTransport> = fc.constantFrom<HttpTransport>('streamable-http', 'streamable-http', 'sse');
const args = fc.array(fc.constantFrom('--verbose', '-x', '${HOME}', 'a b'), { maxLength: 2 });
const certificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

const sourceArbitrary: fc.Arbitrary<SourceProgram> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('image' as const), transport: httpTransport, port: maybe(fc.constantFrom(3000, 8080)), path: maybe(fc.constantFrom('/', '/api/mcp')), args: maybe(args) }) },
  fc.record({ kind: fc.constant('command' as const), command: fc.constantFrom(['/usr/bin/tools', '--stdio'], ['serve']), writablePaths: fc.subarray(['/data', '/var/tmp/x']) }),
  fc.record({ kind: fc.constant('npx' as const), packageSpec: fc.constantFrom('kubernetes-mcp-server@0.0.50', '@acme/tools@1.2.3-rc.1'), args }),
  fc.record({ kind: fc.constant('uvx' as const), packageSpec: fc.constantFrom('mcp-server-git@2025.9.25', 'acme-tools==1.0'), args }),
  fc.record({ kind: fc.constant('podTemplate' as const), transport: fc.constantFrom('streamable-http' as const, 'sse' as const, 'stdio' as const), port: maybe(fc.constant(9000)), sidecar: fc.boolean() }),
  fc.record({
    kind: fc.constant('remote' as const),
    url: fc.constantFrom('https://mcp.crm.example.com/mcp', 'https://tools.example.org:8443/', 'https://mcp.example.net/mcp?tenant=a'),
    transport: httpTransport,
    caBundle: maybe(fc.constant(certificate)),
    serverName: maybe(fc.constant('sni.example.com')),
  }),
);

/** Whether the program behind a source speaks over standard input and output. */
function isStdio(source: SourceProgram): boolean {
  return source.kind === 'command' || source.kind === 'npx' || source.kind === 'uvx' || (source.kind === 'podTemplate' && source.transport === 'stdio');
}

/** Whether a server keeps sessions. */
export function isStateful(server: ServerProgram): boolean {
  return isStdio(server.source) || server.sessions !== 'stateless';
}

const scaleArbitrary: fc.Arbitrary<Pick<ServerProgram, 'sessions' | 'replicas' | 'autoscaling'>> = fc.oneof(
  fc.record({ sessions: fc.constantFrom(undefined, 'stateful' as const), replicas: fc.constantFrom(undefined, 0, 1) }),
  fc.record({ sessions: fc.constantFrom(undefined, 'stateful' as const), replicas: fc.integer({ min: 2, max: 4 }) }),
  fc.record({ sessions: fc.constant('stateless' as const), replicas: fc.constantFrom(undefined, 0, 1, 3) }),
  fc.record({ sessions: fc.constant('stateless' as const), autoscaling: fc.constantFrom({ minReplicas: 1, maxReplicas: 5 }, { minReplicas: 2, maxReplicas: 2 }) }),
);

/** Namespaces that exist in every program; the platform's is where gateways tend to be. */
const namespacesArbitrary: fc.Arbitrary<readonly NamespaceProgram[]> = fc.tuple(
  fc.subarray(['finance', 'research', 'ops'], { minLength: 1 }),
  fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
).map(([teams, declared]) => ['mcp-system', ...teams].map((name, i) => ({ name, labels: declared[i] ? { 'acme.dev/team': name, 'acme.dev/tools': i % 2 === 0 ? 'shared' : 'own' } : undefined })));

/** Labels that a server must have to be discovered; only servers whose tools are no one else's do. */
const DISCOVERABLE = 'acme.dev/discoverable';
const SHARED_TOOLS = ['db_query', 'db_insert', 'report_make'];

function serverArbitrary(id: string, namespaces: readonly NamespaceProgram[]): fc.Arbitrary<ServerProgram> {
  const names = namespaces.map(({ name }) => name);
  const ownTools = ['query', 'insert', 'get-all'].map((tool) => `${id}_${tool}`);
  return fc.record({
    cluster: fc.boolean(),
    namespace: fc.constantFrom(...names),
    source: sourceArbitrary,
    scale: scaleArbitrary,
    budget: maybe(fc.constantFrom({ minAvailable: 1 }, { maxUnavailablePercent: 25 }, {})),
    own: fc.boolean(),
    tools: maybe(fc.constantFrom(1, 2, 3)),
    filter: maybe(fc.constantFrom('all', 'first', 'prefix')),
    consent: fc.oneof(
      fc.constant({ all: true as const }),
      fc.subarray(names, { minLength: 1 }).map((allowed) => ({ names: allowed })),
      fc.constantFrom<Readonly<Record<string, string>>[]>({ 'acme.dev/tools': 'shared' }, { 'kubernetes.io/metadata.name': names[0] }).map((labels) => ({ labels })),
    ),
    env: fc.record({ plain: maybe(text), secret: maybe(fc.constant('credentials')), configMap: maybe(fc.constant('mode')) }),
    volumes: fc.subarray(['emptyDir' as const, 'configMap' as const, 'claim' as const]),
    user: maybe(fc.constant(4711)),
    httpReadiness: maybe(fc.constant('/healthz')),
    pod: podArbitrary,
    customization: maybe(fc.constantFrom('sidecar' as const, 'label' as const, 'jsonPatch' as const)),
    name: fc.oneof({ weight: 9, arbitrary: label }, { weight: 1, arbitrary: longName(50) }),
  }).map(({ cluster, source, scale, budget, own, tools, filter, consent, name, namespace, ...hosted }): ServerProgram => {
    const catalogue = (own ? ownTools : SHARED_TOOLS).slice(0, tools ?? 0);
    const remote = source.kind === 'remote';
    return {
      id,
      kind: cluster ? 'ClusterMCPServer' : 'MCPServer',
      name,
      namespace,
      source,
      // What runs as a single replica gets no choice of the other sessions or replicas.
      ...(isStdio(source) ? { replicas: scale.replicas === undefined ? undefined : Math.min(scale.replicas, 1) } : remote ? { sessions: scale.sessions } : scale),
      ...(remote ? { env: {}, volumes: [], pod: {} } : { disruptionBudget: budget, ...hosted }),
      labels: own || tools === undefined ? { [DISCOVERABLE]: 'yes' } : {},
      tools: tools === undefined ? undefined : catalogue,
      toolsFilter: filter === undefined ? undefined : { all: ['*'], first: [catalogue[0] ?? 'anything'], prefix: [`${(catalogue[0] ?? 'any_').split('_')[0]}_*`] }[filter],
      consent: cluster ? consent : undefined,
    };
  });
}

/** Whether routes of a namespace may use a server. */
export function mayUse(program: Pick<Program, 'namespaces'>, namespace: string, server: ServerProgram): boolean {
  const { consent } = server;
  if (consent === undefined) {
    return server.namespace === namespace;
  }
  if ('all' in consent) {
    return true;
  }
  if ('names' in consent) {
    return consent.names.includes(namespace);
  }
  const labels: Readonly<Record<string, string>> = { ...program.namespaces.find(({ name }) => name === namespace)?.labels, 'kubernetes.io/metadata.name': namespace };
  return Object.entries(consent.labels).every(([key, value]) => labels[key] === value);
}

/** Tools that a server exposes, as far as it declares them. Filters here are names and prefixes only. */
function exposed(server: ServerProgram): readonly string[] | undefined {
  return server.tools?.filter((tool) => server.toolsFilter?.some((filter) => filter.endsWith('*') ? tool.startsWith(filter.slice(0, -1)) : tool === filter) ?? true);
}

function backendsArbitrary(servers: readonly ServerProgram[], maxLength: number): fc.Arbitrary<readonly BackendProgram[]> {
  return fc.shuffledSubarray([...servers], { minLength: 1, maxLength: Math.min(maxLength, servers.length) })
    .chain((chosen) => fc.tuple(fc.nat(chosen.length - 1), ...chosen.map(({ id }) => fc.constantFrom(undefined, 0, 1, 10, 90, 333).map((weight): BackendProgram => ({ server: id, weight })))))
    // One at least gets requests.
    .map(([served, ...backends]) => backends.map((backend, i) => i === served && backend.weight === 0 ? { ...backend, weight: 1 } : backend));
}

function toolsArbitrary(servers: readonly ServerProgram[]): fc.Arbitrary<NonNullable<MatchProgram['tools']>> {
  const known = [...new Set(servers.flatMap((server) => exposed(server) ?? []))];
  // A pattern must select a tool where all servers declare theirs.
  return fc.constantFrom(...(known.length > 0 ? known : ['db_query', 'x'])).chain((tool) => fc.constantFrom<NonNullable<MatchProgram['tools']>[]>(
    { kind: 'exact', values: [tool] },
    { kind: 'prefix', values: [tool.slice(0, 2)] },
    { kind: 'regex', values: [`(${tool}|other_[a-z]+)`] },
    { kind: 'regex', values: [`${tool.slice(0, 1)}.*`] },
    { kind: 'glob', values: [tool] },
    { kind: 'glob', values: [`${tool.slice(0, 1)}*`, `*${tool.slice(-1)}`] },
  ));
}

const headerArbitrary: fc.Arbitrary<MatchProgram['headers'][number]> = fc.constantFrom<MatchProgram['headers'][number][]>(
  { kind: 'exact', name: 'X-Tenant', value: 'acme "$1"' },
  { kind: 'prefix', name: 'x-client', value: 'assistant.' },
  { kind: 'regex', name: 'x-release', value: 'canary|beta' },
);

function matchesArbitrary(servers: readonly ServerProgram[], routeBackends: readonly BackendProgram[]): fc.Arbitrary<readonly MatchProgram[]> {
  const byId = new Map(servers.map((server) => [server.id, server]));
  const stateless = servers.every((server) => !isStateful(server));
  const one = fc.option(backendsArbitrary(servers, 3), { nil: [], freq: 3 }).chain((backends) => {
    const targets = (backends.length > 0 ? backends : routeBackends).map(({ server }) => byId.get(server)!);
    return fc.record({
      tools: maybe(toolsArbitrary(targets)),
      headers: fc.uniqueArray(headerArbitrary, { maxLength: 2, selector: ({ name }) => name }),
      method: stateless ? maybe(fc.constantFrom('tools/call', 'tools/list', 'prompts/get')) : fc.constant(undefined),
    }).map(({ tools, headers, method }): MatchProgram => ({
      tools,
      // Rules about tools are about requests that name one.
      method: tools !== undefined && method === 'prompts/get' ? 'tools/call' : method,
      headers: tools === undefined && method === undefined && headers.length === 0 ? [{ kind: 'exact', name: 'x-tenant', value: 'acme' }] : headers,
      backends,
    }));
  });
  return fc.array(one, { maxLength: 3 }).map((matches) => {
    // Somebody must answer `initialize`: a rule without a method, or the route's own backends.
    const connects = matches.every(({ backends }) => backends.length > 0) || matches.some(({ method }) => method === undefined);
    return connects ? matches : matches.map((match) => ({ ...match, method: undefined, headers: match.tools === undefined ? [{ kind: 'exact', name: 'x-tenant', value: 'acme' }] : match.headers }));
  });
}

function routeArbitrary(id: string, namespace: string, servers: readonly ServerProgram[], gateways: readonly GatewayProgram[]): fc.Arbitrary<RouteProgram> {
  const retries = servers.every(({ source }) => !('transport' in source) || source.transport !== 'sse');
  return backendsArbitrary(servers, 4).chain((backends) => fc.record({
    id: fc.constant(id),
    name: label,
    namespace: fc.constant(namespace),
    gateway: fc.constantFrom(...gateways.map((gateway) => gateway.id), ...(gateways.length === 1 ? [undefined] : [])),
    backends: fc.constant(backends),
    matches: matchesArbitrary(servers, backends),
    requestHeaders: maybe(fc.constantFrom({ set: { 'X-Route': 'a$b' }, remove: ['x-internal'] }, { add: { 'x-hop': '1' } })),
    responseHeaders: maybe(fc.constantFrom({ set: { 'x-served-by': 'mcp' } }, { remove: ['server'] })),
    timeouts: maybe(fc.constantFrom({ request: 30_000 }, { request: 60_000, backendRequest: 1_500 }, { backendRequest: 10_000 })),
    retry: retries ? maybe(fc.constantFrom({ attempts: 3 }, { attempts: 2, backoff: 250, codes: [503] })) : fc.constant(undefined),
  })).chain((route) => routePolicyArbitrary(gateways.find((gateway) => gateway.id === (route.gateway ?? gateways[0].id))!.policy).map((policy) => ({ ...route, policy })));
}

function gatewayArbitrary(id: string, index: number, namespaces: readonly NamespaceProgram[], servers: readonly ServerProgram[]): fc.Arbitrary<GatewayProgram> {
  const discoverable = servers.filter((server) => DISCOVERABLE in server.labels).map((server) => server.id);
  const { ServiceType } = kplus;
  return fc.record({
    id: fc.constant(id),
    kind: fc.constantFrom('MCPGateway' as const, 'MCPGateway' as const, 'ClusterMCPGateway' as const),
    name: fc.oneof({ weight: 9, arbitrary: label }, { weight: 1, arbitrary: longName(61) }),
    namespace: fc.constantFrom(...namespaces.map(({ name }) => name)),
    scale: fc.constantFrom<Pick<GatewayProgram, 'replicas' | 'autoscaling'>[]>({}, { replicas: 1 }, { replicas: 3 }, { autoscaling: { minReplicas: 2, maxReplicas: 4 } }),
    minAvailable: maybe(fc.constant(1)),
    antiAffinity: maybe(fc.constantFrom(AntiAffinity.PREFERRED, AntiAffinity.REQUIRED, AntiAffinity.NONE)),
    port: maybe(fc.constantFrom(8080, 9443)),
    // Ports of nodes belong to the whole cluster.
    service: fc.constantFrom<GatewayProgram['service'][]>({}, { port: 8080 }, { type: ServiceType.NODE_PORT, nodePort: 30_080 + index }, { type: ServiceType.LOAD_BALANCER, sourceRanges: ['203.0.113.0/24'] }),
    sessionKey: maybe(fc.constant('my-session-key')),
    sessionAffinityHeader: maybe(fc.constant('X-User')),
    observability: fc.record({
      prometheusScrape: maybe(fc.boolean()),
      logLevel: maybe(fc.constantFrom(GatewayLogLevel.DEBUG, GatewayLogLevel.ERROR)),
      logFormat: maybe(fc.constant(GatewayLogFormat.TEXT)),
      accessLog: fc.subarray(['tool' as const, 'arguments' as const, 'header' as const, 'text' as const]),
      tracing: maybe(fc.record({ protocol: maybe(fc.constant(OtlpProtocol.HTTP)), sampling: maybe(fc.constantFrom(0, 0.25, 1)) })),
    }),
    discovery: maybe(fc.oneof(
      fc.record({ labels: fc.constant({ [DISCOVERABLE]: 'yes' }), skipUnavailable: maybe(fc.boolean()) }),
      fc.record({ labelExists: fc.constant(DISCOVERABLE), namespaceLabels: fc.constantFrom<Readonly<Record<string, string>>[]>({ 'acme.dev/tools': 'shared' }, { 'kubernetes.io/metadata.name': 'finance' }) }),
      ...(discoverable.length === 0 ? [] : [fc.record({ servers: fc.shuffledSubarray(discoverable, { minLength: 1 }) })]),
    )),
    policy: gatewayPolicyArbitrary,
    pod: podArbitrary,
  }).map(({ scale, ...gateway }) => ({ ...gateway, ...scale }));
}

/** Makes names unique where the objects named from them would collide: within a namespace, and over the cluster for cluster-scoped kinds. */
function withUniqueNames<T extends { readonly kind: string; readonly name: string; readonly namespace: string }>(parts: readonly T[]): T[] {
  const taken = new Set<string>();
  return parts.map((part, i) => {
    const keysOf = (name: string): string[] => [`${part.namespace}/${name}`, ...(part.kind.startsWith('Cluster') ? [`${part.kind}/${name}`] : [])];
    const name = keysOf(part.name).some((key) => taken.has(key)) ? `${part.name}${i}` : part.name;
    keysOf(name).forEach((key) => taken.add(key));
    return { ...part, name };
  });
}

/** Drops the limits of gateways whose names leave no room for the suffixes of the objects that count calls. */
function withShortLimits(program: Program): Program {
  const short = (gateway: GatewayProgram): boolean => gateway.name.length <= 46;
  const unlimited = (policy: PolicyProgram | undefined): PolicyProgram | undefined => policy && { ...policy, rates: [] };
  return {
    ...program,
    gateways: program.gateways.map((gateway) => short(gateway) ? gateway : { ...gateway, policy: unlimited(gateway.policy) }),
    routes: program.routes.map((route) => short(program.gateways.find(({ id }) => id === (route.gateway ?? program.gateways[0].id))!) ? route : { ...route, policy: unlimited(route.policy) }),
  };
}

/** A server that no route or gateway of a program has to do with. */
export function unrelatedServerArbitrary(program: Program): fc.Arbitrary<ServerProgram> {
  return serverArbitrary('unrelated', program.namespaces).map((server) => ({ ...server, name: 'unrelated', labels: {} }));
}

/** The same program, written down in another order. */
export function permutedArbitrary(program: Program): fc.Arbitrary<Program> {
  const shuffled = <T>(list: readonly T[]): fc.Arbitrary<T[]> => fc.shuffledSubarray([...list], { minLength: list.length });
  return fc.record({
    layout: fc.constant(program.layout),
    namespaces: shuffled(program.namespaces),
    gateways: shuffled(program.gateways),
    servers: shuffled(program.servers),
    routes: shuffled(program.routes),
  });
}

/** Programs that this library accepts: 1 to 3 gateways, up to 6 servers, up to 3 routes. */
export const programArbitrary: fc.Arbitrary<Program> = fc.record({
  layout: fc.constantFrom<Program['layout'][]>('chart-per-namespace', 'one-chart'),
  namespaces: namespacesArbitrary,
  serverCount: fc.integer({ min: 0, max: 6 }),
  gatewayCount: fc.constantFrom(1, 1, 2, 3),
  routeCount: fc.integer({ min: 0, max: 3 }),
}).chain(({ layout, namespaces, serverCount, gatewayCount, routeCount }) =>
  fc.tuple(...Array.from({ length: serverCount }, (_, i) => serverArbitrary(`s${i}`, namespaces))).chain((drafts) => {
    const servers = withUniqueNames(drafts);
    return fc.tuple(...Array.from({ length: gatewayCount }, (_, i) => gatewayArbitrary(`g${i}`, i, namespaces, servers))).chain((gatewayDrafts) => {
      // Servers come first, so their names stay as they are.
      const gateways = withUniqueNames<ServerProgram | GatewayProgram>([...servers, ...gatewayDrafts]).slice(servers.length) as GatewayProgram[];
      const usable = namespaces.map(({ name }) => ({ name, servers: servers.filter((server) => mayUse({ namespaces }, name, server)) })).filter((namespace) => namespace.servers.length > 0);
      const routes = usable.length === 0 ? fc.constant([]) : fc.tuple(...Array.from({ length: routeCount }, (_, i) =>
        fc.constantFrom(...usable).chain((namespace) => routeArbitrary(`r${i}`, namespace.name, namespace.servers, gateways))));
      return routes.map((routeDrafts): Program => withShortLimits({
        layout, namespaces, gateways, servers, routes: withUniqueNames(routeDrafts.map((route) => ({ ...route, kind: 'MCPRoute' }))).map(({ kind, ...route }) => route),
      }));
    });
  }));
