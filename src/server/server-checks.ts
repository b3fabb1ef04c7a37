import { serverSelector } from './hosted-server';
import { checkProtection } from './protection';
import { checkMetrics } from './server-metrics';
import { McpServerOptions } from './server-options';
import { checkPermissions, ServerGrants } from './server-permissions';
import { isStateful, isStatefulSet, replicasOf, ServerStatement } from './server-statement';
import { defaultPath, McpTransport, RemoteSource, SERVER_CONTAINER, SERVER_PORT, SourceConfig } from './source-config';
import { OPTION_WITHOUT_FIELD } from '../api/upstream';
import { objectLabels } from '../backends/kubernetes/labels';
import { SERVER_ADAPTER } from '../backends/server-proxies';
import { Diagnostic, errorKind, findingAt, findingOf, InputCheck, warningKind } from '../model/findings';
import { Sessions } from '../model/server';
import {
  isPort,
  isToolGlob,
  isToolName,
  notWhole,
  OPTION_TYPE,
  TOOL_GLOB_INVALID,
  TOOL_NAME_INVALID,
  WHOLE_NUMBER_INVALID,
} from '../model/validation';
import { Json } from '../values/json';
import { checkClaimTemplates, VolumeClaimTemplate } from '../workload/claims';
import { checkAnnotations, checkLabels, checkWritable } from '../workload/metadata';
import { checkPodTemplate } from '../workload/pod-check';
import { checkPodOptions } from '../workload/pod-options';
import { checkAutoscaling, checkDisruptionBudget } from '../workload/replicas';

const TOOL_TWICE = errorKind('tool-twice', 'is there twice', 'Drop one');
const WORKLOAD_NAMESPACE_OF_REMOTE = errorKind(
  'workload-namespace-of-remote',
  'is given for a remote server, for which nothing runs in the cluster',
  'Drop it',
);
const TOOLS_FILTER_TWICE = errorKind('tools-filter-twice', 'is there twice', 'Drop one');
const OPTION_OF_REMOTE = errorKind(
  'option-of-remote',
  'is given for a remote server, for which nothing runs in the cluster',
  'Drop {property}',
);
const VARIABLE_OF_ADAPTER = errorKind(
  'variable-of-adapter',
  'is a variable by which the adapter of a stdio server configures itself',
  'Give the program the value by an argument, or start it by a script that sets the variable',
);
/** Not shown: what is no value of a variable may be a secret all the same. */
const HIDDEN = '(not shown)';
/** Each replica that keeps sessions is an address in the configuration of its gateways, on every route to it. */
const MAX_STATEFUL_REPLICAS = 1000;

const STATEFUL_REPLICAS = errorKind(
  'stateful-replicas',
  `is more than ${MAX_STATEFUL_REPLICAS}, and each replica that keeps sessions has an address of its own in the configuration of gateways`,
  'Give fewer replicas, or declare `sessions: stateless` if any replica can answer any request',
);
const STDIO_REPLICAS = errorKind(
  'stdio-replicas',
  'a stdio server does not scale past one replica: each session is a process of its own in one pod',
  'Use 1 replica, or a server that speaks streamable HTTP',
);
const STDIO_AUTOSCALING = errorKind(
  'stdio-autoscaling',
  'a stdio server does not scale past one replica',
  'Drop autoscaling',
);
const STDIO_SESSIONS = errorKind(
  'stdio-sessions',
  'a stdio server keeps each session in a process of its own',
  'Drop `sessions`',
);
const AUTOSCALING_OF_SESSIONS = errorKind(
  'autoscaling-of-sessions',
  'the number of replicas cannot change under a server that keeps sessions: callers would lose theirs',
  'Declare the server sessions: McpSessions.STATELESS if any replica can answer any request, or drop autoscaling',
);
const OPTION_OF_REST = errorKind(
  'option-of-rest',
  'is given for a REST service, whose tools are the operations of its document',
  'Drop {property}',
);
const SESSIONS_OF_REST = errorKind(
  'sessions-of-rest',
  'is given for a REST service, which keeps no sessions',
  'Drop sessions',
);
const OPTION_UNSEEN_BY_OPERATOR = warningKind(
  'option-unseen-by-operator',
  'has no field in the MCPServer resource: the checks of this app use it, and an operator never sees it',
  'Drop it, or use Reconciliation.RENDERED',
);

/** Replicas of a StatefulSet append this to the name: its revision label holds `{name}-{10 characters}`. */
export const STATEFUL_SET_SUFFIX = '-0123456789';

/** Options that mean something only for a workload in the cluster. */
const WORKLOAD_OPTIONS = [
  'replicas',
  'autoscaling',
  'disruptionBudget',
  'permissionProfile',
  'kubernetes',
  'egress',
  'ingress',
  'fileSystem',
  'env',
  'envFrom',
  'volumeMounts',
  'volumeClaimTemplates',
  'serviceAccount',
  'metrics',
  'readiness',
  'liveness',
  'startup',
  'imagePullPolicy',
  'user',
  'resources',
  'podLabels',
  'podAnnotations',
  'nodeSelector',
  'tolerations',
  'priorityClass',
  'antiAffinity',
  'spreadOver',
  'imagePullSecrets',
  'terminationGracePeriod',
  'podTemplate',
] as const;

const HOST_HEADER_INVALID = errorKind(
  'host-header-invalid',
  'is not a host, with its port where there is one',
  'Write what the server expects, such as localhost:8000',
);

/** Checks the header Host of requests to a server. */
export function checkHostHeader(input: InputCheck, hostHeader: string | undefined): void {
  input.reportGiven(HOST_HEADER_INVALID, 'hostHeader', hostHeader, value => {
    const [, , port] = HOST_AND_PORT.exec(value) ?? [];
    return !HOST_AND_PORT.test(value) || (port !== undefined && !isPort(Number(port)));
  });
}

/** A name or an address, IPv6 in brackets. */
const HOST_AND_PORT = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9](?:[-\w.]*[A-Za-z0-9])?)(?::([0-9]{1,5}))?$/;

/** What is given of a server, by the names of its options: each may be out of place where the server is. */
export type GivenOptions = Readonly<Record<string, unknown>>;

/** Checks that options are what they are declared to be, where something is read of them before anything else is checked. */
export function checkOptionTypes(input: InputCheck, { source, env, tools }: McpServerOptions): void {
  const ofSource = {
    expected: 'a source of a server',
    example: "a source such as McpServerSource.image('ghcr.io/acme/tools:1.0.0')",
  };
  const ofVariable = {
    expected: 'a value of a variable',
    example: 'a value of cdk8s-plus: EnvValue.fromValue, or EnvValue.fromSecretValue for a secret',
  };
  const config: unknown = source?._config;
  input.report(OPTION_TYPE, 'source', source, config === undefined ? ofSource : undefined);
  for (const [name, value] of Object.entries(env ?? {})) {
    const known = typeof value === 'object' && value !== null && ('value' in value || 'valueFrom' in value);
    input.report(OPTION_TYPE, `env[${name}]`, HIDDEN, known ? undefined : ofVariable);
  }
  const list = { expected: 'a list of names', example: "a list such as ['search']" };
  input.report(OPTION_TYPE, 'tools', tools, tools === undefined || Array.isArray(tools) ? undefined : list);
}

/** Checks the names of tools. */
export function checkTools(input: InputCheck, tools: readonly string[]): void {
  tools.forEach((tool, i) => {
    input.report(TOOL_NAME_INVALID, `tools[${i}]`, tool, !isToolName(tool));
    input.report(TOOL_TWICE, `tools[${i}]`, tool, tools.indexOf(tool) !== i);
  });
}

/** Checks everything a server at a path can know about itself, whoever says it. */
export function checkStatement(
  input: InputCheck,
  path: string,
  rendered: boolean,
  statement: ServerStatement,
  given: GivenOptions,
): void {
  checkServer(input, statement, given);
  if (rendered) {
    checkProtection(input, statement);
  } else {
    statement.authzConfig?._check(input, statement.workloadNamespace);
  }
  checkPermissions(input, new ServerGrants(path, rendered, statement), statement);
  const { workloadNamespace } = statement.value;
  input.report(
    WORKLOAD_NAMESPACE_OF_REMOTE,
    'workloadNamespace',
    workloadNamespace,
    statement.source.kind === 'remote' && workloadNamespace !== undefined,
  );
}

/** Checks everything but what a server asks of its callers and is allowed. */
function checkServer(input: InputCheck, statement: ServerStatement, given: GivenOptions): void {
  const { name, labels, annotations, pods, source, value } = statement;
  const replicas = replicasOf(value);
  const stateful = isStateful(value.sessions);
  checkLabels(input, 'labels', labels, objectLabels('mcp-server', name));
  checkAnnotations(input, 'annotations', annotations);
  input.reportGiven(WHOLE_NUMBER_INVALID, 'replicas', value.hosted?.replicas, count =>
    notWhole(count, 'a whole number of replicas', 0),
  );
  checkHostHeader(input, value.hostHeader);
  value.toolsFilter?.forEach((pattern, i) => {
    input.report(TOOL_GLOB_INVALID, `toolsFilter[${i}]`, pattern, !isToolGlob(pattern));
    input.report(TOOLS_FILTER_TWICE, `toolsFilter[${i}]`, pattern, value.toolsFilter!.indexOf(pattern) !== i);
  });
  if (source.kind === 'remote') {
    checkRest(input, value.sessions, source, given);
    for (const property of WORKLOAD_OPTIONS) {
      input.report(
        OPTION_OF_REMOTE,
        property,
        given[property],
        given[property] === undefined ? undefined : { property },
      );
    }
    return;
  }
  checkPodOptions(input, pods, serverSelector(name));
  checkWritable(input, 'source.template', source.podTemplate);
  checkPodTemplate(input, 'source.template', source.podTemplate);
  checkLabels(input, 'source.template.metadata.labels', source.podTemplate?.metadata?.labels, serverSelector(name));
  checkAutoscaling(input, pods.autoscaling, value.hosted?.replicas);
  checkDisruptionBudget(input, pods.disruptionBudget);
  checkClaimTemplates(input, pods.volumeClaimTemplates);
  checkMetrics(input, pods.metrics);
  input.reportGiven(WHOLE_NUMBER_INVALID, 'user', pods.user, user => notWhole(user, 'a user id other than root', 1));
  if (source.transport === McpTransport.STDIO) {
    const template = source.podTemplate?.spec.containers.find((container: Json) => container.name === SERVER_CONTAINER);
    const variables = [...Object.keys(pods.env ?? {}), ...(template?.env ?? []).map((variable: Json) => variable.name)];
    for (const variable of variables.filter(candidate => SERVER_ADAPTER.reservedVariables.includes(candidate))) {
      input.report(VARIABLE_OF_ADAPTER, `env[${variable}]`, variable, true);
    }
    input.report(STDIO_REPLICAS, 'replicas', replicas, replicas > 1);
    input.report(STDIO_AUTOSCALING, 'autoscaling', pods.autoscaling, pods.autoscaling !== undefined);
    input.report(STDIO_SESSIONS, 'sessions', value.sessions, !stateful);
  } else {
    input.report(STATEFUL_REPLICAS, 'replicas', replicas, stateful && replicas > MAX_STATEFUL_REPLICAS);
    input.report(AUTOSCALING_OF_SESSIONS, 'autoscaling', pods.autoscaling, pods.autoscaling !== undefined && stateful);
  }
}

/** What follows from the description of a REST service. */
function checkRest(
  input: InputCheck,
  sessions: Sessions | undefined,
  { rest }: RemoteSource,
  given: GivenOptions,
): void {
  if (rest === undefined) {
    return;
  }
  for (const property of ['tools', 'toolDescriptions'] as const) {
    input.report(OPTION_OF_REST, property, given[property], given[property] === undefined ? undefined : { property });
  }
  input.report(SESSIONS_OF_REST, 'sessions', sessions, sessions === 'stateful');
}

/** Options that have no field in the API's upstream schema, so a controller would never see them. */
export function checkControllerMode(input: InputCheck, options: McpServerOptions): void {
  const { _config: source } = options.source;
  const unseen = (property: string, value: unknown, isThere: boolean, instead = 'Drop it'): void =>
    input.report(OPTION_WITHOUT_FIELD, property, value, isThere ? { kind: 'MCPServer', instead } : undefined);
  for (const property of [
    'autoscaling',
    'disruptionBudget',
    'hostHeader',
    'metrics',
    'sessions',
    'volumeClaimTemplates',
  ] as const) {
    unseen(property, options[property], options[property] !== undefined);
  }
  unseen(
    'source.credentials',
    source.credentials?.map(({ kind }) => kind),
    source.credentials !== undefined,
  );
  options.oidcConfig?._checkControlled(input);
  if (source.kind === 'remote') {
    const { rest, tls } = source;
    unseen('source', 'McpServerSource.openApi', rest !== undefined);
    unseen('source.tls', tls, (tls?.caBundle ?? tls?.caSecret ?? tls?.serverName) !== undefined);
    return;
  }
  const { path, port, tls, transport } = source;
  unseen('source.tls', tls, tls !== undefined);
  unseen('source.port', port, port !== SERVER_PORT, 'Let the program listen on 8080');
  unseen('source.path', path, path !== defaultPath(transport), 'Let the program answer on its default path');
  const usual = transport === McpTransport.SSE ? '/sse' : '/mcp';
  unseen('source.path', path, path !== usual, `Let the program answer at ${usual}`);
}

/** Options that feed the checks of this app in controller mode, and nothing else: the resource has no field for them. */
export function controllerWarnings(path: string, options: McpServerOptions): Diagnostic[] {
  return (['tools', 'toolDescriptions'] as const)
    .filter(property => options[property] !== undefined)
    .map(property => findingOf(OPTION_UNSEEN_BY_OPERATOR, path, property, options[property]));
}

/** What is worth knowing about where a server is. */
export function sourceWarnings(path: string, source: SourceConfig): Diagnostic[] {
  return source.kind === 'remote'
    ? (source.notes ?? []).map(({ property, value, ...said }) => findingAt(said, path, property, value))
    : [];
}

/** The longest suffix that a name of a server gets. */
export function longestSuffix(
  {
    sessions,
    replicas = 1,
    volumeClaimTemplates,
  }: {
    readonly sessions?: Sessions;
    readonly replicas?: number;
    readonly volumeClaimTemplates?: readonly VolumeClaimTemplate[];
  },
  source: SourceConfig,
): string {
  return source.kind === 'hosted' && isStatefulSet({ stateful: isStateful(sessions), replicas, volumeClaimTemplates })
    ? STATEFUL_SET_SUFFIX
    : '';
}
