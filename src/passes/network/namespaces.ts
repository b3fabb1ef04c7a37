import { Topology } from '../../model/topology';

/** Namespaces that an app has anything in, as far as its topology says. */
export function knownNamespaces({
  servers,
  routes,
  gateways,
  namespaces,
  clients = [],
  services = [],
}: Topology): ReadonlySet<string> {
  return new Set(
    [
      ...servers.flatMap(({ namespace, workloadNamespace }) => [namespace, workloadNamespace]),
      ...routes.map(({ namespace }) => namespace),
      ...gateways.map(({ workloadNamespace }) => workloadNamespace),
      ...namespaces.map(({ name }) => name),
      ...clients.map(({ pods }) => pods.namespace),
      ...services.map(({ namespace }) => namespace),
    ].filter(name => name !== undefined),
  );
}
