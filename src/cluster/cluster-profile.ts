import { IConstruct } from 'constructs';
import {
  ClusterAddOn,
  ClusterPods,
  ClusterProfileProps,
  ClusterService,
  NetworkEnforcement,
} from './cluster-profile-options';
import { objectLabels } from '../backends/kubernetes/labels';
import { ClusterProfile as ClusterProfileModel, DEFAULT_PROFILE, EgressProxy } from '../model/cluster';
import { because, errorKind, InputCheck } from '../model/findings';
import { IMAGE_INVALID, ImageRegistry, isImage } from '../model/images';
import {
  emptyList,
  isNamespace,
  isObjectName,
  isPort,
  LIST_EMPTY,
  NAMESPACE_INVALID,
  PORT_INVALID,
} from '../model/validation';
import { checkSelector } from '../permissions/pod-selection';
import { checkEmptyScope } from '../synthesis/placement';
import { canonicalCidr, cidrProblem } from '../values/cidr';
import { compact } from '../values/json';

const PROXY_URL_WITH_CREDENTIALS = errorKind(
  'proxy-url-with-credentials',
  'contains credentials',
  'Let the proxy know the pods by their addresses or namespace',
);
const PROXY_URL_INVALID = errorKind(
  'proxy-url-invalid',
  'is not the URL of an HTTP proxy',
  'Write it as http://proxy.infra.svc:3128',
);
const API_SERVER_CIDR_INVALID = errorKind('api-server-cidr-invalid', '{problem}', 'Write it as 10.0.0.10/32');
const API_SERVER_PORTS_EMPTY = errorKind('api-server-ports-empty', 'names no port', 'Give at least one, or drop it');
const CLUSTER_DOMAIN_INVALID = errorKind('cluster-domain-invalid', 'is not a DNS domain', 'Write it as cluster.local');
const KUBERNETES_VERSION_INVALID = errorKind(
  'kubernetes-version-invalid',
  'is not a version of Kubernetes',
  'Write it as 1.30, without the patch level',
);
const SERVICE_NAME_INVALID = errorKind(
  'cluster-service-name-invalid',
  'is not the name of a Service',
  'Write its name as kubectl get service shows it',
);
const SERVICE_PORTS_EMPTY = errorKind(
  'cluster-service-ports-empty',
  'is an empty list, so that nothing could connect to it',
  'Name the ports of the Service, as kubectl get service shows them',
);
const CLUSTER_PODS_LABELS_EMPTY = errorKind(
  'cluster-pods-labels-empty',
  'is empty, which would select all',
  'Name the labels of the pods',
);
const MONITOR_LABELS_EMPTY = errorKind(
  'monitor-labels-empty',
  'is empty, which would select all',
  'Drop it if Prometheus selects every PodMonitor',
);
const MONITOR_LABELS_WITHOUT_OPERATOR = errorKind(
  'monitor-labels-without-operator',
  'are of objects of {addOn}, which addOns does not name',
  'Add ClusterAddOn.PROMETHEUS_OPERATOR to addOns, or drop them',
);
const MONITOR_LABEL_RESERVED = errorKind(
  'monitor-label-reserved',
  'is a label that the library sets itself',
  'Let Prometheus select by another',
);
const NO_PROXY_HOST_INVALID = errorKind(
  'no-proxy-host-invalid',
  'is not a host name or domain',
  'Write it as api.acme.internal or .acme.internal',
);

const IMAGE_REGISTRY_INVALID = errorKind(
  'image-registry-invalid',
  'is not the name of a registry',
  'Write its host, with the port and folder where it has them: registry.acme.dev:5000/mirror, without https:// and tag',
);
const DIRECT_REGISTRY_INVALID = errorKind(
  'direct-registry-invalid',
  'is not the host of a registry',
  'Write the host with its port, as images have it in front: harbor.acme.dev',
);
const DIRECT_REGISTRIES_WITHOUT_MIRROR = errorKind(
  'direct-registries-without-mirror',
  'are exceptions from imageRegistry, which is not given',
  'Give imageRegistry, or drop them',
);
const PULL_SECRET_INVALID = errorKind(
  'image-pull-secret-invalid',
  'is not the name of a Secret',
  'Name it as it is in each namespace: regcred',
);

const MESH_BESIDE = errorKind(
  'mesh-beside-enforcement',
  'is about policies of the network, and {enforcement}',
  'Drop it, or use NetworkEnforcement.networkPolicy() or cilium()',
);

const CLUSTER_CIDR = errorKind('cluster-cidr-invalid', '{problem}', 'Write it as 10.20.0.0/16');

const CONTEXT_KEY = 'cdk8s-mcp/cluster-profile';
/** A host as images have it in front, which tells it from a folder by a dot or port. */
const REGISTRY_HOST = /^(?:localhost|[a-zA-Z0-9][a-zA-Z0-9-]*(?:\.[a-zA-Z0-9-]+)+|[a-zA-Z0-9-]+(?=:))(?::[0-9]{1,5})?$/;
const REGISTRY_FOLDER = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const VERSION = /^1\.([1-9][0-9]?)$/;

/**
 * The cluster that a scope is compiled for: what enforces its network, where its API server and DNS are, and what is
 * installed. Attached to a scope; the nearest one decides. Without one it is a plain conformant cluster that enforces
 * NetworkPolicies.
 *
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { ClusterAddOn, ClusterProfile, NetworkEnforcement } from 'cdk8s-mcp';
 *
 * const app = new App();
 * const chart = new Chart(app, 'finance', { namespace: 'finance' });
 * new ClusterProfile({
 *   network: NetworkEnforcement.cilium(),
 *   apiServerCidrs: ['10.0.0.10/32'],
 *   monitoring: { namespace: 'monitoring', podLabels: { 'app.kubernetes.io/name': 'prometheus' } },
 *   addOns: [ClusterAddOn.CERT_MANAGER],
 * }).applyTo(chart);
 */
export class ClusterProfile {
  /**
   * The profile in force at a construct: that of the nearest scope that has one, else the default.
   *
   * @param scope the construct
   */
  public static of(scope: IConstruct): ClusterProfile {
    return scope.node.tryGetContext(CONTEXT_KEY) ?? ClusterProfile.fallback;
  }

  private static readonly fallback = new ClusterProfile();

  /** What enforces who may connect to whom. */
  public readonly network: NetworkEnforcement;

  /** Version of Kubernetes, as `1.30`. */
  public readonly kubernetesVersion: string;

  /** What is installed besides Kubernetes. */
  public readonly addOns: ClusterAddOn[];

  private model: ClusterProfileModel;

  /**
   * Describes a cluster.
   *
   * @param props what is not as in the default
   * @throws when a value is not what it should be; the error names every such value
   */
  public constructor(props: ClusterProfileProps = {}) {
    checkProfile(props);
    this.network = props.network ?? NetworkEnforcement.networkPolicy();
    this.kubernetesVersion = props.kubernetesVersion ?? `1.${DEFAULT_PROFILE.kubernetesMinor}`;
    this.addOns = [...new Set(props.addOns ?? [])].sort();
    this.model = modelOf(props, this);
  }

  /**
   * Makes it the profile of a scope and everything below it.
   *
   * @param scope the construct whose subtree is for this cluster, such as a chart or the app
   * @throws when the scope has children already: they were created for the cluster of before
   */
  public applyTo(scope: IConstruct): void {
    checkEmptyScope(scope, 'clusterProfile', '(given)');
    this.model = { ...this.model, path: this.model.path ?? (scope.node.path || 'App') };
    scope.node.setContext(CONTEXT_KEY, this);
  }

  /**
   * As plain data: the same object each time.
   *
   * @internal
   */
  public get _model(): ClusterProfileModel {
    return this.model;
  }
}

function checkProfile(props: ClusterProfileProps): void {
  const input = new InputCheck('ClusterProfile');
  input.report(LIST_EMPTY, 'ipFamilies', props.ipFamilies, emptyList(props.ipFamilies, 'family', 'for both'));
  input.report(
    LIST_EMPTY,
    'apiServerCidrs',
    props.apiServerCidrs,
    emptyList(props.apiServerCidrs, 'range', 'where they are not known'),
  );
  input.report(
    LIST_EMPTY,
    'clusterCidrs',
    props.clusterCidrs,
    emptyList(props.clusterCidrs, 'range', 'for the ranges for private use'),
  );
  props.apiServerCidrs?.forEach((cidr, i) =>
    input.report(API_SERVER_CIDR_INVALID, `apiServerCidrs[${i}]`, cidr, because(cidrProblem(cidr))),
  );
  props.clusterCidrs?.forEach((cidr, i) =>
    input.report(CLUSTER_CIDR, `clusterCidrs[${i}]`, cidr, because(cidrProblem(cidr))),
  );
  props.apiServerPorts?.forEach((port, i) =>
    input.report(
      PORT_INVALID,
      `apiServerPorts[${i}]`,
      port,
      isPort(port) ? undefined : { port: 'the port that the API server listens on' },
    ),
  );
  input.report(API_SERVER_PORTS_EMPTY, 'apiServerPorts', props.apiServerPorts, props.apiServerPorts?.length === 0);
  input.reportGiven(CLUSTER_DOMAIN_INVALID, 'clusterDomain', props.clusterDomain, value => !isObjectName(value));
  input.reportGiven(NAMESPACE_INVALID, 'dns.namespace', props.dns?.namespace, value => !isNamespace(value));
  checkSelector(input, 'dns.podLabels', props.dns?.podLabels, CLUSTER_PODS_LABELS_EMPTY);
  input.reportGiven(PORT_INVALID, 'dns.port', props.dns?.port, value =>
    isPort(value) ? undefined : { port: 'the port that the pods listen on' },
  );
  Object.entries(props.images ?? {}).forEach(([role, image]) =>
    input.reportGiven(IMAGE_INVALID, `images.${role}`, image, value => !isImage(value)),
  );
  props.services?.forEach((service, i) => checkService(input, `services[${i}]`, service));
  checkRegistries(input, props);
  input.report(MESH_BESIDE, 'mesh', props.mesh?.name, props.mesh && besideMesh(props.network?._model));
  checkPods(input, 'monitoring', props.monitoring);
  checkMonitorLabels(input, props);
  checkProxy(input, props);
  input.reportGiven(
    KUBERNETES_VERSION_INVALID,
    'kubernetesVersion',
    props.kubernetesVersion,
    value => !VERSION.test(value),
  );
  input.throwIfAny();
}

function checkRegistries(
  input: InputCheck,
  { imageRegistry, directRegistries = [], imagePullSecrets = [] }: ClusterProfileProps,
): void {
  const isHost = (host: string) => REGISTRY_HOST.test(host);
  input.reportGiven(IMAGE_REGISTRY_INVALID, 'imageRegistry', imageRegistry, value => {
    const [host, ...folders] = value.split('/');
    return !isHost(host) || !folders.every(folder => REGISTRY_FOLDER.test(folder));
  });
  directRegistries.forEach((host, i) =>
    input.report(DIRECT_REGISTRY_INVALID, `directRegistries[${i}]`, host, !isHost(host)),
  );
  input.report(
    DIRECT_REGISTRIES_WITHOUT_MIRROR,
    'directRegistries',
    directRegistries,
    directRegistries.length > 0 && imageRegistry === undefined,
  );
  imagePullSecrets.forEach((name, i) =>
    input.report(PULL_SECRET_INVALID, `imagePullSecrets[${i}]`, name, !isObjectName(name)),
  );
}

/** Why an enforcement takes no mesh beside it; undefined for one that does. */
function besideMesh(network: ClusterProfileModel['network'] | undefined): { readonly enforcement: string } | undefined {
  switch (network) {
    case 'istio':
      return { enforcement: 'NetworkEnforcement.istio() says by itself which pods are in the mesh' };
    case 'none':
      return { enforcement: 'NetworkEnforcement.none() has none' };
    default:
      return undefined;
  }
}

function checkPods(input: InputCheck, property: string, pods: ClusterPods | undefined): void {
  input.reportGiven(NAMESPACE_INVALID, `${property}.namespace`, pods?.namespace, value => !isNamespace(value));
  checkSelector(input, `${property}.podLabels`, pods?.podLabels, CLUSTER_PODS_LABELS_EMPTY);
}

function checkMonitorLabels(input: InputCheck, { monitorLabels, addOns = [] }: ClusterProfileProps): void {
  const operated = addOns.includes(ClusterAddOn.PROMETHEUS_OPERATOR);
  input.report(
    MONITOR_LABELS_WITHOUT_OPERATOR,
    'monitorLabels',
    monitorLabels,
    monitorLabels !== undefined && !operated ? { addOn: ClusterAddOn.PROMETHEUS_OPERATOR } : undefined,
  );
  checkSelector(input, 'monitorLabels', monitorLabels, MONITOR_LABELS_EMPTY);
  for (const key of Object.keys(objectLabels('mcp-gateway', '')).filter(
    reserved => monitorLabels?.[reserved] !== undefined,
  )) {
    input.report(MONITOR_LABEL_RESERVED, `monitorLabels[${key}]`, monitorLabels![key], true);
  }
}

function checkProxy(input: InputCheck, { proxy }: ClusterProfileProps): void {
  if (proxy === undefined) {
    return;
  }
  const url = URL.canParse(proxy.url) ? new URL(proxy.url) : undefined;
  const plain =
    url !== undefined &&
    url.protocol === 'http:' &&
    url.hostname !== '' &&
    ['', '/'].includes(url.pathname) &&
    url.search === '' &&
    url.hash === '';
  const secret = url !== undefined && (url.username !== '' || url.password !== '');
  // It becomes a variable of pods, which everyone who sees the pods can read.
  input.report(PROXY_URL_WITH_CREDENTIALS, 'proxy.url', '(not shown)', secret);
  input.report(PROXY_URL_INVALID, 'proxy.url', proxy.url, !secret && !plain);
  proxy.noProxy?.forEach((host, i) =>
    input.report(NO_PROXY_HOST_INVALID, `proxy.noProxy[${i}]`, host, !isObjectName(host.replace(/^\./, ''))),
  );
}

function checkService(
  input: InputCheck,
  property: string,
  { namespace, name, podLabels, ports }: ClusterService,
): void {
  input.report(NAMESPACE_INVALID, `${property}.namespace`, namespace, !isNamespace(namespace));
  input.report(SERVICE_NAME_INVALID, `${property}.name`, name, !isNamespace(name));
  checkSelector(input, `${property}.podLabels`, podLabels, CLUSTER_PODS_LABELS_EMPTY);
  input.report(SERVICE_PORTS_EMPTY, `${property}.ports`, ports, ports.length === 0);
  ports.forEach(({ port, podPort }, i) => {
    for (const [of, value] of Object.entries({ port, podPort })) {
      input.reportGiven(PORT_INVALID, `${property}.ports[${i}].${of}`, value, given =>
        isPort(given) ? undefined : { port: 'the port of the Service, and the one that its pods listen on' },
      );
    }
  });
}

function modelOf(
  props: ClusterProfileProps,
  { network, addOns, kubernetesVersion }: ClusterProfile,
): ClusterProfileModel {
  const { dns, monitoring } = props;
  return {
    network: network._model,
    acknowledgement: network.acknowledgement,
    ipFamilies: [...new Set(props.ipFamilies ?? DEFAULT_PROFILE.ipFamilies)].sort(),
    clusterCidrs: [...new Set((props.clusterCidrs ?? DEFAULT_PROFILE.clusterCidrs).map(canonicalCidr))].sort(),
    apiServerCidrs: [...new Set((props.apiServerCidrs ?? []).map(canonicalCidr))].sort(),
    apiServerPorts: [...new Set(props.apiServerPorts ?? DEFAULT_PROFILE.apiServerPorts)].sort((a, b) => a - b),
    clusterDomain: props.clusterDomain ?? DEFAULT_PROFILE.clusterDomain,
    dns: {
      namespace: dns?.namespace ?? DEFAULT_PROFILE.dns.namespace,
      labels: dns?.podLabels ?? DEFAULT_PROFILE.dns.labels,
      port: dns?.port ?? DEFAULT_PROFILE.dns.port,
    },
    services: (props.services ?? []).map(({ namespace, name, podLabels, ports }) => ({
      namespace,
      name,
      selector: podLabels,
      ports: ports.map(({ port, podPort = port }) => ({ port, targetPort: podPort, protocol: 'TCP' as const })),
    })),
    monitoring: monitoring && { namespace: monitoring.namespace, labels: monitoring.podLabels },
    monitorLabels: props.monitorLabels ?? DEFAULT_PROFILE.monitorLabels,
    proxy: proxyOf(props),
    mesh: props.mesh?._model,
    kubernetesMinor: Number(VERSION.exec(kubernetesVersion)![1]),
    addOns,
    cpuLimits: props.cpuLimits ?? DEFAULT_PROFILE.cpuLimits,
    images: { ...DEFAULT_PROFILE.images, ...compact(props.images ?? {}) },
    registry: registryOf(props),
    pullSecrets: [...new Set(props.imagePullSecrets ?? [])],
  };
}

function registryOf({ imageRegistry, directRegistries, images }: ClusterProfileProps): ImageRegistry | undefined {
  return imageRegistry === undefined
    ? undefined
    : {
        name: imageRegistry,
        direct: [...new Set(directRegistries ?? [])].sort(),
        named: [...new Set(Object.values(compact({ ...images })) as string[])].sort(),
      };
}

function proxyOf({ proxy }: ClusterProfileProps): EgressProxy | undefined {
  return proxy && { url: new URL(proxy.url).origin, noProxy: [...new Set(proxy.noProxy ?? [])].sort() };
}
