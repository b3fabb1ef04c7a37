import { ApiObject, Duration } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { podLabels, podsOf, transformPods, workloadNamespace, workloadObject } from './workload-pods';
import { mergePodTemplates } from '../backends/kubernetes/pod-template';
import { ClusterProfile } from '../cluster/cluster-profile';
import { Diagnostic, errorKind, findingOf, InputCheck } from '../model/findings';
import { McpClient } from '../model/network';
import { checkSameCluster } from '../synthesis/placement';
import { Synthesis } from '../synthesis/synthesis';
import { Json } from '../values/json';

/** A token by which Kubernetes vouches for the service account of a pod. */
export interface ServiceAccountTokenOptions {
  /** Whom the token is for: an audience that the gateway's or the route's `Authentication.jwt` accepts. */
  readonly audience: string;

  /**
   * How long a token is valid. Kubernetes renews the file before that. At least 10 minutes.
   *
   * @default Duration.hours(1)
   */
  readonly expiration?: Duration;
}

/** Options of `connect`. */
export interface ConnectOptions {
  /**
   * Environment variable that gets the URL.
   *
   * @default - `MCP_GATEWAY_URL`, or with `perRoute` a name of the route's own
   */
  readonly variable?: string;

  /**
   * Names the variable after what is connected, for a workload that connects to several: `MCP_GATEWAY_URL_` and the name
   * in upper case, with `_` for `-`.
   *
   * @default false
   */
  readonly perRoute?: boolean;

  /**
   * Containers that get the variable, by name.
   *
   * @default - all, init containers excepted
   */
  readonly containers?: string[];

  /**
   * Mounts a token of the pod's service account, for a gateway or route that authenticates by tokens of Kubernetes. The
   * containers find it in the file that the variable with the suffix `_TOKEN_FILE` names, and send it as
   * `Authorization: Bearer …`.
   *
   * @default - no token
   */
  readonly token?: ServiceAccountTokenOptions;

  /**
   * Keeps the workload from connecting to anything else than what it is connected to by this library, and DNS: emits the
   * NetworkPolicy `{workload}-mcp`. Without it the workload's other connections stay as they are. That policy is there
   * without it only where another NetworkPolicy of this app restricts what the workload connects to, since the connection
   * would not be possible otherwise; a policy from elsewhere has to allow it itself.
   *
   * The gateway lets the workload in either way.
   *
   * @default false
   */
  readonly isolate?: boolean;
}

const CONNECT_NOT_A_WORKLOAD = errorKind(
  'connect-not-a-workload',
  'is not a workload of cdk8s-plus or an API object',
  'Pass a Deployment, StatefulSet, DaemonSet, Job, CronJob or Pod',
);
const CONNECT_WITHOUT_NAMESPACE = errorKind(
  'connect-without-namespace',
  'has no namespace',
  'Give it one, or a namespace to its Chart',
);
const CONNECT_OF_OTHER_APP = errorKind(
  'connect-of-other-app',
  'belongs to another app',
  'Connect a workload of the same app',
);
const VARIABLE_NAME_INVALID = errorKind(
  'variable-name-invalid',
  'is not the name of an environment variable',
  'Use letters, digits and "_"',
);
const CONNECT_VARIABLE_AND_PER_ROUTE = errorKind(
  'connect-variable-and-per-route',
  'is given, and perRoute chooses a name',
  'Drop one of the two',
);
const CONNECT_VARIABLE_TWICE = errorKind(
  'connect-variable-twice',
  'is the variable of another connection of {workload}',
  'Choose another `variable`, or set `perRoute: true` on each connection',
);
const CONNECT_CONTAINERS_EMPTY = errorKind(
  'connect-containers-empty',
  'is empty, so no container gets the URL',
  'Name containers, or leave it out for all',
);
const CONNECT_AUDIENCE_EMPTY = errorKind(
  'connect-audience-empty',
  'is empty',
  'Name an audience that the authentication accepts',
);
const CONNECT_EXPIRATION_TOO_SHORT = errorKind(
  'connect-expiration-too-short',
  'is less than 10 minutes, which Kubernetes refuses',
  'Give at least 10 minutes',
);
const CONNECT_WITHOUT_CONTAINERS = errorKind(
  'connect-without-containers',
  'has no containers',
  'Connect what runs containers: a Deployment, StatefulSet, DaemonSet, Job, CronJob or Pod',
);
const CONNECT_GATEWAY_UNKNOWN = errorKind(
  'connect-gateway-unknown',
  'which gateway serves the route is not known, and so neither is its URL',
  'Pass the route its `gateway`',
);
const CONNECT_CONTAINER_UNKNOWN = errorKind(
  'connect-container-unknown',
  '{kind} {name} has no such container',
  'Name one of: {containers}',
);
const CONNECT_VARIABLE_TAKEN = errorKind(
  'connect-variable-taken',
  'the container {container} of {kind} {name} has this variable already, with another value',
  'Choose another `variable`, or drop that one',
);

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
  input.report(CONNECT_NOT_A_WORKLOAD, 'connect.workload', workload.node.path, object === undefined);
  input.report(
    CONNECT_WITHOUT_NAMESPACE,
    'connect.workload',
    workload.node.path,
    object !== undefined && namespace === undefined,
  );
  input.report(CONNECT_OF_OTHER_APP, 'connect.workload', workload.node.path, workload.node.root !== scope.node.root);
  checkSameCluster(input, 'connect.workload', scope, workload);
  input.report(VARIABLE_NAME_INVALID, 'connect.variable', variable, !VARIABLE_NAME.test(variable));
  input.report(
    CONNECT_VARIABLE_AND_PER_ROUTE,
    'connect.variable',
    variable,
    options.variable !== undefined && options.perRoute === true,
  );
  input.report(
    CONNECT_VARIABLE_TWICE,
    'connect.variable',
    variable,
    others.some(other => other.variable === variable) ? { workload: workload.node.path } : undefined,
  );
  checkToken(input, options.token);
  input.report(CONNECT_CONTAINERS_EMPTY, 'connect.containers', options.containers, options.containers?.length === 0);
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
  input.reportGiven(CONNECT_AUDIENCE_EMPTY, 'connect.token.audience', token?.audience, audience => audience === '');
  input.reportGiven(
    CONNECT_EXPIRATION_TOO_SHORT,
    'connect.token.expiration',
    token?.expiration?.toSeconds(),
    seconds => seconds < MINIMUM_EXPIRATION_SECONDS,
  );
}

/** What only the finished workload shows. */
function problemsOf(path: string, object: ApiObject, { variable, to, options }: Connection): Diagnostic[] {
  const pods = podsOf(object.toJson());
  if (pods === undefined) {
    return [findingOf(CONNECT_WITHOUT_CONTAINERS, path, 'connect.workload', `${object.kind} ${object.name}`)];
  }
  const url = to.url();
  const containers: Json[] = pods.spec.containers;
  if (url === undefined) {
    return [findingOf(CONNECT_GATEWAY_UNKNOWN, path, 'connect', undefined)];
  }
  const missing = (options.containers ?? []).filter(name => containers.every(container => container.name !== name));
  const taken = containers.filter(
    container =>
      isChosen(container, options) &&
      (container.env ?? []).some((entry: Json) => entry.name === variable && entry.value !== url),
  );
  return [
    ...missing.map(name =>
      findingOf(CONNECT_CONTAINER_UNKNOWN, path, 'connect.containers', name, {
        kind: object.kind,
        name: object.name,
        containers: containers.map(container => container.name).join(', '),
      }),
    ),
    ...taken.map(container =>
      findingOf(CONNECT_VARIABLE_TAKEN, path, 'connect.variable', variable, {
        container: container.name,
        kind: object.kind,
        name: object.name,
      }),
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
