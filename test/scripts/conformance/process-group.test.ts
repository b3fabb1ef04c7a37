import { spawn } from 'child_process';
import { once } from 'events';
import { join } from 'path';
import { ProcessGroup } from '../../../scripts/conformance/process-group';

/** Starts a group of a shell and its child, prints the number of the child, and waits. */
const STARTER = `
  require('ts-node').register({ transpileOnly: true });
  const { ProcessGroup } = require(${JSON.stringify(join(__dirname, '..', '..', '..', 'scripts', 'conformance', 'process-group'))});
  const { openSync } = require('fs');
  ProcessGroup.start('sh', ['-c', 'sleep 1000 & echo $!; wait'], { output: 1 });
  setInterval(() => {}, 1000);
`;

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

it.each<NodeJS.Signals>(['SIGKILL', 'SIGTERM'])(
  'a group ends with who started it, children of its program included, also by %s',
  async signal => {
    const starter = spawn(process.execPath, ['-e', STARTER], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(starter.stdout, 'data');
    const pid = Number(String(line).trim());
    expect(runs(pid)).toBe(true);
    starter.kill(signal);
    await once(starter, 'exit');
    while (runs(pid)) {
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  },
  60_000,
);

it('a group is gone when it was stopped, and its program when it has ended', async () => {
  const waiting = ProcessGroup.start('sleep', ['1000']);
  expect(waiting.running).toBe(true);
  await waiting.stop();
  expect(waiting.running).toBe(false);
  expect(await ProcessGroup.start('sh', ['-c', 'exit 3']).ended).toBe(3);
});
