import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

/** Does something with a temporary folder, which is gone afterwards. */
export async function inWorkFolder<T>(action: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'cdk8s-mcp-conformance-'));
  // A process that is told to end does not come back to `finally`.
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    return await action(folder);
  } finally {
    process.removeListener('exit', remove);
    remove();
  }
}
