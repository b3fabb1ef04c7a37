import type { GatewayDataPlane } from '../gateway/data-plane';
import { IMcpGateway, IMcpServer } from '../references';
import type { IMcpRoute } from '../route/imported-route';

/** What a manifest does with documents of kinds that it does not read, such as Secrets or InferenceServices. */
export enum OtherKinds {
  /** Reports them as errors: nothing is dropped silently. */
  REJECT = 'reject',

  /** Emits them as they are, except for `status` and metadata that an API server wrote. */
  PASS_THROUGH = 'pass-through',
}

/** Options of {@link McpManifest}. */
export interface McpManifestOptions {
  /**
   * What the text is called in errors.
   *
   * @default - the path of the file; `manifest` for a text
   */
  readonly source?: string;

  /**
   * The gateway of routes that have no `gatewayRef`. Routes can also name it.
   *
   * @default - the only gateway of the app
   */
  readonly gateway?: IMcpGateway;

  /**
   * Servers from outside the manifest that its routes and gateways refer to by name.
   *
   * @default - only the servers of the manifest can be referred to
   */
  readonly servers?: IMcpServer[];

  /**
   * Routes from outside the manifest that its InferenceServices refer to by name (`mcpRoute.routeRef`).
   *
   * @default - only the routes of the manifest can be referred to
   */
  readonly routes?: IMcpRoute[];

  /**
   * What serves gateways whose documents do not say it (`spec.dataPlane`).
   *
   * @default GatewayDataPlane.agentgateway()
   */
  readonly dataPlane?: GatewayDataPlane;

  /**
   * What to do with documents of other kinds.
   *
   * @default OtherKinds.REJECT
   */
  readonly otherKinds?: OtherKinds;

  /**
   * Whether `remote.url` may start with `http://`, so that requests to that server are sent in the clear.
   *
   * @default false
   */
  readonly allowInsecureRemotes?: boolean;
}
