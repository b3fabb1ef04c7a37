import { ApiObject, Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { addGuard, lazyConfigMap } from './guard';
import { endingTemplate, REPLICA_SETTLES } from './pod-ending';
import { addServerMonitor, metricsTemplate } from './server-metrics';
import { isStatefulSet, needsStatefulSet, REPLICAS_SUFFIX, ServerPods } from './server-statement';
import { HostedSource, McpTransport, SERVER_CONTAINER, SERVER_PORT } from './source-config';
import { StdioProgram } from '../backends/interface/data-plane';
import { objectLabels, selectorLabels } from '../backends/kubernetes/labels';
import { inOrder, storedService } from '../backends/kubernetes/stored-form';
import { SERVER_ADAPTER } from '../backends/server-proxies';
import { ClusterProfile, isIpv4Alone } from '../model/cluster';
import { transformJson } from '../synthesis/materialize';
import { compact, Json } from '../values/json';
import { claimTemplatesJson, claimVolume } from '../workload/claims';
import { podOptionsTemplate } from '../workload/pod-options';
import {
  defaultPullPolicy,
  overrideTemplate,
  RenderedTemplate,
  restrictedContainer,
} from '../workload/rendered-template';
import { addAutoscaler, addDisruptionBudget } from '../workload/replicas';
import { containerResources } from '../workload/resources';
import { selectPods, withoutPath } from '../workload/selection';
import { spreadTemplate } from '../workload/spread';

/** Suffix of the ConfigMap with the configuration of a stdio server's adapter. */
const ADAPTER_SUFFIX = '-stdio-adapter';
/** Volumes of the stdio adapter. */
const ADAPTER_BINARY_VOLUME = 'mcp-adapter';
const ADAPTER_CONFIG_VOLUME = 'mcp-adapter-config';

/** What a hosted server needs to know about itself. */
export interface HostedServerSettings {
  readonly name: string;
  readonly namespace: string;
  readonly source: HostedSource;
  /** Labels of every object, besides the library's own. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly pods: ServerPods;
  readonly stateful: boolean;
  readonly replicas: number;
  /** The ServiceAccount of its pods: one of its own name is made. */
  readonly account: string;
  /** The cluster that it is for. */
  readonly profile: ClusterProfile;
  /** Port that its pods answer on: that of its guard, where it has one. */
  readonly podPort: number;
  /** Whether the adapter of a stdio program is added; a controller adds its own. */
  readonly adapter: boolean;
  /** What its pods need for what it is allowed, as a template; asked when they are rendered. */
  readonly permissions: () => Json;
  /** What its pods need for the network of their cluster, as a template; asked when they are rendered. Undefined for nothing. */
  readonly network?: () => Json;
  /** Whether a container of its own stands in front of it. */
  readonly guarded: boolean;
  /** Configuration of what protects it, the adapter's by the program it starts; undefined for a server that asks nothing of its callers. */
  readonly protection?: (program?: StdioProgram) => string;
}

/** The objects of a hosted server. */
export interface HostedServer {
  readonly container: kplus.Container;
  readonly deployment?: kplus.Deployment;
  readonly statefulSet?: kplus.StatefulSet;
  readonly service: kplus.Service;
  /** Undefined where the pods use one that is there. */
  readonly serviceAccount?: kplus.ServiceAccount;
  readonly autoscaler?: kplus.HorizontalPodAutoscaler;
  readonly disruptionBudget?: ApiObject;
  /** Volumes that come with each replica, and are in no template. */
  readonly replicaVolumes: readonly string[];
  /** The template of its pods, as rendered. */
  readonly template: RenderedTemplate;
}

/** Labels that select the pods of a server. */
export function serverSelector(name: string): Record<string, string> {
  return selectorLabels('mcp-server', name);
}

/** Creates the objects of a hosted server in a scope. */
export function createHostedServer(scope: Construct, settings: HostedServerSettings): HostedServer {
  const { name, namespace, pods, source } = settings;
  const labels = { ...settings.labels, ...objectLabels('mcp-server', name) };
  const metadata = { name, namespace, labels };
  const severalReplicas = settings.replicas > 1 || pods.autoscaling !== undefined;
  const serviceAccount =
    settings.account === name
      ? new kplus.ServiceAccount(scope, 'ServiceAccount', { metadata, automountToken: false })
      : undefined;
  const container = new kplus.Container(containerProps(scope, settings));
  const workloadProps: kplus.WorkloadProps = {
    metadata,
    podMetadata: { labels: serverSelector(name) },
    select: false,
    serviceAccount:
      serviceAccount ?? kplus.ServiceAccount.fromServiceAccountName(scope, 'GivenAccount', settings.account),
    automountServiceAccountToken: false,
    terminationGracePeriod: pods.terminationGracePeriod,
  };

  const service = new kplus.Service(scope, 'Service', {
    metadata,
    ports: [{ name: servicePortName(source), port: SERVER_PORT, targetPort: settings.podPort }],
  });
  const named = needsStatefulSet(settings);
  const claims = pods.volumeClaimTemplates ?? [];
  const workload = isStatefulSet({ ...settings, volumeClaimTemplates: claims })
    ? new kplus.StatefulSet(scope, 'StatefulSet', {
        ...workloadProps,
        replicas: pods.autoscaling === undefined ? settings.replicas : undefined,
        // Replicas do not depend on each other, and a rollout should not wait in line.
        podManagementPolicy: kplus.PodManagementPolicy.PARALLEL,
        minReady: Duration.seconds(REPLICA_SETTLES),
        service: headlessService(scope, settings, labels),
      })
    : new kplus.Deployment(scope, 'Deployment', {
        ...workloadProps,
        replicas: pods.autoscaling === undefined ? settings.replicas : undefined,
      });
  selectPods(workload, serverSelector(name));
  workload.attachContainer(container);
  for (const [key, value] of Object.entries(serverSelector(name))) {
    service.selectLabel(key, value);
  }
  transformJson(ApiObject.of(service), storedService);
  if (pods.tolerations !== undefined && pods.tolerations.length > 0) {
    workload.scheduling.tolerate(kplus.Node.tainted(...pods.tolerations));
  }
  const adapted = settings.adapter && source.transport === McpTransport.STDIO;
  if (settings.guarded) {
    const { cpuLimits, images } = settings.profile;
    addGuard(scope, workload, {
      name,
      namespace,
      labels,
      images,
      cpuLimits,
      configuration: () => settings.protection!(),
    });
  }
  overrideTemplate(
    workload,
    severalReplicas || pods.antiAffinity !== undefined || pods.spreadOver !== undefined
      ? spreadTemplate(serverSelector(name), pods)
      : {},
    podOptionsTemplate(pods),
    endingTemplate({
      named,
      kubernetesMinor: settings.profile.kubernetesMinor,
      grace: pods.terminationGracePeriod?.toSeconds(),
      templates: [pods.podTemplate ?? {}, source.podTemplate ?? {}],
    }),
    settings.network ?? {},
    pods.metrics === undefined ? {} : metricsTemplate(pods.metrics, source.port, settings.profile),
    claims.length === 0
      ? {}
      : {
          spec: {
            containers: [
              {
                name: SERVER_CONTAINER,
                volumeMounts: claims.map(claim => ({ mountPath: claim.path, name: claimVolume(claim) })),
              },
            ],
          },
        },
    settings.permissions,
    userTemplate(source.podTemplate, adapted),
    pods.podTemplate ?? {},
  );

  if (claims.length > 0) {
    transformJson(ApiObject.of(workload), json => ({
      ...json,
      spec: inOrder({ ...json.spec, volumeClaimTemplates: claimTemplatesJson(claims) }),
    }));
  }
  const template = new RenderedTemplate(scope, workload, settings.profile);
  if (adapted) {
    addAdapter(scope, workload, container, settings, labels, template);
  }
  if (pods.metrics !== undefined) {
    const monitored = { name, namespace, labels, selector: serverSelector(name) };
    addServerMonitor(scope, monitored, pods.metrics, settings.profile, () => template.read());
  }
  const budget = pods.disruptionBudget ?? (severalReplicas ? {} : undefined);
  const deployment = workload instanceof kplus.Deployment ? workload : undefined;
  return {
    container,
    deployment,
    statefulSet: workload instanceof kplus.StatefulSet ? workload : undefined,
    service,
    serviceAccount,
    autoscaler:
      pods.autoscaling === undefined ? undefined : addAutoscaler(scope, name, labels, workload, pods.autoscaling),
    disruptionBudget:
      budget === undefined ? undefined : addDisruptionBudget(scope, metadata, serverSelector(name), budget),
    replicaVolumes: claims.map(claimVolume),
    template,
  };
}

function headlessService(
  scope: Construct,
  settings: HostedServerSettings,
  labels: Record<string, string>,
): kplus.Service {
  const service = new kplus.Service(scope, 'ReplicasService', {
    metadata: { name: `${settings.name}${REPLICAS_SUFFIX}`, namespace: settings.namespace, labels },
    clusterIP: 'None',
    ports: [{ name: servicePortName(settings.source), port: settings.podPort }],
  });
  for (const [key, value] of Object.entries(serverSelector(settings.name))) {
    service.selectLabel(key, value);
  }
  // A StatefulSet of cdk8s-plus selects for its Service before it can be told by what.
  transformJson(ApiObject.of(service), json =>
    storedService({ ...json, spec: { ...json.spec, selector: withoutPath(json.spec.selector) } }),
  );
  return service;
}

function containerProps(scope: Construct, settings: HostedServerSettings): kplus.ContainerProps {
  const { pods, source } = settings;
  const { images, cpuLimits } = settings.profile;
  const image = source.stock === undefined ? source.image : images[source.stock];
  const adapted = settings.adapter && source.transport === McpTransport.STDIO;
  const probe = adapted
    ? (timing: kplus.ProbeOptions) =>
        kplus.Probe.fromHttpGet(SERVER_ADAPTER.readinessPath, { port: SERVER_ADAPTER.readinessPort, ...timing })
    : (timing: kplus.ProbeOptions) => kplus.Probe.fromTcpSocket({ port: source.port, ...timing });
  return {
    name: SERVER_CONTAINER,
    image,
    imagePullPolicy: pods.imagePullPolicy ?? defaultPullPolicy(image),
    command: mutable(adapted ? SERVER_ADAPTER.command : source.command),
    args: mutable(adapted ? undefined : source.args),
    ports: [{ name: portName(source), number: source.port }],
    envVariables: { ...mapValues(source.env, kplus.EnvValue.fromValue), ...pods.env },
    envFrom: pods.envFrom,
    volumeMounts: [
      ...source.scratch.map(folder => ({
        path: folder.path,
        volume: kplus.Volume.fromEmptyDir(scope, `Volume-${folder.name}`, folder.name, {
          sizeLimit: Size.mebibytes(folder.sizeLimitMebibytes),
        }),
      })),
      ...(pods.volumeMounts ?? []),
    ],
    resources:
      pods.resources ??
      containerResources(
        {
          cpuMillis: [100, 1000],
          memoryMebibytes: [source.memoryRequestMebibytes, source.memoryLimitMebibytes],
        },
        cpuLimits,
      ),
    readiness: pods.readiness ?? probe({ periodSeconds: Duration.seconds(10) }),
    liveness: pods.liveness ?? probe({ periodSeconds: Duration.seconds(20), failureThreshold: 6 }),
    // Ten minutes: images that download a package or load a model at start are common among MCP servers.
    startup: pods.startup ?? probe({ periodSeconds: Duration.seconds(5), failureThreshold: 120 }),
    securityContext: restrictedContainer(pods.user ?? source.user),
  };
}

/** Name of the port of a Service, by which meshes know what is spoken on it. */
function servicePortName({ tls }: HostedSource): string {
  return tls === undefined ? 'http' : 'https';
}

/** Name of the server's port: a template of the user's own may have given the usual one to another. */
function portName(source: HostedSource): string {
  const ports: Json[] =
    source.podTemplate?.spec.containers.find((container: Json) => container.name === SERVER_CONTAINER)?.ports ?? [];
  const name = servicePortName(source);
  return ports.some(port => port.name === name && port.containerPort !== source.port) ? 'mcp' : name;
}

/**
 * Puts the adapter in front of a stdio program, in the same container: an init
 * container copies the binary next to it, and it starts the program for each session.
 */
function addAdapter(
  scope: Construct,
  workload: kplus.Workload,
  container: kplus.Container,
  settings: HostedServerSettings,
  labels: Record<string, string>,
  template: RenderedTemplate,
): void {
  const { name, namespace, profile, source } = settings;
  const { images } = profile;
  const [command, ...args] = [...(source.command ?? []), ...(source.args ?? [])];
  const { port, path } = source;
  const protection = settings.guarded ? undefined : settings.protection;
  const config = lazyConfigMap(
    scope,
    'StdioAdapterConfig',
    { name: `${name}${ADAPTER_SUFFIX}`, namespace, labels },
    SERVER_ADAPTER.configFile,
    () => {
      const isVariable = variablesOf(template);
      const program = { command, args, port, path, isVariable, ipv4Alone: isIpv4Alone(profile) };
      return protection === undefined ? SERVER_ADAPTER.render(program) : protection(program);
    },
  );
  const binary = kplus.Volume.fromEmptyDir(scope, 'StdioAdapterBinary', ADAPTER_BINARY_VOLUME);
  workload.addInitContainer({
    name: 'mcp-adapter',
    image: images[SERVER_ADAPTER.image],
    imagePullPolicy: defaultPullPolicy(images[SERVER_ADAPTER.image]),
    command: mutable(SERVER_ADAPTER.copyCommand),
    volumeMounts: [{ path: SERVER_ADAPTER.binaryFolder, volume: binary }],
    resources: containerResources({ cpuMillis: [50, 500], memoryMebibytes: [64, 256] }, profile.cpuLimits),
    securityContext: restrictedContainer(SERVER_ADAPTER.user),
  });
  container.mount(SERVER_ADAPTER.binaryFolder, binary, { readOnly: true });
  container.mount(
    SERVER_ADAPTER.configFolder,
    kplus.Volume.fromConfigMap(scope, 'StdioAdapterConfigVolume', config, { name: ADAPTER_CONFIG_VOLUME }),
    { readOnly: true },
  );
}

/**
 * Which names are variables of the server's container. Of those that come as a whole from a Secret or ConfigMap none is known here:
 * any in capitals may be one.
 */
function variablesOf(template: RenderedTemplate): (name: string) => boolean {
  const { env = [], envFrom = [] }: Json = template
    .read()
    .spec.containers.find((container: Json) => container.name === SERVER_CONTAINER);
  const names = new Set(env.map((variable: Json) => variable.name));
  return name => names.has(name) || (envFrom.length > 0 && /^[A-Z_][A-Z0-9_]*$/.test(name));
}

/** The user's own template; behind the adapter its command is in the adapter's configuration. */
function userTemplate(template: Json | undefined, adapted: boolean): Json {
  if (template === undefined || !adapted) {
    return template ?? {};
  }
  const containers = template.spec.containers.map((container: Json) => {
    const { command, args, ...rest } = container;
    return container.name === SERVER_CONTAINER ? rest : container;
  });
  return { ...template, spec: { ...template.spec, containers } };
}

function mutable<T>(list: readonly T[] | undefined): T[] | undefined {
  return list === undefined ? undefined : [...list];
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

/** The pod template as a custom resource carries it: without what only a running pod has, and without volumes that only a StatefulSet gives it. */
export function resourceTemplate({ replicaVolumes, template }: HostedServer): Json {
  const { metadata, spec } = template.read();
  return {
    metadata: compact({ labels: metadata?.labels, annotations: metadata?.annotations }),
    spec:
      replicaVolumes.length === 0
        ? spec
        : { ...spec, containers: spec.containers.map((container: Json) => withoutMounts(container, replicaVolumes)) },
  };
}

function withoutMounts(container: Json, volumes: readonly string[]): Json {
  const mounts = container.volumeMounts?.filter(({ name }: Json) => !volumes.includes(name));
  return inOrder({ ...container, volumeMounts: mounts?.length > 0 ? mounts : undefined });
}
