import { McpFinding } from 'cdk8s-mcp';
import { Command, Option } from 'commander';
import { createColors } from 'picocolors';
import { toJunit } from '../formats/junit';
import { toSarif } from '../formats/sarif';
import { CLUSTER_OPTION, reportOf, ReportSource } from '../reports';
import { ExitCode, Terminal } from '../terminal';

const FORMATS = ['text', 'json', 'sarif', 'junit'] as const;

interface CheckOptions extends Omit<ReportSource, 'command'> {
  readonly format: (typeof FORMATS)[number];
  readonly failOn: 'error' | 'warning';
}

/** `check`: what is wrong with an app. */
export function check(terminal: Terminal, end: (code: ExitCode) => void, colors: boolean): Command {
  return new Command('check')
    .description('list errors and warnings of an app, and fail by them')
    .argument('[command...]', 'program that synthesizes the app, after --')
    .addOption(new Option('-f, --format <format>', 'how they are listed').choices([...FORMATS]).default('text'))
    .addOption(
      new Option('--fail-on <severity>', 'what fails it: errors alone, or warnings too')
        .choices(['error', 'warning'])
        .default('error'),
    )
    .option('-r, --report <file>', 'a report that was written before, instead of a program')
    .option(...CLUSTER_OPTION)
    .addHelpText(
      'after',
      '\nExamples:\n  cdk8s-mcp check --fail-on warning\n  cdk8s-mcp check --format sarif -- python main.py > findings.sarif',
    )
    .action((command: string[], { failOn, format, ...source }: CheckOptions) => {
      const { acknowledged, errors, warnings } = reportOf({ command, ...source }, terminal).content;
      const failing = [...errors, ...(failOn === 'warning' ? warnings : [])];
      switch (format) {
        case 'json':
          terminal.out(`${JSON.stringify({ errors, warnings, acknowledged }, undefined, 2)}\n`);
          break;
        case 'sarif':
          terminal.out(toSarif([...errors, ...warnings, ...acknowledged]));
          break;
        case 'junit':
          terminal.out(toJunit([...errors, ...warnings], finding => failing.includes(finding)));
          break;
        default:
          terminal.out(asText(errors, warnings, acknowledged.length, colors));
      }
      end(failing.length > 0 ? ExitCode.FOUND : ExitCode.OK);
    });
}

function asText(errors: McpFinding[], warnings: McpFinding[], acknowledged: number, colors: boolean): string {
  const { bold, red, yellow } = createColors(colors);
  const lines = (found: McpFinding[], color: (text: string) => string): string[] =>
    found.map(({ id, severity, text }) => `${color(severity)} ${bold(id)}: ${text}`);
  const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
  const meant = acknowledged === 0 ? '' : `, ${acknowledged} more meant`;
  return [
    ...lines(errors, red),
    ...lines(warnings, yellow),
    `${counted(errors.length, 'error')}, ${counted(warnings.length, 'warning')}${meant}`,
    '',
  ].join('\n');
}
