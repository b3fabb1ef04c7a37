import { podMonitor } from './add-ons';
import { objectLabels, selectorLabels } from './labels';
import { placed, podSpec, port, resources, restricted } from './rate-limit-pods';
import {
  needsRateLimitService,
  RATE_LIMIT_GRPC_PORT,
  RATE_LIMIT_HTTP_PORT,
  RATE_LIMIT_METRICS_PORT,
  RATE_LIMIT_STORE_PORT,
  RATE_LIMIT_STORE_SUFFIX,
  rateLimitName,
  rateLimitServiceConfig,
  rateLimitStoreName,
} from './rate-limit-service';
import { DEFAULT_PROFILE, podsCanWait } from '../../model/cluster';
import { Diagnostic, errorKind, findingOf } from '../../model/findings';
import { Gateway, ExternalStore } from '../../model/gateway';
import { DEFAULT_IMAGES, Images } from '../../model/images';
import { GatewayPlan } from '../../model/plan';
import { dnsLabelProblem } from '../../model/validation';
import { Json } from '../../values/json';
import { memoryBytes } from '../../values/quantities';

/*
 * The objects that count calls for a gateway's rate limits: Envoy's rate-limit service, and a store for its counts. Pods
 * pass Pod Security `restricted`, and carry the labels that NetworkPolicies select them by.
 */

const RATE_LIMIT_STORE_NAME = errorKind(
  'rate-limit-store-name',
  '{problem}',
  'Choose a shorter name, or remove the rate limits of the gateway and its routes',
);

/** Users the containers run as: any for the service, that of its image for the store. */
const SERVICE_USER = 65532;
const STORE_USER = 999;

/**
 * Seconds that a pod still answers when it has to go: proxies of nodes need a moment to send new connections to the next one, and of a
 * store that is evicted, the next one has to start first.
 */
const STILL_ANSWERS = 10;

/** Name of the port of the service's metrics. */
const METRICS_PORT_NAME = 'metrics';

/** Where the service reads its configuration: `$RUNTIME_ROOT/$RUNTIME_SUBDIRECTORY/config`. */
const RUNTIME_ROOT = '/data';
const RUNTIME_SUBDIRECTORY = 'ratelimit';
const CONFIG_DIRECTORY = `${RUNTIME_ROOT}/${RUNTIME_SUBDIRECTORY}/config`;

/** Labels that select the pods of a gateway's rate-limit service. */
export function rateLimitSelector(gateway: Gateway): Record<string, string> {
  return selectorLabels('mcp-rate-limit', rateLimitName(gateway));
}

/** Labels that select the pods of its store. */
export function rateLimitStoreSelector(gateway: Gateway): Record<string, string> {
  return selectorLabels('mcp-rate-limit-store', rateLimitStoreName(gateway));
}

/** Environment of the service: the settings that do not depend on where things listen. Also what conformance tests run it with. */
export const RATE_LIMIT_SETTINGS: Readonly<Record<string, string>> = {
  CONFIG_TYPE: 'FILE',
  // With the default the service does not notice that a ConfigMap changed: it looks for the link in the folder above to change.
  RUNTIME_WATCH_ROOT: 'false',
  // A mounted ConfigMap has its files twice, the second time below `..data`, and a domain may be there once.
  RUNTIME_IGNOREDOTFILES: 'true',
  BACKEND_TYPE: 'redis',
  REDIS_SOCKET_TYPE: 'tcp',
  // Commands share connections; each fails a call where its store goes. Two of them, so that there is one while the other is made anew.
  REDIS_POOL_SIZE: '2',
  // Not ready while it could only fail every call, or let it pass for want of a configuration.
  REDIS_HEALTH_CHECK_ACTIVE_CONNECTION: 'true',
  HEALTHY_WITH_AT_LEAST_ONE_CONFIG_LOADED: 'true',
  // Tells clients how long to wait.
  LIMIT_RESPONSE_HEADERS_ENABLED: 'true',
  USE_STATSD: 'false',
  USE_PROMETHEUS: 'true',
  LOG_LEVEL: 'warn',
  LOG_FORMAT: 'json',
};

/** Names that would be too long. Their suffix is there only when something is limited, so a gateway's own check cannot know. */
export function checkRateLimitNames(plan: GatewayPlan): Diagnostic[] {
  const { gateway } = plan;
  const problem = needsRateLimitService(plan) ? dnsLabelProblem(gateway.name, RATE_LIMIT_STORE_SUFFIX) : undefined;
  return problem === undefined
    ? []
    : [findingOf(RATE_LIMIT_STORE_NAME, gateway.path, 'name', gateway.name, { problem })];
}

/** The objects that count a gateway's calls; none where it has no limits. */
export function rateLimitObjects(plan: GatewayPlan): Json[] {
  if (!needsRateLimitService(plan)) {
    return [];
  }
  const { gateway } = plan;
  return [
    serviceAccount(gateway),
    configMap(plan),
    deployment(gateway),
    service(gateway),
    ...(replicasOf(gateway) > 1 ? [disruptionBudget(gateway)] : []),
    ...(gateway.monitorLabels === undefined ? [] : [monitor(gateway, gateway.monitorLabels)]),
    ...(gateway.rateLimitService?.store === undefined ? [storeDeployment(gateway), storeService(gateway)] : []),
  ];
}

function replicasOf(gateway: Gateway): number {
  return gateway.rateLimitService?.replicas ?? (gateway.replicas > 1 ? 2 : 1);
}

function serviceMetadata(gateway: Gateway): Json {
  return {
    name: rateLimitName(gateway),
    namespace: gateway.workloadNamespace,
    labels: objectLabels('mcp-rate-limit', rateLimitName(gateway)),
  };
}

function storeMetadata(gateway: Gateway): Json {
  return {
    name: rateLimitStoreName(gateway),
    namespace: gateway.workloadNamespace,
    labels: objectLabels('mcp-rate-limit-store', rateLimitStoreName(gateway)),
  };
}

/** An account of their own, without rights and without a token: the namespace's default account may have been given some. */
function serviceAccount(gateway: Gateway): Json {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: serviceMetadata(gateway),
    automountServiceAccountToken: false,
  };
}

function configMap(plan: GatewayPlan): Json {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: serviceMetadata(plan.gateway),
    data: rateLimitServiceConfig([plan]),
  };
}

function imagesOf({ profile = DEFAULT_PROFILE }: Gateway): Images {
  return profile.images;
}

function deployment(gateway: Gateway): Json {
  const selector = rateLimitSelector(gateway);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: serviceMetadata(gateway),
    spec: {
      replicas: replicasOf(gateway),
      selector: { matchLabels: selector },
      // While none answers, every call fails: a new one is ready before an old one goes.
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      template: placed(gateway, {
        metadata: { labels: selector },
        spec: {
          ...podSpec(gateway, SERVICE_USER),
          affinity: {
            podAntiAffinity: {
              preferredDuringSchedulingIgnoredDuringExecution: [
                {
                  weight: 100,
                  podAffinityTerm: { labelSelector: { matchLabels: selector }, topologyKey: 'kubernetes.io/hostname' },
                },
              ],
            },
          },
          ...(canWaitForStore(gateway) ? { initContainers: [untilStored(gateway)] } : {}),
          containers: [
            {
              name: 'rate-limit',
              image: imagesOf(gateway).rateLimitService,
              command: ['/bin/ratelimit'],
              env: environment(gateway),
              ports: [
                port('grpc', RATE_LIMIT_GRPC_PORT),
                port('http', RATE_LIMIT_HTTP_PORT),
                port(METRICS_PORT_NAME, RATE_LIMIT_METRICS_PORT),
              ],
              // The whole folder, never a subPath: only then does a changed ConfigMap reach the running pod.
              volumeMounts: [{ name: 'config', mountPath: CONFIG_DIRECTORY, readOnly: true }],
              readinessProbe: { httpGet: { path: '/healthcheck', port: RATE_LIMIT_HTTP_PORT }, periodSeconds: 5 },
              // Only that it listens: a store that is away is no reason to start the service anew.
              livenessProbe: { tcpSocket: { port: RATE_LIMIT_GRPC_PORT }, periodSeconds: 20, failureThreshold: 6 },
              startupProbe: { tcpSocket: { port: RATE_LIMIT_GRPC_PORT }, periodSeconds: 2, failureThreshold: 60 },
              ...lifecycle(gateway),
              resources: gateway.rateLimitService?.resources ?? resources(gateway, '1', '128Mi'),
              securityContext: restricted(SERVICE_USER),
            },
          ],
          volumes: [{ name: 'config', configMap: { name: rateLimitName(gateway) } }],
        },
      }),
    },
  };
}

/**
 * The whole name of the store: of any other, resolvers ask what else it may mean, and the service, which asks once when it starts, ends
 * where the right one of the questions is lost.
 */
function storeHost(gateway: Gateway): string {
  const { clusterDomain } = gateway.profile ?? DEFAULT_PROFILE;
  return `${rateLimitStoreName(gateway)}.${gateway.workloadNamespace}.svc.${clusterDomain}.`;
}

/** Whether pods can wait for the store: it starts with them, and its image is the one that is known to have a shell, which others may not have. */
function canWaitForStore(gateway: Gateway): boolean {
  return (
    gateway.rateLimitService?.store === undefined && imagesOf(gateway).rateLimitStore === DEFAULT_IMAGES.rateLimitStore
  );
}

/**
 * Waits until the store answers: the service would end where it does not. Three times in a row, since policies of the network come into force
 * some moments after a pod has started, and may let it connect, refuse it, and let it again.
 */
function untilStored(gateway: Gateway): Json {
  const ping = `valkey-cli -h ${storeHost(gateway)} -p ${RATE_LIMIT_STORE_PORT} ping`;
  return {
    name: 'until-stored',
    image: imagesOf(gateway).rateLimitStore,
    command: ['sh', '-c', `n=0; until [ $n = 3 ]; do ${ping} && n=$((n + 1)) || n=0; sleep 1; done`],
    resources: resources(gateway, '100m', '64Mi'),
    securityContext: restricted(STORE_USER),
  };
}

/** How a pod ends: when nothing connects to it any more. */
function lifecycle({ profile = DEFAULT_PROFILE }: Gateway): Json {
  return podsCanWait(profile.kubernetesMinor) ? { lifecycle: { preStop: { sleep: { seconds: STILL_ANSWERS } } } } : {};
}

function environment(gateway: Gateway): Json[] {
  const external = gateway.rateLimitService?.store;
  const settings = {
    ...RATE_LIMIT_SETTINGS,
    RUNTIME_ROOT,
    RUNTIME_SUBDIRECTORY,
    GRPC_PORT: String(RATE_LIMIT_GRPC_PORT),
    PORT: String(RATE_LIMIT_HTTP_PORT),
    PROMETHEUS_ADDR: `:${RATE_LIMIT_METRICS_PORT}`,
    REDIS_URL:
      external === undefined ? `${storeHost(gateway)}:${RATE_LIMIT_STORE_PORT}` : `${external.host}:${external.port}`,
    ...(external?.tls === true ? { REDIS_TLS: 'true' } : {}),
  };
  return [
    ...Object.entries(settings).map(([name, value]) => ({ name, value })),
    // Empty, which is all addresses: its own default is those of IPv4.
    { name: 'HOST' },
    { name: 'GRPC_HOST' },
    ...password(external),
  ];
}

function password(store: ExternalStore | undefined): Json[] {
  return store?.password === undefined
    ? []
    : [
        {
          name: 'REDIS_AUTH',
          valueFrom: { secretKeyRef: { name: store.password.secretName, key: store.password.key } },
        },
      ];
}

function service(gateway: Gateway): Json {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: serviceMetadata(gateway),
    spec: {
      type: 'ClusterIP',
      selector: rateLimitSelector(gateway),
      ports: [{ name: 'grpc', port: RATE_LIMIT_GRPC_PORT, targetPort: RATE_LIMIT_GRPC_PORT, protocol: 'TCP' }],
    },
  };
}

/** Path of the metrics: the service's own default. */
const METRICS_PATH = '/metrics';

function monitor(gateway: Gateway, labels: Readonly<Record<string, string>>): Json {
  const { name, namespace, labels: own } = serviceMetadata(gateway);
  return podMonitor({
    name,
    namespace,
    labels: { ...labels, ...own },
    selector: rateLimitSelector(gateway),
    port: METRICS_PORT_NAME,
    path: METRICS_PATH,
  });
}

function disruptionBudget(gateway: Gateway): Json {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: serviceMetadata(gateway),
    spec: { maxUnavailable: 1, selector: { matchLabels: rateLimitSelector(gateway) } },
  };
}

function storeDeployment(gateway: Gateway): Json {
  const selector = rateLimitStoreSelector(gateway);
  const probe = { exec: { command: ['valkey-cli', '-p', String(RATE_LIMIT_STORE_PORT), 'ping'] }, timeoutSeconds: 5 };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: storeMetadata(gateway),
    spec: {
      replicas: 1,
      selector: { matchLabels: selector },
      // The next one counts from 0 in any case. While none answers, every call fails: it is ready before the old one goes.
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      template: placed(gateway, {
        metadata: { labels: selector },
        spec: {
          ...podSpec(gateway, STORE_USER),
          containers: [
            {
              name: 'store',
              image: imagesOf(gateway).rateLimitStore,
              command: ['valkey-server', ...storeArguments(gateway)],
              ports: [port('store', RATE_LIMIT_STORE_PORT)],
              workingDir: '/tmp',
              readinessProbe: { ...probe, periodSeconds: 5 },
              livenessProbe: { ...probe, periodSeconds: 20, failureThreshold: 6 },
              // Asked often until it answers for the first time: calls may be waiting for it.
              startupProbe: { ...probe, periodSeconds: 1, failureThreshold: 60 },
              ...lifecycle(gateway),
              resources: gateway.rateLimitService?.storeResources ?? resources(gateway, '500m', '192Mi'),
              securityContext: restricted(STORE_USER),
            },
          ],
        },
      }),
    },
  };
}

/**
 * Arguments of the store: in memory alone. Full, it forgets the counts that are asked for least: callers who can make up what is
 * counted, such as addresses, would else stop every call that is limited. What is counted often stays.
 */
function storeArguments({ rateLimitService }: Gateway): string[] {
  const limit = rateLimitService?.storeResources?.limits?.memory;
  const counts = limit === undefined ? '128mb' : String(Math.floor((memoryBytes(limit)! * 2) / 3));
  return [
    ...['--port', String(RATE_LIMIT_STORE_PORT)],
    ...['--protected-mode', 'no'],
    ...['--save', ''],
    ...['--appendonly', 'no'],
    ...['--maxmemory', counts],
    ...['--maxmemory-policy', 'allkeys-lfu'],
  ];
}

function storeService(gateway: Gateway): Json {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: storeMetadata(gateway),
    spec: {
      type: 'ClusterIP',
      selector: rateLimitStoreSelector(gateway),
      ports: [{ name: 'store', port: RATE_LIMIT_STORE_PORT, targetPort: RATE_LIMIT_STORE_PORT, protocol: 'TCP' }],
    },
  };
}
