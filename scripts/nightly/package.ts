import { join, delimiter, dirname } from 'path';
import { NODE_22, NODE_24, nodeProgram } from '../conformance/mcp-packages';
import { ProcessGroup } from '../conformance/process-group';
import { provide } from '../conformance/toolchain';

const ROOT = join(__dirname, '..', '..');

/** Tests the package as a user gets it (`npm run package-test`) with each Node.js that is newer than CI's; what is wrong. */
export async function testPackage(): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const tool of [NODE_22, NODE_24]) {
    const node = nodeProgram((await provide(tool)).file);
    console.log(`Node.js ${tool.version}:`);
    const test = ProcessGroup.start(node, [require.resolve('ts-node/dist/bin'), 'scripts/package-test.ts'], {
      cwd: ROOT,
      // Whatever it starts is started by the same.
      env: { ...process.env, PATH: [dirname(node), process.env.PATH].join(delimiter) },
    });
    const status = await test.ended;
    await test.stop();
    problems.push(...(status === 0 ? [] : [`the package does not pass with Node.js ${tool.version}`]));
  }
  return problems;
}
