import { Construct, IConstruct } from 'constructs';
import { ConnectOptions, connectWorkload } from '../client/connection';
import { errorKind, findingOf, InputCheck, InputError } from '../model/findings';
import { gatewayKey, GatewayKind, routePath } from '../model/route';
import { IMcpGateway } from '../references';
import { resolveName, resolveNamespace } from '../synthesis/placement';
import { Synthesis } from '../synthesis/synthesis';

const ROUTE_URL_UNKNOWN = errorKind(
  'route-url-unknown',
  "the app has {count} gateways when the URL is read, so the route's is not known",
  'Pass the route its `gateway`, or create the only gateway before reading the URL',
);

/** A route that clients can be connected to. */
export interface IMcpRoute extends IConstruct {
  /** Name of its resource. */
  readonly name: string;

  /** Namespace of its resource. */
  readonly namespace: string;

  /** URL of its MCP endpoint, inside the cluster. */
  readonly url: string;

  /**
   * Connects a workload to the route.
   *
   * @param workload what calls the route
   * @param options name of the variable, containers, token
   */
  connect(workload: IConstruct, options?: ConnectOptions): void;
}

/** Options of {@link McpRoute.fromMcpRouteName}. */
export interface FromMcpRouteNameOptions {
  /**
   * Its namespace.
   *
   * @default - the chart's namespace
   */
  readonly namespace?: string;

  /**
   * The gateway that serves it.
   *
   * @default - the only gateway of the app
   */
  readonly gateway?: IMcpGateway;
}

/** A route that knows where it is. */
type RoutePlace = IConstruct & { readonly name: string; readonly namespace: string };

/** The app's gateway, when it has exactly one. */
export function onlyGateway(scope: IConstruct): IMcpGateway | undefined {
  const gateways = Synthesis.of(scope).gatewayConstructs as IMcpGateway[];
  // The same gateway may be imported in several places.
  const keys = new Set(
    gateways.map(({ kind, name, namespace }) => gatewayKey({ kind: kind as GatewayKind, name, namespace })),
  );
  return keys.size === 1 ? gateways[0] : undefined;
}

/** URL of a route at its gateway, or at the only one of the app. */
export function urlOf(route: RoutePlace, gateway: IMcpGateway | undefined): string {
  const url = knownUrl(route, gateway);
  if (url === undefined) {
    const count = Synthesis.of(route).gatewayConstructs.length;
    throw new InputError([findingOf(ROUTE_URL_UNKNOWN, route.node.path, 'url', undefined, { count })]);
  }
  return url;
}

/** The same; undefined where it is not known. */
export function knownUrl(route: RoutePlace, gateway: IMcpGateway | undefined): string | undefined {
  const chosen = gateway ?? onlyGateway(route);
  return chosen && `${chosen.url}${routePath(route)}`;
}

/** A route that exists outside this app. */
export class ImportedRoute extends Construct implements IMcpRoute {
  readonly name: string;
  readonly namespace: string;

  constructor(
    scope: Construct,
    id: string,
    name: string,
    private readonly options: FromMcpRouteNameOptions,
  ) {
    super(scope, id);
    const input = new InputCheck(this.node.path);
    this.name = resolveName(this, name, input);
    this.namespace = resolveNamespace(this, options.namespace, input);
    input.throwIfAny();
  }

  get url(): string {
    return urlOf(this, this.options.gateway);
  }

  connect(workload: IConstruct, options: ConnectOptions = {}): void {
    connectWorkload(
      this,
      workload,
      {
        name: this.name,
        target: { kind: 'route', path: this.node.path },
        url: () => knownUrl(this, this.options.gateway),
      },
      options,
    );
  }
}
