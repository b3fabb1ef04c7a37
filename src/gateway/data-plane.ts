import { AGENTGATEWAY } from '../backends/data-plane';
import { InputCheck } from '../model/input';

/** Image of the default data plane. */
const AGENTGATEWAY_IMAGE = 'cr.agentgateway.dev/agentgateway:v1.4.1';

/** Options of {@link GatewayDataPlane.agentgateway}. */
export interface AgentgatewayOptions {
  /**
   * Image of agentgateway 1.4.1, for instance in a registry of your own.
   *
   * @default cr.agentgateway.dev/agentgateway:v1.4.1
   */
  readonly image?: string;
}

/**
 * The proxy that a gateway runs.
 *
 * @example
 *
 * import { GatewayDataPlane } from 'cdk8s-mcp';
 *
 * GatewayDataPlane.agentgateway({ image: 'registry.acme.dev/agentgateway:v1.4.1' });
 */
export class GatewayDataPlane {
  /**
   * agentgateway 1.4.1, standalone: it understands tools best.
   *
   * @param options its image
   * @throws when the image is not an image reference
   */
  public static agentgateway(options: AgentgatewayOptions = {}): GatewayDataPlane {
    const input = new InputCheck('GatewayDataPlane.agentgateway');
    input.optional('image', options.image, value => /^\S+$/.test(value) ? undefined : 'is not an image reference', 'Name an image with its tag');
    input.throwIfAny();
    return new GatewayDataPlane(AGENTGATEWAY, options.image ?? AGENTGATEWAY_IMAGE);
  }

  private constructor(
    /** Name of the data plane. */
    public readonly name: string,
    /** Image that the gateway's pods run. */
    public readonly image: string,
  ) {}
}
