import * as kplus from 'cdk8s-plus-28';
import { checkExposure, Exposure } from './exposure';
import { placeIn } from '../api/place';
import { CertManagerIssuer } from '../cluster/cert-manager-issuer';
import { InputCheck } from '../model/findings';
import { IngressSource } from '../permissions/ingress-source';
import { secretNamespace } from '../synthesis/config-and-secrets';

/** How paths of requests are compared with those of an exposure. */
export enum ExposurePathType {
  /** A path with all below it. */
  PREFIX = 'Prefix',

  /** A path by itself: one route, or `/mcp`. */
  EXACT = 'Exact',
}

/** What both ways to expose a gateway share. */
export interface ExposureOptions {
  /** Host names, exact or `*.acme.dev`. The first exact one stands in the public URLs. */
  readonly hosts: string[];

  /**
   * Paths that are let through, each with all below it unless `pathType` says otherwise: `/` for everything, `/routes/finance` for the routes of a namespace.
   * The metadata by which clients find where to get a token (RFC 9728) are let through with them.
   *
   * @default ['/']
   */
  readonly paths?: string[];

  /**
   * How paths are compared.
   *
   * @default ExposurePathType.PREFIX
   */
  readonly pathType?: ExposurePathType;

  /**
   * The pods that pass requests on, such as those of the ingress controller: the gateway's network policy lets them in.
   *
   * @default - every pod of the cluster
   */
  readonly from?: IngressSource[];

  /**
   * Name of the object.
   *
   * @default - the gateway's
   */
  readonly name?: string;
}

/** Options of {@link GatewayExposure.ingress}. */
export interface IngressExposureOptions extends ExposureOptions {
  /**
   * Name of the IngressClass.
   *
   * @default - the cluster's default class
   */
  readonly className?: string;

  /**
   * The certificate: a Secret of type `kubernetes.io/tls` in the namespace of the gateway's pods, with `tls.crt` and `tls.key`.
   *
   * @default - that of `issuer`; without either, that of the ingress controller where `https` is true
   */
  readonly tlsSecret?: kplus.ISecret;

  /**
   * Who issues the certificate: emits a Certificate of cert-manager, `{name}-ingress-tls`, for the hosts.
   *
   * @default - that of `tlsSecret`
   */
  readonly issuer?: CertManagerIssuer;

  /**
   * Whether clients come by HTTPS: it stands in the public URLs. Say so where the ingress controller or the load balancer of a
   * cloud has a certificate of its own.
   *
   * @default - true with `tlsSecret` or `issuer`, else false
   */
  readonly https?: boolean;

  /**
   * Annotations, by which ingress controllers take their settings. Many close a connection after a minute of silence:
   * MCP keeps one open for messages of the server.
   *
   * @default - none
   */
  readonly annotations?: { [key: string]: string };
}

/** A Gateway of the Gateway API. */
export interface GatewayParent {
  /** Its name. */
  readonly name: string;

  /**
   * Its namespace.
   *
   * @default - that of the gateway's pods
   */
  readonly namespace?: string;

  /**
   * Name of its listener.
   *
   * @default - all listeners that admit the route
   */
  readonly sectionName?: string;

  /**
   * Port of its listener.
   *
   * @default - all ports
   */
  readonly port?: number;
}

/** Options of {@link GatewayExposure.httpRoute}. */
export interface HttpRouteExposureOptions extends ExposureOptions {
  /** The Gateways that the route attaches to. Their listeners hold the certificates. */
  readonly parents: GatewayParent[];

  /**
   * Whether clients come by HTTPS, which the listener decides: it stands in the public URLs.
   *
   * @default true
   */
  readonly https?: boolean;
}

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
    const { tlsSecret, issuer, ...others } = options;
    return GatewayExposure.checked('ingress', {
      ...others,
      kind: 'Ingress',
      issuer: issuer?._model,
      tlsSecret: tlsSecret && { name: tlsSecret.name, namespace: secretNamespace(tlsSecret) },
    });
  }

  /**
   * An HTTPRoute of the Gateway API in front of the gateway's Service.
   *
   * @param options hosts, and the Gateways it attaches to
   * @throws when a host or a path is not one, or there is none, or no Gateway is named
   */
  public static httpRoute(options: HttpRouteExposureOptions): GatewayExposure {
    return GatewayExposure.checked('httpRoute', { ...options, kind: 'HTTPRoute' });
  }

  private static checked(factory: string, exposure: Exposure): GatewayExposure {
    const input = new InputCheck(`GatewayExposure.${factory}`);
    checkExposure(exposure, placeIn(input));
    input.throwIfAny();
    return new GatewayExposure(exposure);
  }

  private constructor(
    /** @internal */
    public readonly _exposure: Exposure,
  ) {}
}
