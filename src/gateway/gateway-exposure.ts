import { checkExposure, Exposure } from './exposure';
import { HttpRouteExposureOptions, IngressExposureOptions } from './gateway-exposure-options';
import { placeIn } from '../api/place';
import { InputCheck } from '../model/input';
import { secretNamespace } from '../synthesis/secrets';

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
