import { join } from 'path';
import { LegacyESLint } from 'eslint/use-at-your-own-risk';

/* The lint rule that keeps imports one way: constructs -> back ends -> passes -> model. */

const ROOT = join(__dirname, '..', '..');
// These rules look at paths. Types take long to load, so without them and the rules that need them.
const eslint = new LegacyESLint({
  cwd: ROOT,
  overrideConfig: {
    parserOptions: { projectService: false },
    rules: { '@typescript-eslint/no-floating-promises': 'off', '@typescript-eslint/return-await': 'off' },
  },
});

/** Messages about imports, for a file with one import. */
async function imported(file: string, path: string): Promise<string[]> {
  const [{ messages }] = await eslint.lintText(
    `import * as imported from '${path}';\n\nexport const used = imported;\n`,
    { filePath: join(ROOT, file) },
  );
  return messages.map(({ ruleId }) => ruleId ?? 'error').filter(rule => rule.includes('restricted'));
}

describe('imports', () => {
  it.each([
    ['src/model/names.ts', '../passes/compile'],
    ['src/model/names.ts', '../backends/planes'],
    ['src/model/names.ts', '../server/mcp-server'],
    ['src/model/names.ts', '../index'],
    ['src/passes/compile.ts', '../backends/planes'],
    ['src/passes/compile.ts', '../synthesis/synthesis'],
    ['src/backends/planes.ts', '../synthesis/synthesis'],
    ['src/backends/agentgateway/entry.ts', '../../route/mcp-route'],
    ['src/backends/kubernetes/labels.ts', '../../imports/ome.io'],
  ])('%s may not import %s', async (file, path) => {
    await expect(imported(file, path)).resolves.toEqual(['import/no-restricted-paths']);
  });

  it.each(['cdk8s', 'cdk8s-plus-28', 'constructs', 'constructs/lib/construct'])(
    'the compiler may not import %s',
    async name => {
      for (const file of ['src/model/names.ts', 'src/passes/compile.ts', 'src/backends/agentgateway/entry.ts']) {
        await expect(imported(file, name)).resolves.toEqual(['no-restricted-imports']);
      }
    },
  );

  it.each([
    ['src/passes/compile.ts', '../model/plan'],
    ['src/backends/agentgateway/entry.ts', '../../passes/selectors'],
    ['src/synthesis/synthesis.ts', '../backends/planes'],
    ['src/synthesis/synthesis.ts', 'cdk8s'],
  ])('%s may import %s', async (file, path) => {
    await expect(imported(file, path)).resolves.toEqual([]);
  });
});
