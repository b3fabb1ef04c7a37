import * as kplus from 'cdk8s-plus-28';
import * as fc from 'fast-check';
import { PolicyProgram, gatewayPolicyArbitrary, routePolicyArbitrary } from './policy-program';
import {
  Program,
  GrantProgram,
  NamespaceProgram,
  CredentialProgram,
  SourceProgram,
  PermissionsProgram,
  PodProgram,
  ServerProgram,
  BackendProgram,
  MatchProgram,
  RouteProgram,
  GatewayProgram,
} from './program';
import { AntiAffinity, GatewayLogFormat, GatewayLogLevel, OtlpProtocol } from '../../src';

/*
 * Random programs, all of which this library must accept: each part takes what it may refer to, so that what is made is valid
 * by construction.
 */

const label = fc.stringMatching(/^[a-z](?:[a-z0-9-]{0,8}[a-z0-9])?$/);
/** Longest names: of a StatefulSet, whose pods are labelled with a hash behind the name, and of everything else. */
const longName = (length: number): fc.Arbitrary<string> => label.map(start => start.padEnd(length, 'x'));
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 2 });
const text = fc.constantFrom('plain', '$HOME', '${HOME}', 'a: b', '"quoted"', 'é', '', '0x1f', 'line\nline', '*x');

const podArbitrary: fc.Arbitrary<PodProgram> = fc.record({
  podLabels: maybe(fc.constant({ 'acme.dev/tier': 'tools' })),
  podAnnotations: maybe(fc.constant({ 'acme.dev/note': 'a: "b" $c' })),
  nodeSelector: maybe(fc.constant({ 'kubernetes.io/arch': 'amd64' })),
  toleratedTaint: maybe(fc.constant('acme.dev/dedicated')),
  imagePullSecrets: maybe(fc.constant(['registry'])),
  terminationGraceSeconds: maybe(fc.integer({ min: 0, max: 600 })),
  cpuMillis: maybe(fc.constantFrom(10, 250)),
  podTemplate: maybe(
    fc.constantFrom(
      { spec: { priorityClassName: 'high' } },
      {
        metadata: { labels: { 'acme.dev/patched': 'yes' } },
        spec: {
          hostAliases: [{ ip: '10.0.0.1', hostnames: ['db'] }],
          dnsConfig: { options: [{ name: 'ndots', value: '2' }] },
        },
      },
      {
        spec: {
          containers: [{ name: 'logger', image: 'ghcr.io/acme/logger:1' }],
          volumes: [{ name: 'logs', emptyDir: {} }],
        },
      },
    ),
  ),
});

type HttpTransport = 'streamable-http' | 'sse';
const httpTransport: fc.Arbitrary<HttpTransport> = fc.constantFrom<HttpTransport>(
  'streamable-http',
  'streamable-http',
  'sse',
);
const args = fc.array(fc.constantFrom('--verbose', '-x', '${HOME}', 'a b'), { maxLength: 2 });
const certificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

const sourceArbitrary: fc.Arbitrary<SourceProgram> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('image' as const),
      transport: httpTransport,
      port: maybe(fc.constantFrom(3000, 8080)),
      path: maybe(fc.constantFrom('/', '/api/mcp')),
      args: maybe(args),
      credentials: maybe(fc.subarray<CredentialProgram>(['header', 'basic'])),
    }),
  },
  fc.record({
    kind: fc.constant('command' as const),
    command: fc.constantFrom(['/usr/bin/tools', '--stdio'], ['serve']),
    writablePaths: fc.subarray(['/data', '/var/tmp/x']),
  }),
  fc.record({
    kind: fc.constant('npx' as const),
    packageSpec: fc.constantFrom('kubernetes-mcp-server@0.0.50', '@acme/tools@1.2.3-rc.1'),
    args,
    transport: maybe(httpTransport),
  }),
  fc.record({
    kind: fc.constant('uvx' as const),
    packageSpec: fc.constantFrom('mcp-server-git@2025.9.25', 'acme-tools==1.0'),
    args,
    transport: maybe(httpTransport),
  }),
  fc.record({
    kind: fc.constant('podTemplate' as const),
    transport: fc.constantFrom('streamable-http' as const, 'sse' as const, 'stdio' as const),
    port: maybe(fc.constant(9000)),
    sidecar: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('remote' as const),
    url: fc.constantFrom(
      'https://mcp.crm.example.com/mcp',
      'https://tools.example.org:8443/',
      'https://mcp.example.net/mcp?tenant=a',
    ),
    transport: httpTransport,
    caBundle: maybe(fc.constant(certificate)),
    serverName: maybe(fc.constant('sni.example.com')),
    credentials: maybe(fc.subarray<CredentialProgram>(['header', 'basic', 'certificate'])),
  }),
);

/** Whether the program behind a source speaks over standard input and output. */
function isStdio(source: SourceProgram): boolean {
  switch (source.kind) {
    case 'command':
      return true;
    case 'npx':
    case 'uvx':
      return source.transport === undefined;
    case 'podTemplate':
      return source.transport === 'stdio';
    default:
      return false;
  }
}

/** Whether a server keeps sessions. */
export function isStateful(server: ServerProgram): boolean {
  return isStdio(server.source) || server.sessions !== 'stateless';
}

const scaleArbitrary: fc.Arbitrary<Pick<ServerProgram, 'sessions' | 'replicas' | 'autoscaling'>> = fc.oneof(
  fc.record({ sessions: fc.constantFrom(undefined, 'stateful' as const), replicas: fc.constantFrom(undefined, 0, 1) }),
  fc.record({ sessions: fc.constantFrom(undefined, 'stateful' as const), replicas: fc.integer({ min: 2, max: 4 }) }),
  fc.record({ sessions: fc.constant('stateless' as const), replicas: fc.constantFrom(undefined, 0, 1, 3) }),
  fc.record({
    sessions: fc.constant('stateless' as const),
    autoscaling: fc.constantFrom({ minReplicas: 1, maxReplicas: 5 }, { minReplicas: 2, maxReplicas: 2 }),
  }),
);

/** Namespaces that exist in every program; the platform's is where gateways tend to be. */
const namespacesArbitrary: fc.Arbitrary<readonly NamespaceProgram[]> = fc
  .tuple(
    fc.subarray(['finance', 'research', 'ops'], { minLength: 1 }),
    fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  )
  .map(([teams, declared]) =>
    ['mcp-system', ...teams].map((name, i) => ({
      name,
      labels: declared[i] ? { 'acme.dev/team': name, 'acme.dev/tools': i % 2 === 0 ? 'shared' : 'own' } : undefined,
    })),
  );

/** Labels that a server must have to be discovered; only servers whose tools are no one else's do. */
const DISCOVERABLE = 'acme.dev/discoverable';
const SHARED_TOOLS = ['db_query', 'db_insert', 'report_make'];

const grantArbitrary: fc.Arbitrary<GrantProgram> = fc
  .record({
    resources: fc.subarray(['/pods', '/pods/log', '/secrets', 'apps/deployments', 'acme.dev/widgets'], {
      minLength: 1,
    }),
    verbs: fc.subarray(['get', 'list', 'watch', 'patch'], { minLength: 1 }),
    where: fc.oneof(
      fc.constant({}),
      fc.subarray(['finance', 'ops'], { minLength: 1 }).map(namespaces => ({ namespaces })),
      fc.constant({ clusterWide: true }),
    ),
    resourceNames: maybe(fc.constant(['a', 'b'])),
  })
  .map(({ where, ...grant }) => ({ ...grant, ...where }));

const permissionsArbitrary: fc.Arbitrary<PermissionsProgram> = fc
  .record({
    profile: maybe(fc.constantFrom('none' as const, 'network-only' as const, 'full-access' as const)),
    kubernetes: fc.array(grantArbitrary, { maxLength: 3 }),
    write: fc.subarray(['/srv/data', '/srv/cache', '/var/run']),
  })
  .map(({ profile, kubernetes, write }) => ({
    profile,
    kubernetes: profile === 'none' || profile === 'network-only' ? [] : kubernetes,
    write,
  }));

/** Permissions that leave a program what it cannot run without: a package has to be downloaded. */
function possible(permissions: PermissionsProgram | undefined, source: SourceProgram): PermissionsProgram | undefined {
  const downloads = source.kind === 'npx' || source.kind === 'uvx';
  return permissions !== undefined && downloads && permissions.profile === 'none'
    ? { ...permissions, profile: undefined }
    : permissions;
}

function serverArbitrary(id: string, namespaces: readonly NamespaceProgram[]): fc.Arbitrary<ServerProgram> {
  const names = namespaces.map(({ name }) => name);
  const ownTools = ['query', 'insert', 'get-all'].map(tool => `${id}_${tool}`);
  return fc
    .record({
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
        fc.subarray(names, { minLength: 1 }).map(allowed => ({ names: allowed })),
        fc
          .constantFrom<Readonly<Record<string, string>>[]>(
            { 'acme.dev/tools': 'shared' },
            { 'kubernetes.io/metadata.name': names[0] },
          )
          .map(labels => ({ labels })),
      ),
      env: fc.record({
        plain: maybe(text),
        secret: maybe(fc.constant('credentials')),
        configMap: maybe(fc.constant('mode')),
      }),
      volumes: fc.subarray(['emptyDir' as const, 'configMap' as const, 'claim' as const]),
      user: maybe(fc.constant(4711)),
      httpReadiness: maybe(fc.constant('/healthz')),
      pod: podArbitrary,
      permissions: maybe(permissionsArbitrary),
      customization: maybe(fc.constantFrom('sidecar' as const, 'label' as const, 'jsonPatch' as const)),
      name: fc.oneof({ weight: 9, arbitrary: label }, { weight: 1, arbitrary: longName(50) }),
    })
    .map(
      ({
        cluster,
        source,
        scale,
        budget,
        own,
        tools,
        filter,
        consent,
        name,
        namespace,
        permissions,
        ...hosted
      }): ServerProgram => {
        const catalogue = (own ? ownTools : SHARED_TOOLS).slice(0, tools ?? 0);
        const remote = source.kind === 'remote';
        return {
          id,
          kind: cluster ? 'ClusterMCPServer' : 'MCPServer',
          name,
          namespace,
          source,
          // What runs as a single replica gets no choice of the other sessions or replicas.
          ...(isStdio(source)
            ? { replicas: scale.replicas === undefined ? undefined : Math.min(scale.replicas, 1) }
            : remote
              ? { sessions: scale.sessions }
              : scale),
          ...(remote
            ? { env: {}, volumes: [], pod: {} }
            : { disruptionBudget: budget, permissions: possible(permissions, source), ...hosted }),
          labels: own || tools === undefined ? { [DISCOVERABLE]: 'yes' } : {},
          tools: tools === undefined ? undefined : catalogue,
          toolsFilter:
            filter === undefined
              ? undefined
              : {
                  all: ['*'],
                  first: [catalogue[0] ?? 'anything'],
                  prefix: [`${(catalogue[0] ?? 'any_').split('_')[0]}_*`],
                }[filter],
          consent: cluster ? consent : undefined,
        };
      },
    );
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
  const labels: Readonly<Record<string, string>> = {
    ...program.namespaces.find(({ name }) => name === namespace)?.labels,
    'kubernetes.io/metadata.name': namespace,
  };
  return Object.entries(consent.labels).every(([key, value]) => labels[key] === value);
}

/** Tools that a server exposes, as far as it declares them. Filters here are names and prefixes only. */
function exposed(server: ServerProgram): readonly string[] | undefined {
  return server.tools?.filter(
    tool =>
      server.toolsFilter?.some(filter =>
        filter.endsWith('*') ? tool.startsWith(filter.slice(0, -1)) : tool === filter,
      ) ?? true,
  );
}

function backendsArbitrary(
  servers: readonly ServerProgram[],
  maxLength: number,
): fc.Arbitrary<readonly BackendProgram[]> {
  return (
    fc
      .shuffledSubarray([...servers], { minLength: 1, maxLength: Math.min(maxLength, servers.length) })
      .chain(chosen =>
        fc.tuple(
          fc.nat(chosen.length - 1),
          ...chosen.map(({ id }) =>
            fc.constantFrom(undefined, 0, 1, 10, 90, 333).map((weight): BackendProgram => ({ server: id, weight })),
          ),
        ),
      )
      // One at least gets requests.
      .map(([served, ...backends]) =>
        backends.map((backend, i) => (i === served && backend.weight === 0 ? { ...backend, weight: 1 } : backend)),
      )
  );
}

function toolsArbitrary(servers: readonly ServerProgram[]): fc.Arbitrary<NonNullable<MatchProgram['tools']>> {
  const known = [...new Set(servers.flatMap(server => exposed(server) ?? []))];
  // A pattern must select a tool where all servers declare theirs.
  return fc
    .constantFrom(...(known.length > 0 ? known : ['db_query', 'x']))
    .chain(tool =>
      fc.constantFrom<NonNullable<MatchProgram['tools']>[]>(
        { kind: 'exact', values: [tool] },
        { kind: 'prefix', values: [tool.slice(0, 2)] },
        { kind: 'regex', values: [`(${tool}|other_[a-z]+)`] },
        { kind: 'regex', values: [`${tool.slice(0, 1)}.*`] },
        { kind: 'glob', values: [tool] },
        { kind: 'glob', values: [`${tool.slice(0, 1)}*`, `*${tool.slice(-1)}`] },
      ),
    );
}

const headerArbitrary: fc.Arbitrary<MatchProgram['headers'][number]> = fc.constantFrom<
  MatchProgram['headers'][number][]
>(
  { kind: 'exact', name: 'X-Tenant', value: 'acme "$1"' },
  { kind: 'prefix', name: 'x-client', value: 'assistant.' },
  { kind: 'regex', name: 'x-release', value: 'canary|beta' },
);

function matchesArbitrary(
  servers: readonly ServerProgram[],
  routeBackends: readonly BackendProgram[],
): fc.Arbitrary<readonly MatchProgram[]> {
  const byId = new Map(servers.map(server => [server.id, server]));
  const stateless = servers.every(server => !isStateful(server));
  const one = fc.option(backendsArbitrary(servers, 3), { nil: [], freq: 3 }).chain(backends => {
    const targets = (backends.length > 0 ? backends : routeBackends).map(({ server }) => byId.get(server)!);
    return fc
      .record({
        tools: maybe(toolsArbitrary(targets)),
        headers: fc.uniqueArray(headerArbitrary, { maxLength: 2, selector: ({ name }) => name }),
        method: stateless ? maybe(fc.constantFrom('tools/call', 'tools/list', 'prompts/get')) : fc.constant(undefined),
      })
      .map(({ tools, headers, method }): MatchProgram => ({
        tools,
        // Rules about tools are about requests that name one.
        method: tools !== undefined && method === 'prompts/get' ? 'tools/call' : method,
        headers:
          tools === undefined && method === undefined && headers.length === 0
            ? [{ kind: 'exact', name: 'x-tenant', value: 'acme' }]
            : headers,
        backends,
      }));
  });
  return fc.array(one, { maxLength: 3 }).map(matches => {
    // Somebody must answer `initialize`: a rule without a method, or the route's own backends.
    const connects =
      matches.every(({ backends }) => backends.length > 0) || matches.some(({ method }) => method === undefined);
    return connects
      ? matches
      : matches.map(match => ({
          ...match,
          method: undefined,
          headers: match.tools === undefined ? [{ kind: 'exact', name: 'x-tenant', value: 'acme' }] : match.headers,
        }));
  });
}

function routeArbitrary(
  id: string,
  namespace: string,
  servers: readonly ServerProgram[],
  gateways: readonly GatewayProgram[],
): fc.Arbitrary<RouteProgram> {
  const retries = servers.every(({ source }) => !('transport' in source) || source.transport !== 'sse');
  return backendsArbitrary(servers, 4)
    .chain(backends =>
      fc.record({
        id: fc.constant(id),
        name: label,
        namespace: fc.constant(namespace),
        gateway: fc.constantFrom(...gateways.map(gateway => gateway.id), ...(gateways.length === 1 ? [undefined] : [])),
        backends: fc.constant(backends),
        matches: matchesArbitrary(servers, backends),
        requestHeaders: maybe(
          fc.constantFrom({ set: { 'X-Route': 'a$b' }, remove: ['x-internal'] }, { add: { 'x-hop': '1' } }),
        ),
        responseHeaders: maybe(fc.constantFrom({ set: { 'x-served-by': 'mcp' } }, { remove: ['server'] })),
        timeouts: maybe(
          fc.constantFrom({ request: 30_000 }, { request: 60_000, backendRequest: 1_500 }, { backendRequest: 10_000 }),
        ),
        retry: retries
          ? maybe(fc.constantFrom({ attempts: 3 }, { attempts: 2, backoff: 250, codes: [503] }))
          : fc.constant(undefined),
      }),
    )
    .chain(route =>
      routePolicyArbitrary(gateways.find(gateway => gateway.id === (route.gateway ?? gateways[0].id))!.policy).map(
        policy => ({ ...route, policy }),
      ),
    );
}

function gatewayArbitrary(
  id: string,
  index: number,
  namespaces: readonly NamespaceProgram[],
  servers: readonly ServerProgram[],
): fc.Arbitrary<GatewayProgram> {
  const discoverable = servers.filter(server => DISCOVERABLE in server.labels).map(server => server.id);
  const { ServiceType } = kplus;
  return fc
    .record({
      id: fc.constant(id),
      kind: fc.constantFrom('MCPGateway' as const, 'MCPGateway' as const, 'ClusterMCPGateway' as const),
      name: fc.oneof({ weight: 9, arbitrary: label }, { weight: 1, arbitrary: longName(61) }),
      namespace: fc.constantFrom(...namespaces.map(({ name }) => name)),
      scale: fc.constantFrom<Pick<GatewayProgram, 'replicas' | 'autoscaling'>[]>(
        {},
        { replicas: 1 },
        { replicas: 3 },
        { autoscaling: { minReplicas: 2, maxReplicas: 4 } },
      ),
      minAvailable: maybe(fc.constant(1)),
      antiAffinity: maybe(fc.constantFrom(AntiAffinity.PREFERRED, AntiAffinity.REQUIRED, AntiAffinity.NONE)),
      port: maybe(fc.constantFrom(8080, 9443)),
      tls: fc.option(
        fc.record({
          from: fc.constantFrom('secret' as const, 'issuer' as const),
          clients: maybe(fc.constantFrom('secret' as const, 'issuer' as const, 'otherIssuer' as const)),
        }),
        { nil: undefined, freq: 2 },
      ),
      // Ports of nodes belong to the whole cluster.
      service: fc.constantFrom<GatewayProgram['service'][]>(
        {},
        { port: 8080 },
        { type: ServiceType.NODE_PORT, nodePort: 30_080 + index },
        { type: ServiceType.LOAD_BALANCER, sourceRanges: ['203.0.113.0/24'] },
      ),
      sessionKey: maybe(fc.constant('my-session-key')),
      sessionAffinityHeader: maybe(fc.constant('X-User')),
      allowedRemoteHosts: maybe(fc.constant(['*.example.com', 'tools.example.org', 'MCP.example.net'])),
      observability: fc.record({
        prometheusScrape: maybe(fc.boolean()),
        logLevel: maybe(fc.constantFrom(GatewayLogLevel.DEBUG, GatewayLogLevel.ERROR)),
        logFormat: maybe(fc.constant(GatewayLogFormat.TEXT)),
        accessLog: fc.subarray(['tool' as const, 'arguments' as const, 'header' as const, 'text' as const]),
        tracing: maybe(
          fc.record({ protocol: maybe(fc.constant(OtlpProtocol.HTTP)), sampling: maybe(fc.constantFrom(0, 0.25, 1)) }),
        ),
      }),
      discovery: maybe(
        fc.oneof(
          fc.record({ labels: fc.constant({ [DISCOVERABLE]: 'yes' }), skipUnavailable: maybe(fc.boolean()) }),
          fc.record({
            labelExists: fc.constant(DISCOVERABLE),
            namespaceLabels: fc.constantFrom<Readonly<Record<string, string>>[]>(
              { 'acme.dev/tools': 'shared' },
              { 'kubernetes.io/metadata.name': 'finance' },
            ),
          }),
          ...(discoverable.length === 0
            ? []
            : [fc.record({ servers: fc.shuffledSubarray(discoverable, { minLength: 1 }) })]),
        ),
      ),
      policy: gatewayPolicyArbitrary,
      pod: podArbitrary,
    })
    .map(({ scale, ...gateway }) => ({ ...gateway, ...scale }));
}

/** Makes names unique where the objects named from them would collide: within a namespace, and over the cluster for cluster-scoped kinds. */
function withUniqueNames<T extends { readonly kind: string; readonly name: string; readonly namespace: string }>(
  parts: readonly T[],
): T[] {
  const taken = new Set<string>();
  return parts.map((part, i) => {
    const keysOf = (name: string): string[] => [
      `${part.namespace}/${name}`,
      ...(part.kind.startsWith('Cluster') ? [`${part.kind}/${name}`] : []),
    ];
    const name = keysOf(part.name).some(key => taken.has(key)) ? `${part.name}${i}` : part.name;
    keysOf(name).forEach(key => taken.add(key));
    return { ...part, name };
  });
}

/** Drops the limits of gateways whose names leave no room for the suffixes of the objects that count calls. */
function withShortLimits(program: Program): Program {
  const short = (gateway: GatewayProgram): boolean => gateway.name.length <= 46;
  const unlimited = (policy: PolicyProgram | undefined): PolicyProgram | undefined =>
    policy && { ...policy, rates: [] };
  return {
    ...program,
    gateways: program.gateways.map(gateway =>
      short(gateway) ? gateway : { ...gateway, policy: unlimited(gateway.policy) },
    ),
    routes: program.routes.map(route =>
      short(program.gateways.find(({ id }) => id === (route.gateway ?? program.gateways[0].id))!)
        ? route
        : { ...route, policy: unlimited(route.policy) },
    ),
  };
}

/** A server that no route or gateway of a program has to do with. */
export function unrelatedServerArbitrary(program: Program): fc.Arbitrary<ServerProgram> {
  return serverArbitrary('unrelated', program.namespaces).map(server => ({ ...server, name: 'unrelated', labels: {} }));
}

/** The same program, written down in another order. */
export function permutedArbitrary(program: Program): fc.Arbitrary<Program> {
  const shuffled = <T>(list: readonly T[]): fc.Arbitrary<T[]> =>
    fc.shuffledSubarray([...list], { minLength: list.length });
  return fc.record({
    layout: fc.constant(program.layout),
    namespaces: shuffled(program.namespaces),
    gateways: shuffled(program.gateways),
    servers: shuffled(program.servers),
    routes: shuffled(program.routes),
  });
}

/** Programs that this library accepts: 1 to 3 gateways, up to 6 servers, up to 3 routes. */
export const programArbitrary: fc.Arbitrary<Program> = fc
  .record({
    layout: fc.constantFrom<Program['layout'][]>('chart-per-namespace', 'one-chart'),
    namespaces: namespacesArbitrary,
    serverCount: fc.integer({ min: 0, max: 6 }),
    gatewayCount: fc.constantFrom(1, 1, 2, 3),
    routeCount: fc.integer({ min: 0, max: 3 }),
  })
  .chain(({ layout, namespaces, serverCount, gatewayCount, routeCount }) =>
    fc.tuple(...Array.from({ length: serverCount }, (_, i) => serverArbitrary(`s${i}`, namespaces))).chain(drafts => {
      const servers = withUniqueNames(drafts);
      return fc
        .tuple(...Array.from({ length: gatewayCount }, (_, i) => gatewayArbitrary(`g${i}`, i, namespaces, servers)))
        .chain(gatewayDrafts => {
          // Servers come first, so their names stay as they are.
          const gateways = withUniqueNames<ServerProgram | GatewayProgram>([...servers, ...gatewayDrafts]).slice(
            servers.length,
          ) as GatewayProgram[];
          const usable = namespaces
            .map(({ name }) => ({ name, servers: servers.filter(server => mayUse({ namespaces }, name, server)) }))
            .filter(namespace => namespace.servers.length > 0);
          const routes =
            usable.length === 0
              ? fc.constant([])
              : fc.tuple(
                  ...Array.from({ length: routeCount }, (_, i) =>
                    fc
                      .constantFrom(...usable)
                      .chain(namespace => routeArbitrary(`r${i}`, namespace.name, namespace.servers, gateways)),
                  ),
                );
          return routes.map((routeDrafts): Program =>
            withShortLimits({
              layout,
              namespaces,
              gateways,
              servers,
              routes: withUniqueNames(routeDrafts.map(route => ({ ...route, kind: 'MCPRoute' }))).map(
                ({ kind, ...route }) => route,
              ),
            }),
          );
        });
    }),
  );
