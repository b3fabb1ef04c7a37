import { McpReport } from 'cdk8s-mcp';
import { Command, Option } from 'commander';
import { reportOf } from '../reports';
import { ExitCode, Terminal } from '../terminal';

const WRITERS: Readonly<Record<string, (report: McpReport) => string>> = {
  text: report => report.toText(),
  markdown: report => report.toMarkdown(),
  json: report => report.toJson(),
  mermaid: report => report.toMermaid(),
};

/** `explain`: what an app is. */
export function explain(terminal: Terminal, end: (code: ExitCode) => void): Command {
  return new Command('explain')
    .description('show what an app emits, serves and permits: runs the program, or that of cdk8s.yaml')
    .argument('[command...]', 'program that synthesizes the app, after --')
    .addOption(new Option('-f, --format <format>', 'how it is shown').choices(Object.keys(WRITERS)).default('text'))
    .option('-r, --report <file>', 'a report that was written before, instead of a program')
    .addHelpText('after', '\nExamples:\n  cdk8s-mcp explain\n  cdk8s-mcp explain --format markdown -- node main.js')
    .action((command: string[], { format, report }: { format: string; report?: string }) => {
      const found = reportOf({ command, report }, terminal);
      terminal.out(WRITERS[format](found));
      end(found.content.errors.length > 0 ? ExitCode.FOUND : ExitCode.OK);
    });
}
