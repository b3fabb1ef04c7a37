import { ApiObject, ApiObjectProps, Duration, JsonPatch, Lazy, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { GATEWAY_CONTAINER, gatewayResources, isMemoryUnsaid, isScraped, monitorLabels } from './gateway-model';
import { tlsCertificate } from './gateway-tls';
import { servicePort } from './imported-gateway';
import { GatewayStatement } from './statement';
import { PlaneContainer } from '../backends/interface/data-plane';
import { podMonitor } from '../backends/kubernetes/add-ons';
import { objectLabels, selectorLabels } from '../backends/kubernetes/labels';
import { mergePodTemplates, podTemplateChanges } from '../backends/kubernetes/pod-template';
import { inOrder, storedService } from '../backends/kubernetes/stored-form';
import { ClusterProfile } from '../model/cluster';
import { Diagnostic, errorKind, findingOf } from '../model/findings';
import { compiler } from '../synthesis/compiler';
import { lostChanges, transformCompiled } from '../synthesis/materialize';
import { RenderedGateway } from '../synthesis/outcome';
import { canonicalText, compact, Json } from '../values/json';
import { formatBytes } from '../values/quantities';
import { podOptionsTemplate } from '../workload/pod-options';
import {
  defaultPullPolicy,
  overrideTemplate,
  RenderedTemplate,
  restrictedContainer,
} from '../workload/rendered-template';
import { addAutoscaler, addDisruptionBudget } from '../workload/replicas';
import { selectPods } from '../workload/selection';
import { spreadTemplate } from '../workload/spread';

const GATEWAY_PODS_WITHOUT_TEMPLATE = errorKind(
  'gateway-pods-without-template',
  'was done to the pods of the gateway, and the resource holds whole pod templates only',
  'Give the template with its containers as podTemplate, over which it is merged, or use Reconciliation.RENDERED',
);
const GATEWAY_PODS_TAKEN_OUT = errorKind(
  'gateway-pods-taken-out',
  'takes something out of its pods, and the pods of an operator do not have what this library puts into them',
  'Drop it and say in podTemplate what the pods have, or use Reconciliation.RENDERED',
);

/** Suffix of the Secret with the session key, unless the user names another. */
const SESSION_KEY_SUFFIX = '-session-key';
/** A user that no image relies on and no file belongs to. */
const GATEWAY_USER = 65532;

/** What a rendered gateway needs to know about itself. */
export interface HostedGatewaySettings {
  readonly name: string;
  readonly namespace: string;
  readonly statement: GatewayStatement;
  /** Image that its pods run. */
  readonly image: string;
  readonly container: PlaneContainer;
  readonly port: number;
  /** The cluster it runs in. */
  readonly profile: ClusterProfile;
  /** Configuration files, read when the ConfigMap is rendered. */
  readonly configuration: () => Readonly<Record<string, string>>;
  /** What the compiler makes of it; nothing while the app has errors, with which nothing is written. */
  readonly compiled: () => RenderedGateway | undefined;
  /** Whether its Service has to keep the addresses of callers from outside. */
  readonly keepsAddresses: () => boolean;
}

/** The objects of a gateway. */
export interface HostedGateway {
  readonly deployment: kplus.Deployment;
  readonly service: kplus.Service;
  readonly serviceAccount: kplus.ServiceAccount;
  readonly config: ApiObject;
  /** Undefined where the data plane has none. */
  readonly sessionKey?: kplus.SecretValue;
  readonly certificate?: ApiObject;
  readonly autoscaler?: kplus.HorizontalPodAutoscaler;
  readonly disruptionBudget?: ApiObject;
  readonly template: RenderedTemplate;
}

/** Labels that select the pods of a gateway. */
export function gatewaySelector(name: string): Record<string, string> {
  return selectorLabels('mcp-gateway', name);
}

/** Creates the objects of a gateway in a scope. */
export function createHostedGateway(scope: Construct, settings: HostedGatewaySettings): HostedGateway {
  const { name, namespace, statement } = settings;
  const { code, value: spec } = statement;
  const labels = { ...statement.labels, ...objectLabels('mcp-gateway', name) };
  const metadata = { name, namespace, labels };
  const replicas = spec.replicas ?? 1;
  const severalReplicas = replicas > 1 || code.autoscaling !== undefined;
  const serviceAccount = new kplus.ServiceAccount(scope, 'ServiceAccount', { metadata, automountToken: false });
  const config = new ApiObject(scope, 'Config', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: compiler().configMapName(name), namespace, labels },
    data: Lazy.any({ produce: () => [...compiler().inConfigMaps(name, settings.configuration()).values()][0] }),
  });
  const sessionKey =
    settings.container.sessionKeyVariable === undefined
      ? undefined
      : (code.sessionKey ?? {
          secret: kplus.Secret.fromSecretName(scope, 'SessionKey', `${name}${SESSION_KEY_SUFFIX}`),
          key: 'key',
        });

  const deployment = new kplus.Deployment(scope, 'Deployment', {
    metadata,
    podMetadata: { labels: gatewaySelector(name) },
    select: false,
    serviceAccount,
    automountServiceAccountToken: false,
    replicas: code.autoscaling === undefined ? replicas : undefined,
    // A new replica is ready before an old one goes: there is no moment without a gateway.
    strategy: kplus.DeploymentStrategy.rollingUpdate({
      maxUnavailable: kplus.PercentOrAbsolute.absolute(0),
      maxSurge: kplus.PercentOrAbsolute.absolute(1),
    }),
    terminationGracePeriod: code.terminationGracePeriod ?? Duration.seconds(settings.container.terminationGraceSeconds),
    containers: [gatewayContainer(scope, settings, config, sessionKey)],
  });
  selectPods(deployment, gatewaySelector(name));
  if (code.tolerations !== undefined && code.tolerations.length > 0) {
    deployment.scheduling.tolerate(kplus.Node.tainted(...code.tolerations));
  }
  overrideTemplate(
    deployment,
    scrapeAnnotations(settings),
    meshTemplate(settings),
    spreadTemplate(gatewaySelector(name), code),
    () => configurationTemplate(settings),
    () => secretsTemplate(settings),
    podOptionsTemplate(code),
    spec.podTemplate ?? {},
  );

  const certificate = spec.tls && tlsCertificate(spec.tls, name, namespace, labels, settings.profile.clusterDomain);
  addMonitor(scope, settings, labels);
  const budget = code.disruptionBudget ?? (severalReplicas ? {} : undefined);
  return {
    deployment,
    serviceAccount,
    config,
    sessionKey,
    certificate: certificate && new ApiObject(scope, 'Certificate', certificate as ApiObjectProps),
    service: gatewayService(scope, settings, labels, severalReplicas),
    autoscaler:
      code.autoscaling === undefined ? undefined : addAutoscaler(scope, name, labels, deployment, code.autoscaling),
    disruptionBudget:
      budget === undefined ? undefined : addDisruptionBudget(scope, metadata, gatewaySelector(name), budget),
    template: new RenderedTemplate(scope, deployment, settings.profile),
  };
}

function gatewayContainer(
  scope: Construct,
  settings: HostedGatewaySettings,
  config: ApiObject,
  sessionKey: kplus.SecretValue | undefined,
): kplus.ContainerProps {
  const { container, image, statement } = settings;
  const probe = ({ path, port }: PlaneContainer['readiness'], timing: kplus.ProbeOptions) =>
    kplus.Probe.fromHttpGet(path, { port, ...timing });
  const configMap = kplus.ConfigMap.fromConfigMapName(scope, 'ConfigReference', config.name);
  return {
    name: GATEWAY_CONTAINER,
    image,
    imagePullPolicy: defaultPullPolicy(image),
    command: container.command === undefined ? undefined : [...container.command],
    args: [...container.args],
    // A port that is there twice is reported by the check of the data plane, with a remedy.
    ports: container.ports
      .filter(({ port }, i) => container.ports.findIndex(other => other.port === port) === i)
      .map(({ name, port }) => ({ name, number: port })),
    envVariables: sessionKey && { [container.sessionKeyVariable!]: kplus.EnvValue.fromSecretValue(sessionKey) },
    lifecycle: lifecycleOf(container),
    // The whole folder, never a subPath: only then does a changed ConfigMap reach the running pod.
    volumeMounts: [
      {
        path: container.configDirectory,
        volume: kplus.Volume.fromConfigMap(scope, 'ConfigVolume', configMap, { name: 'config' }),
        readOnly: true,
      },
      ...(container.scratchDirectory === undefined
        ? []
        : [
            {
              path: container.scratchDirectory,
              volume: kplus.Volume.fromEmptyDir(scope, 'Scratch', 'scratch', { sizeLimit: Size.mebibytes(1) }),
            },
          ]),
    ],
    resources: gatewayResources(statement, settings.profile.cpuLimits),
    readiness: probe(container.readiness, { periodSeconds: Duration.seconds(5) }),
    liveness: probe(container.liveness, { periodSeconds: Duration.seconds(20), failureThreshold: 6 }),
    startup: probe(container.liveness, { periodSeconds: Duration.seconds(2), failureThreshold: 60 }),
    securityContext: restrictedContainer(GATEWAY_USER),
  };
}

function gatewayService(
  scope: Construct,
  settings: HostedGatewaySettings,
  labels: Record<string, string>,
  severalReplicas: boolean,
): kplus.Service {
  const { code, value: spec } = settings.statement;
  const port = servicePort(spec);
  const service = new kplus.Service(scope, 'Service', {
    metadata: { name: settings.name, namespace: settings.namespace, labels, annotations: spec.service?.annotations },
    type: spec.service?.type as kplus.ServiceType | undefined,
    loadBalancerSourceRanges: code.service?.loadBalancerSourceRanges,
    ports: [{ name: port.name, port: port.number, targetPort: settings.port, nodePort: code.service?.nodePort }],
  });
  for (const [key, value] of Object.entries(gatewaySelector(settings.name))) {
    service.selectLabel(key, value);
  }
  if (port.name !== port.scheme) {
    // Meshes and load balancers go by the name otherwise.
    ApiObject.of(service).addJsonPatch(JsonPatch.add('/spec/ports/0/appProtocol', port.scheme));
  }
  if (severalReplicas) {
    // Any replica goes on with a session, but the event stream that a client holds open lives in one of them.
    ApiObject.of(service).addJsonPatch(JsonPatch.add('/spec/sessionAffinity', 'ClientIP'));
  }
  // Which policies ask for addresses is known when all of them are.
  transformCompiled(ApiObject.of(service), json =>
    storedService(
      settings.keepsAddresses() ? { ...json, spec: inOrder({ ...json.spec, externalTrafficPolicy: 'Local' }) } : json,
    ),
  );
  return service;
}

function lifecycleOf({ postStart, preStop }: PlaneContainer): kplus.ContainerLifecycle | undefined {
  const handler = (command: readonly string[] | undefined) => command && kplus.Handler.fromCommand([...command]);
  return (postStart ?? preStop) && { postStart: handler(postStart), preStop: handler(preStop) };
}

/** What follows from the size of the configuration: where several ConfigMaps hold it, and memory of which the user says nothing. */
function configurationTemplate({ name, statement, compiled }: HostedGatewaySettings): Json {
  const { files, memory } = compiled() ?? { files: {}, memory: undefined };
  const volume = compiler().configVolume(name, files);
  const resources =
    memory === undefined || !isMemoryUnsaid(statement)
      ? undefined
      : { requests: { memory: formatBytes(memory.request) }, limits: { memory: formatBytes(memory.limit) } };
  return {
    spec: compact({
      containers: resources && [{ name: GATEWAY_CONTAINER, resources }],
      volumes: volume && [volume],
    }),
  };
}

/** What policies need from Secrets: values as variables, files as mounts. */
function secretsTemplate(settings: HostedGatewaySettings): Json {
  const { environment, mounts } = settings.compiled()?.secrets ?? { environment: [], mounts: [] };
  const container = compact({
    env: environment.map(({ variable, secretName, secretKey }) => ({
      name: variable,
      valueFrom: { secretKeyRef: { name: secretName, key: secretKey } },
    })),
    volumeMounts: mounts.map(({ name, directory }) => ({ name, mountPath: directory, readOnly: true })),
  });
  return Object.keys(container).length === 0
    ? {}
    : {
        spec: compact({
          containers: [{ name: GATEWAY_CONTAINER, ...container }],
          volumes: mounts.map(({ name, secretName, keys }) => ({
            name,
            secret: { secretName, items: keys.map(key => ({ key, path: key })) },
          })),
        }),
      };
}

/** Lets Prometheus' operator find the metrics. */
function addMonitor(
  scope: Construct,
  { name, namespace, statement, profile, container }: HostedGatewaySettings,
  labels: Record<string, string>,
): void {
  const selecting = monitorLabels(statement.value, profile);
  if (selecting !== undefined) {
    const { metrics, ports } = container;
    const port = ports.find(candidate => candidate.port === metrics.port)!.name;
    const object = podMonitor({
      name,
      namespace,
      labels: { ...labels, ...selecting },
      selector: gatewaySelector(name),
      port,
      path: metrics.path,
    });
    new ApiObject(scope, 'PodMonitor', object as ApiObjectProps);
  }
}

function scrapeAnnotations(settings: HostedGatewaySettings): Json {
  const { profile, statement } = settings;
  const { metrics } = settings.container;
  return !isScraped(statement.value, profile) || monitorLabels(statement.value, profile) !== undefined
    ? {}
    : {
        metadata: {
          annotations: {
            'prometheus.io/scrape': 'true',
            'prometheus.io/port': String(metrics.port),
            'prometheus.io/path': metrics.path,
          },
        },
      };
}

/** Keeps the sidecar of a mesh away: behind one, every caller would have its address. */
function meshTemplate({ profile }: HostedGatewaySettings): Json {
  return profile.network === 'istio' || profile.mesh?.sidecars === true
    ? { metadata: compiler().istioPodMetadata(undefined) }
    : {};
}

/**
 * The pod template of a gateway that an operator makes: the user's own, with what was done to the pods of the Deployment that
 * the construct has and does not emit. What the library itself put into that Deployment is left out: the operator's data plane
 * is its own.
 */
export class OperatedTemplate {
  private readonly created: Json;
  private readonly lost: () => Diagnostic[];

  constructor(
    private readonly path: string,
    private readonly hosted: HostedGateway,
    private readonly given: Json | undefined,
  ) {
    this.created = hosted.template.read();
    const { deployment, service, serviceAccount } = hosted;
    this.lost = lostChanges(
      path,
      Object.entries({ deployment, service, serviceAccount }).map(([member, object]) => ({
        member,
        object: ApiObject.of(object),
      })),
    );
  }

  /** As the resource has it; undefined where nothing is said of pods. */
  template(): Json | undefined {
    const changes = this.changes();
    return this.given === undefined || changes === undefined ? this.given : mergePodTemplates(this.given, changes);
  }

  /** What was done to objects that an operator makes, and would reach nothing. */
  findings(): Diagnostic[] {
    const now = this.hosted.template.read();
    const changes = podTemplateChanges(this.created, now);
    const taken = canonicalText(mergePodTemplates(this.created, changes ?? {})) !== canonicalText(now);
    return [
      ...this.lost(),
      ...(changes !== undefined && this.given === undefined
        ? [findingOf(GATEWAY_PODS_WITHOUT_TEMPLATE, this.path, 'deployment', changes)]
        : []),
      ...(taken ? [findingOf(GATEWAY_PODS_TAKEN_OUT, this.path, 'deployment', '(given)')] : []),
    ];
  }

  private changes(): Json | undefined {
    return podTemplateChanges(this.created, this.hosted.template.read());
  }
}
