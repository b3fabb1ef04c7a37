import { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { ConnectOptions, ServiceAccountTokenOptions } from './connect-options';
import { podLabels, podsOf, transformPods, workloadNamespace, workloadObject } from './workload-pods';
import { mergePodTemplates } from '../backends/kubernetes/pod-template';
import { ClusterProfile } from '../cluster/cluster-profile';
import { Diagnostic, errorAt } from '../model/diagnostic';
import { InputCheck } from '../model/input';
import { McpClient } from '../model/network';
import { Synthesis } from '../synthesis/synthesis';
import { Json } from '../values/json';

/** Variable in which clients find the URL (OEP-0005, "Request Flow"). */
export const URL_VARIABLE = 'MCP_GATEWAY_URL';
const TOKEN_FILE_SUFFIX = '_TOKEN_FILE';
const TOKEN_FOLDER = '/var/run/secrets/mcp';
const TOKEN_FILE = 'token';
const DEFAULT_EXPIRATION_SECONDS = 3600;
/** What Kubernetes accepts. */
const MINIMUM_EXPIRATION_SECONDS = 600;
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** What a workload is connected to. */
export interface ConnectionTarget {
  /** Name for variables of its own. */
  readonly name: string;
  readonly target: McpClient['target'];
  /** Read when the workload is rendered: which gateway serves a route may be said later. Undefined while nobody said. */
  readonly url: () => string | undefined;
}

/** One connection of a workload. */
interface Connection {
  readonly variable: string;
  readonly to: ConnectionTarget;
  readonly options: ConnectOptions;
}

/** What each workload is connected to, by its object. */
const CONNECTIONS = new WeakMap<ApiObject, Connection[]>();

/**
 * Connects a workload: its containers find the URL in a variable, and it is known as a client, so that it may connect.
 *
 * @throws when it has no containers or no namespace, or a variable of it says something else
 */
export function connectWorkload(
  scope: Construct,
  workload: IConstruct,
  to: ConnectionTarget,
  options: ConnectOptions,
): void {
  const input = new InputCheck(scope.node.path);
  const variable =
    options.variable ??
    (options.perRoute === true ? `${URL_VARIABLE}_${to.name.toUpperCase().replace(/-/g, '_')}` : URL_VARIABLE);
  const object = workloadObject(workload);
  const namespace = object && workloadNamespace(object);
  const others = object === undefined ? [] : (CONNECTIONS.get(object) ?? []);
  input.check(
    'connect.workload',
    workload.node.path,
    object === undefined ? 'is not a workload of cdk8s-plus or an API object' : undefined,
    'Pass a Deployment, StatefulSet, DaemonSet, Job, CronJob or Pod',
  );
  input.check(
    'connect.workload',
    workload.node.path,
    object !== undefined && namespace === undefined ? 'has no namespace' : undefined,
    'Give it one, or a namespace to its Chart',
  );
  input.check(
    'connect.workload',
    workload.node.path,
    workload.node.root === scope.node.root ? undefined : 'belongs to another app',
    'Connect a workload of the same app',
  );
  input.check(
    'connect.variable',
    variable,
    VARIABLE_NAME.test(variable) ? undefined : 'is not the name of an environment variable',
    'Use letters, digits and "_"',
  );
  input.check(
    'connect.variable',
    variable,
    options.variable !== undefined && options.perRoute === true ? 'is given, and perRoute chooses a name' : undefined,
    'Drop one of the two',
  );
  input.check(
    'connect.variable',
    variable,
    others.some(other => other.variable === variable)
      ? `is the variable of another connection of ${workload.node.path}`
      : undefined,
    'Choose another `variable`, or set `perRoute: true` on each connection',
  );
  checkToken(input, options.token);
  input.check(
    'connect.containers',
    options.containers,
    options.containers?.length === 0 ? 'is empty, so no container gets the URL' : undefined,
    'Name containers, or leave it out for all',
  );
  input.throwIfAny();

  if (others.length === 0) {
    CONNECTIONS.set(object!, []);
    transformPods(object!, pods => connectedPods(pods, CONNECTIONS.get(object!)!));
  }
  const connections = CONNECTIONS.get(object!)!;
  // In their own order, whatever that of the calls.
  connections.push({ variable, to, options });
  connections.sort((a, b) => (a.variable < b.variable ? -1 : 1));

  const path = workload.node.path;
  const connection = new Construct(scope, `Client-${path.replace(/\//g, '-')}-${variable}`);
  Synthesis.of(scope).add(connection, {
    client: withLabels => ({
      path,
      name: object!.name,
      pods: { namespace: namespace!, labels: podLabels(workload, object!) },
      podLabels: withLabels ? podsOf(object!.toJson())?.metadata?.labels : undefined,
      profile: ClusterProfile.of(workload)._model,
      target: to.target,
      isolate: options.isolate,
      origin: { path: scope.node.path, property: 'connect' },
    }),
    findings: () => problemsOf(connection.node.path, object!, { variable, to, options }),
  });
}

function checkToken(input: InputCheck, token: ServiceAccountTokenOptions | undefined): void {
  input.optional(
    'connect.token.audience',
    token?.audience,
    audience => (audience === '' ? 'is empty' : undefined),
    'Name an audience that the authentication accepts',
  );
  input.optional(
    'connect.token.expiration',
    token?.expiration?.toSeconds(),
    seconds =>
      seconds >= MINIMUM_EXPIRATION_SECONDS ? undefined : 'is less than 10 minutes, which Kubernetes refuses',
    'Give at least 10 minutes',
  );
}

/** What only the finished workload shows. */
function problemsOf(path: string, object: ApiObject, { variable, to, options }: Connection): Diagnostic[] {
  const pods = podsOf(object.toJson());
  if (pods === undefined) {
    return [
      errorAt(
        path,
        'connect.workload',
        `${object.kind} ${object.name}`,
        'has no containers',
        'Connect what runs containers: a Deployment, StatefulSet, DaemonSet, Job, CronJob or Pod',
      ),
    ];
  }
  const url = to.url();
  const containers: Json[] = pods.spec.containers;
  if (url === undefined) {
    return [
      errorAt(
        path,
        'connect',
        undefined,
        'which gateway serves the route is not known, and so neither is its URL',
        'Pass the route its `gateway`',
      ),
    ];
  }
  const missing = (options.containers ?? []).filter(name => containers.every(container => container.name !== name));
  const taken = containers.filter(
    container =>
      isChosen(container, options) &&
      (container.env ?? []).some((entry: Json) => entry.name === variable && entry.value !== url),
  );
  return [
    ...missing.map(name =>
      errorAt(
        path,
        'connect.containers',
        name,
        `${object.kind} ${object.name} has no such container`,
        `Name one of: ${containers.map(container => container.name).join(', ')}`,
      ),
    ),
    ...taken.map(container =>
      errorAt(
        path,
        'connect.variable',
        variable,
        `the container ${container.name} of ${object.kind} ${object.name} has this variable already, with another value`,
        'Choose another `variable`, or drop that one',
      ),
    ),
  ];
}

function isChosen(container: Json, { containers }: ConnectOptions): boolean {
  return containers === undefined || containers.includes(container.name);
}

/** Pods with what all their connections add. A variable that is there already stays: the check reports it. */
function connectedPods(pods: Json, connections: readonly Connection[]): Json {
  return connections.reduce((connected, { variable, to, options }) => {
    const url = to.url();
    if (url === undefined) {
      return connected;
    }
    const folder = tokenFolder(variable);
    const volume = tokenVolume(variable);
    const env = [
      { name: variable, value: url },
      ...(options.token === undefined
        ? []
        : [{ name: `${variable}${TOKEN_FILE_SUFFIX}`, value: `${folder}/${TOKEN_FILE}` }]),
    ];
    const containers = connected.spec.containers
      .filter((container: Json) => isChosen(container, options))
      .map((container: Json) => ({
        name: container.name,
        env: env.filter(({ name }) => (container.env ?? []).every((entry: Json) => entry.name !== name)),
        ...(options.token === undefined ? {} : { volumeMounts: [{ name: volume, mountPath: folder, readOnly: true }] }),
      }));
    return mergePodTemplates(connected, {
      spec: {
        containers,
        ...(options.token === undefined ? {} : { volumes: [projectedToken(volume, options.token)] }),
      },
    });
  }, pods);
}

function tokenVolume(variable: string): string {
  return variable === URL_VARIABLE
    ? 'mcp-token'
    : `mcp-token-${variable
        .toLowerCase()
        .replace(/_/g, '-')
        .replace(/^-+|-+$/g, '')}`
        .slice(0, 63)
        .replace(/-+$/, '');
}

function tokenFolder(variable: string): string {
  // Beside the other, not in it: nothing can be mounted into a read-only volume.
  return variable === URL_VARIABLE ? TOKEN_FOLDER : `${TOKEN_FOLDER}-${variable.toLowerCase()}`;
}

function projectedToken(name: string, { audience, expiration }: ServiceAccountTokenOptions): Json {
  return {
    name,
    projected: {
      sources: [
        {
          serviceAccountToken: {
            audience,
            expirationSeconds: expiration?.toSeconds() ?? DEFAULT_EXPIRATION_SECONDS,
            path: TOKEN_FILE,
          },
        },
      ],
    },
  };
}
