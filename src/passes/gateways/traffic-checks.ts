import { Diagnostic, errorAt } from '../../model/diagnostic';
import { Gateway } from '../../model/gateway';
import { Entry, GatewayPlan, serversOfPlan } from '../../model/plan';
import { formatServerRef } from '../../model/server';
import { alternatives } from '../policy/alternatives';
import { alwaysYieldsUser } from '../policy/yields';

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
          errorAt(
            path,
            'sessionIsolation.mode',
            'strict',
            entry.policy === undefined || entry.policy.authentication.length === 0
              ? `a session cannot be its caller's alone at ${entry.path}: callers are not authenticated there`
              : `a session cannot be its caller's alone at ${entry.path}: some callers pass with an API key that names none`,
            'Add an authentication that names callers, or use SessionIsolationMode.RELAXED',
          ),
        );
}

/** Connections that are not encrypted, where they have to be. */
function plainConnections(gateway: Gateway, entries: readonly Entry[]): Diagnostic[] {
  const { inTransit, required } = gateway.traffic?.compliance?.encryption ?? { inTransit: false, required: false };
  if (!inTransit && !required) {
    return [];
  }
  const property = `compliance.encryption.${required ? 'requireEncryption' : 'encryptionInTransit'}`;
  const refuse = (problem: string, remedy: string): Diagnostic =>
    errorAt(gateway.path, property, true, problem, remedy);
  const plain = serversOfPlan({ entries }).filter(({ endpoints }) => endpoints.some(({ tls }) => tls === undefined));
  return [
    ...(gateway.tls === undefined
      ? [
          refuse(
            'the gateway serves its clients by plain HTTP',
            'Give the gateway its certificate (tls: GatewayTls.fromIssuer or fromSecret)',
          ),
        ]
      : []),
    ...plain
      .filter(({ workloadNamespace }) => workloadNamespace === undefined)
      .map(server =>
        refuse(
          `the gateway reaches ${formatServerRef(server)}, outside the cluster, by plain HTTP`,
          'Use its https URL',
        ),
      ),
    ...(required
      ? [
          ...plain
            .filter(({ workloadNamespace }) => workloadNamespace !== undefined)
            .map(server =>
              refuse(
                `the gateway reaches ${formatServerRef(server)} by plain HTTP`,
                'Encrypt the network of the cluster with a service mesh and ask for encryptionInTransit alone, or serve it by https',
              ),
            ),
          ...plainServices(gateway, entries).map(({ problem, remedy }) => refuse(problem, remedy)),
        ]
      : []),
  ];
}

/** What a gateway reaches besides servers. */
function plainServices({ tracing }: Gateway, entries: readonly Entry[]): Pick<Diagnostic, 'problem' | 'remedy'>[] {
  const counts = entries.some(({ policy }) => (policy?.rateLimits ?? []).length > 0);
  return [
    ...(tracing === undefined || tracing.endpoint.startsWith('https:')
      ? []
      : [{ problem: `traces go to ${tracing.endpoint}`, remedy: 'Use the https URL of the collector' }]),
    ...(counts
      ? [
          {
            problem: 'calls are counted by a service that gateways reach by plain HTTP/2',
            remedy: 'Drop the rate limits, or ask for encryptionInTransit alone',
          },
        ]
      : []),
    ...plainKeys(entries).map(url => ({ problem: `keys of an issuer come from ${url}`, remedy: 'Use an https URL' })),
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
