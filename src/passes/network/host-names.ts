import { alternatives, AuthenticationMethod, PolicyOrigin } from '../../model/policy';
import { Topology } from '../../model/topology';
import { addressCidr, familyOf } from '../../values/cidr';

/** What a host name means to a pod. */
export type HostName =
  | { readonly kind: 'address'; readonly cidr: string }
  | { readonly kind: 'service'; readonly namespace: string; readonly name: string }
  /** Services of a namespace, or of all. */
  | { readonly kind: 'services'; readonly namespace?: string }
  /** A name outside the cluster, which may start with `*.`. */
  | { readonly kind: 'external'; readonly host: string }
  | { readonly kind: 'unknown'; readonly problem: string };

/** Where a name is looked up. */
export interface HostContext {
  readonly namespace: string;
  readonly clusterDomain: string;
  /** Whether a namespace of the name is known: tells `postgres.finance` from `example.com`. */
  isNamespace(name: string): boolean;
}

const WILDCARD = '*.';

/**
 * Reads a host name as the resolver of a pod would (its search path has the pod's namespace, `svc` and the domain of the
 * cluster). The name of a replica behind a headless Service stands for the Service.
 */
export function readHost(host: string, context: HostContext): HostName {
  if (familyOf(host) !== undefined) {
    return { kind: 'address', cidr: addressCidr(host) };
  }
  const absolute = host.endsWith('.');
  const name = absolute ? host.slice(0, -1) : host;
  const inside =
    withoutSuffix(name, `svc.${context.clusterDomain}`) ?? (absolute ? undefined : withoutSuffix(name, 'svc'));
  if (inside !== undefined) {
    return readServiceName(inside);
  }
  if (name === context.clusterDomain || name.endsWith(`.${context.clusterDomain}`)) {
    return name === `*.${context.clusterDomain}`
      ? { kind: 'services' }
      : { kind: 'unknown', problem: "is a name of the cluster's domain, but not of a Service" };
  }
  const labels = name.split('.');
  if (!absolute && labels.length === 1) {
    return { kind: 'service', namespace: context.namespace, name };
  }
  if (!absolute && labels.length === 2 && context.isNamespace(labels[1])) {
    return readServiceName(name);
  }
  return { kind: 'external', host: name };
}

/** Whether a name may be that of a Service, so that the Services of the app have to be known to read it. */
export function mayBeService(host: string, clusterDomain: string): boolean {
  const name = host.replace(/\.$/, '');
  return (
    familyOf(name) === undefined &&
    (name.split('.').length <= 2 || name.endsWith('.svc') || name.endsWith(`.${clusterDomain}`))
  );
}

/** Reads what precedes `svc`: `name.namespace`, `replica.name.namespace`, or a wildcard. */
function readServiceName(text: string): HostName {
  if (text === '*') {
    return { kind: 'services' };
  }
  const wildcard = text.startsWith(WILDCARD);
  const labels = (wildcard ? text.slice(WILDCARD.length) : text).split('.');
  const [namespace, name] = [labels.at(-1)!, labels.at(-2)];
  if (wildcard && name === undefined) {
    return { kind: 'services', namespace };
  }
  return name !== undefined && labels.length <= 3
    ? { kind: 'service', namespace, name }
    : { kind: 'unknown', problem: 'is not the name of a Service ({name}.{namespace}.svc)' };
}

function withoutSuffix(name: string, suffix: string): string | undefined {
  return name.endsWith(`.${suffix}`) ? name.slice(0, -suffix.length - 1) : undefined;
}

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

/** An address that something has to be fetched from. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly origin: PolicyOrigin;
}

/** Where the keys are that verify tokens, as far as they are fetched. */
export function keyAddresses(
  methods: readonly { readonly method: AuthenticationMethod; readonly origin: PolicyOrigin }[],
): Address[] {
  return methods.flatMap(({ method, origin }) =>
    alternatives(method).flatMap(single =>
      single.kind === 'jwt' && single.keys.kind === 'url' ? [addressOf(single.keys.url, origin)] : [],
    ),
  );
}

/** Host and port of a URL. */
export function addressOf(url: string, origin: PolicyOrigin): Address {
  const { hostname, port, protocol } = new URL(url);
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port),
    origin,
  };
}
