import { join } from 'path';
import { apiServerOf, KUBE_APISERVER, OTHER_RELEASES } from '../conformance/kubernetes';
import { allParts, isAvailable } from '../conformance/parts';
import { runPart } from '../conformance/run-part';
import { Tool } from '../conformance/tool';
import { environment, FoundTool, provide } from '../conformance/toolchain';
import { inWorkFolder } from '../conformance/work-folder';

/** Has the parts that ask an API server ask those of other releases; what is wrong. A whole cluster is of one release alone. */
export async function tryReleases(): Promise<readonly string[]> {
  const parts = allParts().filter(
    part => part.tools?.includes(KUBE_APISERVER) && part.name !== 'cluster' && isAvailable(part),
  );
  const problems: string[] = [];
  for (const release of OTHER_RELEASES) {
    const server = await provide(apiServerOf(release));
    console.log(`${server.version} (${server.origin})`);
    for (const part of parts) {
      const tools = new Map<Tool, FoundTool>();
      for (const tool of part.tools!) {
        tools.set(tool, tool === KUBE_APISERVER ? server : await provide(tool));
      }
      const { passed, failed, seconds, trouble } = await inWorkFolder(folder =>
        runPart(part, environment(join(folder, 'tools'), tools)),
      );
      console.log(`${release}, ${part.name}: ${passed} passed, ${failed} failed, ${Math.round(seconds)} s`);
      if (failed > 0 || trouble !== undefined) {
        problems.push(`Kubernetes ${release}, ${part.name}: ${trouble ?? `${failed} failed`}`);
      }
    }
  }
  return problems;
}
