import { authenticationClusters, certificates } from './authentication';
import { groupClusters } from './backends';
import { bootstrap } from './bootstrap';
import { typed } from './config';
import { listener } from './listener';
import { BOOTSTRAP_FILE, CLUSTERS_FILE, LISTENERS_FILE, ROUTES_FILE } from './names';
import { tracingClusters } from './observability';
import { rateLimitClusters } from './rate-limits';
import { routeConfiguration } from './routes';
import { secretOf, secretResource } from './sds';
import { proxyClusters, tunnelListeners } from './tunnels';
import { serverCertificates } from './upstream-tls';
import { GatewayPlan } from '../../model/plan';
import { Json } from '../../values/json';
import { blockYaml, compactYaml } from '../block-yaml';

/** The configuration files of a gateway, by name. */
export function render(plan: GatewayPlan): Readonly<Record<string, string>> {
  const clusters = [
    ...plan.entries.flatMap(entry =>
      entry.groups.filter(({ servers }) => servers.length > 0).flatMap(group => groupClusters(plan, entry, group)),
    ),
    ...proxyClusters(plan),
    ...authenticationClusters(plan),
    ...rateLimitClusters(plan),
    ...tracingClusters(plan),
  ];
  return {
    [BOOTSTRAP_FILE]: blockYaml(bootstrap(plan.gateway)),
    [CLUSTERS_FILE]: resources('envoy.config.cluster.v3.Cluster', clusters),
    [LISTENERS_FILE]: resources('envoy.config.listener.v3.Listener', [listener(plan), ...tunnelListeners(plan)]),
    [ROUTES_FILE]: resources('envoy.config.route.v3.RouteConfiguration', [routeConfiguration(plan)]),
    ...Object.fromEntries(
      [...certificates(plan), ...serverCertificates(plan)].map(secret => [
        secretResource(secret.name),
        blockYaml({ resources: [secretOf(secret)] }),
      ]),
    ),
  };
}

/** A file of resources, in the form of an answer of a control plane. */
function resources(type: string, messages: readonly Json[]): string {
  return compactYaml({ resources: messages.map(message => typed(type, message)) });
}
