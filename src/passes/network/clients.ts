import { dns } from './servers';
import { Caller, resolveTarget, World } from './targets';
import { PodFacts, podKey, Reached, reached, tcpPort, Workload } from './workload';
import { DEFAULT_PROFILE } from '../../model/cluster';
import { Gateway } from '../../model/gateway';
import { IsolatedPods, McpClient } from '../../model/network';
import { selects } from '../../model/references';
import { gatewayKey } from '../../model/route';
import { compareText } from '../../values/text';

/** The pods of a client, and all that they were connected to. */
export interface ClientNetwork {
  readonly workload: Workload;
  /**
   * Whether a policy lets them connect. A first policy would cut pods off from everything else, so there is one only where
   * the user asked for it, or where another policy of the app has cut them off already.
   */
  readonly restricted: boolean;
  readonly findings: Reached['findings'];
}

/** What clients are connected to: gateways by their key, and servers. */
export interface ClientWorld extends World {
  readonly gateways: ReadonlyMap<string, Workload>;
  readonly gatewayOfRoute: ReadonlyMap<string, Gateway>;
}

/** Connects clients, those of the same pods together. */
export function connectClients(
  clients: readonly McpClient[],
  isolated: readonly IsolatedPods[],
  facts: PodFacts,
  world: ClientWorld,
): ClientNetwork[] {
  const groups = new Map<string, McpClient[]>();
  for (const client of clients) {
    const key = `${client.path}\n${podKey(client.pods)}`;
    groups.set(key, [...(groups.get(key) ?? []), client]);
  }
  return [...groups].sort(([a], [b]) => compareText(a, b)).map(([, group]) => connect(group, isolated, facts, world));
}

function connect(
  group: readonly McpClient[],
  isolated: readonly IsolatedPods[],
  facts: PodFacts,
  world: ClientWorld,
): ClientNetwork {
  const [first] = group;
  const { path, pods, profile = DEFAULT_PROFILE } = first;
  const workload = new Workload(path, facts.client(first), profile, `client ${pods.namespace}/${first.name}`);
  const restricted =
    group.some(({ isolate }) => isolate === true) ||
    isolated.some(
      policy => policy.namespace === pods.namespace && selects(policy.pods, first.podLabels ?? pods.labels),
    );
  const caller: Caller = { namespace: pods.namespace, profile, unnameable: 'refuse', sidecar: false, proxied: true };
  const found = group.map(client => target(client, caller, world));
  workload.egress.push(dns(workload), ...found.flatMap(({ rules }) => rules));
  // What else the pods of a client may connect to is not this library's business, unless it restricts them.
  return { workload, restricted, findings: restricted ? found.flatMap(({ findings }) => findings) : [] };
}

function target(client: McpClient, caller: Caller, world: ClientWorld): Reached {
  const { origin } = client;
  if (client.target.kind === 'server') {
    return resolveTarget({ target: client.target, ports: [], origin }, caller, world);
  }
  const gateway =
    client.target.kind === 'gateway'
      ? world.index.gateways.get(gatewayKey(client.target.gateway))
      : world.gatewayOfRoute.get(client.target.path);
  if (gateway === undefined) {
    // A route without a gateway is reported as such.
    return reached({});
  }
  const own = world.gateways.get(gatewayKey(gateway));
  const words = `gateway ${gateway.workloadNamespace}/${gateway.name}`;
  return reached({
    rules: [
      own === undefined
        ? {
            peer: { kind: 'pods', namespaces: { kind: 'names', names: [gateway.workloadNamespace] } },
            ports: [],
            origin,
            words,
          }
        : { peer: own.peer, ports: [tcpPort(own.port!)], origin, words },
    ],
  });
}
