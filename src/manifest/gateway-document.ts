import { withoutAddress } from './other-document';
import { ManifestDocument, placesIn, ReadContext, Reading } from './plan';
import { POLICY_FIELDS, policyFields, policyOf } from './policy-document';
import { checkServer } from './references';
import { DocumentCheck } from './source-document';
import { methodsIn } from '../api/authentication';
import { credentialsIn } from '../api/backend-credentials';
import { serverAuthCredentials } from '../api/gateway-auth';
import { callerMethods } from '../api/gateway-callers';
import { limitsOfRates } from '../api/gateway-rates';
import { DiscoveryValue, StaticServerValue } from '../api/gateway-servers';
import { gatewaySpec, GatewaySpecValue } from '../api/mcp-gateway';
import { Place, placeIn } from '../api/place';
import { checkUnrendered } from '../api/upstream';
import { ClusterMcpGateway } from '../gateway/cluster-mcp-gateway';
import { planeOf } from '../gateway/data-plane';
import { checkExposure } from '../gateway/exposure';
import { exposuresOf } from '../gateway/exposure-fields';
import { checkGateway } from '../gateway/gateway-checks';
import { containerOf, gatewayModel, GATEWAY_CONTAINER } from '../gateway/gateway-model';
import { resourceSpec } from '../gateway/gateway-resource';
import { exposedService } from '../gateway/imported-gateway';
import { McpGateway } from '../gateway/mcp-gateway';
import { GatewayPlace, GatewayStatement } from '../gateway/statement';
import { errorKind, InputCheck } from '../model/findings';
import { Discovery, ServerCredentials } from '../model/gateway';
import { GatewayKind } from '../model/route';
import { BackendCredential, ServerRef, formatServerRef, serverKey } from '../model/server';
import { NO_POLICY, PolicyState } from '../policy/level-policy';
import { checkNamespace } from '../synthesis/placement';
import { compact, Json, withoutUndefined } from '../values/json';
import { formatPath, Path } from '../values/paths';

const GATEWAY_CONTAINER_MISSING = errorKind(
  'gateway-container-missing',
  `has no container named "${GATEWAY_CONTAINER}", so these would run beside the gateway's own`,
  `Name the container that is the gateway "${GATEWAY_CONTAINER}": its fields are merged over what is rendered`,
);
const SERVICE_PORTS_SEVERAL = errorKind(
  'service-ports-several',
  'has several ports: the Service of a gateway has one',
  'Keep one',
);
const SERVICE_PORT_NAME = errorKind(
  'service-port-name',
  'is the name of a port that speaks something else, by which meshes go, and this one speaks {scheme}',
  'Write {scheme}',
);
const SERVICE_PORT_NAME_INVALID = errorKind(
  'service-port-name-invalid',
  'is not a name of a port (at most 15 of a-z, 0-9 and single "-", with a letter)',
  'Write {scheme}',
);
const SERVICE_PORT_PROTOCOL = errorKind('service-port-protocol', 'does not carry HTTP', 'Write TCP');
const SERVICE_TARGET_PORT = errorKind(
  'service-target-port',
  'is not the port that the gateway listens on ({listening})',
  'Write the same in both places, or in one',
);
const TRACING_NOT_ENABLED = errorKind(
  'tracing-not-enabled',
  'is missing, and traces are off by default',
  'Write enabled: true, or remove tracing',
);
const TRACING_PROVIDER = errorKind(
  'tracing-provider',
  'is not supported: gateways speak OTLP',
  'Write OpenTelemetry; collectors translate',
);
const TRACING_ENDPOINT_MISSING = errorKind(
  'tracing-endpoint-missing',
  'is missing',
  'Write the URL of a collector, such as http://otel-collector.observability.svc:4317',
);
const STATEMENT_NOT_RENDERED = errorKind('statement-not-rendered', 'is not what is rendered ({actual})', '{instead}');
const AUTO_DISCOVERY_OFF = errorKind(
  'auto-discovery-off',
  'is false, but each synthesis selects servers anew',
  'Remove it, or list the servers in static',
);
const STATIC_PRIORITY = errorKind('static-priority', 'is not supported: all servers are served together', 'Remove it');
const STATIC_CREDENTIALS_TWICE = errorKind(
  'static-credentials-twice',
  'is given beside credentials: it is not said which of them count',
  'Keep one of the two',
);
const STATIC_NAME_AMBIGUOUS = errorKind(
  'static-name-ambiguous',
  'is the name of both {own} and {shared}',
  'Write the namespace of the MCPServer, or rename one',
);

/** Fields that say what a gateway of this library does anyway; any other value would be wrong. */
const STATEMENTS: readonly Path[] = [
  ['transport'],
  ['observability', 'health'],
  ['observability', 'metrics', 'format'],
  ['observability', 'metrics', 'port'],
  ['observability', 'metrics', 'path'],
  ['observability', 'logging', 'output'],
];

/** Reads an MCPGateway or ClusterMCPGateway. */
export function readGateway(document: ManifestDocument, context: ReadContext): Reading {
  const { check, metadata, spec } = document;
  const { rendered } = context;
  const cluster = document.kind === 'ClusterMCPGateway';
  const kind = cluster ? 'ClusterMCPGateway' : 'MCPGateway';
  const namespace: string | undefined =
    (cluster ? spec.workloadNamespace : metadata.namespace) ?? context.chartNamespace;
  const { clientCredentials, rates, ...said } = readSpec(kind, document, context);
  const value = withoutUndefined({ ...said, dataPlane: said.dataPlane ?? context.dataPlane });
  const asked = { clientCredentials, rates };
  if (rendered) {
    checkRendered(spec, check);
  }
  const service = exposedService({ name: metadata.name, namespace: namespace ?? '' }, value, metadata.labels);
  const exposures = rendered ? exposuresOf(value, check.placeAt(['spec', 'network']), service) : [];
  const statement: GatewayStatement = {
    ...metadata,
    namespace: namespace ?? '',
    value,
    policy: rendered ? readAsked(asked, document, context, namespace) : NO_POLICY,
    discovery: value.discovery && readDiscovery(value.discovery, document, context, namespace),
    exposures,
    code: {},
    document: { spec: writtenSpec(spec, rendered) },
  };
  checkStated(statement, { ...statement, kind, profile: context.profile }, document, context);
  return {
    create: (scope, id) =>
      cluster ? ClusterMcpGateway._stated(scope, id, statement) : McpGateway._stated(scope, id, statement),
  };
}

/** What a gateway asks of its callers, in fields of this library's or in upstream's. */
function readAsked(
  { clientCredentials, rates }: Pick<GatewaySpecValue, 'clientCredentials' | 'rates'>,
  document: ManifestDocument,
  context: ReadContext,
  namespace: string | undefined,
): PolicyState {
  const { check, spec } = document;
  const said = policyOf(check.read(policyFields, spec, ['spec'])!, document, context, namespace);
  const place = check.placeAt(['spec', 'policy']);
  const methods = clientCredentials === undefined ? [] : callerMethods(clientCredentials, place.at('authentication'));
  const limits = rates === undefined ? [] : limitsOfRates(rates, place.at('rateLimit'));
  return {
    ...said,
    authentication: [...said.authentication, ...methodsIn(namespace, methods)],
    rateLimits: [...said.rateLimits, ...limits],
  };
}

/** The spec without what it asks of callers. What traffic is held to is an operator's to read, in controller mode. */
function readSpec(kind: GatewayKind, { check, spec }: ManifestDocument, { rendered }: ReadContext): GatewaySpecValue {
  const { podSpec, ...others } = without(spec, [...POLICY_FIELDS, ...(rendered ? [] : ['policy', 'protocolVersion'])]);
  const json = podSpec === undefined ? others : { ...others, podSpec: withoutAddress(podSpec) };
  const table = gatewaySpec(kind);
  return (rendered ? check.read(table, json, ['spec']) : table.decode(json, new Place(() => undefined))) ?? {};
}

/** The part of a spec that its resource has as it stands there. Pod templates reach it with what is done to the pods. */
function writtenSpec(spec: Json, rendered: boolean): Json {
  const { policy = {}, ...others } = without(spec, [...POLICY_FIELDS, 'podSpec']);
  const { authentication, rateLimit, ...rest } = policy;
  const kept = { ...rest, ...(authentication?.enabled === false ? { authentication } : {}) };
  return { ...others, ...compact({ policy: rendered ? kept : policy }) };
}

function without(object: Json, fields: readonly string[]): Json {
  return Object.fromEntries(Object.entries(object).filter(([field]) => !fields.includes(field)));
}

/** Reports what is wrong with a statement, at the places of its document. */
function checkStated(
  statement: GatewayStatement,
  place: GatewayPlace,
  document: ManifestDocument,
  { rendered }: ReadContext,
): void {
  const { check, kind } = document;
  check.attempt(placesIn(document), () => {
    const input = new InputCheck('');
    const { namespace } = statement;
    checkNamespace(
      input,
      namespace === '' ? undefined : namespace,
      kind === 'ClusterMCPGateway' ? 'workloadNamespace' : 'namespace',
    );
    statement.exposures.forEach((exposure, i) =>
      checkExposure(
        exposure,
        placeIn(input, path => formatPath(['exposures', i, ...path])),
      ),
    );
    checkGateway(input, statement, place);
    input.throwIfAny();
    if (rendered) {
      const gateway = gatewayModel(statement, place, '', rendered);
      const rendering = { plane: planeOf(statement.value.dataPlane), container: containerOf(gateway) };
      const { document: written, ...said } = statement;
      checkStatements(document, resourceSpec(said, gateway, statement.policy, undefined, rendering));
    }
  });
}

/** Holds what a document states about a gateway against the resource of one made without those statements. */
function checkStatements({ check, spec }: ManifestDocument, rendered: Json): void {
  const compare = (path: Path, stated: unknown, actual: unknown): void => {
    if (typeof stated === 'object' && stated !== null) {
      Object.entries(stated).forEach(([field, value]) =>
        compare([...path, field], value, (actual as Json | undefined)?.[field]),
      );
    } else if (stated !== undefined && stated !== actual) {
      check.report(STATEMENT_NOT_RENDERED, path, stated, {
        actual: JSON.stringify(actual) ?? 'nothing',
        instead: actual === undefined ? 'Remove it' : `Write ${JSON.stringify(actual)}, or remove it`,
      });
    }
  };
  const at = (object: Json, path: Path) => path.reduce<any>((value, step) => value?.[step], object);
  STATEMENTS.forEach(path => compare(['spec', ...path], at(spec, path), at(rendered, path)));
}

/** Reports what can not be rendered as it is written. */
function checkRendered(spec: Json, check: DocumentCheck): void {
  const place = check.placeAt(['spec']);
  checkContainers(spec.podSpec?.spec?.containers ?? [], place.at('podSpec', 'spec', 'containers'));
  checkPorts(spec, place.at('network', 'service', 'ports'));
  checkTracing(spec.observability?.tracing, place.at('observability', 'tracing'));
  checkServers(spec.mcpServers ?? {}, check);
  checkUnrendered(gatewaySpec('ClusterMCPGateway'), spec, place);
}

function checkContainers(containers: readonly Json[], place: Place): void {
  const names = containers.map(({ name }) => name);
  place.report(GATEWAY_CONTAINER_MISSING, names, containers.length > 0 && !names.includes(GATEWAY_CONTAINER));
}

/** Names of ports, as Kubernetes has them. */
const PORT_NAME = /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/;

/** Protocols by which meshes know ports, before a "-" in their names. */
const KNOWN_PROTOCOLS = ['http', 'https', 'http2', 'grpc', 'tcp', 'tls', 'udp', 'mongo', 'mysql', 'redis'];

function checkPorts({ network, tls }: Json, place: Place): void {
  const ports: readonly Json[] = network?.service?.ports ?? [];
  const listening: number | undefined = network?.transport?.http?.port;
  place.report(SERVICE_PORTS_SEVERAL, ports, ports.length > 1);
  const [{ name, protocol, targetPort }] = ports.length === 0 ? ([{}] as Json[]) : ports;
  const scheme = tls === undefined ? 'http' : 'https';
  const valid = ports.length !== 1 || PORT_NAME.test(name);
  place.at(0, 'name').report(SERVICE_PORT_NAME_INVALID, name, valid ? undefined : { scheme });
  const [spoken] = String(name).split('-');
  const misleading = valid && KNOWN_PROTOCOLS.includes(spoken) && spoken !== scheme;
  place.at(0, 'name').report(SERVICE_PORT_NAME, name, misleading ? { scheme } : undefined);
  place.at(0, 'protocol').report(SERVICE_PORT_PROTOCOL, protocol, protocol === 'UDP');
  const elsewhere = listening !== undefined && targetPort !== undefined && targetPort !== listening;
  place.at(0, 'targetPort').report(SERVICE_TARGET_PORT, targetPort, elsewhere ? { listening } : undefined);
}

function checkTracing(tracing: Json | undefined, place: Place): void {
  if (tracing?.enabled !== true) {
    const silent = tracing !== undefined && tracing.enabled === undefined;
    place.at('enabled').report(TRACING_NOT_ENABLED, tracing?.enabled, silent);
    return;
  }
  const { endpoint, provider = 'OpenTelemetry' } = tracing;
  place.at('provider').report(TRACING_PROVIDER, provider, provider !== 'OpenTelemetry');
  place.at('endpoint').report(TRACING_ENDPOINT_MISSING, endpoint, endpoint === undefined);
}

function checkServers(mcpServers: Json, check: DocumentCheck): void {
  const { autoDiscovery, namespaceSelector, selector, static: listed = [] } = mcpServers;
  const path: Path = ['spec', 'mcpServers'];
  check.report(
    AUTO_DISCOVERY_OFF,
    [...path, 'autoDiscovery'],
    autoDiscovery,
    autoDiscovery === false && (selector ?? namespaceSelector) !== undefined,
  );
  (listed as Json[]).forEach(({ auth, credentials, priority = 0 }, i) => {
    check.report(STATIC_PRIORITY, [...path, 'static', i, 'priority'], priority, priority !== 0);
    check.report(
      STATIC_CREDENTIALS_TWICE,
      [...path, 'static', i, 'auth'],
      auth?.method,
      auth !== undefined && credentials !== undefined,
    );
  });
}

/** The servers that a document names or selects; undefined where it does neither. Namespaces alone mean all servers in them. */
function readDiscovery(
  { servers: listed = [], selector, namespaceSelector }: DiscoveryValue,
  document: ManifestDocument,
  context: ReadContext,
  namespace: string | undefined,
): Discovery | undefined {
  if (listed.length === 0 && selector === undefined && namespaceSelector === undefined) {
    return undefined;
  }
  const place = document.check.placeAt(['spec', 'mcpServers', 'static']);
  const servers = listed.map((server, i) => readServer(server, ['spec', 'mcpServers', 'static', i], document, context));
  const credentials = listed.flatMap((server, i): ServerCredentials[] => {
    const proved = context.rendered ? provedTo(server, place.at(i), namespace) : undefined;
    return proved === undefined ? [] : [{ server: servers[i], credentials: proved }];
  });
  return {
    servers,
    selector: selector ?? (namespaceSelector && { matchLabels: {}, matchExpressions: [] }),
    namespaceSelector,
    skipUnavailable: true,
    credentials: credentials.length === 0 ? undefined : credentials,
  };
}

/** What is proved to a listed server: upstream's `auth`, which is an operator's in controller mode, or this library's own. */
function provedTo(
  { auth, credentials }: StaticServerValue,
  place: Place,
  namespace: string | undefined,
): readonly BackendCredential[] | undefined {
  const said = credentials ?? (auth && (auth.method === 'None' ? [] : serverAuthCredentials(auth, place.at('auth'))));
  return said && credentialsIn(namespace, said);
}

function readServer(
  { name, namespace }: StaticServerValue,
  path: Path,
  { check, kind, metadata }: ManifestDocument,
  { inventory }: ReadContext,
): ServerRef {
  const shared: ServerRef = { kind: 'ClusterMCPServer', name };
  if (namespace === undefined && kind === 'ClusterMCPGateway') {
    checkServer(check, [...path, 'name'], shared, inventory);
    return shared;
  }
  const own: ServerRef = { kind: 'MCPServer', name, namespace: namespace ?? metadata.namespace };
  const exists = (ref: ServerRef) => inventory.servers.some(server => serverKey(server) === serverKey(ref));
  if (namespace === undefined && exists(shared)) {
    check.report(
      STATIC_NAME_AMBIGUOUS,
      [...path, 'name'],
      name,
      exists(own) ? { own: formatServerRef(own), shared: formatServerRef(shared) } : undefined,
    );
    return shared;
  }
  checkServer(check, [...path, 'name'], own, inventory);
  return own;
}
