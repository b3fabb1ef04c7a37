import { spawnSync } from 'child_process';
import { mkdirSync } from 'fs';
import { Tool, Unavailable } from './tool';

/** A server that has everything the protocol has. */
export const SERVER_EVERYTHING = npmPackage('server-everything', '2026.8.31', 'MCP_SERVER_EVERYTHING');

/** The protocol's own conformance tests: the last version that runs on Node.js 20. */
export const MCP_CONFORMANCE = npmPackage('conformance', '0.1.13', 'MCP_CONFORMANCE');

/** A package in a folder of its own, in which npm has installed it. */
function npmPackage(name: string, version: string, variable: string): Tool {
  return {
    name,
    version,
    variable,
    build: async folder => {
      const spec = `@modelcontextprotocol/${name}@${version}`;
      console.log(`${spec}: downloading`);
      mkdirSync(folder, { recursive: true });
      const { status, stderr, error } = spawnSync(
        'npm',
        ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel', 'error', spec],
        { encoding: 'utf8' },
      );
      if (status !== 0) {
        throw new Unavailable(`npm cannot install ${spec} here: ${error?.message ?? stderr.trim().split('\n').pop()}`);
      }
    },
  };
}
