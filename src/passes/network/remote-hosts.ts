import { HostName, keyAddresses, mayBeService, readHost } from './host-names';
import { DEFAULT_PROFILE } from '../../model/cluster';
import { Diagnostic, errorKind, findingIf, findingOf } from '../../model/findings';
import { Gateway } from '../../model/gateway';
import { isAddressIn, matchesHost, ownMachine } from '../../model/hosts';
import { Entry, GatewayPlan, serversOf } from '../../model/plan';
import { formatServerRef, isRemote, Server } from '../../model/server';
import { Index, mayUse } from '../../model/topology';
import { distinct } from '../../values/json';

/*
 * Where remote servers may be. A gateway connects to more than a team can: to other teams' servers, past what their routes ask
 * of callers, and to itself. So a URL of a team is not enough to be connected to something in the cluster: whose it is has to
 * consent.
 */

const OWN_MACHINE = errorKind(
  'remote-host-own-machine',
  '{what}: whoever calls the server would reach what serves the gateway itself',
  'Name the host that the server is at',
);

const IN_CLUSTER = errorKind(
  'remote-host-in-cluster',
  '{server} is at {what}, which nobody has shared with it',
  'Use the McpServer or ClusterMcpServer itself, keep the server in the namespace of the Service, or name the host in allowedRemoteHosts of the gateway "{gateway}"',
);

const NOT_ALLOWED = errorKind(
  'remote-host-not-allowed',
  '{server} is at a host that the gateway "{gateway}" does not allow (allowedRemoteHosts: {allowed})',
  'Add the host to allowedRemoteHosts of the gateway, or serve the server by another gateway',
);

const KEYS_OWN_MACHINE = errorKind(
  'keys-host-own-machine',
  '{what}: whatever answers there would say whose tokens are good',
  'Name the host that the issuer serves its keys at, or give the keys themselves (jwks)',
);

/** Keys of issuers that a gateway would fetch from its own pod or node. */
export function checkKeyHosts({ gateway, entries }: GatewayPlan): Diagnostic[] {
  const methods = [
    ...(gateway.policy?.authentication ?? []),
    ...entries
      .flatMap(({ policy }) => policy?.authentication ?? [])
      .flatMap(({ method, origins }) => origins.map(origin => ({ method, origin }))),
  ];
  return distinct(
    keyAddresses(methods).flatMap(({ host, origin }) => {
      const what = ownMachine(host);
      return findingIf(KEYS_OWN_MACHINE, origin.path, origin.property, host, what === undefined ? undefined : { what });
    }),
  );
}

/** Remote servers that are at the gateway's own pod or node, wherever that is. */
export function checkOwnMachine(server: Server): Diagnostic[] {
  return hostsOf(server).flatMap(host => {
    const what = ownMachine(host);
    return findingIf(OWN_MACHINE, server.path, 'url', host, what === undefined ? undefined : { what });
  });
}

/**
 * Remote servers of an entry at hosts that nobody lets its gateway connect to. The namespaces are those that the app has
 * something in: they tell the Service `ledger.finance` from a host of a domain.
 */
export function checkRemoteHosts(
  gateway: Gateway,
  entry: Entry,
  index: Index,
  namespaces: ReadonlySet<string>,
): Diagnostic[] {
  const property = entry.origin === gateway.path ? 'discovery' : 'backends';
  return serversOf(entry).flatMap(server =>
    hostsOf(server).flatMap(host => {
      const inside = insideCluster(host, gateway, index, namespaces);
      const names = { server: formatServerRef(server), gateway: gateway.path };
      if (ownMachine(host) !== undefined || isAllowed(host, inside, gateway)) {
        return [];
      }
      if (inside !== undefined) {
        return gateway.imported || isShared(inside, server, index)
          ? []
          : [findingOf(IN_CLUSTER, entry.origin, property, host, { ...names, what: wordsOf(inside) })];
      }
      const { allowedRemoteHosts: allowed } = gateway;
      return allowed === undefined
        ? []
        : [
            findingOf(NOT_ALLOWED, entry.origin, property, host, {
              ...names,
              allowed: allowed.length === 0 ? 'none' : allowed.join(', '),
            }),
          ];
    }),
  );
}

function hostsOf(server: Server): readonly string[] {
  return isRemote(server) ? distinct(server.endpoints.map(({ host }) => host)) : [];
}

/** Something of the cluster: a Service, an address, or a name that none of the rules for Services fits. */
type Inside = Exclude<HostName, { readonly kind: 'external' }>;

/** What a host is in the cluster; undefined for one outside. */
function insideCluster(
  host: string,
  { workloadNamespace, profile = DEFAULT_PROFILE }: Gateway,
  index: Index,
  namespaces: ReadonlySet<string>,
): Inside | undefined {
  const { clusterDomain, clusterCidrs } = profile;
  // With a dot at its end it is nobody's name, and not every resolver sees it so.
  const found = readHost(host.replace(/\.svc\.$/, '.svc'), {
    namespace: workloadNamespace,
    clusterDomain,
    isNamespace: name => namespaces.has(name),
  });
  if (found.kind === 'address') {
    return isAddressIn(clusterCidrs, host) ? found : undefined;
  }
  return found.kind === 'external' ? replicaOf(host, index) : found;
}

/** The Service of a replica, by the short form of its name (`ledger-0.ledger-replicas.finance`), which hosts of domains may have too. */
function replicaOf(host: string, index: Index): Inside | undefined {
  const [replica, name, namespace, ...rest] = host.split('.');
  const known =
    replica !== undefined &&
    rest.length === 0 &&
    [...index.servers.values()].some(
      server => server.workloadNamespace === namespace && [server.name, `${server.name}-replicas`].includes(name),
    );
  return known ? { kind: 'service', namespace, name } : undefined;
}

/** Whether the platform has named a host; something in the cluster, by a name that means it. */
function isAllowed(
  host: string,
  inside: Inside | undefined,
  { allowedRemoteHosts = [], profile = DEFAULT_PROFILE }: Gateway,
): boolean {
  return allowedRemoteHosts.some(pattern => {
    if (inside?.kind !== 'service') {
      return matchesHost(pattern, host);
    }
    // `*.dev` means hosts of a domain, even where there is a namespace of that name.
    const full = `${inside.name}.${inside.namespace}.svc`;
    return (
      pattern === host ||
      (mayBeService(pattern, profile.clusterDomain) &&
        pattern.includes('.svc') &&
        [full, `${full}.${profile.clusterDomain}`].some(name => matchesHost(pattern.replace(/\.$/, ''), name)))
    );
  });
}

/** Whether a Service is the team's own, or one of a server that is shared with the team. */
function isShared(inside: Inside, server: Server, index: Index): boolean {
  if (inside.kind !== 'service' || server.namespace === undefined) {
    return false;
  }
  const { name, namespace } = inside;
  return (
    namespace === server.namespace ||
    [...index.servers.values()].some(
      other =>
        other.kind === 'ClusterMCPServer' &&
        other.workloadNamespace === namespace &&
        other.name === name &&
        mayUse(server.namespace!, other, index),
    )
  );
}

function wordsOf(inside: Inside): string {
  switch (inside.kind) {
    case 'service':
      return `the Service ${inside.name} of the namespace ${inside.namespace}`;
    case 'address':
      return "an address of the cluster (the profile's clusterCidrs)";
    default:
      return "a name of the cluster's domain";
  }
}
