import { bootstrap } from './bootstrap';
import { groupClusters } from './clusters';
import { Any, Messages } from './config/api';
import { secretOf, secretResource, typed } from './config/config';
import { writeFiles } from './config/files';
import {
  BOOTSTRAP_FILE,
  CLUSTERS_FILE,
  CONFIG_DIRECTORY,
  LISTENERS_FILE,
  METRICS_PORT,
  READINESS_PORT,
  ROUTES_FILE,
  SECRETS_DIRECTORY,
} from './config/names';
import { envoyPlan, EnvoyPlan } from './config/plan';
import { waysOf } from './dialect/evaluate';
import { DRAIN_SECONDS, POST_START, PRE_STOP, SCRATCH_DIRECTORY } from './drain';
import { filterChain, listener } from './listener';
import { checkMemoryToRead, memoryToRead } from './memory';
import { monitoring } from './monitoring';
import { DETAILS, FEATURES, fromParts, PARTS } from './parts';
import { enforcedRules } from './parts/authorization';
import { originRule } from './parts/origins';
import { routeConfiguration } from './routes';
import { Diagnostic } from '../../model/findings';
import { Gateway } from '../../model/gateway';
import { Entry } from '../../model/plan';
import { Enforcement } from '../../passes/access/enforcement';
import { distinct } from '../../values/json';
import { blockYaml } from '../../values/yaml';
import {
  Behind,
  DataPlane,
  ENVOY,
  PlaneConfiguration,
  PlaneContainer,
  PlaneSecrets,
  secretMounts,
} from '../interface/data-plane';

/** The data plane that understands sessions, weights and failover best: plain Envoy 1.40, without a control plane. */
export const envoy: DataPlane = {
  name: ENVOY,
  title: 'Envoy 1.40',
  features: FEATURES,
  details: DETAILS,
  check: plan => check(envoyPlan(plan)),
  configure: plan => configure(envoyPlan(plan)),
  container,
  secrets: plan => secrets(envoyPlan(plan)),
  monitoring,
  enforcement,
};

/** What of a plan is beyond limits of Envoy's own. A gateway's policy is met at every entry, and reported once. */
export function check(plan: EnvoyPlan): readonly Diagnostic[] {
  return distinct(fromParts(part => part.check?.(plan)));
}

/** What the container needs from Secrets: files alone, which are read again when a Secret changes. */
export function secrets(plan: EnvoyPlan): PlaneSecrets {
  return {
    environment: [],
    mounts: secretMounts(
      SECRETS_DIRECTORY,
      fromParts(part => part.secretKeys?.(plan)),
    ),
  };
}

/** Seconds beside those in which a pod drains: for what has to end then. */
const MARGIN_SECONDS = 5;

/** The gateway's container. */
function container(gateway: Gateway): PlaneContainer {
  return {
    // Not the image's entry point, which wants to be root first. There is no second process to hand sockets to, and no shared memory.
    command: ['/usr/local/bin/envoy'],
    args: [
      '-c',
      `${CONFIG_DIRECTORY}/${BOOTSTRAP_FILE}`,
      '--disable-hot-restart',
      '--drain-time-s',
      String(DRAIN_SECONDS),
      '-l',
      LOG_LEVELS[gateway.logLevel],
    ],
    configDirectory: CONFIG_DIRECTORY,
    scratchDirectory: SCRATCH_DIRECTORY,
    ports: [
      { name: gateway.tls === undefined ? 'http' : 'https', port: gateway.port },
      { name: 'metrics', port: METRICS_PORT },
      { name: 'readiness', port: READINESS_PORT },
    ],
    readiness: { path: '/ready', port: READINESS_PORT },
    liveness: { path: '/live', port: READINESS_PORT },
    metrics: { path: '/stats/prometheus', port: METRICS_PORT },
    postStart: POST_START,
    preStop: PRE_STOP,
    terminationGraceSeconds: DRAIN_SECONDS + MARGIN_SECONDS,
  };
}

const LOG_LEVELS: Readonly<Record<Gateway['logLevel'], string>> = {
  error: 'error',
  warn: 'warning',
  info: 'info',
  debug: 'debug',
};

/** What is enforced at an entry. */
export function enforcement(entry: Entry, behind: Behind = () => undefined): Enforcement {
  return {
    entry: entry.id,
    clientHeaders: {},
    authentication: entry.policy?.authentication ?? [],
    rules: [originRule(entry), ...enforcedRules(entry)],
    ways: waysOf(entry, behind),
  };
}

/** The configuration of a gateway. */
export function configure(plan: EnvoyPlan): PlaneConfiguration {
  const chain = filterChain(plan);
  const resources = PARTS.map(part => part.resources?.(plan) ?? {});
  const clusters = [
    ...plan.entries.flatMap(entry => entry.groups.flatMap(group => groupClusters(plan, entry, group))),
    ...resources.flatMap(part => part.clusters ?? []),
  ];
  const listeners = [listener(plan, chain), ...resources.flatMap(part => part.listeners ?? [])];
  const { files, bytesToRead } = writeFiles({
    [CLUSTERS_FILE]: file('envoy.config.cluster.v3.Cluster', clusters),
    [LISTENERS_FILE]: file('envoy.config.listener.v3.Listener', listeners),
    [ROUTES_FILE]: file('envoy.config.route.v3.RouteConfiguration', [routeConfiguration(plan, chain)]),
  });
  const { gateway } = plan;
  const memory = memoryToRead(bytesToRead);
  return {
    files: {
      [BOOTSTRAP_FILE]: blockYaml(
        bootstrap(gateway.memoryUnsaid === true ? { ...gateway, memoryLimit: memory.limit } : gateway),
      ),
      ...files,
      ...Object.fromEntries(
        resources
          .flatMap(part => part.secrets ?? [])
          .map(secret => [secretResource(secret.name), blockYaml({ resources: [secretOf(secret)] })]),
      ),
    },
    memory,
    findings: checkMemoryToRead(gateway, memory),
  };
}

/** Messages that stand in files. */
type Resource =
  'envoy.config.cluster.v3.Cluster' | 'envoy.config.listener.v3.Listener' | 'envoy.config.route.v3.RouteConfiguration';

/** A file of resources, in the form of an answer of a control plane. */
function file<T extends Resource>(type: T, messages: readonly Messages[T][]): { readonly resources: readonly Any[] } {
  return { resources: messages.map(message => typed(type, message)) };
}
