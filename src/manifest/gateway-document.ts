import * as kplus from 'cdk8s-plus-28';
import { readCredentials, readServerAuth } from './credentials-document';
import { parseDuration } from './durations';
import { Fields } from './fields';
import { readGatewayAuthentication } from './gateway-authentication-document';
import { exposureField, exposurePlaces, readNetwork } from './network-document';
import { METADATA_TRANSLATIONS, ManifestDocument, ReadContext, OptionsReading, translator } from './plan';
import { withoutAddress } from './pod-spec';
import { POLICY_FIELDS, POLICY_TRANSLATIONS, readPolicy } from './policy-document';
import { readGatewayRates } from './rate-limit-document';
import { Constructs, checkServer } from './references';
import { DocumentCheck } from './source-document';
import { readTls } from './tls-document';
import { gatewayPolicy, TrafficValue } from '../api/gateway-policy';
import { mcpServers } from '../api/gateway-servers';
import { protocolVersion } from '../api/protocol-version';
import { ClusterMcpGateway } from '../gateway/cluster-mcp-gateway';
import { GatewayDataPlane } from '../gateway/data-plane';
import {
  GatewayHealthCheckOptions,
  GatewayLogFormat,
  GatewayLogLevel,
  GatewayObservabilityOptions,
  GatewayTracingOptions,
  McpGatewayOptions,
  OtlpProtocol,
} from '../gateway/gateway-options';
import { GATEWAY_CONTAINER } from '../gateway/hosted-gateway';
import { McpGateway } from '../gateway/mcp-gateway';
import { McpServerDiscovery } from '../gateway/server-discovery-options';
import { LabelSelector, ServerRef, formatServerRef, serverKey } from '../model/server';
import { BackendCredential } from '../server/backend-credential';
import { carry } from '../synthesis/carried';
import { compact, Json } from '../values/json';
import { Path } from '../values/paths';
import { wholeDurationProblem } from '../values/quantities';

const translateGateway = translator({
  ...METADATA_TRANSLATIONS,
  ...POLICY_TRANSLATIONS,
  port: 'spec.network.transport.http.port',
  podTemplate: 'spec.podSpec',
  service: 'spec.network.service',
  'service.port': 'spec.network.service.ports[0].port',
  discovery: 'spec.mcpServers',
  'discovery.servers': 'spec.mcpServers.static',
  'discovery.labels': 'spec.mcpServers.selector.matchLabels',
  'discovery.expressions': 'spec.mcpServers.selector.matchExpressions',
  'discovery.namespaceLabels': 'spec.mcpServers.namespaceSelector.matchLabels',
  'discovery.namespaceExpressions': 'spec.mcpServers.namespaceSelector.matchExpressions',
  'observability.tracing.sampling': 'spec.observability.tracing.samplingRate',
  healthCheck: 'spec.mcpServers.healthCheck',
  ...Object.fromEntries(Object.keys(gatewayPolicy.fields).map(field => [field, `spec.policy.${field}`])),
});

/** Where options of a gateway were read from: its construct has the credentials of listed servers, and what stands in front of it, in lists of their own. */
export function gatewayTranslator(spec: Json): (property: string) => Path {
  const places = exposurePlaces(spec);
  const withCredentials = ((spec.mcpServers?.static ?? []) as Json[]).flatMap((entry, i) =>
    hasCredentials(entry) ? [i] : [],
  );
  return property => {
    const [, exposure, option] = /^exposures\[([0-9]+)\]\.?(.*)$/.exec(property) ?? [];
    if (exposure !== undefined) {
      const place = places[Number(exposure)];
      return [...place, ...exposureField(option, place)];
    }
    const [, index, rest] = /^discovery\.credentials\[([0-9]+)\](.*)$/.exec(property) ?? [];
    return translateGateway(
      index === undefined
        ? property
        : `discovery.servers[${withCredentials[Number(index)]}]${rest.replace(/^\.server$/, '')}`,
    );
  };
}

/** Fields that say what a gateway of this library does anyway; any other value would be wrong. */
const STATEMENTS = [
  ['transport'],
  ['observability', 'health'],
  ['observability', 'metrics', 'format'],
  ['observability', 'metrics', 'port'],
  ['observability', 'metrics', 'path'],
  ['observability', 'logging', 'output'],
];

/** Well-known port of OTLP over HTTP; the API has no field for the protocol. */
const OTLP_HTTP_PORT = '4318';

const LOG_LEVELS: Readonly<Record<string, GatewayLogLevel>> = {
  Error: GatewayLogLevel.ERROR,
  Warn: GatewayLogLevel.WARN,
  Info: GatewayLogLevel.INFO,
  Debug: GatewayLogLevel.DEBUG,
};

/** Reads an MCPGateway or ClusterMCPGateway. */
export function readGateway(document: ManifestDocument, context: ReadContext): OptionsReading {
  const { check, kind, metadata, spec } = document;
  const fields = new Fields(spec);
  // What only rendering can not do is no concern of an operator.
  const limits = context.rendered ? check : new DocumentCheck(document.source);
  const workloadNamespace = kind === 'ClusterMCPGateway' ? fields.read('workloadNamespace') : undefined;
  const namespace = workloadNamespace ?? metadata.namespace ?? context.chartNamespace;
  const discovery = readDiscovery(fields, document, context, limits, namespace);
  const policy = readPolicy(fields, document, context, namespace);
  const options: McpGatewayOptions = {
    name: metadata.name,
    labels: metadata.labels,
    annotations: metadata.annotations,
    replicas: fields.read('replicas'),
    allowedRemoteHosts: fields.read('allowedRemoteHosts'),
    podTemplate: readPodSpec(fields, limits),
    dataPlane: readDataPlane(fields, check),
    tls: readTls(context.rendered ? fields.read('tls') : undefined, check, namespace),
    ...readNetwork(fields, check, limits, context, metadata.name, namespace),
    observability: readObservability(fields, limits),
    healthCheck: readHealthCheck(fields, limits),
    ...(context.rendered
      ? {
          ...policy.options,
          authentication: [
            ...(policy.options.authentication ?? []),
            ...readGatewayAuthentication(fields, check, namespace),
          ],
          rateLimits: [...(policy.options.rateLimits ?? []), ...readGatewayRates(fields, check)],
        }
      : {}),
  };
  const traffic = context.rendered ? readTraffic(fields, check) : undefined;
  STATEMENTS.forEach(path => fields.read(...path));
  fields
    .unread()
    .forEach(({ path, value }) =>
      limits.error(
        path,
        value,
        'is not supported yet by what is rendered',
        'Remove it, or use Reconciliation.CONTROLLER where an operator acts on it',
      ),
    );

  // The pod template reaches the resource through the Deployment, with what is done to that; policies as the construct writes them.
  const { podSpec, policy: given, ...others } = spec;
  const rest = {
    ...Object.fromEntries(Object.entries(others).filter(([field]) => !POLICY_FIELDS.includes(field))),
    ...compact({ policy: context.rendered ? withoutRewritten(given ?? {}) : given }),
  };
  return {
    form: 'options',
    carried: { spec: { ...rest, ...policy.carried.spec }, warnings: policy.carried.warnings },
    create: (scope, id, constructs, extra) => {
      const props = { ...options, discovery: discovery?.(constructs) };
      const whole = { ...extra, traffic };
      return kind === 'ClusterMCPGateway'
        ? new ClusterMcpGateway(scope, id, carry({ ...props, workloadNamespace }, whole))
        : new McpGateway(scope, id, carry({ ...props, namespace: metadata.namespace }, whole));
    },
  };
}

/** Reads what a gateway asks of its traffic beyond who may call what and how often. */
function readTraffic(fields: Fields, check: DocumentCheck): TrafficValue {
  const { authentication, rateLimit, ...policy }: Json = fields.read('policy') ?? {};
  const versions = fields.read('protocolVersion');
  return {
    policy: check.read(gatewayPolicy, policy, ['spec', 'policy']) ?? {},
    protocolVersion: versions && check.read(protocolVersion, versions, ['spec', 'protocolVersion']),
  };
}

/** The part of `policy` that the construct does not write in fields of its own. */
function withoutRewritten({ authentication, rateLimit, ...policy }: Json): Json {
  return { ...policy, ...(authentication?.enabled === false ? { authentication } : {}) };
}

/** Holds what a document states about a gateway against the resource of one made without those statements. */
export function checkStatements({ check, spec }: ManifestDocument, rendered: Json): void {
  const compare = (path: Path, stated: unknown, actual: unknown): void => {
    if (typeof stated === 'object' && stated !== null) {
      Object.entries(stated).forEach(([field, value]) =>
        compare([...path, field], value, (actual as Json | undefined)?.[field]),
      );
    } else if (stated !== undefined && stated !== actual) {
      check.error(
        path,
        stated,
        `is not what is rendered (${JSON.stringify(actual) ?? 'nothing'})`,
        actual === undefined ? 'Remove it' : `Write ${JSON.stringify(actual)}, or remove it`,
      );
    }
  };
  const at = (object: Json, path: readonly string[]) => path.reduce<any>((value, step) => value?.[step], object);
  STATEMENTS.forEach(path => compare(['spec', ...path], at(spec, path), at(rendered, path)));
}

function readPodSpec(fields: Fields, limits: DocumentCheck): Json | undefined {
  const template = fields.read('podSpec');
  const containers: Json[] = template?.spec?.containers ?? [];
  const names = containers.map(({ name }) => name);
  const strangers = containers.length > 0 && !names.includes(GATEWAY_CONTAINER);
  limits.check(
    ['spec', 'podSpec', 'spec', 'containers'],
    names,
    strangers
      ? `has no container named "${GATEWAY_CONTAINER}", so these would run beside the gateway's own`
      : undefined,
    `Name the container that is the gateway "${GATEWAY_CONTAINER}": its fields are merged over what is rendered`,
  );
  return template && withoutAddress(template);
}

function readDataPlane(fields: Fields, check: DocumentCheck): GatewayDataPlane | undefined {
  const dataPlane = fields.read('dataPlane');
  const options = { image: dataPlane?.image };
  return (
    dataPlane &&
    check.attempt(
      () => ['spec', 'dataPlane', 'image'],
      () => (dataPlane.type === 'envoy' ? GatewayDataPlane.envoy(options) : GatewayDataPlane.agentgateway(options)),
    )
  );
}

function readObservability(fields: Fields, limits: DocumentCheck): GatewayObservabilityOptions | undefined {
  const level = fields.read('observability', 'logging', 'level');
  const format = fields.read('observability', 'logging', 'format');
  return {
    prometheusScrape: fields.read('observability', 'metrics', 'enabled'),
    logLevel: level && LOG_LEVELS[level],
    logFormat: format && (format === 'JSON' ? GatewayLogFormat.JSON : GatewayLogFormat.TEXT),
    tracing: readTracing(fields, limits),
  };
}

function readTracing(fields: Fields, limits: DocumentCheck): GatewayTracingOptions | undefined {
  const path = ['spec', 'observability', 'tracing'];
  const tracing: Json | undefined = fields.peek('observability', 'tracing');
  if (tracing?.enabled !== true) {
    fields.read('observability', 'tracing');
    limits.check(
      [...path, 'enabled'],
      tracing?.enabled,
      tracing !== undefined && tracing.enabled === undefined ? 'is missing, and traces are off by default' : undefined,
      'Write enabled: true, or remove tracing',
    );
    return undefined;
  }
  const [, provider = 'OpenTelemetry', endpoint, samplingRate] = [
    'enabled',
    'provider',
    'endpoint',
    'samplingRate',
  ].map(field => fields.read('observability', 'tracing', field));
  limits.check(
    [...path, 'provider'],
    provider,
    provider === 'OpenTelemetry' ? undefined : 'is not supported: gateways speak OTLP',
    'Write OpenTelemetry; collectors translate',
  );
  limits.check(
    [...path, 'endpoint'],
    endpoint,
    endpoint === undefined ? 'is missing' : undefined,
    'Write the URL of a collector, such as http://otel-collector.observability.svc:4317',
  );
  return endpoint === undefined
    ? undefined
    : {
        endpoint,
        protocol: new RegExp(`:${OTLP_HTTP_PORT}(/|$)`).test(endpoint) ? OtlpProtocol.HTTP : OtlpProtocol.GRPC,
        sampling: samplingRate === undefined ? undefined : Number(samplingRate),
      };
}

function readHealthCheck(fields: Fields, limits: DocumentCheck): GatewayHealthCheckOptions | undefined {
  const {
    enabled = true,
    interval,
    timeout,
    healthyThreshold,
    unhealthyThreshold,
  } = fields.read('mcpServers', 'healthCheck') ?? {};
  const given = compact({ interval, timeout, healthyThreshold, unhealthyThreshold });
  // Enabled and nothing more is the schema's default: readiness probes take servers out of their Service.
  if (enabled === false || Object.keys(given).length === 0) {
    return undefined;
  }
  const path = ['spec', 'mcpServers', 'healthCheck'];
  return {
    healthyThreshold,
    unhealthyThreshold,
    interval: readDuration(limits, [...path, 'interval'], interval),
    timeout: readDuration(limits, [...path, 'timeout'], timeout),
  };
}

function readDuration(limits: DocumentCheck, path: Path, text: string | undefined) {
  const problem = text === undefined ? undefined : wholeDurationProblem(text);
  limits.check(path, text, problem, 'Write it as 30s or 1m30s');
  return text === undefined || problem !== undefined ? undefined : parseDuration(text);
}

function readDiscovery(
  fields: Fields,
  document: ManifestDocument,
  context: ReadContext,
  limits: DocumentCheck,
  namespace: string | undefined,
): ((constructs: Constructs) => McpServerDiscovery) | undefined {
  const path = ['spec', 'mcpServers'];
  const { check } = document;
  const statics: Json[] = fields.read('mcpServers', 'static') ?? [];
  const [selector, namespaceSelector] = (['selector', 'namespaceSelector'] as const).map(field => {
    const given = fields.read('mcpServers', field);
    return given && check.read(mcpServers.fields[field], given, [...path, field]);
  });
  const autoDiscovery = fields.read('mcpServers', 'autoDiscovery');
  limits.check(
    [...path, 'autoDiscovery'],
    autoDiscovery,
    autoDiscovery === false && (selector ?? namespaceSelector) !== undefined
      ? 'is false, but each synthesis selects servers anew'
      : undefined,
    'Remove it, or list the servers in static',
  );
  const servers = statics.map((entry, i) => readStatic(entry, [...path, 'static', i], document, context, limits));
  const proved = statics.flatMap((entry, i) => {
    const given = readStaticCredentials(entry, [...path, 'static', i], document, context, namespace);
    return given === undefined ? [] : [{ server: servers[i], given }];
  });
  if (servers.length === 0 && selector === undefined && namespaceSelector === undefined) {
    return undefined;
  }
  // Namespaces alone mean all servers in them.
  const chosen = selector ?? (namespaceSelector && { matchLabels: {}, matchExpressions: [] });
  return constructs => ({
    servers: servers.map(server => constructs.server(server)),
    credentials:
      proved.length === 0
        ? undefined
        : proved.map(({ server, given }) => ({ server: constructs.server(server), credentials: given })),
    labels: chosen?.matchLabels,
    expressions: chosen && expressionsOf(chosen),
    namespaceLabels: namespaceSelector?.matchLabels,
    namespaceExpressions: namespaceSelector && expressionsOf(namespaceSelector),
  });
}

function expressionsOf(selector: LabelSelector): kplus.LabelExpression[] {
  return selector.matchExpressions.map(({ key, operator, values }) => {
    switch (operator) {
      case 'In':
        return kplus.LabelExpression.in(key, [...values]);
      case 'NotIn':
        return kplus.LabelExpression.notIn(key, [...values]);
      case 'Exists':
        return kplus.LabelExpression.exists(key);
      default:
        return kplus.LabelExpression.doesNotExist(key);
    }
  });
}

function hasCredentials({ auth, credentials }: Json): boolean {
  return auth !== undefined || credentials !== undefined;
}

/** Credentials towards a listed server: upstream's `auth`, which is an operator's in controller mode, or this library's own. */
function readStaticCredentials(
  entry: Json,
  path: Path,
  { check }: ManifestDocument,
  { rendered }: ReadContext,
  namespace: string | undefined,
): BackendCredential[] | undefined {
  const { auth, credentials } = entry;
  if (!rendered) {
    return undefined;
  }
  check.check(
    [...path, 'auth'],
    auth?.method,
    auth !== undefined && credentials !== undefined
      ? 'is given beside credentials: it is not said which of them count'
      : undefined,
    'Keep one of the two',
  );
  if (credentials !== undefined) {
    return readCredentials(credentials, check, [...path, 'credentials'], namespace);
  }
  return auth && (auth.method === 'None' ? [] : readServerAuth(auth, check, [...path, 'auth'], namespace));
}

function readStatic(
  entry: Json,
  path: Path,
  { check, kind, metadata }: ManifestDocument,
  { inventory }: ReadContext,
  limits: DocumentCheck,
): ServerRef {
  const { name, namespace, priority, auth, credentials, ...rest } = entry;
  for (const [field, value] of Object.entries(rest)) {
    limits.error(
      [...path, field],
      value,
      'is not supported: a gateway takes servers as they declare themselves',
      'Remove it',
    );
  }
  limits.check(
    [...path, 'priority'],
    priority,
    priority === undefined || priority === 0 ? undefined : 'is not supported: all servers are served together',
    'Remove it',
  );
  const shared: ServerRef = { kind: 'ClusterMCPServer', name };
  if (namespace === undefined && kind === 'ClusterMCPGateway') {
    checkServer(check, [...path, 'name'], shared, inventory);
    return shared;
  }
  const own: ServerRef = { kind: 'MCPServer', name, namespace: namespace ?? metadata.namespace };
  const exists = (ref: ServerRef) => inventory.servers.some(server => serverKey(server) === serverKey(ref));
  if (namespace === undefined && exists(shared)) {
    check.check(
      [...path, 'name'],
      name,
      exists(own) ? `is the name of both ${formatServerRef(own)} and ${formatServerRef(shared)}` : undefined,
      'Write the namespace of the MCPServer, or rename one',
    );
    return shared;
  }
  checkServer(check, [...path, 'name'], own, inventory);
  return own;
}
