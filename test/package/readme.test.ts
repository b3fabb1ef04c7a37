import { mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

const README = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');

/** The code blocks of a language, in order. */
function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(([, text]) => text);
}

/** Runs a sample against the sources. */
function run(sample: string): void {
  const { outputText } = transpileModule(sample, {
    compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 },
  });
  new Function('require', 'exports', outputText)(require, {});
}

describe('README', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cdk8s-mcp-readme-'));
    process.env.CDK8S_OUTDIR = folder;
  });

  afterEach(() => {
    delete process.env.CDK8S_OUTDIR;
    rmSync(folder, { recursive: true });
  });

  it('has a sample that synthesizes', () => {
    run(blocks('ts')[0]);
    expect(readFileSync(join(folder, 'finance.k8s.yaml'), 'utf8')).toContain('kind: MCPRoute');
    expect(readFileSync(join(folder, 'platform.k8s.yaml'), 'utf8')).toContain('kind: MCPGateway');
  });

  it('shows errors as they are', () => {
    const [, wrong] = blocks('ts');
    expect(() => run(wrong)).toThrow(new Error(blocks('text')[0].trimEnd()));
  });
});
