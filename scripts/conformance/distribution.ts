import { spawnSync } from 'child_process';
import { accessSync, constants } from 'fs';
import { delimiter, join } from 'path';
import { Tool, Unavailable } from './tool';

/** A program that distributions of Linux have, in a package of its name. */
export function ofDistribution(tool: Required<Pick<Tool, 'name' | 'versionArgs' | 'variable'>>): Tool {
  return {
    ...tool,
    version: 'of the distribution',
    find: () => onPath(tool.name) ?? installed(tool.name),
    build: () => Promise.reject(new Unavailable('install it, for example with apt-get')),
  };
}

/** Installs it where that is nobody's machine. */
function installed(program: string): string | undefined {
  if (process.env.CI !== 'true' || process.getuid?.() !== 0 || onPath('apt-get') === undefined) {
    return undefined;
  }
  console.log(`${program}: installing with apt-get`);
  for (const args of [['update'], ['install', '--yes', '--no-install-recommends', program]]) {
    spawnSync('apt-get', ['-q', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  return onPath(program);
}

/** Daemons are where only administrators look. */
function onPath(program: string): string | undefined {
  return [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']
    .map(folder => join(folder, program))
    .find(file => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
