import { ApiObject, Duration, Lazy } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { SERVER_GUARD } from '../backends/server-proxies';
import { Images } from '../model/images';
import { defaultPullPolicy, restrictedContainer } from '../workload/rendered-template';
import { containerResources } from '../workload/resources';

/** Suffix of the ConfigMap with the configuration of a server's guard. */
const CONFIG_SUFFIX = '-guard-config';
/** Volume of the configuration. */
const CONFIG_VOLUME = 'mcp-guard-config';

/** What a guard needs to know about its server. */
export interface GuardSettings {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Record<string, string>;
  /** Images of the cluster that it is for. */
  readonly images: Images;
  /** Whether it has a limit of CPU. */
  readonly cpuLimits: boolean;
  /** The configuration, read when the ConfigMap is rendered. */
  readonly configuration: () => string;
}

/**
 * Puts a guard in front of a server, in its pods: a container that starts before the program and ends after it, so that it
 * lets through the requests that the program still answers when its pod has to go.
 *
 * A program cannot be told in general to listen on loopback alone: what keeps callers from its port is the network policy of
 * the server, which admits them to the guard's.
 */
export function addGuard(scope: Construct, workload: kplus.Workload, settings: GuardSettings): void {
  const { name, namespace, labels, images } = settings;
  const config = lazyConfigMap(
    scope,
    'GuardConfig',
    { name: `${name}${CONFIG_SUFFIX}`, namespace, labels },
    SERVER_GUARD.configFile,
    settings.configuration,
  );
  const probe = (timing: kplus.ProbeOptions) =>
    kplus.Probe.fromHttpGet(SERVER_GUARD.readinessPath, { port: SERVER_GUARD.readinessPort, ...timing });
  workload.addInitContainer({
    name: SERVER_GUARD.name,
    image: images[SERVER_GUARD.image],
    imagePullPolicy: defaultPullPolicy(images[SERVER_GUARD.image]),
    restartPolicy: kplus.ContainerRestartPolicy.ALWAYS,
    args: [...SERVER_GUARD.args],
    ports: [{ name: 'guard', number: SERVER_GUARD.port }],
    // The whole folder, never a subPath: only then does a changed ConfigMap reach the running pod.
    volumeMounts: [
      {
        path: SERVER_GUARD.configFolder,
        volume: kplus.Volume.fromConfigMap(scope, 'GuardConfigVolume', config, { name: CONFIG_VOLUME }),
        readOnly: true,
      },
    ],
    resources: containerResources({ cpuMillis: [50, 1000], memoryMebibytes: [64, 256] }, settings.cpuLimits),
    readiness: probe({ periodSeconds: Duration.seconds(5) }),
    liveness: probe({ periodSeconds: Duration.seconds(20), failureThreshold: 6 }),
    startup: probe({ periodSeconds: Duration.seconds(2), failureThreshold: 60 }),
    securityContext: restrictedContainer(SERVER_GUARD.user),
  });
}

/** A ConfigMap with one file that is known only when the app is synthesized. */
export function lazyConfigMap(
  scope: Construct,
  id: string,
  metadata: { readonly name: string; readonly namespace: string; readonly labels: Record<string, string> },
  file: string,
  content: () => string,
): kplus.IConfigMap {
  const config = new ApiObject(scope, id, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    data: Lazy.any({ produce: () => ({ [file]: content() }) }),
  });
  return kplus.ConfigMap.fromConfigMapName(scope, `${id}Reference`, config.name);
}
