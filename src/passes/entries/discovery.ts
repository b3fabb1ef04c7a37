import { Diagnostic, findingOf, warningKind } from '../../model/findings';
import { Discovery, DISCOVERY_PATH, Gateway } from '../../model/gateway';
import { Entry } from '../../model/plan';
import { selects } from '../../model/references';
import { formatServerRef, Server, serverKey } from '../../model/server';
import { Index, namespaceLabels, SERVER_UNKNOWN } from '../../model/topology';
import { compareText } from '../../values/text';
import { connectionOf, credentialFindings } from '../servers/credentials';
import { demandedCredentials } from '../servers/demands';

const DISCOVERY_SELECTS_NOTHING = warningKind(
  'discovery-selects-nothing',
  'no server of this app is selected',
  'Check the labels of the servers and of their namespaces (declare a namespace as a kplus.Namespace to give it labels)',
);

/** The servers a gateway discovers in this app, sorted by key. */
export function discover(
  gateway: Gateway,
  discovery: Discovery,
  index: Index,
): { readonly servers: readonly Server[]; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const found = new Map<string, Server>();
  discovery.servers.forEach((ref, i) => {
    const server = index.servers.get(serverKey(ref));
    if (server === undefined) {
      diagnostics.push(
        findingOf(SERVER_UNKNOWN, gateway.path, `discovery.servers[${i}]`, formatServerRef(ref), {
          declared: 'McpServer.fromMcpServerName',
        }),
      );
    } else {
      found.set(serverKey(server), server);
    }
  });
  if (discovery.selector !== undefined) {
    const before = found.size;
    for (const server of index.servers.values()) {
      if (selects(discovery.selector, server.labels) && inScope(server, gateway, discovery, index)) {
        found.set(serverKey(server), server);
      }
    }
    if (found.size === before) {
      diagnostics.push(findingOf(DISCOVERY_SELECTS_NOTHING, gateway.path, 'discovery.labels', discovery.selector));
    }
  }
  discovery.credentials?.forEach(({ server: ref, credentials }, i) => {
    const server = found.get(serverKey(ref));
    if (server !== undefined) {
      found.set(serverKey(ref), { ...server, credentials: [...(credentials ?? []), ...demandedCredentials(server)] });
      diagnostics.push(
        ...credentialFindings(
          gateway.path,
          `discovery.credentials[${i}].credentials`,
          credentials ?? [],
          connectionOf(server),
        ),
      );
    }
  });
  const servers = [...found.values()].sort((a, b) => compareText(serverKey(a), serverKey(b)));
  return { servers, diagnostics };
}

function inScope(server: Server, gateway: Gateway, discovery: Discovery, index: Index): boolean {
  if (server.namespace === undefined) {
    // A ClusterMCPServer belongs to no namespace: the label selector alone decides.
    return true;
  }
  if (discovery.namespaceSelector !== undefined) {
    return selects(discovery.namespaceSelector, namespaceLabels(index, server.namespace));
  }
  return gateway.kind === 'ClusterMCPGateway' || server.namespace === gateway.namespace;
}

/** Plans what a gateway serves at `/mcp`; no entry when it discovers nothing. */
export function planDiscovery(
  gateway: Gateway,
  index: Index,
): { readonly entry?: Entry; readonly diagnostics: readonly Diagnostic[] } {
  if (gateway.discovery === undefined) {
    return { diagnostics: [] };
  }
  const { servers, diagnostics } = discover(gateway, gateway.discovery, index);
  if (servers.length === 0) {
    return { diagnostics };
  }
  return {
    entry: {
      origin: gateway.path,
      id: 'mcp',
      path: DISCOVERY_PATH,
      groups: servers.map(server => ({ id: groupId(server), unless: [], servers: [{ server, weight: 1 }] })),
      skipUnavailable: gateway.discovery.skipUnavailable,
      counters: [],
    },
    diagnostics,
  };
}

/** A DNS label joins namespace and name without ambiguity: neither may contain a dot. */
function groupId(server: Server): string {
  return server.namespace === undefined ? server.name : `${server.namespace}.${server.name}`;
}
