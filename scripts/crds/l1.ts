import { execFileSync } from 'child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { definitions } from './definitions';
import { toYaml } from './render';
import { shareTypes } from './share-types';
import { POD_TEMPLATE } from '../../src/api/common';
import { GROUP } from '../../src/api/resource';

/** cdk8s-plus prefixes its own L1 with this, too. Without it `McpServer` would be two classes. */
const CLASS_PREFIX = 'Kube';

/** Generated code has a style of its own. */
const LINT_NOTICE = '/* eslint-disable */\n';

/**
 * The typed L1, as `cdk8s import` writes it from these CRDs with opaque pod templates. Takes some seconds and starts a
 * process; uses no network.
 */
export function renderL1(): string {
  const dir = mkdtempSync(join(tmpdir(), 'mcp-crds-'));
  try {
    writeFileSync(join(dir, 'crds.yaml'), definitions(POD_TEMPLATE.schema).map(toYaml).join('---\n'));
    execFileSync(
      process.execPath,
      [
        join(dirname(require.resolve('cdk8s-cli/package.json')), 'bin', 'cdk8s'),
        'import',
        'crds.yaml',
        '--language',
        'typescript',
        '--class-prefix',
        CLASS_PREFIX,
        '--output',
        'imports',
        '--no-save',
        '--no-check-upgrade',
      ],
      { cwd: dir, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    return LINT_NOTICE + shareTypes(readFileSync(join(dir, 'imports', `${GROUP}.ts`), 'utf8'));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
