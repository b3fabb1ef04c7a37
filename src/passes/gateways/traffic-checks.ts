import { Diagnostic, errorKind, findingAt, findingOf, Said, say } from '../../model/findings';
import { Gateway } from '../../model/gateway';
import { Entry, GatewayPlan, serversOfPlan } from '../../model/plan';
import { alternatives } from '../../model/policy';
import { formatServerRef } from '../../model/server';
import { alwaysYieldsUser } from '../policy/authentication';

const SESSION_ISOLATION_NAMELESS = errorKind(
  'session-isolation-nameless',
  "a session cannot be its caller's alone at {entry}: {why}",
  'Add an authentication that names callers, or use SessionIsolationMode.RELAXED',
);
const ENCRYPTION_GATEWAY_PLAIN = errorKind(
  'encryption-gateway-plain',
  'the gateway serves its clients by plain HTTP',
  'Give the gateway its certificate (tls: GatewayTls.fromIssuer or fromSecret)',
);
const ENCRYPTION_OUTSIDE_SERVER_PLAIN = errorKind(
  'encryption-outside-server-plain',
  'the gateway reaches {server}, outside the cluster, by plain HTTP',
  'Use its https URL',
);
const ENCRYPTION_SERVER_PLAIN = errorKind(
  'encryption-server-plain',
  'the gateway reaches {server} by plain HTTP',
  'Encrypt the network of the cluster with a service mesh and ask for encryptionInTransit alone, or serve it by https',
);
const ENCRYPTION_TRACES_PLAIN = errorKind(
  'encryption-traces-plain',
  'traces go to {endpoint}',
  'Use the https URL of the collector',
);
const ENCRYPTION_COUNTS_PLAIN = errorKind(
  'encryption-counts-plain',
  'calls are counted by a service that gateways reach by plain HTTP/2',
  'Drop the rate limits, or ask for encryptionInTransit alone',
);
const ENCRYPTION_KEYS_PLAIN = errorKind(
  'encryption-keys-plain',
  'keys of an issuer come from {url}',
  'Use an https URL',
);

/** What of a gateway's policy the rest of the app contradicts. */
export function checkTrafficPolicy({ gateway, entries }: GatewayPlan): Diagnostic[] {
  return [...unnamedSessions(gateway, entries), ...plainConnections(gateway, entries)];
}

/** Sessions that are their callers' alone, where callers have no name. */
function unnamedSessions({ path, traffic }: Gateway, entries: readonly Entry[]): Diagnostic[] {
  return traffic?.sessionIsolation?.mode !== 'strict'
    ? []
    : entries
        .filter(({ policy }) => !alwaysYieldsUser((policy?.authentication ?? []).map(({ method }) => method)))
        .map(entry =>
          findingOf(SESSION_ISOLATION_NAMELESS, path, 'sessionIsolation.mode', 'strict', {
            entry: entry.path,
            why:
              entry.policy === undefined || entry.policy.authentication.length === 0
                ? 'callers are not authenticated there'
                : 'some callers pass with an API key that names none',
          }),
        );
}

/** Connections that are not encrypted, where they have to be. */
function plainConnections(gateway: Gateway, entries: readonly Entry[]): Diagnostic[] {
  const { inTransit, required } = gateway.traffic?.compliance?.encryption ?? { inTransit: false, required: false };
  if (!inTransit && !required) {
    return [];
  }
  const property = `compliance.encryption.${required ? 'requireEncryption' : 'encryptionInTransit'}`;
  const plain = serversOfPlan({ entries }).filter(({ endpoints }) => endpoints.some(({ tls }) => tls === undefined));

  const at = [gateway.path, property, true] as const;
  return [
    ...(gateway.tls === undefined ? [findingOf(ENCRYPTION_GATEWAY_PLAIN, ...at)] : []),
    ...plain
      .filter(({ workloadNamespace }) => workloadNamespace === undefined)
      .map(server => findingOf(ENCRYPTION_OUTSIDE_SERVER_PLAIN, ...at, { server: formatServerRef(server) })),
    ...(required
      ? [
          ...plain
            .filter(({ workloadNamespace }) => workloadNamespace !== undefined)
            .map(server => findingOf(ENCRYPTION_SERVER_PLAIN, ...at, { server: formatServerRef(server) })),
          ...plainServices(gateway, entries).map(said => findingAt(said, ...at)),
        ]
      : []),
  ];
}

/** What a gateway reaches besides servers. */
function plainServices({ tracing }: Gateway, entries: readonly Entry[]): Said[] {
  const counts = entries.some(({ policy }) => (policy?.rateLimits ?? []).length > 0);
  return [
    ...(tracing === undefined || tracing.endpoint.startsWith('https:')
      ? []
      : [say(ENCRYPTION_TRACES_PLAIN, { endpoint: tracing.endpoint })]),
    ...(counts ? [say(ENCRYPTION_COUNTS_PLAIN)] : []),
    ...plainKeys(entries).map(url => say(ENCRYPTION_KEYS_PLAIN, { url })),
  ];
}

function plainKeys(entries: readonly Entry[]): string[] {
  const methods = entries
    .flatMap(({ policy }) => policy?.authentication ?? [])
    .flatMap(({ method }) => alternatives(method));
  return [
    ...new Set(
      methods.flatMap(method =>
        method.kind === 'jwt' && method.keys.kind === 'url' && method.keys.url.startsWith('http:')
          ? [method.keys.url]
          : [],
      ),
    ),
  ];
}
