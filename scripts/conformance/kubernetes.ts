import { GoProgram, goBuild } from './go-build';
import { Tool } from './tool';

/** An API server, what stores its objects, and its client. Nothing schedules or runs pods. */

const KUBERNETES = '1.34.4';
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

export const KUBE_APISERVER: Tool = {
  name: 'kube-apiserver',
  version: KUBERNETES,
  versionArgs: ['--version'],
  build: file => goBuild(kubernetesProgram('kube-apiserver'), file),
};

export const KUBECTL: Tool = {
  name: 'kubectl',
  version: KUBERNETES,
  versionArgs: ['version', '--client'],
  build: file => goBuild(kubernetesProgram('kubectl'), file),
};

export const ETCD_SERVER: Tool = {
  name: 'etcd',
  version: ETCD,
  versionArgs: ['--version'],
  build: file =>
    goBuild({ package: 'go.etcd.io/etcd/server/v3', module: 'go.etcd.io/etcd/server/v3', version: ETCD }, file),
};
