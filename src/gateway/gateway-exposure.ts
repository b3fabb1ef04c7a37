import { IConstruct } from 'constructs';
import {
  ExposureOptions,
  ExposurePathType,
  GatewayParent,
  HttpRouteExposureOptions,
  IngressExposureOptions,
} from './gateway-exposure-options';
import { ingressSource, ingressSourceValue } from '../api/connections';
import { noField } from '../api/upstream';
import { certificate } from '../backends/kubernetes/certificate';
import {
  ExposedService,
  exposedPaths,
  httpRoute,
  ingress,
  ingressCertificateName,
  IngressRequest,
} from '../backends/kubernetes/exposure';
import { ClusterAddOn } from '../cluster/cluster-profile-options';
import { requireAddOn } from '../cluster/require-add-on';
import { GatewayExposure as GatewayExposureModel } from '../model/gateway';
import { InputCheck } from '../model/input';
import { namespaceProblem, objectNameProblem, portProblem } from '../model/names';
import { IngressRule } from '../model/permissions';
import { IngressSource } from '../permissions/ingress-source';
import { secretNamespace } from '../synthesis/secrets';
import { compact, Json } from '../values/json';
import { checkAnnotations } from '../workload/labels';

/** A URL path without what a proxy may rewrite or resolve. */
const PATH = /^\/(?:[A-Za-z0-9._~-]+(?:\/[A-Za-z0-9._~-]+)*)?$/;

const IP_ADDRESS = /^[0-9]+(\.[0-9]+){3}$/;

/** Limits of the Gateway API. */
const MOST_HOSTNAMES = 16;
const MOST_PARENTS = 32;
const MOST_MATCHES = 64;
const LONGEST_PATH = 1024;

/** What differs between the ways to expose a gateway. */
interface Way {
  readonly kind: GatewayExposureModel['kind'];
  readonly options: ExposureOptions;
  readonly https: boolean;
  readonly check: (
    scope: IConstruct,
    input: InputCheck,
    property: string,
    gateway: ExposedService,
    tls: boolean,
  ) => void;
  readonly objects: (service: ExposedService) => Json[];
  /** As the resource of the gateway writes it. */
  readonly spec: (service: ExposedService) => Json;
  /** Options that upstream's resource has no field for. */
  readonly unseen: Readonly<Record<string, unknown>>;
}

/** What a resource without these fields would need, in the words of errors. */
const UNSEEN = noField('gateway');

/**
 * How a gateway is reached from outside the cluster: by an Ingress, or by an HTTPRoute of the Gateway API. The public URLs
 * of the routes follow from it (`route.publicUrl`), and so does what clients are told about tokens (RFC 9728).
 *
 * Hosts and paths are passed on as they are. A gateway that needs no more than an address of its own can also have a Service
 * of type LoadBalancer.
 *
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { CertManagerIssuer, ClusterAddOn, ClusterProfile, GatewayExposure, IngressSource, McpGateway } from 'cdk8s-mcp';
 *
 * const app = new App();
 * new ClusterProfile({ addOns: [ClusterAddOn.CERT_MANAGER] }).applyTo(app);
 * new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway', {
 *   exposures: [GatewayExposure.ingress({
 *     hosts: ['mcp.acme.dev'],
 *     issuer: CertManagerIssuer.clusterIssuer('public'),
 *     from: [IngressSource.namespaces('ingress-nginx')],
 *   })],
 * });
 */
export class GatewayExposure {
  /**
   * An Ingress in front of the gateway's Service.
   *
   * @param options hosts, certificate, class
   * @throws when a host or a path is not one, there is none, or two certificates are given
   */
  public static ingress(options: IngressExposureOptions): GatewayExposure {
    const input = new InputCheck('GatewayExposure.ingress');
    checkOptions(input, options);
    input.check(
      'issuer',
      '(given)',
      options.issuer !== undefined && options.tlsSecret !== undefined ? 'is given together with tlsSecret' : undefined,
      'Drop one of the two',
    );
    input.optional('className', options.className, objectNameProblem, 'Name an IngressClass');
    const certified = options.issuer !== undefined || options.tlsSecret !== undefined;
    input.check(
      'https',
      options.https,
      certified && options.https === false ? 'is given together with a certificate' : undefined,
      'Drop one of the two',
    );
    input.throwIfAny();
    const https = options.https ?? certified;
    return new GatewayExposure({
      kind: 'Ingress',
      options,
      https,
      check: (scope, check, property, { namespace }, tls) => {
        if (options.issuer !== undefined) {
          requireAddOn(scope, check, ClusterAddOn.CERT_MANAGER, `${property}.issuer`);
        }
        const found = options.tlsSecret && secretNamespace(options.tlsSecret);
        check.check(
          `${property}.tlsSecret`,
          found && `${found}/${options.tlsSecret!.name}`,
          found !== undefined && found !== namespace
            ? `is in another namespace than the Ingress (${namespace})`
            : undefined,
          "Keep the Secret in the namespace of the gateway's pods",
        );
        checkAnnotations(check, `${property}.annotations`, options.annotations);
        check.check(
          `${property}.annotations`,
          options.annotations,
          tls && Object.keys(options.annotations ?? {}).length === 0
            ? 'do not say that the gateway serves HTTPS (tls), so the ingress controller would speak plain HTTP to it'
            : undefined,
          "Give the annotation of your controller, such as nginx.ingress.kubernetes.io/backend-protocol: HTTPS, or drop the gateway's tls",
        );
      },
      objects: service => ingressObjects(service, options, https),
      spec: service => ingressSpec(service, options, https),
      unseen: { name: options.name, issuer: options.issuer?.name },
    });
  }

  /**
   * An HTTPRoute of the Gateway API in front of the gateway's Service.
   *
   * @param options hosts, and the Gateways it attaches to
   * @throws when a host or a path is not one, or there is none, or no Gateway is named
   */
  public static httpRoute(options: HttpRouteExposureOptions): GatewayExposure {
    const input = new InputCheck('GatewayExposure.httpRoute');
    checkOptions(input, options);
    checkRouteLimits(input, options);
    options.parents.forEach((parent, i) => {
      input.check(`parents[${i}].name`, parent.name, objectNameProblem(parent.name), 'Name a Gateway');
      input.optional(`parents[${i}].namespace`, parent.namespace, namespaceProblem, 'Correct it');
      input.optional(
        `parents[${i}].sectionName`,
        parent.sectionName,
        objectNameProblem,
        'Name a listener of the Gateway',
      );
      input.optional(`parents[${i}].port`, parent.port, portProblem, 'Give the port of the listener');
      input.check(
        `parents[${i}]`,
        parent.name,
        options.parents.some((other, j) => j < i && clash(other, parent))
          ? 'is named before, and the Gateway API tells references to one Gateway apart by sectionName'
          : undefined,
        'Give each of them another sectionName',
      );
    });
    input.throwIfAny();
    return new GatewayExposure({
      kind: 'HTTPRoute',
      options,
      https: options.https !== false,
      check: (scope, check, property, _, tls) => {
        requireAddOn(scope, check, ClusterAddOn.GATEWAY_API, property);
        check.check(
          property,
          '(given)',
          tls ? 'would speak plain HTTP to the gateway, which serves HTTPS (tls)' : undefined,
          "Drop the gateway's tls: the listener of the Gateway holds the certificate",
        );
      },
      objects: service => [httpRoute(service, { ...options, name: options.name ?? service.name, ...pathsOf(options) })],
      spec: service => httpRouteSpec(service, options),
      unseen: {},
    });
  }

  private constructor(private readonly way: Way) {}

  /**
   * Checks it for a gateway.
   *
   * @internal
   */
  public _check(scope: IConstruct, input: InputCheck, property: string, gateway: ExposedService, tls: boolean): void {
    this.way.check(scope, input, property, gateway, tls);
  }

  /**
   * The objects it is made of.
   *
   * @internal
   */
  public _objects(service: ExposedService): Json[] {
    return this.way.objects(service);
  }

  /**
   * As the resource of the gateway writes it.
   *
   * @internal
   */
  public _spec(service: ExposedService): Json {
    return this.way.spec(service);
  }

  /**
   * Name of its Ingress or HTTPRoute.
   *
   * @internal
   */
  public _name(gateway: string): string {
    return this.way.options.name ?? gateway;
  }

  /**
   * Checks it where an operator makes its objects from the resource: upstream's has one Ingress.
   *
   * @internal
   */
  public _checkController(input: InputCheck, property: string, first: boolean): void {
    const { kind, options, unseen } = this.way;
    if (kind === 'HTTPRoute' || !first) {
      input.check(
        property,
        kind,
        UNSEEN,
        kind === 'HTTPRoute'
          ? 'Expose the gateway by an Ingress, or use Reconciliation.RENDERED'
          : 'Put its hosts into the first Ingress, or use Reconciliation.RENDERED',
      );
      return;
    }
    for (const [option, value] of Object.entries({ ...unseen, from: options.from?.length })) {
      input.check(
        `${property}.${option}`,
        value,
        value === undefined ? undefined : UNSEEN,
        option === 'issuer'
          ? 'Give tlsSecret and an annotation for cert-manager, such as cert-manager.io/cluster-issuer, or use Reconciliation.RENDERED'
          : 'Drop it, or use Reconciliation.RENDERED',
      );
    }
  }

  /**
   * As plain data.
   *
   * @internal
   */
  public get _model(): GatewayExposureModel {
    const { kind, options, https } = this.way;
    const host = options.hosts.find(name => !name.startsWith('*.'));
    return {
      kind,
      https,
      publicUrl: host && `${https ? 'https' : 'http'}://${host}`,
      anyPod: options.from === undefined,
    };
  }

  /**
   * Who must be let in for it.
   *
   * @internal
   */
  public _ingress(namespace: string, path: string, property: string): IngressRule[] {
    const sources = this.way.options.from ?? [IngressSource.pods({ allNamespaces: true })];
    return sources.map(source => source._rule(namespace, { path, property }));
  }
}

function ingressObjects(service: ExposedService, options: IngressExposureOptions, https: boolean): Json[] {
  const request = ingressRequest(service, options, https);
  return [
    ingress(service, request),
    ...(options.issuer === undefined
      ? []
      : [
          certificate({
            name: request.tlsSecret!,
            namespace: service.namespace,
            labels: service.labels,
            issuer: options.issuer._model,
            dnsNames: options.hosts,
          }),
        ]),
  ];
}

function ingressRequest(service: ExposedService, options: IngressExposureOptions, https: boolean): IngressRequest {
  const name = options.name ?? service.name;
  return {
    name,
    className: options.className,
    hosts: options.hosts,
    ...pathsOf(options),
    https,
    tlsSecret: options.tlsSecret?.name ?? (options.issuer && ingressCertificateName(name)),
    annotations: options.annotations ?? {},
  };
}

/** In upstream's fields, with everything that an operator makes an Ingress of. */
function ingressSpec(service: ExposedService, options: IngressExposureOptions, https: boolean): Json {
  const { className, hosts, paths, pathType, tlsSecret, annotations } = ingressRequest(service, options, https);
  return compact({
    className,
    hosts: hosts.map(host => ({
      host,
      paths: exposedPaths(paths).map(path => ({
        path,
        pathType,
        serviceName: service.name,
        servicePort: service.port,
      })),
    })),
    tls: https ? [compact({ hosts: [...hosts], secretName: tlsSecret })] : [],
    annotations: { ...annotations },
    name: options.name,
    issuerRef: options.issuer && { kind: options.issuer.kind, name: options.issuer.name },
    from: sourcesSpec(service, options),
  });
}

function httpRouteSpec(service: ExposedService, options: HttpRouteExposureOptions): Json {
  const { hosts, paths, pathType, parents, https, name } = options;
  return compact({
    hostnames: [...hosts],
    parentRefs: parents.map(parent =>
      compact({ name: parent.name, namespace: parent.namespace, sectionName: parent.sectionName, port: parent.port }),
    ),
    paths: [...(paths ?? [])],
    pathType,
    https: https === false ? https : undefined,
    name,
    from: sourcesSpec(service, options),
  });
}

function sourcesSpec({ namespace }: ExposedService, { from = [] }: ExposureOptions): Json[] {
  return from.map(source =>
    ingressSource.encode(ingressSourceValue(source._rule(namespace, { path: '', property: 'from' }).source)),
  );
}

function pathsOf({ paths = ['/'], pathType = ExposurePathType.PREFIX }: ExposureOptions) {
  return { paths, pathType };
}

/** What the Gateway API allows in one HTTPRoute. */
function checkRouteLimits(input: InputCheck, { hosts, parents, paths = ['/'] }: HttpRouteExposureOptions): void {
  const matches = exposedPaths(paths).length;
  input.check(
    'hosts',
    hosts.length,
    hosts.length > MOST_HOSTNAMES ? `are more than an HTTPRoute can have (${MOST_HOSTNAMES})` : undefined,
    'Expose the gateway by several HTTPRoutes, each with a name',
  );
  input.check(
    'paths',
    matches,
    matches > MOST_MATCHES
      ? `are more than an HTTPRoute can have with the paths of their metadata (${MOST_MATCHES})`
      : undefined,
    'Let the routes of whole namespaces through, or use several HTTPRoutes',
  );
  input.check('parents', parents, parents.length === 0 ? 'names no Gateway' : undefined, 'Name at least one');
  input.check(
    'parents',
    parents.length,
    parents.length > MOST_PARENTS ? `are more than an HTTPRoute can have (${MOST_PARENTS})` : undefined,
    'Expose the gateway by several HTTPRoutes, each with a name',
  );
}

function clash(first: GatewayParent, second: GatewayParent): boolean {
  return (
    first.name === second.name &&
    first.namespace === second.namespace &&
    (first.sectionName === second.sectionName || first.sectionName === undefined || second.sectionName === undefined)
  );
}

function hostNameProblem(host: string): string | undefined {
  return objectNameProblem(host.replace(/^\*\./, '')) !== undefined || IP_ADDRESS.test(host)
    ? 'is not a host name in lower case'
    : undefined;
}

function pathProblem(path: string): string | undefined {
  const relative = path.split('/').some(segment => segment === '.' || segment === '..');
  return !PATH.test(path) || relative
    ? 'is not a path without a slash at its end'
    : path.length > LONGEST_PATH
      ? `is longer than ${LONGEST_PATH} characters`
      : undefined;
}

function checkOptions(input: InputCheck, { hosts, paths, pathType, from, name }: ExposureOptions): void {
  input.check('hosts', hosts, hosts.length === 0 ? 'names no host' : undefined, 'Name at least one');
  hosts.forEach((host, i) => {
    input.check(`hosts[${i}]`, host, hostNameProblem(host), 'Write it as mcp.acme.dev or *.acme.dev');
    input.check(`hosts[${i}]`, host, hosts.indexOf(host) === i ? undefined : 'is there twice', 'Drop one');
  });
  input.check(
    'paths',
    paths,
    paths?.length === 0 ? 'lets nothing through' : undefined,
    'Name paths, or leave it out for all',
  );
  paths?.forEach((path, i) => input.check(`paths[${i}]`, path, pathProblem(path), 'Write it as /routes/finance'));
  paths?.forEach((path, i) =>
    input.check(`paths[${i}]`, path, paths.indexOf(path) === i ? undefined : 'is there twice', 'Drop one'),
  );
  input.check(
    'paths',
    paths,
    pathType === ExposurePathType.EXACT && (paths ?? ['/']).includes('/')
      ? 'would let through a path at which no gateway answers (/), and nothing below it'
      : undefined,
    'Name the paths of routes, or /mcp',
  );
  input.check(
    'from',
    from?.length,
    from?.length === 0 ? 'lets nobody in' : undefined,
    'Name the pods that pass requests on, or leave it out for all',
  );
  input.optional('name', name, objectNameProblem, 'Choose an object name');
}
