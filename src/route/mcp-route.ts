import { ApiObject, Lazy } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { FromMcpRouteNameOptions, IMcpRoute, ImportedRoute, knownUrl, onlyGateway, urlOf } from './imported-route';
import { HeaderModifierOptions, McpBackendOptions, McpMatchOptions, McpRouteProps } from './route-options';
import {
  backendValue,
  checkBackends,
  checkBackendTypes,
  checkMatch,
  checkServerType,
  gatewayRefOf,
  matchValue,
  operatedSpec,
  routeModel,
  routePlace,
  RouteStatement,
  routeStatement,
} from './route-statement';
import { headerFilters, mergedChanges } from '../api/header-filters';
import { mcpRoute, routeJson, RouteValue } from '../api/mcp-route';
import { routeBackends, routeMatch } from '../api/route-match';
import { OPTION_WITHOUT_FIELD } from '../api/upstream';
import { objectLabels } from '../backends/kubernetes/labels';
import { ConnectOptions, connectWorkload } from '../client/connection';
import { Reconciliation } from '../cluster/reconciliation';
import { errorKind, InputCheck } from '../model/findings';
import { Route, routePath } from '../model/route';
import { emptyList, LIST_EMPTY } from '../model/validation';
import { Authentication } from '../policy/authentication';
import { allowedRule, AllowOptions, checkConditions } from '../policy/authorization';
import {
  checkMethodsForController,
  checkRatesForController,
  checkRulesForController,
} from '../policy/controller-checks';
import {
  checkPolicyLists,
  checkPolicyState,
  checkRules,
  describePolicy,
  isCurrent,
  policySpec,
  PolicyState,
  policyWarnings,
} from '../policy/level-policy';
import { Principal } from '../policy/principal';
import { RateLimit } from '../policy/rate-limit';
import { IMcpServer } from '../references';
import { checkSameApp, resolveName, resolveNamespace } from '../synthesis/placement';
import { Stated } from '../synthesis/statement';
import { Synthesis } from '../synthesis/synthesis';
import { Json } from '../values/json';
import { checkAnnotations, checkLabels } from '../workload/metadata';

const HEADERS_TWICE = errorKind('headers-twice', 'is named twice', 'Name each header once, in set, add or remove');

/**
 * One MCP endpoint at a gateway, backed by servers.
 *
 * Emits an MCPRoute resource, and its part of the gateway's configuration.
 *
 * Requests go to the backends by weight. Servers get whole callers rather than single requests
 * (`affinity`), so that what a caller lists is what it calls, and no session changes its server. Rules send tools, methods or callers to
 * servers of their own: the first rule that a request meets decides. When every rule has servers
 * of its own, the route's backends get what meets no rule; a rule without servers restricts the
 * route to what rules match.
 *
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { McpGateway, McpRoute, McpServer, McpServerSource, ToolMatch } from 'cdk8s-mcp';
 *
 * const app = new App();
 * const gateway = new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway');
 * const team = new Chart(app, 'finance', { namespace: 'finance' });
 * const stable = new McpServer(team, 'ledger', { source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0') });
 * const canary = new McpServer(team, 'ledger-canary', { source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.5.0') });
 * const reports = new McpServer(team, 'reports', { source: McpServerSource.npx('reports-mcp@2.0.1') });
 *
 * const route = new McpRoute(team, 'smart', { gateway });
 * route.addBackend(stable, { weight: 90 });
 * route.addBackend(canary, { weight: 10 });
 * route.addMatch({ tools: ToolMatch.prefix('report_'), backends: [{ server: reports }] });
 * route.url; // http://gateway.mcp-system/routes/finance/smart
 */
export class McpRoute extends Construct implements IMcpRoute {
  /**
   * Refers to an MCPRoute that exists outside this app.
   *
   * @param scope scope of the reference
   * @param id id of the reference
   * @param name name of the MCPRoute
   * @param options its namespace and gateway
   * @throws when the name is not a DNS label or there is no namespace
   */
  public static fromMcpRouteName(
    scope: Construct,
    id: string,
    name: string,
    options: FromMcpRouteNameOptions = {},
  ): IMcpRoute {
    return new ImportedRoute(scope, id, name, options);
  }

  /**
   * A route of what a document states.
   *
   * @internal
   */
  public static _stated(scope: Construct, id: string, statement: RouteStatement): McpRoute {
    return new McpRoute(scope, id, new Stated(statement).asProps());
  }

  /** Name of the resource. */
  public readonly name: string;

  /** Namespace of the resource. */
  public readonly namespace: string;

  /** The MCPRoute resource. */
  public readonly resource: ApiObject;

  private readonly rendered: boolean;
  private state: RouteStatement;
  private described?: Route;

  /**
   * Defines a route.
   *
   * @param scope scope of the construct
   * @param id id of the construct; the route's name unless `name` is given
   * @param props gateway, backends and rules
   * @throws when an option is invalid in itself; the error names every such option
   */
  constructor(scope: Construct, id: string, props: McpRouteProps = {}) {
    super(scope, id);
    this.rendered = Reconciliation.of(this) === Reconciliation.RENDERED;
    this.state = props instanceof Stated ? props.statement : this.stateOf(props);
    this.name = this.state.name;
    this.namespace = this.state.namespace;
    this.resource = new ApiObject(this, 'Resource', {
      apiVersion: 'ome.io/v1alpha1',
      kind: 'MCPRoute',
      metadata: {
        name: this.name,
        namespace: this.namespace,
        labels: { ...this.state.labels, ...objectLabels('mcp-route', this.name) },
        annotations: this.state.annotations,
      },
      spec: Lazy.any({ produce: () => this.spec() }),
    });
    this.node.defaultChild = this.resource;
    Synthesis.of(this).add(this, {
      route: () => this.model(),
      warnings: policyWarnings(this.node.path, this.state.policy),
    });
  }

  /**
   * URL of the route's MCP endpoint, inside the cluster.
   *
   * Without a `gateway` of its own it is that of the app's only gateway, which must exist by then.
   */
  public get url(): string {
    return urlOf(this, this.state.gateway);
  }

  /**
   * URL of the route's MCP endpoint, from outside the cluster; undefined where its gateway has no public host.
   */
  public get publicUrl(): string | undefined {
    const gateway = this.state.gateway ?? onlyGateway(this);
    return gateway?.publicUrl && `${gateway.publicUrl}${routePath(this)}`;
  }

  /**
   * Adds a server that gets a share of the requests.
   *
   * A route has 1 to 16 backends, those of its rules included; that is checked at synthesis.
   *
   * @param server a server of the route's namespace, or a ClusterMcpServer that consents to it
   * @param options its weight
   * @throws when the weight is not a whole number of at least 0, or the server is of another app
   */
  public addBackend(server: IMcpServer, options: McpBackendOptions = {}): void {
    checkServerType(this.node.path, `backends[${this.state.value.backends.length}].server`, server);
    const backends = [...this.state.value.backends, backendValue({ server, ...options })];
    const input = new InputCheck(this.node.path);
    checkSameApp(input, `backends[${backends.length - 1}].server`, this, server);
    routeBackends.check(backends, routePlace(input).at('backends'));
    input.throwIfAny();
    this.say({ backends });
  }

  /**
   * Adds a rule. Rules are tried in the order they were added.
   *
   * @param match conditions, and servers for what meets them
   * @throws when there is no condition, the method is not a request of MCP, a weight is not a whole number of at least 0,
   * or a server is of another app
   */
  public addMatch(match: McpMatchOptions): void {
    checkBackendTypes(this.node.path, `matches[${(this.state.value.matches ?? []).length}].backends`, match.backends);
    const matches = [...(this.state.value.matches ?? []), matchValue(match)];
    const input = new InputCheck(this.node.path);
    checkMatch(input, `matches[${matches.length - 1}]`, this, match);
    routeMatch.check(matches.at(-1)!, routePlace(input).at('matches', matches.length - 1));
    input.throwIfAny();
    this.say({ matches });
  }

  /**
   * Grants a principal the use of tools, prompts and resources. A route that grants anything denies what it does not grant; so does its
   * gateway.
   *
   * @param principal who is granted it
   * @param options tools, prompts, resources, actions and conditions
   * @throws when nothing is named, one is not a name, URI or glob, completions or tasks are of nothing that is granted, or conditions are
   * given and empty; in controller mode, when the principal says what has to have verified its name, or more than tools is granted
   */
  public allow(principal: Principal, options: AllowOptions): void {
    const rules = [...this.state.policy.rules, allowedRule(principal, options)];
    const input = new InputCheck(this.node.path);
    checkRules(input, rules);
    checkConditions(input, `authorization[${rules.length - 1}].conditions`, options.when);
    if (!this.rendered) {
      checkRulesForController(input, rules);
    }
    input.throwIfAny();
    this.extendPolicy({ rules });
  }

  /**
   * Adds a method by which callers must prove who they are, besides those there are.
   *
   * @param method the method
   * @throws in controller mode, when the resource has no field for it
   */
  public addAuthentication(method: Authentication): void {
    const authentication = [...this.state.policy.authentication, method._method];
    if (!this.rendered) {
      const input = new InputCheck(this.node.path);
      checkMethodsForController(input, authentication, Object.keys(this.state.operated?.authentication ?? {}));
      input.throwIfAny();
    }
    this.extendPolicy({ authentication });
  }

  /**
   * Limits how often tools may be called, besides the limits there are.
   *
   * @param limit the limit
   * @throws in controller mode, when the resource has no field for it
   */
  public addRateLimit(limit: RateLimit): void {
    const rateLimits = [...this.state.policy.rateLimits, limit._value];
    if (!this.rendered) {
      const input = new InputCheck(this.node.path);
      checkRatesForController(input, rateLimits);
      input.throwIfAny();
    }
    this.extendPolicy({ rateLimits });
  }

  /**
   * Connects a workload to the route: its containers find the URL in `MCP_GATEWAY_URL`, its pods may connect to the gateway,
   * and the gateway's network policy lets them in.
   *
   * @param workload a Deployment, StatefulSet, DaemonSet, Job, CronJob or Pod of cdk8s-plus, or an API object with containers
   * @param options name of the variable, containers, token
   * @throws when the workload has no namespace, or the variable is that of another connection; what only the finished
   * workload shows, such as a variable with another value, fails synthesis
   */
  public connect(workload: IConstruct, options: ConnectOptions = {}): void {
    connectWorkload(
      this,
      workload,
      {
        name: this.name,
        target: { kind: 'route', path: this.node.path },
        url: () => knownUrl(this, this.state.gateway),
      },
      options,
    );
  }

  /**
   * The policy in force at this route, in words: every part of it with the construct that asked for it.
   *
   * The app must be complete: it is compiled as it is now.
   */
  public get effectivePolicy(): string {
    const policy = Synthesis.of(this).compile().policies.get(this.node.path);
    return policy === undefined ? 'no gateway serves this route' : describePolicy(policy);
  }

  /**
   * Changes headers of requests before they reach the server.
   *
   * @param options the changes, added to those there are
   * @throws when a name or value is not that of a header, a header is named twice, or it carries the protocol
   */
  public modifyRequestHeaders(options: HeaderModifierOptions): void {
    this.modifyHeaders('requestHeaders', options);
  }

  /**
   * Changes headers of responses before they reach the caller.
   *
   * @param options the changes, added to those there are
   * @throws when a name or value is not that of a header, a header is named twice, or it carries the protocol
   */
  public modifyResponseHeaders(options: HeaderModifierOptions): void {
    this.modifyHeaders('responseHeaders', options);
  }

  /** What the route says, as plain data: the same object until something is added. */
  private model(): Route {
    if (!isCurrent(this.described?.policy, this.state.policy)) {
      this.described = undefined;
    }
    this.described ??= routeModel(this.node.path, this.rendered, this.state);
    return this.described;
  }

  /** The `spec` of the resource, as it is now. */
  private spec(): Json {
    const { operated, policy, value } = this.state;
    const gateway = this.rendered ? (this.state.gateway ?? onlyGateway(this)) : undefined;
    return {
      ...routeJson({ ...value, gateway: gateway && gatewayRefOf(gateway) }),
      ...(operated === undefined ? policySpec(policy) : operatedSpec(operated, policySpec(policy))),
    };
  }

  private stateOf(props: McpRouteProps): RouteStatement {
    checkBackendTypes(this.node.path, 'backends', props.backends);
    props.matches?.forEach((match, i) => checkBackendTypes(this.node.path, `matches[${i}].backends`, match.backends));
    const input = new InputCheck(this.node.path);
    const name = resolveName(this, props.name, input);
    const namespace = resolveNamespace(this, props.namespace, input);
    checkLabels(input, 'labels', props.labels, objectLabels('mcp-route', name));
    checkAnnotations(input, 'annotations', props.annotations);
    checkSameApp(input, 'gateway', this, props.gateway);
    checkBackends(input, 'backends', this, props.backends);
    const { matches } = props;
    input.report(LIST_EMPTY, 'matches', matches, emptyList(matches, 'rule', 'to send everything to `backends`'));
    matches?.forEach((match, i) => checkMatch(input, `matches[${i}]`, this, match));
    const statement = routeStatement(name, namespace, props);
    mcpRoute.spec.check(statement.value, routePlace(input));
    checkPolicyLists(input, props);
    checkPolicyState(input, statement.policy, namespace);
    if (!this.rendered) {
      for (const property of ['gateway', 'allowedOrigins', 'timeouts', 'retry', 'authzConfig'] as const) {
        input.reportGiven(OPTION_WITHOUT_FIELD, property, props[property] && '(given)', () => ({
          kind: 'MCPRoute',
          instead: 'Drop it',
        }));
      }
      checkMethodsForController(input, statement.policy.authentication);
      checkRatesForController(input, statement.policy.rateLimits);
      checkRulesForController(input, statement.policy.rules);
    }
    input.throwIfAny();
    return statement;
  }

  private change(changed: Partial<RouteStatement>): void {
    this.state = { ...this.state, ...changed };
    this.described = undefined;
  }

  private extendPolicy(added: Partial<PolicyState>): void {
    this.change({ policy: { ...this.state.policy, ...added } });
  }

  private say(said: Partial<RouteValue>): void {
    this.change({ value: { ...this.state.value, ...said } });
  }

  private modifyHeaders(option: 'requestHeaders' | 'responseHeaders', options: HeaderModifierOptions): void {
    const before = this.state.value[option] ?? {};
    const input = new InputCheck(this.node.path);
    const known = Object.keys({ ...before.set, ...before.add });
    const twice = Object.keys({ ...options.set, ...options.add }).filter(name => known.includes(name));
    input.report(HEADERS_TWICE, option, twice, twice.length > 0);
    const said = { [option]: mergedChanges(before, options) };
    headerFilters.check(said, routePlace(input));
    input.throwIfAny();
    this.say(said);
  }
}
