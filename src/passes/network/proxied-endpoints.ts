import { bypassesProxy } from './external-hosts';
import { readHost } from './host-names';
import { knownNamespaces } from './namespaces';
import { Gateway } from '../../model/gateway';
import { Entry } from '../../model/plan';
import { Endpoint, Server } from '../../model/server';
import { Topology } from '../../model/topology';

/** An entry whose servers outside the cluster are reached through the proxy of the gateway's cluster, where it has one. */
export function throughProxy(entry: Entry, { profile, workloadNamespace }: Gateway, topology: Topology): Entry {
  const proxy = profile?.proxy;
  if (profile === undefined || proxy === undefined) {
    return entry;
  }
  const namespaces = knownNamespaces(topology);
  const context = {
    namespace: workloadNamespace,
    clusterDomain: profile.clusterDomain,
    isNamespace: (name: string) => namespaces.has(name),
  };
  const { hostname, port } = new URL(proxy.url);
  const reach = (endpoint: Endpoint): Endpoint => {
    const found = readHost(endpoint.host, context);
    return found.kind === 'external' && !bypassesProxy(proxy, found.host)
      ? { ...endpoint, proxy: `${hostname}:${port || 80}` }
      : endpoint;
  };
  const proxied = (server: Server): Server =>
    server.workloadNamespace === undefined ? { ...server, endpoints: server.endpoints.map(reach) } : server;
  return {
    ...entry,
    groups: entry.groups.map(group => ({
      ...group,
      servers: group.servers.map(({ server, weight }) => ({ server: proxied(server), weight })),
    })),
  };
}
