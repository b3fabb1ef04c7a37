import * as kplus from 'cdk8s-plus-28';
import { IConstruct } from 'constructs';
import { credentialsOf } from '../api/backend-credentials';
import { DiscoveryValue } from '../api/gateway-servers';
import { errorKind, InputCheck } from '../model/findings';
import { Discovery } from '../model/gateway';
import { LabelRequirement, LabelSelector, serverKey, ServerKind, ServerRef } from '../model/server';
import { credentialSecrets } from '../passes/servers/credentials';
import { IMcpServer } from '../references';
import { BackendCredential } from '../server/backend-credential';
import { checkSecretPlace } from '../synthesis/config-and-secrets';
import { checkSameApp } from '../synthesis/placement';
import { withoutUndefined } from '../values/json';

/** What a gateway proves to one of the servers that it serves at `/mcp`. */
export interface DiscoveredServerCredentials {
  /** The server, one of `servers`. */
  readonly server: IMcpServer;

  /** What is proved to it; an empty list proves nothing. Their Secrets are in the namespace of the gateway's pods. */
  readonly credentials: BackendCredential[];
}

/**
 * Which servers a gateway serves together at `/mcp`: those listed, and those whose labels match.
 * Labels are matched over the app at synthesis.
 */
export interface McpServerDiscovery {
  /**
   * Servers by reference, of any namespace.
   *
   * @default - none
   */
  readonly servers?: IMcpServer[];

  /**
   * Labels that a server must have, all of them.
   *
   * @default - servers are not selected by labels
   */
  readonly labels?: { [key: string]: string };

  /**
   * Further conditions on the labels of servers.
   *
   * @default - none
   */
  readonly expressions?: kplus.LabelExpression[];

  /**
   * Labels that the namespace of a selected server must have, as far as this app declares them
   * (`kplus.Namespace`). Every namespace has `kubernetes.io/metadata.name`. A ClusterMCPServer is in no
   * namespace and is selected by its own labels alone.
   *
   * @default - the gateway's own namespace; every namespace for a ClusterMcpGateway
   */
  readonly namespaceLabels?: { [key: string]: string };

  /**
   * Further conditions on the labels of namespaces.
   *
   * @default - none
   */
  readonly namespaceExpressions?: kplus.LabelExpression[];

  /**
   * Whether the tools of a server that does not answer are left out. Else a client gets no session.
   *
   * @default true
   */
  readonly skipUnavailable?: boolean;

  /**
   * What is proved to some of `servers` at `/mcp`, in place of what they declare themselves. Routes go by what they declare.
   *
   * @default - what they declare
   */
  readonly credentials?: DiscoveredServerCredentials[];
}

const DISCOVERY_EMPTY = errorKind('discovery-empty', 'selects no server', 'Give servers, labels or expressions');
const DISCOVERY_NAMESPACES_ALONE = errorKind(
  'discovery-namespaces-alone',
  'restricts a selection by labels that is not there',
  'Give labels or expressions too, or drop it',
);
const DISCOVERY_CREDENTIALS_UNLISTED = errorKind(
  'discovery-credentials-unlisted',
  'is not among `servers`',
  'List it there, or give it credentials of its own',
);
const DISCOVERY_CREDENTIALS_TWICE = errorKind(
  'discovery-credentials-twice',
  'has credentials already',
  'Give them in one place',
);

function requirements(expressions: readonly kplus.LabelExpression[] | undefined): LabelRequirement[] {
  return (expressions ?? []).map(({ key, operator, values }) => ({
    key,
    operator: operator as LabelRequirement['operator'],
    values: values ?? [],
  }));
}

function selector(
  labels: { [key: string]: string } | undefined,
  expressions: readonly kplus.LabelExpression[] | undefined,
): LabelSelector | undefined {
  return labels === undefined && expressions === undefined
    ? undefined
    : { matchLabels: { ...labels }, matchExpressions: requirements(expressions) };
}

/** Reports servers of another app. */
export function checkSameServers(
  input: InputCheck,
  construct: IConstruct,
  { servers = [], credentials = [] }: McpServerDiscovery = {},
): void {
  servers.forEach((server, i) => checkSameApp(input, `discovery.servers[${i}]`, construct, server));
  credentials.forEach(({ server }, i) => checkSameApp(input, `discovery.credentials[${i}].server`, construct, server));
}

/** Checks what one discovery can know about itself, for pods of a namespace. */
export function checkDiscovery(input: InputCheck, discovery: Discovery | undefined, namespace: string): void {
  if (discovery === undefined) {
    return;
  }
  const { servers, selector: chosen, namespaceSelector } = discovery;
  input.report(DISCOVERY_EMPTY, 'discovery', {}, servers.length === 0 && chosen === undefined);
  input.report(
    DISCOVERY_NAMESPACES_ALONE,
    'discovery.namespaceLabels',
    namespaceSelector?.matchLabels,
    chosen === undefined && namespaceSelector !== undefined,
  );
  checkDiscoveredCredentials(input, discovery, namespace);
}

function checkDiscoveredCredentials(
  input: InputCheck,
  { servers, credentials = [] }: Discovery,
  namespace: string,
): void {
  const listed = servers.map(serverKey);
  const given = credentials.map(({ server }) => serverKey(server));
  credentials.forEach(({ server, credentials: proved = [] }, i) => {
    const property = `discovery.credentials[${i}]`;
    input.report(DISCOVERY_CREDENTIALS_UNLISTED, `${property}.server`, server.name, !listed.includes(given[i]));
    input.report(DISCOVERY_CREDENTIALS_TWICE, `${property}.server`, server.name, given.indexOf(given[i]) < i);
    proved.forEach((credential, c) =>
      credentialSecrets(credential).forEach(secret =>
        checkSecretPlace(input, `${property}.credentials[${c}]`, secret, namespace),
      ),
    );
  });
}

function refOf({ kind, name, namespace }: IMcpServer): ServerRef {
  return { kind: kind as ServerKind, name, namespace };
}

/** A discovery as plain data. */
export function discoveryModel(discovery: McpServerDiscovery): Discovery {
  return {
    servers: (discovery.servers ?? []).map(refOf),
    selector: selector(discovery.labels, discovery.expressions),
    namespaceSelector: selector(discovery.namespaceLabels, discovery.namespaceExpressions),
    skipUnavailable: discovery.skipUnavailable ?? true,
    credentials: discovery.credentials?.map(({ server, credentials }) => ({
      server: refOf(server),
      credentials: credentials.length === 0 ? undefined : credentials.map(({ _model }) => _model),
    })),
  };
}

/** A discovery as resources say it, for a gateway with pods in a namespace. */
export function discoveryValue(discovery: Discovery, namespace: string): DiscoveryValue {
  const { servers, selector: chosen, namespaceSelector } = discovery;
  const proved = new Map(
    (discovery.credentials ?? []).map(({ server, credentials = [] }) => [
      serverKey(server),
      credentialsOf(namespace, credentials),
    ]),
  );
  return withoutUndefined({
    servers:
      servers.length === 0
        ? undefined
        : servers.map(ref =>
            withoutUndefined({ name: ref.name, namespace: ref.namespace, credentials: proved.get(serverKey(ref)) }),
          ),
    selector: chosen,
    namespaceSelector,
  });
}
