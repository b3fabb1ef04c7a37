import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import * as ts from 'typescript';
import * as library from '../../src';

/* Samples in README and documents compile. One without imports is part of a program: of what stands before it, the usual names are there. */

const ROOT = join(__dirname, '..', '..');
const PAGES = ['README.md', ...readdirSync(join(ROOT, 'docs')).map(name => join('docs', name))].filter(name =>
  name.endsWith('.md'),
);
/** As long as a slow machine with two cores may need for it. */
const TIMEOUT_MS = 600_000;

/** Names that samples use without saying where they come from. */
const GIVEN = `
import { Chart } from 'cdk8s';
import * as plus from 'cdk8s-plus-28';
import * as mcp from 'cdk8s-mcp';
declare global {
  const app: mcp.McpApp;
  const platform: Chart;
  const dashboards: Chart;
  const finance: Chart;
  const team: Chart;
  const gateway: mcp.McpGateway;
  const route: mcp.McpRoute;
  const ledger: mcp.McpServer;
  const assistant: plus.Deployment;
  const volume: plus.Volume;
  const ledgerTls: plus.ISecret;
  const jwks: string;
}
`;

/** A sample as a file of its own. */
function fileOf(sample: string): string {
  if (/^import /m.test(sample)) {
    return `${sample}\nexport {};\n`;
  }
  const words = [...new Set(sample.match(/\b[A-Z]\w+/g) ?? [])];
  const ours = words.filter(word => word in library || /^I[A-Z]/.test(word));
  const cdk8s = words.filter(word => ['ApiObject', 'Chart', 'Duration', 'Size'].includes(word));
  return [
    "import * as kplus from 'cdk8s-plus-28';",
    "import * as cdk8s from 'cdk8s';",
    `import { ${ours.join(', ')} } from 'cdk8s-mcp';`,
    `import { ${cdk8s.join(', ')} } from 'cdk8s';`,
    'export function sample(this: cdk8s.Chart): void {',
    sample,
    '}',
  ].join('\n');
}

const SAMPLES: readonly (readonly [string, string])[] = PAGES.flatMap(page =>
  [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```(?:ts|js)\n([^]*?)^```$/gm)].map(
    ([, text], i): [string, string] => [`${page} ${i + 1}`, text],
  ),
);

/** What is wrong with samples, by their names. */
function problemsOf(samples: readonly (readonly [string, string])[]): Record<string, string[]> {
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.CommonJS,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    esModuleInterop: true,
    experimentalDecorators: true,
    types: ['jest', 'node'],
    baseUrl: ROOT,
    paths: { 'cdk8s-mcp': ['src'] },
  };
  const files = new Map([
    [join(ROOT, 'test', 'package', 'given.ts'), GIVEN],
    ...samples.map(([, text], i): [string, string] => [join(ROOT, 'test', 'package', `sample-${i}.ts`), fileOf(text)]),
  ]);
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = name => files.has(name) || fileExists.call(host, name);
  host.readFile = name => files.get(name) ?? readFile.call(host, name);
  host.getSourceFile = (name, ...rest) => {
    const text = files.get(name);
    return text === undefined
      ? getSourceFile.call(host, name, ...rest)
      : ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return Object.fromEntries(
    samples.map(([name], i) => {
      const file = program.getSourceFile(join(ROOT, 'test', 'package', `sample-${i}.ts`))!;
      const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
      return [name, found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))];
    }),
  );
}

it(
  'samples compile, and what does not is told',
  () => {
    const wrong: readonly [string, string] = ['wrong', "new McpServer(team, 'ledger', { sauce: 1 });\n"];
    const problems = problemsOf([...SAMPLES, wrong]);
    expect(problems.wrong).toEqual([expect.stringContaining('sauce')]);
    expect(Object.entries(problems).filter(([name, found]) => name !== 'wrong' && found.length > 0)).toEqual([]);
    expect(SAMPLES.length).toBeGreaterThan(20);
  },
  TIMEOUT_MS,
);
