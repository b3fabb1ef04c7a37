import { GoProgram, goBuild } from './go-build';
import { Tool } from './tool';

/** Kubernetes: an API server, what stores its objects, its client, and what makes a cluster with a node of it. */

/** The release of all its programs. */
export const KUBERNETES = '1.34.4';
const ETCD = '3.6.5';

const kubernetesProgram = (name: string): GoProgram => ({
  package: `k8s.io/kubernetes/cmd/${name}`,
  module: 'k8s.io/kubernetes',
  version: KUBERNETES,
  // Its own modules lie in its repository; outside of it they have releases of their own.
  replacements: goMod =>
    new Map(
      [...goMod.matchAll(/^\s*(?:replace )?(k8s\.io\/[a-z-]+) => \.\/staging\//gm)].map(([, module]) => [
        module,
        KUBERNETES.replace(/^1\./, '0.'),
      ]),
    ),
  // kubectl refuses to talk to a server whose version it cannot compare with its own.
  variables: { 'k8s.io/component-base/version.gitVersion': `v${KUBERNETES}` },
});

const kubernetesTool = (name: string, versionArgs: readonly string[] = ['--version']): Tool => ({
  name,
  version: KUBERNETES,
  versionArgs,
  build: file => goBuild(kubernetesProgram(name), file),
});

export const KUBE_APISERVER = kubernetesTool('kube-apiserver');
export const KUBECTL = kubernetesTool('kubectl', ['version', '--client']);

/** What schedules pods, runs them and connects them. */
export const NODE_PROGRAMS: readonly Tool[] = [
  kubernetesTool('kube-controller-manager'),
  kubernetesTool('kube-scheduler'),
  kubernetesTool('kubelet'),
  kubernetesTool('kube-proxy'),
];

export const ETCD_SERVER: Tool = {
  name: 'etcd',
  version: ETCD,
  versionArgs: ['--version'],
  build: file =>
    goBuild({ package: 'go.etcd.io/etcd/server/v3', module: 'go.etcd.io/etcd/server/v3', version: ETCD }, file),
};
