import { ISTIO_AMBIENT, ISTIO_SIDECARS, LINKERD, Mesh } from '../model/cluster';
import { InputCheck } from '../model/findings';
import { isNamespace, NAMESPACE_INVALID } from '../model/validation';

/** Options of {@link ServiceMesh}. */
export interface ServiceMeshOptions {
  /**
   * Namespace of the control plane, which proxies in pods connect to.
   *
   * @default 'istio-system', or 'linkerd'
   */
  readonly controlPlaneNamespace?: string;
}

/**
 * The mesh that the namespaces of gateways and servers are in, so that policies of the network let its proxies work. Who is in the mesh is said
 * by labels and annotations of namespaces, as ever; docs/meshes.md says what holds in each.
 *
 * @example
 *
 * import { App } from 'cdk8s';
 * import { ClusterProfile, ServiceMesh } from 'cdk8s-mcp';
 *
 * const app = new App();
 * new ClusterProfile({ mesh: ServiceMesh.istioAmbient() }).applyTo(app);
 */
export class ServiceMesh {
  /**
   * Istio in ambient mode: who may connect to pods may do so on port 15008, too, by which the mesh carries connections, and an
   * AuthorizationPolicy keeps to the declared ports what comes by it. The address of probes (169.254.7.127) is let in.
   */
  public static istioAmbient(): ServiceMesh {
    return new ServiceMesh(ISTIO_AMBIENT);
  }

  /**
   * Istio with sidecars in all pods of namespaces: pods may connect to istiod, for the configuration and certificates of their sidecars.
   * Gateways, and servers with agentgateway in their pods, have no sidecar (`sidecar.istio.io/inject: "false"`): it takes the same ports,
   * and every caller of a gateway would have its address.
   *
   * @param options where istiod is
   * @throws when the namespace is no name of one
   */
  public static istioSidecars(options: ServiceMeshOptions = {}): ServiceMesh {
    return ServiceMesh.of('istioSidecars', ISTIO_SIDECARS, options);
  }

  /**
   * Linkerd: who may connect to pods may do so on port 4143, too, by which its proxies reach each other, and pods may connect to its control
   * plane. What comes by that port may be for any port of the pod: Linkerd's own policies say for which.
   *
   * @param options where the control plane is
   * @throws when the namespace is no name of one
   */
  public static linkerd(options: ServiceMeshOptions = {}): ServiceMesh {
    return ServiceMesh.of('linkerd', LINKERD, options);
  }

  private static of(factory: string, mesh: Mesh, { controlPlaneNamespace }: ServiceMeshOptions): ServiceMesh {
    const input = new InputCheck(`ServiceMesh.${factory}`);
    input.reportGiven(
      NAMESPACE_INVALID,
      'controlPlaneNamespace',
      controlPlaneNamespace,
      namespace => !isNamespace(namespace),
    );
    input.throwIfAny();
    return new ServiceMesh(
      controlPlaneNamespace === undefined
        ? mesh
        : {
            ...mesh,
            controlPlane: mesh.controlPlane.map(({ pods, port }) => ({
              pods: { ...pods, namespace: controlPlaneNamespace },
              port,
            })),
          },
    );
  }

  /** Name of the mesh: `istio-ambient`, `istio-sidecars` or `linkerd`. */
  public readonly name: string;

  /** @internal */
  public readonly _model: Mesh;

  private constructor(mesh: Mesh) {
    this.name = mesh.name;
    this._model = mesh;
  }
}
