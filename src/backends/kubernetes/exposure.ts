import { Json } from '../../values/json';

/** A gateway's Service, and what its objects are called. */
export interface ExposedService {
  readonly name: string;
  readonly namespace: string;
  readonly port: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** How a path of a request is compared: with all below it, or by itself. */
export type PathType = 'Prefix' | 'Exact';

/** What an Ingress of a gateway says. */
export interface IngressRequest {
  readonly name: string;
  readonly className?: string;
  readonly hosts: readonly string[];
  readonly paths: readonly string[];
  readonly pathType: PathType;
  readonly https: boolean;
  /** Secret with the certificate; undefined leaves HTTPS to the ingress controller's own. */
  readonly tlsSecret?: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A Gateway of the Gateway API that a route attaches to. */
export interface RouteParent {
  readonly name: string;
  readonly namespace?: string;
  readonly sectionName?: string;
  readonly port?: number;
}

/** What an HTTPRoute of a gateway says. */
export interface HttpRouteRequest {
  readonly name: string;
  readonly parents: readonly RouteParent[];
  readonly hosts: readonly string[];
  readonly paths: readonly string[];
  readonly pathType: PathType;
}

/** Where clients look for the metadata of a protected resource (RFC 9728, section 3.1): before its own path. */
const METADATA_PREFIX = '/.well-known/oauth-protected-resource';

/** Paths with those of their metadata, which may be among them already. */
export function exposedPaths(paths: readonly string[]): string[] {
  return [
    ...new Set(
      paths.flatMap(path =>
        path === '/' || path.startsWith(`${METADATA_PREFIX}/`) ? [path] : [path, `${METADATA_PREFIX}${path}`],
      ),
    ),
  ];
}

/** Name of the Certificate of an Ingress, and of its Secret. */
export function ingressCertificateName(ingressName: string): string {
  return `${ingressName}-ingress-tls`;
}

/** An Ingress in front of a gateway. */
export function ingress(
  service: ExposedService,
  { name, className, hosts, paths, pathType, https, tlsSecret, annotations }: IngressRequest,
): Json {
  const http = {
    paths: exposedPaths(paths).map(path => ({
      path,
      pathType,
      backend: { service: { name: service.name, port: { number: service.port } } },
    })),
  };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name,
      namespace: service.namespace,
      labels: { ...service.labels },
      ...(Object.keys(annotations).length === 0 ? {} : { annotations: { ...annotations } }),
    },
    spec: {
      ...(className === undefined ? {} : { ingressClassName: className }),
      rules: hosts.map(host => ({ host, http })),
      ...(https ? { tls: [{ hosts: [...hosts], ...(tlsSecret === undefined ? {} : { secretName: tlsSecret }) }] } : {}),
    },
  };
}

/** An HTTPRoute in front of a gateway. What a server answers may take as long as the gateway lets it. */
export function httpRoute(service: ExposedService, { name, parents, hosts, paths, pathType }: HttpRouteRequest): Json {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name, namespace: service.namespace, labels: { ...service.labels } },
    spec: {
      parentRefs: parents.map(parent => ({
        group: 'gateway.networking.k8s.io',
        kind: 'Gateway',
        name: parent.name,
        ...(parent.namespace === undefined ? {} : { namespace: parent.namespace }),
        ...(parent.sectionName === undefined ? {} : { sectionName: parent.sectionName }),
        ...(parent.port === undefined ? {} : { port: parent.port }),
      })),
      hostnames: [...hosts],
      rules: [
        {
          matches: exposedPaths(paths).map(value => ({
            path: { type: pathType === 'Prefix' ? 'PathPrefix' : pathType, value },
          })),
          backendRefs: [{ group: '', kind: 'Service', name: service.name, port: service.port, weight: 1 }],
        },
      ],
    },
  };
}
