import { join } from 'path';
import { allParts } from '../conformance/parts';
import { runPart } from '../conformance/run-part';
import { environment, provide } from '../conformance/toolchain';
import { inWorkFolder } from '../conformance/work-folder';

/** The part of `npm run conformance` with gateways of many routes. */
const PART = 'envoy-capacity';
/** Routes with policies and without, of which CI has a tenth. */
const ROUTES = '1000,5000';

/** Runs gateways of as many routes as are promised on a real Envoy; what is wrong. */
export async function fill(): Promise<readonly string[]> {
  const part = allParts().find(({ name }) => name === PART)!;
  const tools = new Map(await Promise.all((part.tools ?? []).map(async tool => [tool, await provide(tool)] as const)));
  const { passed, failed, skipped, seconds, trouble } = await inWorkFolder(folder =>
    runPart(part, { ...environment(join(folder, 'tools'), tools), CAPACITY_ROUTES: ROUTES }),
  );
  console.log(`${PART}: ${passed} passed, ${failed} failed, ${skipped} skipped, ${Math.round(seconds)} s`);
  return failed + skipped > 0 ? [trouble ?? `${failed} failed, ${skipped} skipped`] : [];
}
