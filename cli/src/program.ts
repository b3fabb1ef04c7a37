import { Command, CommanderError } from 'commander';
import { createColors } from 'picocolors';
import { check } from './commands/check';
import { diff } from './commands/diff';
import { explain } from './commands/explain';
import { exportClients } from './commands/export';
import { synth } from './commands/synth';
import { CommandError, ExitCode, Terminal } from './terminal';

/** Runs a command line; what it ends with. */
export function run(args: readonly string[], terminal: Terminal, version: string, colors: boolean): ExitCode {
  let code = ExitCode.OK;
  const end = (ended: ExitCode): void => {
    code = ended;
  };
  const program = new Command('cdk8s-mcp')
    .description('Model Context Protocol servers on Kubernetes: synthesize, explain, check and compare topologies')
    .version(version)
    .addHelpText(
      'after',
      '\nEnds with 0; with 1 where something was found that it fails by; with 2 where it was called wrongly or cannot do it.',
    );
  const commands = [
    synth(terminal, end),
    explain(terminal, end),
    check(terminal, end, colors),
    diff(terminal, end),
    exportClients(terminal, end),
  ];
  commands.forEach(command => program.addCommand(command));
  for (const command of [program, ...commands]) {
    command
      .exitOverride()
      .showHelpAfterError('(--help says more)')
      .configureOutput({ writeOut: text => terminal.out(text), writeErr: text => terminal.err(text) });
  }
  try {
    program.parse(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and version are no mistakes; commander has printed what is.
      return error.exitCode === 0 ? ExitCode.OK : ExitCode.FAILED;
    }
    if (error instanceof CommandError) {
      terminal.err(`${createColors(colors).red('error:')} ${error.message}\n`);
      return ExitCode.FAILED;
    }
    throw error;
  }
}
