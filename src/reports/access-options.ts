import { ToolAction } from '../policy/authorization';
import { Principal } from '../policy/principal';
import { IMcpGateway, IMcpServer } from '../references';
import { IMcpRoute } from '../route/imported-route';

/** Options of {@link AccessMatrix.of}. */
export interface AccessMatrixOptions {
  /**
   * Rows of the matrix. A question about anyone else, whom no rule names either, is an error.
   *
   * @default - everyone that a rule of the app names, any authenticated caller, and a caller without credentials
   */
  readonly principals?: Principal[];

  /**
   * Columns of the matrix.
   *
   * @default - for each route, the tools that its servers declare and those that rules name exactly
   */
  readonly tools?: string[];

  /**
   * Columns of the matrix for prompts.
   *
   * @default - for each route, those that rules name; a glob is asked about as it stands
   */
  readonly prompts?: string[];

  /**
   * Columns of the matrix for resources, by their URIs.
   *
   * @default - for each route, those that rules name; a glob is asked about as it stands
   */
  readonly resources?: string[];

  /**
   * Address that requests come from.
   *
   * @default - unknown, so that conditions on it are not met
   */
  readonly sourceIp?: string;

  /**
   * Headers of requests.
   *
   * @default - none, so that conditions on them are not met
   */
  readonly headers?: { [name: string]: string };

  /**
   * Time of requests, in ISO 8601 form such as `2026-11-23T09:30:00Z`.
   *
   * @default - unknown, so that conditions on it are not met
   */
  readonly time?: string;
}

/** A request that {@link AccessMatrix.decide} decides on. */
export interface AccessQuestion {
  /**
   * The route that is asked.
   *
   * @default - the servers that a gateway discovers, at `/mcp`
   */
  readonly route?: IMcpRoute;

  /**
   * The gateway whose discovered servers are asked, when no route is given.
   *
   * @default - the first gateway that discovers servers
   */
  readonly gateway?: IMcpGateway;

  /**
   * A server that is asked directly, past all gateways. It must ask something of its callers itself (`oidcConfig`).
   *
   * @default - a route is asked, or what a gateway discovers
   */
  readonly server?: IMcpServer;

  /**
   * Who asks.
   *
   * @default - a caller without credentials, unless `claims` are given
   */
  readonly principal?: Principal;

  /**
   * Claims of the caller's token; they win over what the principal says.
   *
   * @default - those by which the principal is known
   */
  readonly claims?: { [name: string]: any };

  /**
   * The tool. A question is about one of `tool`, `prompt` and `resource`.
   *
   * @default - a prompt or resource is asked about
   */
  readonly tool?: string;

  /**
   * The prompt, by its name.
   *
   * @default - a tool or resource is asked about
   */
  readonly prompt?: string;

  /**
   * The resource, by its URI as the server has it; or a template of resources, by its text.
   *
   * @default - a tool or prompt is asked about
   */
  readonly resource?: string;

  /**
   * Whether the tool may be one that no server declares: such a call is asked about all the same.
   *
   * @default false
   */
  readonly undeclared?: boolean;

  /**
   * What is done with it.
   *
   * @default ToolAction.CALL
   */
  readonly action?: ToolAction;

  /**
   * Whether an argument of the prompt or resource template is completed, instead of what `action` says.
   *
   * @default false
   */
  readonly completion?: boolean;

  /**
   * Whether a task that a call of the tool became is followed up, instead of what `action` says.
   *
   * @default false
   */
  readonly task?: boolean;

  /**
   * Arguments of the call, which Cedar policies may ask about.
   *
   * @default - none
   */
  readonly arguments?: { [name: string]: any };

  /**
   * Address that the request comes from.
   *
   * @default - that of the matrix
   */
  readonly sourceIp?: string;

  /**
   * Headers of the request.
   *
   * @default - those of the matrix
   */
  readonly headers?: { [name: string]: string };

  /**
   * Time of the request, in ISO 8601 form such as `2026-11-23T09:30:00Z`.
   *
   * @default - that of the matrix
   */
  readonly time?: string;
}

/** One reason of a decision. */
export interface AccessReason {
  /** What decided: `gateway`, `route`, `authentication`, `exposure`, or `server` for what a server asks of its callers itself. */
  readonly level: string;

  /** The reason in words. */
  readonly words: string;

  /**
   * The emitted expression that decided.
   *
   * @default - no single expression did
   */
  readonly expression?: string;
}

/** The decision on a request. */
export interface AccessDecision {
  /** Whether the request is admitted. */
  readonly allowed: boolean;

  /** What granted it at each level, or what stopped it. */
  readonly reasons: AccessReason[];
}

/** A permission that one matrix has and another has not. */
export interface AccessChange {
  /** `gained` or `lost`. */
  readonly change: string;

  /** The route, as `{namespace}/{name}`, or `mcp`. */
  readonly route: string;

  /** Whose permission it is. */
  readonly principal: string;

  /** The tool, prompt or resource; which of them it is, the action says. */
  readonly tool: string;

  /** `tools/call` or `tools/list`, and likewise of `prompts` and `resources`. */
  readonly action: string;
}
