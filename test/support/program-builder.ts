import { ApiObject, App, Chart, Duration, JsonPatch, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { cedarOf, limitsOf, methodsOf, policySecrets, rulesOf, someOf } from './policy-program';
import {
  Program,
  CredentialProgram,
  SourceProgram,
  PermissionsProgram,
  PodProgram,
  ServerProgram,
  MatchProgram,
  RouteProgram,
  GatewayProgram,
} from './program';
import { refKey } from './references';
import { appWithCertManager } from './synth';
import {
  AccessLogField,
  AllowedNamespaces,
  Authentication,
  BackendCredential,
  CertificateAuthority,
  CertManagerIssuer,
  ClusterMcpGateway,
  ClusterMcpServer,
  GatewayTls,
  HeaderMatch,
  IMcpGateway,
  IMcpServer,
  McpBackend,
  McpGateway,
  McpGatewayOptions,
  McpMatchOptions,
  McpRoute,
  McpServer,
  McpServerOptions,
  McpServerSource,
  McpSessions,
  McpTransport,
  PermissionProfile,
  PodOptions,
  ToolMatch,
} from '../../src';

/* Programs written down as constructs. */

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
  const app = appWithCertManager();
  const scopes = new Scopes(app, program);
  for (const { name, labels } of program.namespaces) {
    if (labels !== undefined) {
      new kplus.Namespace(scopes.ofCluster(), name, { metadata: { name, labels: { ...labels } } });
    }
  }
  const servers = new Map(program.servers.map(server => [server.id, buildServer(scopes, server)]));
  const gateways = new Map(program.gateways.map(gateway => [gateway.id, buildGateway(scopes, gateway, servers)]));
  const routes = new Map(program.routes.map(route => [route.id, buildRoute(scopes, route, servers, gateways)]));
  return { app, servers, gateways, routes };
}

/** What the objects of a program refer to without emitting it: keys as `checkReferences` takes them. */
export function externalsOf(program: Program): Set<string> {
  const secretsOf = (namespace: string, pod: PodProgram): string[] =>
    (pod.imagePullSecrets ?? []).map(name => refKey('Secret', namespace, name));
  return new Set([
    ...program.gateways.flatMap(({ name, namespace, sessionKey, pod, policy, tls }) => [
      ...(tls?.from === 'secret' ? [refKey('Secret', namespace, 'own-tls')] : []),
      ...(tls?.clients === 'secret' ? [refKey('Secret', namespace, 'partners-ca')] : []),
      ...['backend-credentials', 'backend-certificate'].map(secret => refKey('Secret', namespace, secret)),
      refKey('Secret', namespace, sessionKey ?? `${name}-session-key`),
      ...secretsOf(namespace, pod),
      ...policySecrets(policy, namespace),
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

  constructor(
    private readonly app: App,
    private readonly program: Program,
  ) {
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
    const scope =
      this.scopes.get(key) ??
      new Construct(this.chart(namespace), this.program.layout === 'one-chart' ? key.replace('/', '-') : kind);
    this.scopes.set(key, scope);
    return scope;
  }

  /** Id, and the properties that name and place a construct where the layout does not. */
  place(part: { readonly id: string; readonly name: string; readonly namespace: string }): {
    readonly id: string;
    readonly name?: string;
    readonly namespace?: string;
  } {
    return this.program.layout === 'one-chart' ? part : { id: part.name };
  }

  private chart(namespace: string | undefined): Chart {
    const id = this.program.layout === 'one-chart' ? 'everything' : (namespace ?? 'cluster');
    const chart =
      this.charts.get(id) ??
      new Chart(this.app, id, { namespace: this.program.layout === 'one-chart' ? undefined : namespace });
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
      minAvailable:
        program.disruptionBudget.minAvailable === undefined
          ? undefined
          : kplus.PercentOrAbsolute.absolute(program.disruptionBudget.minAvailable),
      maxUnavailable:
        program.disruptionBudget.maxUnavailablePercent === undefined
          ? undefined
          : kplus.PercentOrAbsolute.percent(program.disruptionBudget.maxUnavailablePercent),
    },
    tools: program.tools && [...program.tools],
    toolsFilter: program.toolsFilter && [...program.toolsFilter],
    permissionProfile: program.permissions?.profile && PROFILES[program.permissions.profile],
    ...(remote ? {} : hostedOptions(scope, program)),
  };
  const server =
    program.kind === 'MCPServer'
      ? new McpServer(scope, id, { ...options, namespace })
      : new ClusterMcpServer(scope, id, {
          ...options,
          workloadNamespace: remote ? undefined : namespace,
          allowedNamespaces: consentOf(program),
        });
  permit(server, program.permissions);
  customize(server, program.customization);
  return server;
}

function permit(server: McpServer | ClusterMcpServer, permissions: PermissionsProgram | undefined): void {
  permissions?.kubernetes.forEach(({ resources, verbs, namespaces, resourceNames, clusterWide }) =>
    server.allowKubernetes({
      resources: resources.map(resource => {
        const [apiGroup, ...resourceType] = resource.split('/');
        return kplus.ApiResource.custom({ apiGroup, resourceType: resourceType.join('/') });
      }),
      verbs: [...verbs],
      namespaces: namespaces && [...namespaces],
      resourceNames: resourceNames && [...resourceNames],
      clusterWide,
    }),
  );
  permissions?.write.forEach(folder => server.allowWrite(folder));
}

const PROFILES = {
  none: PermissionProfile.none(),
  'network-only': PermissionProfile.networkOnly(),
  'full-access': PermissionProfile.fullAccess(),
};

function sourceOf(source: SourceProgram): McpServerSource {
  switch (source.kind) {
    case 'image':
      return McpServerSource.image('ghcr.io/acme/server-mcp:1.4.0', {
        transport: source.transport as McpTransport,
        port: source.port,
        path: source.path,
        args: source.args && [...source.args],
        credentials: source.credentials?.map(credentialOf),
      });
    case 'command':
      return McpServerSource.command('ghcr.io/acme/tools:2.0.0', [...source.command], {
        writablePaths: [...source.writablePaths],
      });
    case 'npx':
      return McpServerSource.npx(source.packageSpec, {
        args: [...source.args],
        transport: source.transport as McpTransport | undefined,
      });
    case 'uvx':
      return McpServerSource.uvx(source.packageSpec, {
        args: [...source.args],
        transport: source.transport as McpTransport | undefined,
      });
    case 'remote':
      return McpServerSource.remote(source.url, {
        transport: source.transport as McpTransport,
        tls: { caBundle: source.caBundle, serverName: source.serverName },
        credentials: source.credentials?.map(credentialOf),
      });
    case 'podTemplate':
      return McpServerSource.podTemplate(
        {
          metadata: { labels: { 'acme.dev/origin': 'template' } },
          spec: {
            containers: [
              {
                name: 'mcp-server',
                image: 'ghcr.io/acme/server-mcp:1.4.0',
                ...(source.transport === 'stdio'
                  ? { command: ['/usr/bin/server', '--stdio'], args: ['--verbose'] }
                  : {}),
                ...(source.port === undefined ? {} : { ports: [{ name: 'http', containerPort: source.port }] }),
              },
              ...(source.sidecar
                ? [{ name: 'proxy', image: 'ghcr.io/acme/proxy:3', ports: [{ name: 'sql', containerPort: 5432 }] }]
                : []),
            ],
          },
        },
        { transport: source.transport as McpTransport },
      );
  }
}

/** In the namespace of whatever gateway serves the server: their chart has none. */
const CREDENTIALS = new Chart(new App(), 'credentials');
const backendSecret = kplus.Secret.fromSecretName(CREDENTIALS, 'backend-credentials', 'backend-credentials');
const backendCertificate = kplus.Secret.fromSecretName(CREDENTIALS, 'backend-certificate', 'backend-certificate');

function credentialOf(credential: CredentialProgram): BackendCredential {
  switch (credential) {
    case 'header':
      return BackendCredential.header('X-Backend-Key', { secret: backendSecret, key: 'key' });
    case 'basic':
      return BackendCredential.basic({
        username: { secret: backendSecret, key: 'username' },
        password: { secret: backendSecret, key: 'password' },
      });
    case 'certificate':
      return BackendCredential.clientCertificate(backendCertificate);
  }
}

function hostedOptions(scope: Construct, program: ServerProgram): Partial<McpServerOptions> {
  const { name, namespace, env, volumes } = program;
  const settings =
    env.configMap === undefined && !volumes.includes('configMap')
      ? undefined
      : new kplus.ConfigMap(scope, `settings-${program.id}`, {
          metadata: { name: `${name}-settings`, namespace },
          data: { mode: 'fast' },
        });
  const volumeOf = {
    emptyDir: () =>
      kplus.Volume.fromEmptyDir(scope, `empty-${program.id}`, 'user-scratch', { sizeLimit: Size.mebibytes(16) }),
    configMap: () => kplus.Volume.fromConfigMap(scope, `config-${program.id}`, settings!, { name: 'user-config' }),
    claim: () =>
      kplus.Volume.fromPersistentVolumeClaim(
        scope,
        `claim-${program.id}`,
        kplus.PersistentVolumeClaim.fromClaimName(scope, `pvc-${program.id}`, `${name}-data`),
        { name: 'user-data' },
      ),
  };
  return {
    env: {
      ...(env.plain === undefined ? {} : { PLAIN: kplus.EnvValue.fromValue(env.plain) }),
      ...(env.secret === undefined
        ? {}
        : {
            TOKEN: kplus.EnvValue.fromSecretValue({
              secret: kplus.Secret.fromSecretName(scope, `secret-${program.id}`, env.secret),
              key: 'token',
            }),
          }),
      ...(env.configMap === undefined ? {} : { MODE: kplus.EnvValue.fromConfigMap(settings!, 'mode') }),
    },
    volumeMounts: volumes.map(kind => ({ path: `/mnt/${kind.toLowerCase()}`, volume: volumeOf[kind]() })),
    user: program.user,
    readiness:
      program.httpReadiness === undefined ? undefined : kplus.Probe.fromHttpGet(program.httpReadiness, { port: 8080 }),
    ...podOptions(scope, program.id, program.pod),
  };
}

function podOptions(scope: Construct, id: string, pod: PodProgram): PodOptions {
  return {
    podLabels: pod.podLabels && { ...pod.podLabels },
    podAnnotations: pod.podAnnotations && { ...pod.podAnnotations },
    nodeSelector: pod.nodeSelector && { ...pod.nodeSelector },
    tolerations:
      pod.toleratedTaint === undefined
        ? undefined
        : [kplus.NodeTaintQuery.is(pod.toleratedTaint, 'mcp', { effect: kplus.TaintEffect.NO_SCHEDULE })],
    imagePullSecrets: pod.imagePullSecrets?.map(name => kplus.Secret.fromSecretName(scope, `pull-${id}-${name}`, name)),
    terminationGracePeriod:
      pod.terminationGraceSeconds === undefined ? undefined : Duration.seconds(pod.terminationGraceSeconds),
    resources:
      pod.cpuMillis === undefined
        ? undefined
        : {
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
  return 'names' in consent
    ? AllowedNamespaces.names(...consent.names)
    : AllowedNamespaces.labels({ ...consent.labels });
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

function buildGateway(
  scopes: Scopes,
  program: GatewayProgram,
  servers: Built['servers'],
): McpGateway | ClusterMcpGateway {
  const scope = scopes.of('gateways', program.namespace);
  const { id, name, namespace } = scopes.place(program);
  const { observability, discovery, service } = program;
  const options: McpGatewayOptions = {
    name,
    replicas: program.replicas,
    autoscaling: program.autoscaling,
    disruptionBudget:
      program.minAvailable === undefined
        ? undefined
        : { minAvailable: kplus.PercentOrAbsolute.absolute(program.minAvailable) },
    antiAffinity: program.antiAffinity,
    port: program.port,
    tls: certificateOf(scope, program),
    service: {
      type: service.type,
      port: service.port,
      nodePort: service.nodePort,
      loadBalancerSourceRanges: service.sourceRanges && [...service.sourceRanges],
    },
    sessionKey:
      program.sessionKey === undefined
        ? undefined
        : { secret: kplus.Secret.fromSecretName(scope, `session-key-${program.id}`, program.sessionKey), key: 'hex' },
    sessionAffinityHeader: program.sessionAffinityHeader,
    observability: {
      prometheusScrape: observability.prometheusScrape,
      logLevel: observability.logLevel,
      logFormat: observability.logFormat,
      accessLog: observability.accessLog.map(field =>
        ({
          tool: () => AccessLogField.toolName('tool'),
          arguments: () => AccessLogField.toolArguments('arguments'),
          header: () => AccessLogField.requestHeader('tenant', 'X-Tenant'),
          text: () => AccessLogField.text('cluster', 'eu-1 "${HOME}"'),
        })[field](),
      ),
      tracing: observability.tracing && {
        endpoint: 'http://otel-collector.observability.svc:4317',
        ...observability.tracing,
      },
    },
    allowedRemoteHosts: program.allowedRemoteHosts && [...program.allowedRemoteHosts],
    discovery: discovery && {
      servers: discovery.servers?.map(server => servers.get(server)!),
      labels: discovery.labels && { ...discovery.labels },
      expressions:
        discovery.labelExists === undefined ? undefined : [kplus.LabelExpression.exists(discovery.labelExists)],
      namespaceLabels: discovery.namespaceLabels && { ...discovery.namespaceLabels },
      skipUnavailable: discovery.skipUnavailable,
    },
    authentication: someOf([
      ...clientAuthentication(scope, program),
      ...(program.policy === undefined ? [] : methodsOf(scope, `policy-${program.id}`, program.policy)),
    ]),
    ...(program.policy && {
      authorization: someOf(rulesOf(program.policy)),
      rateLimits: someOf(limitsOf(program.policy)),
    }),
    authzConfig: cedarOf(scope, `policy-${program.id}`, program.namespace, program.policy),
    ...podOptions(scope, program.id, program.pod),
  };
  return program.kind === 'MCPGateway'
    ? new McpGateway(scope, id, { ...options, namespace })
    : new ClusterMcpGateway(scope, id, { ...options, workloadNamespace: namespace });
}

const ISSUER = CertManagerIssuer.clusterIssuer('cluster-ca');

function certificateOf(scope: Construct, { id, tls }: GatewayProgram): GatewayTls | undefined {
  return (
    tls &&
    (tls.from === 'issuer'
      ? GatewayTls.fromIssuer(ISSUER)
      : GatewayTls.fromSecret(kplus.Secret.fromSecretName(scope, `tls-${id}`, 'own-tls')))
  );
}

function clientAuthentication(scope: Construct, { id, tls }: GatewayProgram): Authentication[] {
  switch (tls?.clients) {
    case 'issuer':
      return [Authentication.clientCertificate(CertificateAuthority.fromIssuer(ISSUER))];
    case 'otherIssuer':
      return [Authentication.clientCertificate(CertificateAuthority.fromIssuer(CertManagerIssuer.issuer('partners')))];
    case 'secret':
      return [
        Authentication.clientCertificate(
          CertificateAuthority.fromSecret({
            secret: kplus.Secret.fromSecretName(scope, `clients-${id}`, 'partners-ca'),
            key: 'ca.crt',
          }),
        ),
      ];
    default:
      return [];
  }
}

/** A route's policy. A method that its gateway asks for too is that of the gateway, Secret included. */
function addPolicy(scopes: Scopes, route: McpRoute, program: RouteProgram, gatewayNamespace: string): void {
  const { policy, id } = program;
  if (policy !== undefined) {
    methodsOf(scopes.of('policies', gatewayNamespace), `policy-${id}`, policy).forEach(method =>
      route.addAuthentication(method),
    );
    rulesOf(policy).forEach(({ principals, permissions: [permission], conditions }) =>
      principals.forEach(principal => route.allow(principal, { ...permission, when: conditions })),
    );
    limitsOf(policy).forEach(limit => route.addRateLimit(limit));
  }
}

function buildRoute(
  scopes: Scopes,
  program: RouteProgram,
  servers: Built['servers'],
  gateways: Built['gateways'],
): McpRoute {
  const { id, name, namespace } = scopes.place(program);
  const server = (key: string): IMcpServer => servers.get(key)!;
  const gateway: IMcpGateway | undefined = program.gateway === undefined ? undefined : gateways.get(program.gateway)!;
  const milliseconds = (value: number | undefined): Duration | undefined =>
    value === undefined ? undefined : Duration.millis(value);
  const { requestHeaders, responseHeaders, timeouts, retry } = program;
  const route = new McpRoute(scopes.of('routes', program.namespace), id, {
    name,
    namespace,
    gateway,
    timeouts: timeouts && {
      request: milliseconds(timeouts.request),
      backendRequest: milliseconds(timeouts.backendRequest),
    },
    retry: retry && {
      attempts: retry.attempts,
      backoff: milliseconds(retry.backoff),
      codes: retry.codes && [...retry.codes],
    },
    authzConfig: cedarOf(scopes.of('routes', program.namespace), `policy-${id}`, program.namespace, program.policy),
    requestHeaders: requestHeaders && {
      set: requestHeaders.set && { ...requestHeaders.set },
      add: requestHeaders.add && { ...requestHeaders.add },
      remove: requestHeaders.remove && [...requestHeaders.remove],
    },
  });
  if (responseHeaders !== undefined) {
    route.modifyResponseHeaders({
      set: responseHeaders.set && { ...responseHeaders.set },
      remove: responseHeaders.remove && [...responseHeaders.remove],
    });
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
  const backends = match.backends.map((backend): McpBackend => ({
    server: server(backend.server),
    weight: backend.weight,
  }));
  return {
    tools:
      match.tools &&
      (match.tools.kind === 'glob'
        ? ToolMatch.glob(...match.tools.values)
        : ToolMatch[match.tools.kind](match.tools.values[0])),
    method: match.method,
    headers: someOf(match.headers.map(({ kind, name, value }) => HeaderMatch[kind](name, value))),
    backends: someOf(backends),
  };
}
