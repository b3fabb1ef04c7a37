import { ApiObject, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { checkInferenceResource, INFERENCE_API_VERSION, POD_LABEL, ROUTE_SUFFIX } from './inference-resource';
import { McpInferenceServiceProps, takenBy, withRunnerVariable } from './inference-service-options';
import { routeJson } from '../api/mcp-route';
import { noField } from '../api/upstream';
import { objectLabels } from '../backends/kubernetes/labels';
import { URL_VARIABLE } from '../client/connection';
import { ClusterProfile } from '../cluster/cluster-profile';
import { Reconciliation } from '../cluster/reconciliation';
import { because, Diagnostic, errorKind, findingOf, InputCheck } from '../model/findings';
import { dnsLabelProblem, emptyList, LIST_EMPTY } from '../model/validation';
import { ruleValue } from '../policy/authorization';
import { checkMethodsForController, checkRulesForController } from '../policy/controller-checks';
import { checkPolicyLists, policySpec } from '../policy/level-policy';
import { IMcpRoute } from '../route/imported-route';
import { McpRoute } from '../route/mcp-route';
import { McpBackend } from '../route/route-options';
import { routeStatement } from '../route/route-statement';
import { resolveName, resolveNamespace } from '../synthesis/placement';
import { Synthesis } from '../synthesis/synthesis';
import { compact, Json, sorted } from '../values/json';

/** Servers of an InferenceService (OEP-0005), and backends of the route that a simple one gets. */
const MAX_SERVERS = 32;
const MAX_BACKENDS = 16;

const INFERENCE_GATEWAY_UNKNOWN = errorKind(
  'inference-gateway-unknown',
  'which gateway serves the route is not known, and so neither is its URL',
  'Name the gateway',
);
const INFERENCE_URL_VARIABLE_TAKEN = errorKind(
  'inference-url-variable-taken',
  'is set to something else',
  'Drop it: the runner gets the URL of its route there',
);
const RUNNER_CONTAINER_INVALID = errorKind(
  'runner-container-invalid',
  '{problem}',
  'Use the name of the container in the runtime',
);
const INFERENCE_NAME_INVALID = errorKind('inference-name-invalid', '{problem}', 'Choose a shorter name');
const INFERENCE_WITHOUT_SERVERS = errorKind(
  'inference-without-servers',
  'names no server, and there is no route',
  'Name servers, or a route',
);
const INFERENCE_OPTION_BESIDE_ROUTE = errorKind(
  'inference-option-beside-route',
  'is given together with route ({route}/{name}), which says it',
  'Drop {option}, or route',
);
const INFERENCE_ROUTE_OF_OTHER_NAMESPACE = errorKind(
  'inference-route-of-other-namespace',
  'is in another namespace than the service ({namespace}), which may refer to its own alone',
  'Use a route of its namespace',
);
const INFERENCE_OPTION_OF_OPERATOR = errorKind(
  'inference-option-of-operator',
  noField('InferenceService'),
  'Drop it, or use Reconciliation.RENDERED',
);
const INFERENCE_CONTAINER_OF_OPERATOR = errorKind(
  'inference-container-of-operator',
  'is where the operator puts the URL by itself',
  'Drop it, or use Reconciliation.RENDERED',
);
const INFERENCE_TOO_MANY_SERVERS = errorKind(
  'inference-too-many-servers',
  `are more than the ${MAX_SERVERS} an InferenceService may have`,
  'Name fewer, or put them behind several routes',
);
const INFERENCE_TOO_MANY_BACKENDS = errorKind(
  'inference-too-many-backends',
  `are more than the ${MAX_BACKENDS} backends that a route may have`,
  'Name fewer, or let rules (matches) send tools to some of them',
);
const INFERENCE_SERVER_KIND = errorKind(
  'inference-server-kind',
  'is not an MCPServer, which is all that the InferenceService resource can refer to',
  'Use an McpServer, or Reconciliation.RENDERED',
);
/** Name of the model's container in the runtimes that OME ships. */
const RUNNER_CONTAINER = 'ome-container';
/** What shapes the route of the simple mode. */
const ROUTE_OPTIONS = [
  'servers',
  'matches',
  'gateway',
  'authentication',
  'authorization',
  'rateLimits',
  'authzConfig',
] as const;
/**
 * A model that is served by OME and has tools: an InferenceService (`ome.io/v1beta1`) whose runner finds its route in
 * `MCP_GATEWAY_URL`.
 *
 * Name its tool servers, and it gets a route `{name}-route` of its own (simple mode), or name a route (explicit mode). What
 * is emitted is valid for the InferenceService that OME has released. In controller mode the resource carries `mcpServers`
 * and `mcpRoute`, as OEP-0005 proposes, and nothing else is emitted.
 *
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { McpGateway, McpInferenceService, McpServer, McpServerSource } from 'cdk8s-mcp';
 *
 * const app = new App();
 * const gateway = new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway');
 * const team = new Chart(app, 'analytics', { namespace: 'analytics' });
 * const postgres = new McpServer(team, 'postgres-tools', { source: McpServerSource.image('ghcr.io/acme/postgres-mcp:1.0.0') });
 * new McpInferenceService(team, 'analytics-llm', {
 *   model: { name: 'llama-3-70b' },
 *   runtime: { name: 'vllm' },
 *   servers: [{ server: postgres }],
 *   gateway,
 * });
 */
export class McpInferenceService extends Construct {
  /** Name of the resource. */
  public readonly name: string;

  /** Namespace of the resource. */
  public readonly namespace: string;

  /** The InferenceService resource. */
  public readonly resource: ApiObject;

  /** The route its runner calls: its own, or the one it was given. In controller mode with `servers`, none: the operator makes it. */
  public readonly route?: IMcpRoute;

  /**
   * Defines a model with tools.
   *
   * @param scope scope of the construct
   * @param id id of the construct; the name unless `name` is given
   * @param props the model and its tools
   * @throws when an option is invalid in itself; the error names every such option
   */
  constructor(scope: Construct, id: string, props: McpInferenceServiceProps) {
    super(scope, id);
    const rendered = Reconciliation.of(this) === Reconciliation.RENDERED;
    const input = new InputCheck(this.node.path);
    this.name = resolveName(this, props.name, input);
    this.namespace = resolveNamespace(this, props.namespace, input);
    check(input, this.name, this.namespace, props, rendered);
    input.throwIfAny();

    const { servers, matches, gateway, authentication, authorization, rateLimits, authzConfig } = props;
    this.route =
      props.route ??
      (rendered
        ? new McpRoute(this, 'Route', {
            name: `${this.name}${ROUTE_SUFFIX}`,
            namespace: this.namespace,
            labels: { [POD_LABEL]: this.name },
            backends: servers,
            matches,
            gateway,
            authentication,
            authorization,
            rateLimits,
            authzConfig,
          })
        : undefined);

    const container = props.runnerContainer ?? RUNNER_CONTAINER;
    const spec: Json = {
      ...props.spec,
      model: compact({ ...props.model }),
      ...(props.runtime === undefined ? {} : { runtime: compact({ ...props.runtime }) }),
    };
    const url = (): string | undefined => (rendered ? knownUrl(this.route!) : undefined);
    this.resource = new ApiObject(this, 'Resource', {
      apiVersion: INFERENCE_API_VERSION,
      kind: 'InferenceService',
      metadata: {
        name: this.name,
        namespace: this.namespace,
        labels: { ...props.labels, ...objectLabels('mcp-inference-service', this.name) },
        annotations: props.annotations,
      },
      spec: Lazy.any({
        produce: () => {
          const known = url();
          return sorted(
            rendered
              ? known === undefined
                ? spec
                : withRunnerVariable(spec, container, URL_VARIABLE, known)
              : { ...spec, ...proposedFields(this, props) },
          );
        },
      }),
    });
    this.node.defaultChild = this.resource;
    Synthesis.of(this).add(
      this,
      rendered
        ? {
            client: () => ({
              path: this.node.path,
              name: this.name,
              pods: { namespace: this.namespace, labels: { [POD_LABEL]: this.name } },
              profile: ClusterProfile.of(this)._model,
              target: { kind: 'route', path: this.route!.node.path },
              origin: { path: this.node.path, property: props.route === undefined ? 'servers' : 'route' },
            }),
            findings: () => this.findings(spec, url()),
          }
        : {},
    );
  }

  private findings(spec: Json, url: string | undefined): Diagnostic[] {
    return url === undefined
      ? [findingOf(INFERENCE_GATEWAY_UNKNOWN, this.node.path, 'gateway', undefined)]
      : takenBy(spec, URL_VARIABLE, url).map(field =>
          findingOf(INFERENCE_URL_VARIABLE_TAKEN, this.node.path, field, URL_VARIABLE),
        );
  }
}

/** The URL of a route; undefined while nobody said which gateway serves it, which is reported and not thrown. */
function knownUrl(route: IMcpRoute): string | undefined {
  try {
    return route.url;
  } catch {
    return undefined;
  }
}

/** `mcpServers` and `mcpRoute`, as OEP-0005 proposes them ("InferenceService MCP Integration"). */
function proposedFields({ name, namespace }: McpInferenceService, props: McpInferenceServiceProps): Json {
  if (props.route !== undefined) {
    return { mcpRoute: { routeRef: { name: props.route.name } } };
  }
  const { authentication, authorization, authzConfig, matches, rateLimits, servers } = props;
  const { policy, value } = routeStatement(name, namespace, {
    backends: servers,
    matches,
    authentication,
    authorization,
    authzConfig,
    rateLimits,
  });
  const { backendRefs, ...embedded } = routeJson(value);
  return compact({ mcpServers: backendRefs, mcpRoute: { ...embedded, ...policySpec(policy) } });
}

function check(
  input: InputCheck,
  name: string,
  namespace: string,
  props: McpInferenceServiceProps,
  rendered: boolean,
): void {
  const { servers = [], route } = props;
  checkInferenceResource(input, name, props);
  input.reportGiven(RUNNER_CONTAINER_INVALID, 'runnerContainer', props.runnerContainer, value =>
    because(dnsLabelProblem(value)),
  );
  input.report(
    INFERENCE_NAME_INVALID,
    'name',
    name,
    because(route === undefined ? dnsLabelProblem(name, ROUTE_SUFFIX) : undefined),
  );
  if (route === undefined) {
    const matched = (props.matches ?? []).flatMap(({ backends = [] }) => backends.map(({ server }) => server));
    input.report(INFERENCE_WITHOUT_SERVERS, 'servers', servers.length, servers.length + matched.length === 0);
  } else {
    for (const option of ROUTE_OPTIONS.filter(candidate => props[candidate] !== undefined)) {
      input.report(INFERENCE_OPTION_BESIDE_ROUTE, option, '(given)', {
        route: route.namespace,
        name: route.name,
        option,
      });
    }
    input.report(
      INFERENCE_ROUTE_OF_OTHER_NAMESPACE,
      'route',
      `${route.namespace}/${route.name}`,
      route.namespace === namespace ? undefined : { namespace },
    );
  }
  checkServers(input, servers, rendered);
  if (!rendered) {
    // In rendered mode the route that it makes checks them.
    checkPolicyLists(input, props);
    input.report(
      LIST_EMPTY,
      'matches',
      props.matches,
      emptyList(props.matches, 'rule', 'to send everything to `servers`'),
    );
    checkRulesForController(input, (props.authorization ?? []).map(ruleValue));
    checkMethodsForController(
      input,
      (props.authentication ?? []).map(({ _method }) => _method),
    );
    for (const option of ['gateway', 'authzConfig'] as const) {
      input.report(INFERENCE_OPTION_OF_OPERATOR, option, '(given)', props[option] !== undefined);
    }
    input.report(
      INFERENCE_CONTAINER_OF_OPERATOR,
      'runnerContainer',
      props.runnerContainer,
      props.runnerContainer !== undefined,
    );
  }
}

function checkServers(input: InputCheck, servers: readonly McpBackend[], rendered: boolean): void {
  input.report(INFERENCE_TOO_MANY_SERVERS, 'servers', servers.length, servers.length > MAX_SERVERS);
  input.report(
    INFERENCE_TOO_MANY_BACKENDS,
    'servers',
    servers.length,
    rendered && servers.length > MAX_BACKENDS && servers.length <= MAX_SERVERS,
  );
  servers.forEach(({ server }, i) =>
    input.report(
      INFERENCE_SERVER_KIND,
      `servers[${i}]`,
      `${server.kind} ${server.name}`,
      !rendered && server.kind !== 'MCPServer',
    ),
  );
}
