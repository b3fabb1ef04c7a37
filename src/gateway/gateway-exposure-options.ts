import * as kplus from 'cdk8s-plus-28';
import { CertManagerIssuer } from '../cluster/cert-manager-issuer';
import { IngressSource } from '../permissions/ingress-source';

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
