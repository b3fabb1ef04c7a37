import { Mesh } from '../../model/cluster';
import { Diagnostic, findingOf, warningKind } from '../../model/findings';
import { NetworkPeer, NetworkRule, WorkloadNetwork } from '../../model/network';
import { NetworkPort } from '../../model/permissions';
import { distinctRules } from '../../passes/network/workload';
import { canonicalText, distinct, Json } from '../../values/json';
import { compareText } from '../../values/text';

/*
 * What policies of the network have to let pass where pods are in a mesh. Kinds of policies know nothing of it: they get the rules of a
 * workload with those of the mesh among them.
 */

const MESH_PORTS_SHARED = warningKind(
  'mesh-ports-shared',
  'is let in on {ports}, each for others, and all of them come through the one port of the mesh ({tunnel}), behind which policies of the network cannot tell ports apart',
  'Let policies of the mesh say who may connect to which port (docs/meshes.md), or keep those who read metrics out of the mesh',
);

const MESH_PORTS_OPEN = warningKind(
  'mesh-ports-open',
  'carries connections by one port ({tunnel}), and nothing keeps them to those that are declared: whoever may connect on {ports} reaches every port of the pods',
  'Let policies of the mesh say which ports may be reached (docs/meshes.md), and acknowledge this',
);

/** A workload with the rules that its mesh needs. */
export function inMesh(network: WorkloadNetwork): WorkloadNetwork {
  const { mesh } = network.profile;
  return mesh === undefined
    ? network
    : {
        ...network,
        ingress: network.ingress && [...network.ingress.map(rule => tunnelled(rule, mesh)), ...probes(network, mesh)],
        egress:
          network.egress &&
          distinctRules([...network.egress.map(rule => tunnelled(rule, mesh)), ...controlPlane(network, mesh)]),
      };
}

/** A connection between pods may come by the port of the mesh. One on all ports does already, and DNS goes by UDP. */
function tunnelled(rule: NetworkRule, { tunnelPort }: Mesh): NetworkRule {
  const port: NetworkPort = { protocol: 'TCP', port: tunnelPort };
  return tunnelPort === undefined || !isPods(rule.peer) || !isByTcpAlone(rule)
    ? rule
    : { ...rule, ports: [...rule.ports, port] };
}

function isPods({ kind }: NetworkPeer): boolean {
  return kind === 'podSet' || kind === 'pods';
}

function isByTcpAlone({ ports }: NetworkRule): boolean {
  return ports.length > 0 && ports.every(({ protocol }) => protocol === 'TCP');
}

/** The mesh repeats probes of the kubelet from an address of its own. */
function probes({ path }: WorkloadNetwork, { probesFrom }: Mesh): NetworkRule[] {
  return probesFrom === undefined
    ? []
    : [
        {
          peer: { kind: 'cidr', cidr: probesFrom, except: [] },
          ports: [],
          origin: { path, property: 'ClusterProfile.mesh' },
          words: 'probes of the kubelet',
        },
      ];
}

/** Proxies in pods get configuration and certificates. */
function controlPlane({ path }: WorkloadNetwork, mesh: Mesh): NetworkRule[] {
  return mesh.controlPlane.map(({ pods, port }) => ({
    peer: { kind: 'podSet', pods },
    ports: [port, ...(mesh.tunnelPort === undefined ? [] : [mesh.tunnelPort])].map(number => ({
      protocol: 'TCP',
      port: number,
    })),
    origin: { path, property: 'ClusterProfile.mesh' },
    words: `the control plane of ${mesh.name}`,
  }));
}

/** Policies of the mesh itself, which keep to their ports what comes by its own. */
export function meshPolicies({ name, pods, labels, profile, ingress }: WorkloadNetwork): Json[] {
  if (ingress === undefined || !keepsPorts(profile.mesh, ingress)) {
    return [];
  }
  const ports = [...new Set(ingress.flatMap(rule => rule.ports.map(({ port }) => String(port))))].sort(compareText);
  return [
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name, namespace: pods.namespace, labels: { ...labels } },
      spec: {
        selector: { matchLabels: { ...pods.labels } },
        action: 'ALLOW',
        ...(ports.length === 0 ? {} : { rules: [{ to: [{ operation: { ports } }] }] }),
      },
    },
  ];
}

/** Whether a policy of the mesh keeps connections to the declared ports. It knows no ranges. */
function keepsPorts(mesh: Mesh | undefined, ingress: readonly NetworkRule[]): boolean {
  return mesh?.keepsPorts === true && ingress.every(({ ports }) => isListed(ports));
}

function isListed(ports: readonly NetworkPort[]): boolean {
  return ports.length > 0 && ports.every(({ port, endPort }) => port !== undefined && endPort === undefined);
}

function formatPort({ port, endPort }: NetworkPort): string {
  return port === undefined ? 'all ports' : endPort === undefined ? String(port) : `${port} to ${endPort}`;
}

/** What cannot be told apart behind the port of a mesh. */
export function meshWarnings({ path, profile: { mesh, network }, ingress = [] }: WorkloadNetwork): Diagnostic[] {
  if (mesh?.tunnelPort === undefined || network === 'none') {
    return [];
  }
  const carried = ingress.filter(rule => isPods(rule.peer) && isByTcpAlone(rule));
  const groups = distinct(carried.map(({ ports }) => canonicalText(ports)));
  const ports = [...new Set(ingress.flatMap(rule => rule.ports.map(formatPort)))].join(' and ');
  const kind = !keepsPorts(mesh, ingress) ? MESH_PORTS_OPEN : MESH_PORTS_SHARED;
  return groups.length < (kind === MESH_PORTS_OPEN ? 1 : 2)
    ? []
    : [findingOf(kind, path, 'ClusterProfile.mesh', mesh.name, { ports, tunnel: mesh.tunnelPort })];
}
