import { Command, Option } from 'commander';
import { CLUSTER_OPTION, reportOf, ReportSource } from '../reports';
import { CommandError, ExitCode, Terminal } from '../terminal';

/** What a client calls its list of servers, and one that it reaches by a URL. */
const CLIENTS: Readonly<Record<string, { readonly list: string; readonly entry: (url: string) => object }>> = {
  claude: { list: 'mcpServers', entry: url => ({ type: 'http', url }) },
  cursor: { list: 'mcpServers', entry: url => ({ url }) },
  vscode: { list: 'servers', entry: url => ({ type: 'http', url }) },
};

interface ExportOptions extends Omit<ReportSource, 'command'> {
  readonly client: string;
  readonly inside: boolean;
}

/** `export`: configuration of clients. */
export function exportClients(terminal: Terminal, end: (code: ExitCode) => void): Command {
  return new Command('export')
    .description('write the configuration by which clients find the routes of an app')
    .argument('[command...]', 'program that synthesizes the app, after --')
    .addOption(
      new Option('-c, --client <client>', 'whose configuration').choices(Object.keys(CLIENTS)).default('claude'),
    )
    .option('--inside', 'URLs inside the cluster, where there is none outside or both', false)
    .option('-r, --report <file>', 'a report that was written before, instead of a program')
    .option(...CLUSTER_OPTION)
    .addHelpText('after', '\nExamples:\n  cdk8s-mcp export --client vscode > .vscode/mcp.json')
    .action((command: string[], { client, inside, ...source }: ExportOptions) => {
      const { endpoints, errors } = reportOf({ command, ...source }, terminal).content;
      if (errors.length > 0) {
        throw new CommandError(`the app has errors:\n${errors.map(({ text }) => `  ${text}`).join('\n')}`);
      }
      const { entry, list } = CLIENTS[client];
      const reached = endpoints.flatMap(({ gateway, publicUrl, route, url }) => {
        const known = inside ? url : publicUrl;
        return known === undefined ? [] : [[(route ?? gateway).replace('/', '-'), entry(known)] as const];
      });
      if (reached.length === 0) {
        throw new CommandError(
          inside
            ? 'the app serves nothing'
            : 'nothing is served outside the cluster: give a gateway exposures, or ask for URLs inside with --inside',
        );
      }
      terminal.out(`${JSON.stringify({ [list]: Object.fromEntries(reached) }, undefined, 2)}\n`);
      end(ExitCode.OK);
    });
}
