import { join } from 'path';
import { allParts } from '../conformance/parts';
import { runPart } from '../conformance/run-part';
import { environment, provide } from '../conformance/toolchain';
import { inWorkFolder } from '../conformance/work-folder';

/** Parts of `npm run conformance` with attacks, of which an answer that is wrong once in ten times would not be found by one run. */
const ATTACKS = ['envoy-exhaustion', 'envoy-attacks'];
const ROUNDS = 3;

/** Attacks a real Envoy, again and again; what is wrong. */
export async function exhaust(): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const part of allParts().filter(({ name }) => ATTACKS.includes(name))) {
    const tools = new Map(
      await Promise.all((part.tools ?? []).map(async tool => [tool, await provide(tool)] as const)),
    );
    for (let round = 1; round <= ROUNDS; round++) {
      const { passed, failed, skipped, seconds, trouble } = await inWorkFolder(folder =>
        runPart(part, environment(join(folder, 'tools'), tools)),
      );
      console.log(
        `${part.name}, round ${round} of ${ROUNDS}: ${passed} passed, ${failed} failed, ${skipped} skipped, ${Math.round(seconds)} s`,
      );
      if (failed + skipped > 0) {
        problems.push(`${part.name}, round ${round}: ${trouble ?? `${failed} failed, ${skipped} skipped`}`);
      }
    }
  }
  return problems;
}
