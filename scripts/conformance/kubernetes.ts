import { GoProgram, goBuild } from './go-build';
import { Tool } from './tool';

/** Kubernetes: an API server, what stores its objects, its client, and what makes a cluster with a node of it. */

/** The release of all its programs. */
export const KUBERNETES = '1.34.4';
/** The oldest release that we hold what is emitted against, which is that of the default profile, and the newest. */
export const OTHER_RELEASES = ['1.30.14', '1.37.2'] as const;
const ETCD = '3.6.5';

const kubernetesProgram = (name: string, version: string): GoProgram => ({
  package: `k8s.io/kubernetes/cmd/${name}`,
  module: 'k8s.io/kubernetes',
  version,
  // Its own modules lie in its repository; outside of it they have releases of their own.
  replacements: goMod =>
    new Map(
      [...goMod.matchAll(/^\s*(?:replace )?(k8s\.io\/[a-z-]+) => \.\/staging\//gm)].map(([, module]) => [
        module,
        version.replace(/^1\./, '0.'),
      ]),
    ),
  // kubectl refuses to talk to a server whose version it cannot compare with its own.
  variables: { 'k8s.io/component-base/version.gitVersion': `v${version}` },
});

const kubernetesTool = (
  name: string,
  versionArgs: readonly string[] = ['--version'],
  version: string = KUBERNETES,
): Tool => ({
  name,
  version,
  versionArgs,
  build: file => goBuild(kubernetesProgram(name, version), file),
});

/** The API server of a release. */
export function apiServerOf(version: string): Tool {
  return kubernetesTool('kube-apiserver', ['--version'], version);
}

export const KUBE_APISERVER = apiServerOf(KUBERNETES);
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
