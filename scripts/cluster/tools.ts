import { spawnSync } from 'child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'fs';
import { join } from 'path';
import { ENVOY } from '../conformance/envoy';
import { goBuildSource, GoSource } from '../conformance/go-build';
import { ETCD_SERVER, KUBE_APISERVER, KUBECTL, KUBERNETES, NODE_PROGRAMS } from '../conformance/kubernetes';
import { SERVER_EVERYTHING } from '../conformance/mcp-packages';
import { RATE_LIMIT_SERVICE, REDIS } from '../conformance/rate-limit';
import { Tool, Unavailable } from '../conformance/tool';
import { provide } from '../conformance/toolchain';

/** What a cluster is made of, besides Kubernetes itself. */

/** agentgateway's binary, which is on no registry: what needs it runs where AGENTGATEWAY_BINARY names one. */
export const AGENTGATEWAY = process.env.AGENTGATEWAY_BINARY;

const PROGRAMS = join(__dirname, 'programs');
/** The modules of Kubernetes have versions of their own, which follow its: the same as those of its programs, most of which is built already. */
const KUBERNETES_MODULES = Object.fromEntries(
  ['api', 'apimachinery', 'client-go'].map(name => [`k8s.io/${name}`, KUBERNETES.replace(/^1\./, '0.')]),
);

/** Names of the cluster. */
export const DNS_SERVER = ownProgram('dns', '1.12.4', {
  'github.com/coredns/coredns': '1.12.4',
  ...KUBERNETES_MODULES,
});

/** What enforces NetworkPolicies. */
export const POLICY_CONTROLLER = ownProgram('policies', '2.1.0', {
  'github.com/cloudnativelabs/kube-router/v2': '2.1.0',
  'github.com/spf13/pflag': '1.0.6',
  'k8s.io/klog/v2': '2.130.1',
  ...KUBERNETES_MODULES,
});

function ownProgram(name: string, version: string, modules: GoSource['modules']): Tool {
  return {
    name,
    version,
    build: file => goBuildSource({ source: join(PROGRAMS, `${name}.go`), modules }, file),
  };
}

/** Packages of Debian: what runs containers, and what connects them. */
const PACKAGES = ['containerd', 'runc', 'containernetworking-plugins', 'iptables', 'ipset', 'nftables'];

/** Names of programs that several packages may have. */
const CHOSEN = ['iptables', 'ip6tables'].flatMap(name => [name, `${name}-save`, `${name}-restore`]);

/** A folder with the files of those packages and of what they need, which is laid over `/usr` where pods run and installed nowhere. */
export const NODE_PACKAGES: Tool = {
  name: 'node-packages',
  version: 'debian',
  variable: 'NODE_PACKAGES',
  build: async folder => {
    console.log(`${PACKAGES.join(', ')}: downloading with apt-get`);
    const archives = join(folder, 'archives');
    mkdirSync(join(archives, 'partial'), { recursive: true });
    apt('update');
    apt(
      'install',
      '--download-only',
      '--yes',
      '--no-install-recommends',
      '-o',
      `Dir::Cache::archives=${archives}`,
      ...PACKAGES,
    );
    for (const archive of readdirSync(archives).filter(file => file.endsWith('.deb'))) {
      need('dpkg-deb', ['--extract', join(archives, archive), folder]);
    }
    rmSync(archives, { recursive: true });
    // Folders of old, which are links to those in /usr, and names that an installation would choose.
    for (const name of ['bin', 'lib', 'sbin'].filter(old => existsSync(join(folder, old)))) {
      cpSync(join(folder, name), join(folder, 'usr', name), { recursive: true, verbatimSymlinks: true });
    }
    for (const name of CHOSEN) {
      symlinkSync(name.replace('tables', 'tables-nft'), join(folder, 'usr', 'sbin', name));
    }
  },
};

function apt(...args: readonly string[]): void {
  need('apt-get', ['-q', ...args], 'apt-get cannot get what runs containers here');
}

function need(program: string, args: readonly string[], problem = `${program} fails`): void {
  const { status, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status !== 0) {
    throw new Unavailable(`${problem}: ${error?.message ?? stderr.trim().split('\n').pop()}`);
  }
}

/** Everything that a cluster is started with. */
export const CLUSTER_TOOLS: readonly Tool[] = [
  ETCD_SERVER,
  KUBE_APISERVER,
  KUBECTL,
  ...NODE_PROGRAMS,
  DNS_SERVER,
  POLICY_CONTROLLER,
  NODE_PACKAGES,
  ENVOY,
  RATE_LIMIT_SERVICE,
  REDIS,
  SERVER_EVERYTHING,
];

/** Where a tool is. */
export type ToolFiles = (tool: Tool) => string;

/** Finds, gets or builds everything, and says what it found. */
export async function provideCluster(): Promise<ToolFiles> {
  const files = new Map<Tool, string>();
  for (const tool of CLUSTER_TOOLS) {
    const { file, version, origin } = await provide(tool);
    console.log(`${tool.name}: ${version} (${origin})`);
    files.set(tool, file);
  }
  console.log(`agentgateway: ${AGENTGATEWAY ?? 'SKIPPED with all that needs it: AGENTGATEWAY_BINARY names none'}`);
  return tool => files.get(tool)!;
}
