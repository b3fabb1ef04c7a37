import { McpReport } from 'cdk8s-mcp';
import { Command, Option } from 'commander';
import { CLUSTER_OPTION, reportOf, ReportSource } from '../reports';
import { ExitCode, Terminal } from '../terminal';

const WRITERS: Readonly<Record<string, (report: McpReport) => string>> = {
  text: report => report.toText(),
  markdown: report => report.toMarkdown(),
  json: report => report.toJson(),
  mermaid: report => report.toMermaid(),
};

interface ExplainOptions extends Omit<ReportSource, 'command'> {
  readonly format: string;
}

/** `explain`: what an app is. */
export function explain(terminal: Terminal, end: (code: ExitCode) => void): Command {
  return new Command('explain')
    .description('show what an app emits, serves and permits: runs the program, or that of cdk8s.yaml')
    .argument('[command...]', 'program that synthesizes the app, after --')
    .addOption(new Option('-f, --format <format>', 'how it is shown').choices(Object.keys(WRITERS)).default('text'))
    .option('-r, --report <file>', 'a report that was written before, instead of a program')
    .option(...CLUSTER_OPTION)
    .addHelpText('after', '\nExamples:\n  cdk8s-mcp explain\n  cdk8s-mcp explain --format markdown -- node main.js')
    .action((command: string[], { format, ...source }: ExplainOptions) => {
      const found = reportOf({ command, ...source }, terminal);
      terminal.out(WRITERS[format](found));
      end(found.content.errors.length > 0 ? ExitCode.FOUND : ExitCode.OK);
    });
}
