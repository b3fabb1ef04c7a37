import { bootstrap } from './bootstrap';
import { groupClusters } from './clusters';
import { Messages } from './config/api';
import { typed } from './config/config';
import { BOOTSTRAP_FILE, CLUSTERS_FILE, LISTENERS_FILE, ROUTES_FILE } from './config/names';
import { EnvoyPlan } from './config/plan';
import { secretOf, secretResource } from './config/tls';
import { filterChain, listener } from './listener';
import { PARTS } from './parts';
import { routeConfiguration } from './routes';
import { blockYaml, compactYaml } from '../../values/yaml';

/** The configuration files of a gateway, by name. */
export function render(plan: EnvoyPlan): Readonly<Record<string, string>> {
  const chain = filterChain(plan);
  const resources = PARTS.map(part => part.resources?.(plan) ?? {});
  const clusters = [
    ...plan.entries.flatMap(entry => entry.groups.flatMap(group => groupClusters(plan, entry, group))),
    ...resources.flatMap(part => part.clusters ?? []),
  ];
  const listeners = [listener(plan, chain), ...resources.flatMap(part => part.listeners ?? [])];
  return {
    [BOOTSTRAP_FILE]: blockYaml(bootstrap(plan.gateway)),
    [CLUSTERS_FILE]: file('envoy.config.cluster.v3.Cluster', clusters),
    [LISTENERS_FILE]: file('envoy.config.listener.v3.Listener', listeners),
    [ROUTES_FILE]: file('envoy.config.route.v3.RouteConfiguration', [routeConfiguration(plan, chain)]),
    ...Object.fromEntries(
      resources
        .flatMap(part => part.secrets ?? [])
        .map(secret => [secretResource(secret.name), blockYaml({ resources: [secretOf(secret)] })]),
    ),
  };
}

/** Messages that stand in files. */
type Resource =
  'envoy.config.cluster.v3.Cluster' | 'envoy.config.listener.v3.Listener' | 'envoy.config.route.v3.RouteConfiguration';

/** A file of resources, in the form of an answer of a control plane. */
function file<T extends Resource>(type: T, messages: readonly Messages[T][]): string {
  return compactYaml({ resources: messages.map(message => typed(type, message)) });
}
