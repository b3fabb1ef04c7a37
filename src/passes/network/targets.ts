import { Outbound, bypassesProxy, externalHost, publicAddresses } from './external-hosts';
import { HostName, readHost } from './host-names';
import { ServiceIndex, formatPorts, missingPorts, podsBehind } from './services';
import { Reached, reached, tcpPort, together, Workload } from './workload';
import { ClusterProfile, ClusterService } from '../../model/cluster';
import { errorKind, findingOf, warningKind } from '../../model/findings';
import { NetworkPeer, NetworkRule } from '../../model/network';
import { EgressRule, NetworkPort } from '../../model/permissions';
import { PolicyOrigin } from '../../model/policy';
import { Server, ServerRef, formatServerRef, serverKey } from '../../model/server';
import { Index, SERVER_UNKNOWN } from '../../model/topology';

const EGRESS_HOST_UNRESOLVED = errorKind(
  'egress-host-unresolved',
  '{problem}',
  'Name a Service, or choose pods with EgressTarget.pods',
);
const SERVICE_WITHOUT_SELECTOR = errorKind(
  'service-without-selector',
  'Service {service} selects no pods, and where it leads is not known',
  'Give the addresses with EgressTarget.cidr, or choose pods with EgressTarget.pods',
);
const SERVICE_WITHOUT_PORT = errorKind(
  'service-without-port',
  'Service {service} has no port {ports} (it has {known})',
  'Name ports of the Service',
);
const SERVICE_PORT_WITHOUT_NUMBER = warningKind(
  'service-port-without-number',
  'Service {service}/{name} names a port of its pods without a number, so that all their ports are opened',
  'Give the Service a number as targetPort',
);
const EGRESS_WILDCARD_COVERS_NOTHING = errorKind(
  'egress-wildcard-covers-nothing',
  'covers no Service of this app that has port {ports}',
  'Name Services, or choose pods with EgressTarget.pods{namespaces}',
);
const EGRESS_TO_WHOLE_NAMESPACE = warningKind(
  'egress-to-whole-namespace',
  '{why}: connections to every pod of the namespace "{namespace}" are let through{onPorts}',
  '{remedy}',
);
const API_SERVER_ADDRESS_UNKNOWN = warningKind(
  'api-server-address-unknown',
  'the address of the API server is not known, so that the pods may connect to any address on port {ports}',
  "Say it: new ClusterProfile({ apiServerCidrs: ['10.0.0.10/32'] }).applyTo(app); kubectl get endpoints kubernetes shows it",
);
const PROXY_NAME_OUTSIDE = errorKind(
  'proxy-name-outside',
  'is a name outside the cluster, and NetworkPolicies know addresses only',
  'Give the proxy by its address, or as the name of a Service',
);

/** What targets are looked up in. */
export interface World {
  readonly index: Index;
  readonly services: ServiceIndex;
  /** Servers whose pods the app makes, by their key. */
  readonly servers: ReadonlyMap<string, Workload>;
  isNamespace(name: string): boolean;
}

/** Who connects, and what to do about names that its policies cannot hold. */
export interface Caller extends Outbound {
  readonly namespace: string;
  /** Whether hosts outside the cluster are reached through its proxy. */
  readonly proxied: boolean;
}

/** A host and the ports of it. */
interface HostTarget {
  readonly host: string;
  readonly ports: readonly NetworkPort[];
  readonly origin: PolicyOrigin;
}

/** What a target comes down to for a caller. */
export function resolveTarget({ target, ports, origin }: EgressRule, caller: Caller, world: World): Reached {
  const to = (peer: NetworkPeer, words: string): Reached => reached({ rules: [{ peer, ports, origin, words }] });
  switch (target.kind) {
    case 'host':
      return resolveHost({ host: target.host, ports, origin }, caller, world);
    case 'cidr':
      return to(target, target.cidr);
    case 'service':
      return service(
        target.namespace,
        target.name,
        { host: `${target.name}.${target.namespace}.svc`, ports, origin },
        caller,
        world,
      );
    case 'server':
      return server(target.server, origin, caller, world);
    case 'pods':
      return to(target, 'pods by label');
    case 'public':
      return publicInternet(ports, origin, caller, world);
    case 'anywhere':
      return to(target, 'anywhere');
  }
}

/** What a host comes down to for a caller. */
export function resolveHost(target: HostTarget, caller: Caller, world: World): Reached {
  const { host, ports, origin } = target;
  const found: HostName = readHost(host, {
    namespace: caller.namespace,
    clusterDomain: caller.profile.clusterDomain,
    isNamespace: world.isNamespace,
  });
  switch (found.kind) {
    case 'address':
      return reached({ rules: [{ peer: { kind: 'cidr', cidr: found.cidr, except: [] }, ports, origin, words: host }] });
    case 'service':
      return service(found.namespace, found.name, target, caller, world);
    case 'services':
      return services(found.namespace, target, world);
    case 'external':
      return external({ ...target, host: found.host }, caller, world);
    case 'unknown':
      return reached({
        findings: [findingOf(EGRESS_HOST_UNRESOLVED, origin.path, origin.property, host, { problem: found.problem })],
      });
  }
}

/** A server that runs elsewhere in the cluster, or outside of it. */
export function resolveOutsideServer(target: Server, origin: PolicyOrigin, caller: Caller, world: World): Reached {
  if (target.workloadNamespace !== undefined) {
    const port = target.podPort ?? target.endpoints[0].port;
    return wholeNamespace(
      target.workloadNamespace,
      [tcpPort(port)],
      origin,
      formatServerRef(target),
      `the pods of ${formatServerRef(target)} are not made by this app, so that their labels are not known`,
      'Make the server and its gateway in one app, if that is too much; where its pods listen on another port, say it in podPort of the reference',
    );
  }
  return together(
    target.endpoints.map(({ host, port }) => resolveHost({ host, ports: [tcpPort(port)], origin }, caller, world)),
  );
}

function server(ref: ServerRef, origin: PolicyOrigin, caller: Caller, world: World): Reached {
  const own = world.servers.get(serverKey(ref));
  if (own !== undefined) {
    return reached({ rules: [{ peer: own.peer, ports: [tcpPort(own.port!)], origin, words: formatServerRef(ref) }] });
  }
  const other = world.index.servers.get(serverKey(ref));
  return other === undefined
    ? reached({
        findings: [
          findingOf(SERVER_UNKNOWN, origin.path, origin.property, formatServerRef(ref), {
            declared: 'McpServer.fromMcpServerName',
          }),
        ],
      })
    : resolveOutsideServer(other, origin, caller, world);
}

function service(namespace: string, name: string, target: HostTarget, caller: Caller, world: World): Reached {
  const { host, ports, origin } = target;
  if (namespace === 'default' && name === 'kubernetes') {
    return apiServer(caller.profile, origin);
  }
  const known = world.services.find(namespace, name) ?? elsewhere(caller, namespace, name);
  if (known === undefined) {
    const [{ port = 80 } = {}] = ports;
    return wholeNamespace(
      namespace,
      ports,
      origin,
      host,
      `Service ${namespace}/${name} is not one of this app, so that the pods behind it and their ports are not known`,
      `Say what is behind it: new ClusterProfile({ services: [{ namespace: '${namespace}', name: '${name}', podLabels: { app: '${name}' }, ports: [{ port: ${port}, podPort: 8080 }] }] }).applyTo(app)`,
    );
  }
  const at = [origin.path, origin.property, host] as const;
  const missing = missingPorts(known, ports);
  if (known.selector === undefined) {
    return reached({ findings: [findingOf(SERVICE_WITHOUT_SELECTOR, ...at, { service: `${namespace}/${name}` })] });
  }
  return missing.length === 0
    ? behind(known, target)
    : reached({
        findings: [
          findingOf(SERVICE_WITHOUT_PORT, ...at, {
            service: `${namespace}/${name}`,
            ports: formatPorts(missing),
            known: formatPorts(known.ports.map(({ port, protocol }) => ({ port, protocol }))),
          }),
        ],
      });
}

/** A Service that the profile knows. */
function elsewhere({ profile }: Caller, namespace: string, name: string): ClusterService | undefined {
  return profile.services.find(known => known.namespace === namespace && known.name === name);
}

function behind(known: ClusterService, { host, ports, origin }: HostTarget): Reached {
  const found = podsBehind(known, ports)!;
  return reached({
    rules: [{ peer: { kind: 'podSet', pods: found.pods }, ports: found.ports, origin, words: host }],
    findings: found.byName
      ? [
          findingOf(SERVICE_PORT_WITHOUT_NUMBER, origin.path, origin.property, host, {
            service: known.namespace,
            name: known.name,
          }),
        ]
      : [],
  });
}

/** Every Service that a wildcard covers. */
function services(namespace: string | undefined, target: HostTarget, world: World): Reached {
  const found = world.services
    .leadingToPods(namespace)
    .filter(candidate => podsBehind(candidate, target.ports) !== undefined);
  return found.length > 0
    ? together(found.map(candidate => behind(candidate, target)))
    : reached({
        findings: [
          findingOf(EGRESS_WILDCARD_COVERS_NOTHING, target.origin.path, target.origin.property, target.host, {
            ports: formatPorts(target.ports) || '(any)',
            namespaces: namespace === undefined ? '' : `({ namespaces: ['${namespace}'] })`,
          }),
        ],
      });
}

function wholeNamespace(
  namespace: string,
  ports: readonly NetworkPort[],
  origin: PolicyOrigin,
  words: string,
  why: string,
  remedy: string,
): Reached {
  const rule: NetworkRule = {
    peer: { kind: 'pods', namespaces: { kind: 'names', names: [namespace] } },
    ports,
    origin,
    words,
  };
  return reached({
    rules: [rule],
    findings: [
      findingOf(EGRESS_TO_WHOLE_NAMESPACE, origin.path, origin.property, words, {
        why,
        remedy,
        namespace,
        onPorts: ports.length === 0 ? '' : `, on port ${formatPorts(ports)} of the pods`,
      }),
    ],
  });
}

function external(target: HostTarget, caller: Caller, world: World): Reached {
  const { proxy } = caller.profile;
  return proxy === undefined || !caller.proxied || bypassesProxy(proxy, target.host)
    ? externalHost(target, caller)
    : reached({ ...throughProxy(proxy.url, target.origin, caller, world), proxiedHosts: [target.host] });
}

function publicInternet(ports: readonly NetworkPort[], origin: PolicyOrigin, caller: Caller, world: World): Reached {
  const { proxy } = caller.profile;
  return proxy === undefined || !caller.proxied
    ? reached({ rules: publicAddresses(ports, origin, 'the public internet') })
    : throughProxy(proxy.url, origin, caller, world);
}

function throughProxy(url: string, { path }: PolicyOrigin, caller: Caller, world: World): Reached {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const origin = { path, property: 'profile.proxy.url' };
  const found = resolveHost(
    { host, ports: [tcpPort(Number(port || 80))], origin },
    { ...caller, proxied: false, unnameable: 'publicAddresses' },
    world,
  );
  return found.publicHosts.length === 0
    ? { ...found, proxied: true }
    : reached({
        findings: [findingOf(PROXY_NAME_OUTSIDE, path, origin.property, url)],
      });
}

/** The API server of a cluster. */
export function apiServer({ apiServerCidrs, apiServerPorts, network }: ClusterProfile, origin: PolicyOrigin): Reached {
  const unknown = apiServerCidrs.length === 0 && (network === 'networkPolicy' || network === 'istio');
  return reached({
    rules: [{ peer: { kind: 'apiServer' }, ports: apiServerPorts.map(tcpPort), origin, words: 'the API server' }],
    findings: unknown
      ? [
          findingOf(API_SERVER_ADDRESS_UNKNOWN, origin.path, 'profile.apiServerCidrs', undefined, {
            ports: apiServerPorts.join(' and '),
          }),
        ]
      : [],
  });
}
