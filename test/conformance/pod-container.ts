import { Manifest } from '../support/validate';

/** A folder that a pod mounts into its container. */
export interface Mount {
  readonly path: string;
  readonly readOnly: boolean;
  /** Files of a ConfigMap; undefined for an empty folder. */
  readonly files?: Readonly<Record<string, string>>;
  /** How much an empty folder takes; undefined for no limit. */
  readonly sizeBytes?: number;
}

/** A container as its pod describes it, as far as that is about a process. */
export interface Container {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir: string;
  readonly mounts: readonly Mount[];
  readonly user: number;
  readonly group: number;
  readonly readOnlyRoot: boolean;
  readonly mayGainPrivileges: boolean;
  readonly dropsCapabilities: boolean;
  readonly memoryLimitBytes: number;
  readonly startupProbe: Manifest;
  readonly readinessProbe: Manifest;
  readonly livenessProbe: Manifest;
  readonly terminationGraceSeconds: number;
}

/** Reads the container that runs a server out of what an app emits. Throws at what no process can be given. */
export function serverContainer(objects: readonly Manifest[], workload: Manifest): Container {
  const pod: Manifest = workload.spec.template.spec;
  const container: Manifest = pod.containers.find(({ name }: Manifest) => name === 'mcp-server');
  const security = { ...pod.securityContext, ...container.securityContext };
  return {
    command: [...container.command, ...(container.args ?? [])],
    env: environmentOf(container),
    // That of the image, where the pod names none: stock Node images have none.
    workingDir: container.workingDir ?? '/',
    mounts: (container.volumeMounts ?? []).map((mount: Manifest) => mountOf(mount, volumeOf(pod, mount.name), objects)),
    user: security.runAsUser,
    group: security.runAsGroup,
    readOnlyRoot: security.readOnlyRootFilesystem === true,
    mayGainPrivileges: security.allowPrivilegeEscalation !== false,
    dropsCapabilities: security.capabilities?.drop?.includes('ALL') === true && security.capabilities.add === undefined,
    memoryLimitBytes: bytesOf(container.resources.limits.memory),
    startupProbe: container.startupProbe,
    readinessProbe: container.readinessProbe,
    livenessProbe: container.livenessProbe,
    terminationGraceSeconds: pod.terminationGracePeriodSeconds,
  };
}

function environmentOf({ env = [], envFrom }: Manifest): Record<string, string> {
  const unknown = env.filter(({ value }: Manifest) => value === undefined || value.includes('$('));
  if (unknown.length > 0 || envFrom !== undefined) {
    throw new Error(`variables that depend on something else: ${JSON.stringify([unknown, envFrom])}`);
  }
  return Object.fromEntries(env.map(({ name, value }: Manifest) => [name, value]));
}

function volumeOf({ volumes }: Manifest, name: string): Manifest {
  return volumes.find((volume: Manifest) => volume.name === name);
}

function mountOf(
  { mountPath, readOnly = false, subPath }: Manifest,
  { emptyDir, configMap, ...other }: Manifest,
  objects: readonly Manifest[],
): Mount {
  if (subPath !== undefined || (emptyDir === undefined && configMap === undefined)) {
    throw new Error(`a volume of a kind that is not imitated: ${JSON.stringify({ mountPath, subPath, ...other })}`);
  }
  if (configMap !== undefined) {
    const { data } = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === configMap.name)!;
    return { path: mountPath, readOnly: true, files: data };
  }
  return { path: mountPath, readOnly, sizeBytes: emptyDir.sizeLimit && bytesOf(emptyDir.sizeLimit) };
}

/** Bytes of a quantity such as `256Mi`. */
function bytesOf(quantity: string): number {
  const [, digits, unit] = /^(\d+)(Ki|Mi|Gi)$/.exec(quantity)!;
  return Number(digits) * 1024 ** (['Ki', 'Mi', 'Gi'].indexOf(unit) + 1);
}
