import { hardened, restrictedFindings } from '../../../src/backends/kubernetes/pod-security';
import { Json } from '../../../src/values/json';

const RESTRICTED = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};

const podOf = (container: Json, spec: Json = {}): Json => ({
  spec: { ...spec, containers: [{ name: 'a', ...container }] },
});
const hardenedContainer = (container: Json, spec?: Json): Json =>
  hardened(podOf(container, spec)).spec.containers[0].securityContext;
const fieldsOf = (pod: Json): string[] => restrictedFindings(pod).map(({ field }) => field);

describe('what is unset', () => {
  it('is set, in init containers too', () => {
    const pod = {
      metadata: { labels: {} },
      spec: { initContainers: [{ name: 'i' }], containers: [{ name: 'a', image: 'x' }] },
    };
    expect(hardened(pod)).toEqual({
      metadata: { labels: {} },
      spec: {
        initContainers: [{ name: 'i', securityContext: RESTRICTED }],
        containers: [{ name: 'a', image: 'x', securityContext: RESTRICTED }],
      },
    });
    expect(restrictedFindings(hardened(pod))).toEqual([]);
    expect(pod.spec.containers[0]).not.toHaveProperty('securityContext');
  });

  it('is left to the pod where that says it', () => {
    const spec = {
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'Localhost', localhostProfile: 'a.json' } },
    };
    expect(hardenedContainer({}, spec)).toEqual({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } });
    expect(restrictedFindings(hardened(podOf({}, spec)))).toEqual([]);
  });

  it('is the template itself where nothing is', () => {
    const pod = podOf({ securityContext: RESTRICTED });
    expect(hardened(pod)).toBe(pod);
    const windows = podOf({}, { os: { name: 'windows' } });
    expect(hardened(windows)).toBe(windows);
  });

  it.each<[string, Json, Json]>([
    [
      'what is added to capabilities stays',
      { capabilities: { add: ['NET_BIND_SERVICE'] } },
      { ...RESTRICTED, capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] } },
    ],
    [
      'a privileged container cannot be kept from escalating',
      { privileged: true },
      {
        privileged: true,
        capabilities: { drop: ['ALL'] },
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      },
    ],
    [
      'nor one that administers the system',
      { capabilities: { add: ['SYS_ADMIN'] } },
      {
        capabilities: { add: ['SYS_ADMIN'], drop: ['ALL'] },
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      },
    ],
    [
      'who asks for root starts as root',
      { runAsUser: 0 },
      {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        runAsUser: 0,
        seccompProfile: { type: 'RuntimeDefault' },
      },
    ],
    [
      'what is said is not changed',
      {
        allowPrivilegeEscalation: true,
        capabilities: { drop: [] },
        runAsNonRoot: false,
        seccompProfile: { type: 'Unconfined' },
      },
      {
        allowPrivilegeEscalation: true,
        capabilities: { drop: [] },
        runAsNonRoot: false,
        seccompProfile: { type: 'Unconfined' },
      },
    ],
  ])('%s', (_, securityContext, expected) => {
    expect(hardenedContainer({ securityContext })).toEqual(expected);
  });
});

describe('restricted', () => {
  const context = (rest: Json): Json => podOf({ securityContext: { ...RESTRICTED, ...rest } });
  const inPod = (securityContext: Json): Json => podOf({ securityContext: RESTRICTED }, { securityContext });
  const spec = (rest: Json): Json => podOf({ securityContext: RESTRICTED }, rest);
  const container = (rest: Json): Json => podOf({ securityContext: RESTRICTED, ...rest });

  it.each<[string, Json]>([
    [
      'every type of volume that is of the pod alone',
      spec({
        volumes: [
          'configMap',
          'csi',
          'downwardAPI',
          'emptyDir',
          'ephemeral',
          'persistentVolumeClaim',
          'projected',
          'secret',
        ].map(type => ({ name: type.toLowerCase(), [type]: {} })),
      }),
    ],
    ['low ports', context({ capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } })],
    ['safe settings of the kernel', inPod({ sysctls: [{ name: 'net.ipv4.tcp_keepalive_time', value: '60' }] })],
    ['types of SELinux for containers', context({ seLinuxOptions: { type: 'container_t', level: 's0' } })],
    ['AppArmor', context({ appArmorProfile: { type: 'Localhost', localhostProfile: 'a' } })],
    [
      'ports and probes of the pod',
      container({ ports: [{ containerPort: 80, hostPort: 0 }], readinessProbe: { httpGet: { path: '/', port: 80 } } }),
    ],
    ['a user that is not root', context({ runAsUser: 1000 })],
  ])('lets %s pass', (_, pod) => {
    expect(restrictedFindings(pod)).toEqual([]);
  });

  it.each<[string, Json, string]>([
    ['the network of the node', spec({ hostNetwork: true }), 'hostNetwork'],
    ['the processes of the node', spec({ hostPID: true }), 'hostPID'],
    ['the memory of the node', spec({ hostIPC: true }), 'hostIPC'],
    ['files of the node', spec({ volumes: [{ name: 'host', hostPath: { path: '/' } }] }), 'volumes[host]'],
    ['volumes of NFS', spec({ volumes: [{ name: 'n', nfs: { server: 'a', path: '/' } }] }), 'volumes[n]'],
    ['ports of the node', container({ ports: [{ containerPort: 80, hostPort: 80 }] }), 'containers[a].ports'],
    [
      'privileged containers',
      context({ privileged: true, allowPrivilegeEscalation: true }),
      'containers[a].securityContext.privileged',
    ],
    [
      'escalation',
      context({ allowPrivilegeEscalation: true }),
      'containers[a].securityContext.allowPrivilegeEscalation',
    ],
    [
      'capabilities',
      context({ capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] } }),
      'containers[a].securityContext.capabilities.add',
    ],
    [
      'capabilities that are not dropped',
      context({ capabilities: { drop: ['NET_RAW'] } }),
      'containers[a].securityContext.capabilities.drop',
    ],
    ['root', context({ runAsUser: 0 }), 'containers[a].securityContext.runAsUser'],
    ['root in the pod', inPod({ runAsUser: 0 }), 'securityContext.runAsUser'],
    ['that it may be root', context({ runAsNonRoot: false }), 'containers[a].securityContext.runAsNonRoot'],
    ['that any container may be root', inPod({ runAsNonRoot: false }), 'securityContext.runAsNonRoot'],
    [
      'any system call',
      context({ seccompProfile: { type: 'Unconfined' } }),
      'containers[a].securityContext.seccompProfile.type',
    ],
    [
      'any system call in the pod',
      inPod({ seccompProfile: { type: 'Unconfined' } }),
      'securityContext.seccompProfile.type',
    ],
    ['an unmasked /proc', context({ procMount: 'Unmasked' }), 'containers[a].securityContext.procMount'],
    [
      'types of SELinux that are not of containers',
      context({ seLinuxOptions: { type: 'spc_t' } }),
      'containers[a].securityContext.seLinuxOptions.type',
    ],
    ['users of SELinux', inPod({ seLinuxOptions: { user: 'root' } }), 'securityContext.seLinuxOptions.user'],
    [
      'no AppArmor',
      context({ appArmorProfile: { type: 'Unconfined' } }),
      'containers[a].securityContext.appArmorProfile.type',
    ],
    [
      'no AppArmor by annotation',
      {
        ...context({}),
        metadata: { annotations: { 'container.apparmor.security.beta.kubernetes.io/a': 'unconfined' } },
      },
      'metadata.annotations[container.apparmor.security.beta.kubernetes.io/a]',
    ],
    ['settings of the kernel', inPod({ sysctls: [{ name: 'kernel.msgmax', value: '1' }] }), 'securityContext.sysctls'],
    [
      'processes of a Windows node',
      inPod({ windowsOptions: { hostProcess: true } }),
      'securityContext.windowsOptions.hostProcess',
    ],
    [
      'probes of other hosts',
      container({ livenessProbe: { tcpSocket: { port: 80, host: '10.0.0.1' } } }),
      'containers[a].livenessProbe.tcpSocket.host',
    ],
    [
      'hooks on other hosts',
      container({ lifecycle: { preStop: { httpGet: { port: 80, host: '10.0.0.1' } } } }),
      'containers[a].lifecycle.preStop.httpGet.host',
    ],
  ])('does not let %s pass', (_, pod, field) => {
    expect(fieldsOf(pod)).toEqual([field]);
  });

  it('names init containers too', () => {
    expect(
      fieldsOf({
        spec: {
          initContainers: [
            { name: 'i', securityContext: { ...RESTRICTED, privileged: true, allowPrivilegeEscalation: true } },
          ],
          containers: [{ name: 'a', securityContext: RESTRICTED }],
        },
      }),
    ).toEqual(['initContainers[i].securityContext.privileged']);
  });

  it('asks Windows for nothing that it does not have', () => {
    expect(restrictedFindings(podOf({ securityContext: { runAsNonRoot: true } }, { os: { name: 'windows' } }))).toEqual(
      [],
    );
  });
});
