import { spawnSync } from 'child_process';
import { accessSync, constants } from 'fs';
import { delimiter, join } from 'path';
import { goBuild } from './go-build';
import { Tool, Unavailable } from './tool';

/** What counts requests for gateways, and what stores the counts. */

const RATE_LIMIT = '1.4.1-0.20260122083618-3fb702589d36';

export const RATE_LIMIT_SERVICE: Tool = {
  name: 'ratelimit',
  version: RATE_LIMIT,
  variable: 'RATELIMIT_BINARY',
  build: file =>
    goBuild(
      {
        package: 'github.com/envoyproxy/ratelimit/src/service_cmd',
        module: 'github.com/envoyproxy/ratelimit',
        version: RATE_LIMIT,
      },
      file,
    ),
};

export const REDIS: Tool = {
  name: 'redis-server',
  version: 'of the distribution',
  versionArgs: ['--version'],
  variable: 'REDIS_SERVER',
  find: () => onPath('redis-server') ?? installed(),
  build: () => Promise.reject(new Unavailable('install it, for example with apt-get')),
};

/** Installs it where that is nobody's machine. */
function installed(): string | undefined {
  if (process.env.CI !== 'true' || process.getuid?.() !== 0 || onPath('apt-get') === undefined) {
    return undefined;
  }
  console.log('redis-server: installing with apt-get');
  for (const args of [['update'], ['install', '--yes', '--no-install-recommends', 'redis-server']]) {
    spawnSync('apt-get', ['-q', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  return onPath('redis-server');
}

function onPath(program: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
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
