import { generateKeyPairSync } from 'crypto';
import { mkdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { CGROUP } from './machine';

/** Addresses of the node, of Services, and of pods. */
export const NODE_ADDRESS = '10.10.0.2';
export const SERVICE_CIDR = '10.96.0.0/16';
export const DNS_ADDRESS = '10.96.0.10';
const POD_CIDR = '10.244.0.0/16';
const NODE_POD_CIDR = '10.244.0.0/24';

/** Name of the node. */
export const NODE = 'node1';
/** The image of what holds the namespaces of a pod. */
export const PAUSE_IMAGE = 'registry.k8s.io/pause:3.10';

/** Who talks to the API server, and the groups of each. */
const USERS: Readonly<Record<string, { readonly user: string; readonly groups: string }>> = {
  admin: { user: 'admin', groups: 'system:masters' },
  controllers: { user: 'system:kube-controller-manager', groups: '' },
  scheduler: { user: 'system:kube-scheduler', groups: '' },
  kubelet: { user: `system:node:${NODE}`, groups: 'system:nodes' },
  proxy: { user: 'system:kube-proxy', groups: '' },
};

/** A program of Kubernetes on the node: its arguments. The configuration stands in files of a folder, which this writes. */
export type Programs = Readonly<
  Record<
    | 'etcd'
    | 'kube-apiserver'
    | 'kube-controller-manager'
    | 'kube-scheduler'
    | 'kubelet'
    | 'kube-proxy'
    | 'policies'
    | 'containerd',
    readonly string[]
  >
>;

/** Writes what the programs read, and says how each is started. */
export function writeSettings(folder: string): Programs {
  const path = (...names: readonly string[]): string => join(folder, ...names);
  mkdirSync(path('cni'), { recursive: true });
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(path('accounts.key'), keys.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(path('accounts.pub'), keys.publicKey.export({ type: 'spki', format: 'pem' }));
  writeFileSync(
    path('tokens.csv'),
    Object.entries(USERS)
      .map(([name, { user, groups }]) => `${name}-token,${user},${name},"${groups}"\n`)
      .join(''),
  );
  for (const name of Object.keys(USERS)) {
    writeFileSync(path(`${name}.kubeconfig`), JSON.stringify(kubeconfig(`${name}-token`)));
  }
  writeFileSync(path('resolv.conf'), 'nameserver 10.10.0.1\n');
  writeFileSync(path('kubelet.json'), JSON.stringify(kubelet(path('resolv.conf'))));
  writeFileSync(path('kube-proxy.json'), JSON.stringify(proxy(path('proxy.kubeconfig'))));
  writeFileSync(path('containerd.toml'), containerd(folder));
  writeFileSync(path('cni', '10-pods.conflist'), JSON.stringify(POD_NETWORK));

  const config = (name: string): string => `--kubeconfig=${path(`${name}.kubeconfig`)}`;
  const asking = (name: string): string[] => [
    config(name),
    `--authentication-kubeconfig=${path(`${name}.kubeconfig`)}`,
    `--authorization-kubeconfig=${path(`${name}.kubeconfig`)}`,
    '--leader-elect=false',
    '--bind-address=127.0.0.1',
    `--cert-dir=${path(name)}`,
  ];
  return {
    etcd: ['--data-dir', path('etcd'), '--unsafe-no-fsync', '--log-level', 'warn'],
    'kube-apiserver': [
      '--etcd-servers=http://127.0.0.1:2379',
      '--bind-address=0.0.0.0',
      `--advertise-address=${NODE_ADDRESS}`,
      `--cert-dir=${path('api-server')}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${path('accounts.pub')}`,
      `--service-account-signing-key-file=${path('accounts.key')}`,
      `--token-auth-file=${path('tokens.csv')}`,
      '--authorization-mode=Node,RBAC',
      '--enable-admission-plugins=NodeRestriction',
      `--service-cluster-ip-range=${SERVICE_CIDR}`,
      '--allow-privileged',
      '--kubelet-preferred-address-types=InternalIP',
    ],
    'kube-controller-manager': [
      ...asking('controllers'),
      `--service-account-private-key-file=${path('accounts.key')}`,
      `--root-ca-file=${path('api-server', 'apiserver.crt')}`,
      '--allocate-node-cidrs',
      `--cluster-cidr=${POD_CIDR}`,
      '--use-service-account-credentials',
    ],
    'kube-scheduler': asking('scheduler'),
    containerd: ['--config', path('containerd.toml')],
    kubelet: [
      config('kubelet'),
      `--config=${path('kubelet.json')}`,
      `--hostname-override=${NODE}`,
      `--node-ip=${NODE_ADDRESS}`,
      `--root-dir=${path('kubelet')}`,
      `--cert-dir=${path('kubelet-certificates')}`,
    ],
    'kube-proxy': [`--config=${path('kube-proxy.json')}`],
    policies: [
      config('admin'),
      `--hostname-override=${NODE}`,
      `--service-cluster-ip-range=${SERVICE_CIDR}`,
      '--iptables-sync-period=1m',
    ],
  };
}

function kubeconfig(token: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'node', cluster: { server: `https://${NODE_ADDRESS}:6443`, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'user', user: { token } }],
    contexts: [{ name: 'node', context: { cluster: 'node', user: 'user' } }],
    'current-context': 'node',
  };
}

function kubelet(resolvConf: string): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    authorization: { mode: 'AlwaysAllow' },
    containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock',
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${CGROUP}`,
    failCgroupV1: false,
    failSwapOn: false,
    clusterDomain: 'cluster.local',
    clusterDNS: [DNS_ADDRESS],
    resolvConf,
    // Without the rights that it has on a machine that is its own.
    featureGates: { KubeletInUserNamespace: true },
    // How often pods get what has changed in their ConfigMaps and Secrets: a minute where nobody sets it, which tests would wait for.
    syncFrequency: '10s',
    imageGCHighThresholdPercent: 100,
    evictionHard: {
      'memory.available': '100Mi',
      'nodefs.available': '0%',
      'imagefs.available': '0%',
      'nodefs.inodesFree': '0%',
    },
  };
}

function proxy(file: string): object {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'nftables',
    clientConnection: { kubeconfig: file },
    clusterCIDR: POD_CIDR,
    hostnameOverride: NODE,
    // Those of the kernel are not ours to change.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
  };
}

const POD_NETWORK = {
  cniVersion: '0.4.0',
  name: 'pods',
  plugins: [
    {
      type: 'bridge',
      bridge: 'cni0',
      isGateway: true,
      isDefaultGateway: true,
      ipMasq: true,
      hairpinMode: true,
      ipam: { type: 'host-local', ranges: [[{ subnet: NODE_POD_CIDR }]], dataDir: '/run/cni' },
    },
  ],
};

function containerd(folder: string): string {
  return `version = 2
root = "${join(folder, 'containerd')}"
state = "/run/containerd"
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${PAUSE_IMAGE}"
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${join(folder, 'cni')}"
`;
}
