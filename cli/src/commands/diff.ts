import { resolve } from 'path';
import { Command, Option } from 'commander';
import { Changes, Difference, difference, isSame } from '../difference';
import { fromFile } from '../reports';
import { ExitCode, Terminal } from '../terminal';

const TITLES: readonly (readonly [Exclude<keyof Difference, 'effects'>, string])[] = [
  ['access', 'Who may use which tool'],
  ['endpoints', 'What is served'],
  ['permissions', 'What workloads may do'],
  ['secrets', 'Secrets that have to be there'],
  ['objects', 'Objects'],
  ['findings', 'Findings'],
];

/** `diff`: what a change does, for the pull request that makes it. */
export function diff(terminal: Terminal, end: (code: ExitCode) => void): Command {
  return new Command('diff')
    .description('compare two reports, as `explain --format json` writes them: what a change does')
    .argument('<base>', 'report of before')
    .argument('<head>', 'report of after')
    .addOption(new Option('-f, --format <format>', 'how it is shown').choices(['markdown', 'json']).default('markdown'))
    .option('--exit-code', 'end with 1 where something differs', false)
    .addHelpText('after', '\nExamples:\n  cdk8s-mcp diff base.json head.json >> "$GITHUB_STEP_SUMMARY"')
    .action((base: string, head: string, { exitCode, format }: { exitCode: boolean; format: string }) => {
      const [before, after] = [base, head].map(path => fromFile(resolve(terminal.cwd, path)).content);
      const found = difference(before, after);
      terminal.out(format === 'json' ? `${JSON.stringify(found, undefined, 2)}\n` : toMarkdown(found));
      end(exitCode && !isSame(found) ? ExitCode.FOUND : ExitCode.OK);
    });
}

function toMarkdown(found: Difference): string {
  if (isSame(found)) {
    return 'Nothing that is emitted differs.\n';
  }
  const sections = TITLES.flatMap(([part, title]) => {
    const { changed = [], gained, lost }: Changes & { readonly changed?: readonly string[] } = found[part];
    const lines = [
      ...gained.map(line => `+ ${line}`),
      ...lost.map(line => `- ${line}`),
      ...changed.map(line => `! ${line}`),
    ];
    return lines.length === 0 ? [] : [`### ${title}\n\n\`\`\`diff\n${lines.join('\n')}\n\`\`\`\n`];
  });
  const effects = found.effects.map(line => `- ${line}\n`).join('') || 'No pod restarts, and no session ends.\n';
  return [...sections, `### When it is applied\n\n${effects}`].join('\n');
}
