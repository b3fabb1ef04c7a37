import { Duration } from 'cdk8s';
import { HeaderMatch, ToolMatch } from './request-match';
import { PolicyOptions } from '../policy/level-policy';
import { IMcpGateway, IMcpServer } from '../references';

/** Changes to the headers of requests or responses. A header may be named once. */
export interface HeaderModifierOptions {
  /**
   * Headers to set, whatever they held before.
   *
   * @default - none
   */
  readonly set?: { [name: string]: string };

  /**
   * Headers to add to the values there are.
   *
   * @default - none
   */
  readonly add?: { [name: string]: string };

  /**
   * Headers to remove.
   *
   * @default - none
   */
  readonly remove?: string[];
}

/** Options of a backend. */
export interface McpBackendOptions {
  /**
   * Share of the requests, relative to the other backends. A backend of weight 0 gets none.
   *
   * @default 1
   */
  readonly weight?: number;
}

/** A server that a route sends requests to. */
export interface McpBackend extends McpBackendOptions {
  /** The server: of the route's namespace, or a ClusterMcpServer that consents to it. */
  readonly server: IMcpServer;
}

/** A rule of a route. A request matches when it meets every condition given. */
export interface McpMatchOptions {
  /**
   * The tool called or listed.
   *
   * @default - any, and everything that is not a tool
   */
  readonly tools?: ToolMatch;

  /**
   * The JSON-RPC method, such as `tools/call`. Only for servers without sessions.
   *
   * @default - any
   */
  readonly method?: string;

  /**
   * Headers of the request, all of which must match.
   *
   * @default - any
   */
  readonly headers?: HeaderMatch[];

  /**
   * Servers for what matches.
   *
   * @default - the route's own backends; what matches no rule is then not served
   */
  readonly backends?: McpBackend[];
}

/** What keeps the requests of a caller at one of several servers that share them by weight. */
export enum McpAffinity {
  /**
   * The caller: all its requests go to one server, so that what it lists is what it calls. It is told by its user where callers are
   * authenticated, else by the address it connects from: everyone behind one address (NAT, a proxy) is then one caller.
   */
  CALLER = 'caller',

  /** Nothing but a session: a request without one goes to any of the servers. */
  NONE = 'none',
}

/** Limits on time. */
export interface McpTimeouts {
  /**
   * For a whole request, retries included.
   *
   * @default - none
   */
  readonly request?: Duration;

  /**
   * For one attempt at the server.
   *
   * @default - none
   */
  readonly backendRequest?: Duration;
}

/** How failed requests are repeated: by agentgateway at the server chosen first, by Envoy at another one, where there is one. */
export interface McpRetryOptions {
  /** Attempts in all, the first included: 2 to 10. A tool call that is repeated may take effect twice. */
  readonly attempts: number;

  /**
   * Time between attempts.
   *
   * @default - none
   */
  readonly backoff?: Duration;

  /**
   * HTTP status codes of the server that are repeated.
   *
   * @default [502, 503, 504]
   */
  readonly codes?: number[];
}

/** Properties of {@link McpRoute}. */
export interface McpRouteProps extends PolicyOptions {
  /**
   * Name of the resource; it stands in the URL.
   *
   * @default - the construct's id as it is
   */
  readonly name?: string;

  /**
   * Namespace of the resource; it stands in the URL.
   *
   * @default - the chart's namespace
   */
  readonly namespace?: string;

  /**
   * The gateway that serves the route.
   *
   * @default - the only gateway of the app
   */
  readonly gateway?: IMcpGateway;

  /**
   * Servers to start with; see {@link McpRoute.addBackend}.
   *
   * @default - none
   */
  readonly backends?: McpBackend[];

  /**
   * What keeps the requests of a caller at one of several servers that share them by weight. Shares are of callers, and exact where
   * there are many. Which replica of its server answers is chosen for each request where the server is `McpSessions.STATELESS`.
   * agentgateway refuses `NONE` where a server of several keeps sessions.
   *
   * @default McpAffinity.CALLER
   */
  readonly affinity?: McpAffinity;

  /**
   * Rules to start with; see {@link McpRoute.addMatch}.
   *
   * @default - none
   */
  readonly matches?: McpMatchOptions[];

  /**
   * Changes to the headers of requests, before they reach the server.
   *
   * @default - none
   */
  readonly requestHeaders?: HeaderModifierOptions;

  /**
   * Changes to the headers of responses, before they reach the caller.
   *
   * @default - none
   */
  readonly responseHeaders?: HeaderModifierOptions;

  /**
   * Limits on how long a request may take. Event streams that a client holds open are not limited.
   *
   * @default - none
   */
  readonly timeouts?: McpTimeouts;

  /**
   * Repeats failed requests.
   *
   * @default - none
   */
  readonly retry?: McpRetryOptions;

  /**
   * Origins of web pages that may use the route from a browser, as browsers send them: `['https://chat.example.com']`. Of a request
   * with another `Origin` nothing reaches a server: it is 403; one without `Origin`, as programs send it, is nobody's page. A browser
   * is told that a page may ask (CORS), with tokens and keys in headers, and without cookies or client certificates. Where the
   * gateway has a list too, an origin has to be in both.
   *
   * @default - those of the gateway
   */
  readonly allowedOrigins?: string[];

  /**
   * Labels of the resource.
   *
   * @default - none besides the library's own
   */
  readonly labels?: { [key: string]: string };

  /**
   * Annotations of the resource.
   *
   * @default - none
   */
  readonly annotations?: { [key: string]: string };
}
