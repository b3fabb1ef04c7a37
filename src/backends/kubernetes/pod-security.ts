import { Json } from '../../values/json';
import { compareText } from '../../values/text';

/*
 * Pod Security `restricted` over a pod template: what is unset is set, and what is set to something that breaks it is found.
 * The checks are those of https://kubernetes.io/docs/concepts/security/pod-security-standards/ (1.34).
 */

/** Something in a pod that the profile `restricted` forbids. */
export interface PodSecurityFinding {
  /** Field of the pod's spec, with the name of the container where it is about one. */
  readonly field: string;
  readonly value: unknown;
  readonly problem: string;
}

const CONTAINER_LISTS = ['initContainers', 'containers'] as const;

/** Pods of Windows have none of what these fields are about. */
const isWindows = (spec: Json): boolean => spec.os?.name === 'windows';

/** A template whose containers have what `restricted` asks for wherever they leave it open. */
export function hardened(template: Json): Json {
  const { spec } = template;
  if (isWindows(spec)) {
    return template;
  }
  const lists = CONTAINER_LISTS.filter(list =>
    spec[list]?.some((container: Json) => missing(container, spec) !== undefined),
  );
  return lists.length === 0
    ? template
    : {
        ...template,
        spec: {
          ...spec,
          ...Object.fromEntries(
            lists.map(list => [list, spec[list].map((container: Json) => hardenedContainer(container, spec))]),
          ),
        },
      };
}

function hardenedContainer(container: Json, spec: Json): Json {
  const added = missing(container, spec);
  return added === undefined
    ? container
    : {
        ...container,
        securityContext: Object.fromEntries(
          Object.entries({ ...container.securityContext, ...added }).sort(([a], [b]) => compareText(a, b)),
        ),
      };
}

/** What a container leaves open, with the value that it should have; undefined when that is nothing. */
function missing({ securityContext = {} }: Json, spec: Json): Json | undefined {
  const pod: Json = spec.securityContext ?? {};
  const { allowPrivilegeEscalation, capabilities, runAsNonRoot, runAsUser, seccompProfile } = securityContext;
  const added: Json = {};
  if (allowPrivilegeEscalation === undefined && !mustEscalate(securityContext)) {
    added.allowPrivilegeEscalation = false;
  }
  if (capabilities?.drop === undefined) {
    added.capabilities = { ...capabilities, drop: ['ALL'] };
  }
  // Who asks for root gets a warning, and not a container that cannot start.
  if (runAsNonRoot === undefined && pod.runAsNonRoot === undefined && (runAsUser ?? pod.runAsUser) !== 0) {
    added.runAsNonRoot = true;
  }
  if (seccompProfile === undefined && pod.seccompProfile === undefined) {
    added.seccompProfile = { type: 'RuntimeDefault' };
  }
  return Object.keys(added).length === 0 ? undefined : added;
}

/** Whether an API server would refuse to forbid the escalation of privileges. */
function mustEscalate({ privileged, capabilities }: Json): boolean {
  return (
    privileged === true ||
    (capabilities?.add ?? []).some((name: string) => ['SYS_ADMIN', 'CAP_SYS_ADMIN'].includes(name))
  );
}

const VOLUME_TYPES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];
const SECCOMP = ['RuntimeDefault', 'Localhost'];
const SELINUX_TYPES = ['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'];
const SYSCTLS = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.tcp_wmem',
];
const APPARMOR_ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';
const HANDLERS = ['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle.postStart', 'lifecycle.preStop'];

/** What a pod has that `restricted` forbids. */
export function restrictedFindings({ metadata, spec }: Json): PodSecurityFinding[] {
  return [
    ...podFindings(spec),
    ...annotationFindings(metadata?.annotations ?? {}),
    ...CONTAINER_LISTS.flatMap(list =>
      (spec[list] ?? []).flatMap((container: Json) => containerFindings(list, container, spec)),
    ),
  ];
}

function podFindings(spec: Json): PodSecurityFinding[] {
  const context: Json = spec.securityContext ?? {};
  return [
    ...['hostNetwork', 'hostPID', 'hostIPC'].flatMap(field =>
      finding(field, spec[field], spec[field] === true, 'shares what belongs to the node'),
    ),
    ...(spec.volumes ?? []).flatMap(volumeFindings),
    ...(context.sysctls ?? []).flatMap(({ name }: Json) =>
      finding('securityContext.sysctls', name, !SYSCTLS.includes(name), 'is a setting of the kernel that is not safe'),
    ),
    ...finding('securityContext.runAsNonRoot', false, context.runAsNonRoot === false, 'lets containers run as root'),
    ...contextFindings('securityContext', context),
  ];
}

function volumeFindings(volume: Json): PodSecurityFinding[] {
  const type = Object.keys(volume).find(key => key !== 'name');
  return finding(
    `volumes[${volume.name}]`,
    type,
    type !== undefined && !VOLUME_TYPES.includes(type),
    `is a volume of a type that is not among ${VOLUME_TYPES.join(', ')}`,
  );
}

function annotationFindings(annotations: Json): PodSecurityFinding[] {
  return Object.entries<string>(annotations)
    .filter(([key]) => key.startsWith(APPARMOR_ANNOTATION))
    .flatMap(([key, value]) =>
      finding(
        `metadata.annotations[${key}]`,
        value,
        value !== '' && value !== 'runtime/default' && !value.startsWith('localhost/'),
        'takes away what AppArmor confines',
      ),
    );
}

/** What a pod and a container both can say. */
function contextFindings(place: string, context: Json): PodSecurityFinding[] {
  const { runAsUser, seccompProfile, seLinuxOptions = {}, appArmorProfile, windowsOptions } = context;
  return [
    ...finding(`${place}.runAsUser`, runAsUser, runAsUser === 0, 'is root'),
    ...finding(
      `${place}.seccompProfile.type`,
      seccompProfile?.type,
      seccompProfile !== undefined && !SECCOMP.includes(seccompProfile.type),
      'lets it make any system call',
    ),
    ...finding(
      `${place}.seLinuxOptions.type`,
      seLinuxOptions.type,
      !SELINUX_TYPES.includes(seLinuxOptions.type ?? ''),
      'is not a type of containers',
    ),
    ...['user', 'role'].flatMap(field =>
      finding(
        `${place}.seLinuxOptions.${field}`,
        seLinuxOptions[field],
        (seLinuxOptions[field] ?? '') !== '',
        'is not that of containers',
      ),
    ),
    ...finding(
      `${place}.appArmorProfile.type`,
      appArmorProfile?.type,
      appArmorProfile !== undefined && !SECCOMP.includes(appArmorProfile.type),
      'takes away what AppArmor confines',
    ),
    ...finding(
      `${place}.windowsOptions.hostProcess`,
      true,
      windowsOptions?.hostProcess === true,
      'runs it as a process of the node',
    ),
  ];
}

function containerFindings(list: string, container: Json, spec: Json): PodSecurityFinding[] {
  const place = `${list}[${container.name}]`;
  const context: Json = container.securityContext ?? {};
  const pod: Json = spec.securityContext ?? {};
  const { privileged, procMount } = context;
  return [
    ...contextFindings(`${place}.securityContext`, context),
    ...finding(`${place}.securityContext.privileged`, privileged, privileged === true, 'gives it the node'),
    ...finding(
      `${place}.securityContext.procMount`,
      procMount,
      (procMount ?? 'Default') !== 'Default',
      'shows it more of the kernel',
    ),
    ...finding(
      `${place}.securityContext.runAsNonRoot`,
      context.runAsNonRoot,
      (context.runAsNonRoot ?? pod.runAsNonRoot) !== true,
      'lets it run as root',
    ),
    ...(container.ports ?? []).flatMap(({ hostPort }: Json) =>
      finding(`${place}.ports`, hostPort, (hostPort ?? 0) !== 0, 'is a port of the node (hostPort)'),
    ),
    ...HANDLERS.flatMap(handler =>
      hostFindings(
        `${place}.${handler}`,
        handler.split('.').reduce<any>((object, field) => object?.[field], container),
      ),
    ),
    ...(isWindows(spec) ? [] : linuxFindings(place, context, pod)),
  ];
}

function linuxFindings(place: string, context: Json, pod: Json): PodSecurityFinding[] {
  const { allowPrivilegeEscalation, capabilities = {}, seccompProfile } = context;
  const added: string[] = (capabilities.add ?? []).filter((name: string) => name !== 'NET_BIND_SERVICE');
  return [
    ...finding(
      `${place}.securityContext.allowPrivilegeEscalation`,
      allowPrivilegeEscalation,
      allowPrivilegeEscalation !== false && !mustEscalate(context),
      'lets it gain privileges',
    ),
    ...finding(`${place}.securityContext.capabilities.add`, added, added.length > 0, 'are capabilities of root'),
    ...finding(
      `${place}.securityContext.capabilities.drop`,
      capabilities.drop,
      !(capabilities.drop ?? []).includes('ALL'),
      'leaves it capabilities of root: it has to drop ALL',
    ),
    ...finding(
      `${place}.securityContext.seccompProfile`,
      undefined,
      seccompProfile === undefined && pod.seccompProfile === undefined,
      'lets it make any system call',
    ),
  ];
}

/** Probes and hooks go to the pod itself. */
function hostFindings(place: string, handler: Json | undefined): PodSecurityFinding[] {
  return ['httpGet', 'tcpSocket'].flatMap(field =>
    finding(
      `${place}.${field}.host`,
      handler?.[field]?.host,
      (handler?.[field]?.host ?? '') !== '',
      'lets the node connect to any host',
    ),
  );
}

function finding(field: string, value: unknown, found: boolean, problem: string): PodSecurityFinding[] {
  return found ? [{ field, value, problem }] : [];
}
