import { readFileSync } from 'fs';
import { join } from 'path';
import { isColorSupported } from 'picocolors';
import { run } from './program';

const { version } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { version: string };

process.exitCode = run(
  process.argv.slice(2),
  {
    out: text => process.stdout.write(text),
    err: text => process.stderr.write(text),
    cwd: process.cwd(),
    env: process.env,
  },
  version,
  // NO_COLOR and a standard output that is no terminal count there.
  isColorSupported && process.stdout.isTTY,
);
