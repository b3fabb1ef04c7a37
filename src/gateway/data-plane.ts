import { ValueOf } from '../api/codec';
import { dataPlane } from '../api/mcp-gateway';
import { placeIn } from '../api/place';
import { AGENTGATEWAY, ENVOY } from '../backends/interface/data-plane';
import { ClusterProfile, DEFAULT_PROFILE } from '../model/cluster';
import { InputCheck } from '../model/findings';

/** Options of {@link GatewayDataPlane.agentgateway}. */
export interface AgentgatewayOptions {
  /**
   * Image of agentgateway 1.4.1, for instance in a registry of your own.
   *
   * @default - that of the profile of the cluster ({@link ClusterImages}): cr.agentgateway.dev/agentgateway:v1.4.1
   */
  readonly image?: string;
}

/** Options of {@link GatewayDataPlane.envoy}. */
export interface EnvoyOptions {
  /**
   * Image of Envoy 1.40, for instance in a registry of your own. It needs `/usr/local/bin/envoy` and `sh`, which the
   * distroless image has not: before a pod ends, a command in it tells Envoy to drain.
   *
   * @default - that of the profile of the cluster ({@link ClusterImages}): docker.io/envoyproxy/envoy:v1.40.0
   */
  readonly image?: string;
}

/**
 * The proxy that a gateway runs.
 *
 * What a chart asks for and the chosen one cannot enforce fails synthesis, with the names of those that can.
 *
 * @example
 *
 * import { GatewayDataPlane } from 'cdk8s-mcp';
 *
 * GatewayDataPlane.agentgateway({ image: 'registry.acme.dev/agentgateway:v1.4.1' });
 * GatewayDataPlane.envoy();
 */
export class GatewayDataPlane {
  /**
   * agentgateway 1.4.1, standalone: it understands tools best.
   *
   * @param options its image
   * @throws when the image is not an image reference
   */
  public static agentgateway(options: AgentgatewayOptions = {}): GatewayDataPlane {
    return new GatewayDataPlane(AGENTGATEWAY, checkedImage(AGENTGATEWAY, options.image));
  }

  /**
   * Plain Envoy 1.40, configured by files, without a control plane: it understands sessions, weights and failover best. A session
   * stays on its server whatever the weights, and new ones avoid a server that is gone.
   *
   * @param options its image
   * @throws when the image is not an image reference
   */
  public static envoy(options: EnvoyOptions = {}): GatewayDataPlane {
    return new GatewayDataPlane(ENVOY, checkedImage(ENVOY, options.image));
  }

  private constructor(
    /** Name of the data plane. */
    public readonly name: string,
    /** Image that the gateway's pods run; undefined for that of the profile of the cluster. */
    public readonly image?: string,
  ) {}
}

function checkedImage(plane: DataPlaneValue['type'], image: string | undefined): string | undefined {
  const input = new InputCheck(`GatewayDataPlane.${plane}`);
  dataPlane.check({ type: plane, image }, placeIn(input));
  input.throwIfAny();
  return image;
}

/** What runs in the pods of a gateway, as its resource says it. */
export type DataPlaneValue = ValueOf<typeof dataPlane>;

/** A data plane as resources write it. */
export function dataPlaneValue({ name, image }: GatewayDataPlane): DataPlaneValue {
  return { type: name as DataPlaneValue['type'], image };
}

/** The data plane that a gateway asks for, with the image that its pods run in a cluster. */
export function planeOf(
  { type = AGENTGATEWAY, image }: DataPlaneValue = {},
  { images }: Pick<ClusterProfile, 'images'> = DEFAULT_PROFILE,
): { readonly name: NonNullable<DataPlaneValue['type']>; readonly image: string } {
  return { name: type, image: image ?? images[type] };
}
