import { Address, keyAddresses } from './host-names';
import { Caller, World, apiServer, resolveHost, resolveTarget } from './targets';
import { Reached, reached, tcpPort, together, Workload } from './workload';
import { Diagnostic, errorKind, findingIf, findingOf, warningKind } from '../../model/findings';
import { NetworkRule } from '../../model/network';
import { EgressRule, IngressRule, NetworkPort } from '../../model/permissions';
import { Server } from '../../model/server';
import { distinct } from '../../values/json';

const HOST_NOT_BEHIND_PROXY = errorKind(
  'host-not-behind-proxy',
  'is outside the cluster, and is not called through its proxy ({proxy})',
  'Give what is inside the cluster, or the keys themselves (jwks); list it in noProxy of the proxy if it can be reached without',
);
const INGRESS_PAST_GUARD = errorKind(
  'ingress-past-guard',
  'is the port behind the guard of the server (oidcConfig): whoever connects to it goes past what callers are asked for',
  'Let the server have its tools and what else it answers on different ports',
);
const EGRESS_BY_PROXY_UNKNOWN = warningKind(
  'egress-by-proxy-unknown',
  'are reached through {proxy}, and which hosts it passes is not known here: the server may ask it for any',
  'Let the proxy pass these hosts alone',
);

/** What a server's own permissions let it connect to, and who it lets in by itself. */
export function permitServer(server: Server, workload: Workload, world: World): Diagnostic[] {
  const { permissions } = server;
  const { profile } = workload;
  if (permissions === undefined) {
    return [];
  }
  const free = permissions.egress.some(({ target, ports }) => target.kind === 'anywhere' && ports.length === 0);
  const caller: Caller = {
    namespace: workload.pods.namespace,
    profile,
    unnameable: free ? 'declared' : 'refuse',
    sidecar: server.transport !== 'stdio' && server.policy === undefined,
    proxied: true,
  };
  const found = together([
    ...permissions.egress.map(rule =>
      resolveTarget(rule, rule.implied === true ? byAddress(caller, permissions.egress, rule.ports) : caller, world),
    ),
    ...keysOfGuard(server, caller, world),
  ]);
  workload.egress.push(...found.rules.map(oneSided));
  workload.proxied = found.proxied;
  if (permissions.dns) {
    workload.egress.push(dns(workload));
  }
  workload.ingress.push(...permissions.ingress.map(rule => from(rule, workload.port!)));
  return distinct([
    ...found.findings,
    ...proxied(server, workload, found),
    ...kubernetes(server, workload),
    ...pastGuard(server),
  ]);
}

/** A connection that the other end has not been asked about. */
export const oneSided = (rule: NetworkRule): NetworkRule => ({ ...rule, oneSided: true });

/** DNS, without which no name can be looked up. */
export function dns({ path, profile }: Workload): NetworkRule {
  const { namespace, labels, port } = profile.dns;
  return {
    peer: { kind: 'podSet', pods: { namespace, labels } },
    ports: [
      { protocol: 'UDP', port },
      { protocol: 'TCP', port },
    ],
    origin: { path, property: 'profile.dns' },
    words: 'DNS',
  };
}

/** A declared source, on the port that answers MCP unless others are said. */
export function from({ source, origin, ports }: IngressRule, port: number): NetworkRule {
  return {
    peer: source,
    ports: ports ?? [tcpPort(port)],
    origin,
    words: source.kind === 'cidr' ? source.cidr : source.kind === 'pods' ? 'pods by label' : 'anywhere',
  };
}

/** The caller, for a host on some ports. Where addresses are allowed on them, whether those of the host are among them is not known here. */
function byAddress(caller: Caller, egress: readonly EgressRule[], ports: readonly NetworkPort[]): Caller {
  const said = egress.some(
    ({ target: { kind }, ports: allowed, implied }) =>
      implied !== true &&
      (kind === 'cidr' || kind === 'public' || kind === 'anywhere') &&
      (allowed.length === 0 || ports.every(({ port }) => allowed.some(other => other.port === port))),
  );
  return said ? { ...caller, unnameable: 'declared' } : caller;
}

/** What stands in front of a protected server fetches the keys of its issuers. */
function keysOfGuard({ permissions, policy }: Server, caller: Caller, world: World): Reached[] {
  return keyAddresses(policy?.authentication ?? []).map(address => {
    const { findings, ...found } = reachDirectly(
      address,
      byAddress(caller, permissions!.egress, [tcpPort(address.port)]),
      world,
    );
    return {
      ...found,
      findings: findings.map(finding => ({
        ...finding,
        remedy: `${finding.remedy}. Keys that are given as text (jwks) need no connection`,
      })),
    };
  });
}

/** An address that is called by what knows of no proxy. */
export function reachDirectly({ host, port, origin }: Address, caller: Caller, world: World): Reached {
  const found = resolveHost({ host, ports: [tcpPort(port)], origin }, caller, world);
  return found.proxiedHosts.length === 0
    ? found
    : reached({
        findings: [
          findingOf(HOST_NOT_BEHIND_PROXY, origin.path, origin.property, host, { proxy: caller.profile.proxy!.url }),
        ],
      });
}

/** Leave to connect to what a guard stands in front of. */
function pastGuard({ guardedPort, path, permissions }: Server): Diagnostic[] {
  return permissions!.ingress.flatMap(({ ports = [], origin }) =>
    findingIf(
      INGRESS_PAST_GUARD,
      path,
      origin.property,
      guardedPort,
      guardedPort !== undefined && ports.some(({ port }) => port === guardedPort),
    ),
  );
}

function proxied(server: Server, { profile }: Workload, { proxiedHosts }: Reached): Diagnostic[] {
  const hosts = [...new Set(proxiedHosts)].sort();
  return hosts.length === 0
    ? []
    : [findingOf(EGRESS_BY_PROXY_UNKNOWN, server.path, 'egress', hosts, { proxy: profile.proxy!.url })];
}

function kubernetes({ path, permissions }: Server, workload: Workload): Diagnostic[] {
  const [grant] = [...permissions!.kubernetes, ...(permissions!.roles ?? [])];
  if (grant === undefined) {
    return [];
  }
  const { rules, findings } = apiServer(workload.profile, { path, property: grant.origin.property });
  workload.egress.push(...rules);
  return [...findings];
}
