/**
 * A Kubernetes of one node on this machine, in namespaces of its own: kubelet, containerd, kube-proxy, CoreDNS, enforced NetworkPolicies.
 *
 *   npm run cluster             tests what apps emit on it, and removes it: the part `cluster` of conformance
 *   npm run cluster -- all      the same with every event under load, with two nodes and with all examples, which takes most of an hour
 *   npm run cluster -- up       leaves it up, with the images of the tests, and says how to enter it
 *   npm run cluster -- down     removes it
 *
 * CLUSTER_DNS=plain gives it a DNS that keeps all answers for half a minute. What needs agentgateway runs where AGENTGATEWAY_BINARY names a
 * binary of it, and is skipped elsewhere. Everything is found, got or built as for conformance. Needs root, Linux with cgroups of version 1, and Debian's apt-get.
 */
import { spawnSync } from 'child_process';
import { rmSync } from 'fs';
import { dirname, join } from 'path';
import { Cluster } from './cluster';
import { chosenCache } from './dns';
import { CLIENT_IMAGE, EVERYTHING_IMAGES, TOOLS_IMAGES } from './images';
import { Machine, removeGroups } from './machine';
import { provideCluster } from './tools';
import { CACHE } from '../conformance/toolchain';

/** Where the one is that stays up. */
const FOLDER = join(dirname(CACHE), 'cluster');

async function up(): Promise<void> {
  const { machine, kubectlCommand } = await Cluster.start({
    folder: FOLDER,
    tools: await provideCluster(),
    kept: true,
    cache: chosenCache(),
  });
  const enter = machine.entering.join(' ');
  console.log(
    [
      '',
      `alias k='${enter} ${kubectlCommand.join(' ')}'`,
      `images: ${[CLIENT_IMAGE, ...TOOLS_IMAGES, ...EVERYTHING_IMAGES].join(', ')}, Envoy, rate limits and their store`,
      `logs: ${join(FOLDER, 'log')}; a shell in the machine: ${enter} sh`,
      'remove it: npm run cluster -- down',
    ].join('\n'),
  );
}

async function down(): Promise<void> {
  await Machine.find(FOLDER)?.stop();
  rmSync(FOLDER, { recursive: true, force: true });
  console.log(removeGroups() ? 'there is no cluster' : 'processes of a cluster are still there');
}

async function main(): Promise<void> {
  const [command, ...more] = process.argv.slice(2);
  if (command === 'up') {
    await up();
  } else if (command === 'down') {
    await down();
  } else {
    const conformance = join(__dirname, '..', 'conformance', 'index.ts');
    const [args, events] = command === 'all' ? [more, 'all'] : [process.argv.slice(2), process.env.CLUSTER_EVENTS];
    const { status } = spawnSync('ts-node', [conformance, 'cluster', ...args], {
      stdio: 'inherit',
      env: { ...process.env, CLUSTER_EVENTS: events },
    });
    process.exitCode = status ?? 1;
  }
}

main().catch(error => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
