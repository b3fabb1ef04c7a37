import { join } from 'path';
import { allParts, isAvailable } from '../conformance/parts';
import { runPart } from '../conformance/run-part';
import { environment, provide } from '../conformance/toolchain';
import { inWorkFolder } from '../conformance/work-folder';

/** How the DNS of clusters keeps answers: what clients see of a rollout differs by half a minute. */
const CACHES = ['kubeadm', 'plain'];

/** Has every event happen in a whole Kubernetes while clients call, with each DNS; what is wrong. */
export async function runClusters(): Promise<readonly string[]> {
  const part = allParts().find(({ name }) => name === 'cluster')!;
  if (!isAvailable(part)) {
    return [`needs ${part.needs!.map(({ what }) => what).join(', ')}`];
  }
  const tools = new Map(await Promise.all((part.tools ?? []).map(async tool => [tool, await provide(tool)] as const)));
  const problems: string[] = [];
  for (const cache of CACHES) {
    const { passed, failed, seconds, trouble } = await inWorkFolder(folder =>
      runPart(part, {
        ...environment(join(folder, 'tools'), tools),
        CLUSTER_EVENTS: 'all',
        CLUSTER_DNS: cache,
      }),
    );
    console.log(`DNS ${cache}: ${passed} passed, ${failed} failed, ${Math.round(seconds)} s`);
    if (failed > 0 || trouble !== undefined) {
      problems.push(`DNS ${cache}: ${trouble ?? `${failed} failed`}`);
    }
  }
  return problems;
}
