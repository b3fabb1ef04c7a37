import { spawnSync } from 'child_process';
import { mkdirSync } from 'fs';
import { join } from 'path';
import { Tool, Unavailable } from './tool';

/** A server that has everything the protocol has. */
export const SERVER_EVERYTHING = npmPackages('server-everything', '2026.8.31', 'MCP_SERVER_EVERYTHING', [
  '@modelcontextprotocol/server-everything@2026.8.31',
]);

/** The protocol's own conformance tests: the last version that runs on Node.js 20. */
export const MCP_CONFORMANCE = npmPackages('conformance', '0.1.13', 'MCP_CONFORMANCE', [
  '@modelcontextprotocol/conformance@0.1.13',
]);

/** Their next version, which has those of revision 2026-07-28. It wants Node.js 22. */
export const MCP_CONFORMANCE_2 = npmPackages('conformance-2', '0.2.0-alpha.12', 'MCP_CONFORMANCE_2', [
  '@modelcontextprotocol/conformance@0.2.0-alpha.12',
]);

/** Node.js for what does not run on the one that runs tests: the binary for this machine, as npm has it. */
export const NODE_22 = nodeOf('22.23.5');
export const NODE_24 = nodeOf('24.22.3');

/** The second generation of the SDK for TypeScript, which speaks revision 2026-07-28. */
export const MCP_SDK_2 = npmPackages('mcp-sdk', '2.4.0', 'MCP_SDK_2', [
  '@modelcontextprotocol/client@2.4.0',
  '@modelcontextprotocol/server@2.4.0',
  '@modelcontextprotocol/node@2.1.2',
  'zod@4.6.7',
]);

/** That for Python. */
export const MCP_PYTHON: Tool = {
  name: 'mcp-python',
  version: '2.3.0',
  variable: 'MCP_PYTHON',
  build: async folder => {
    const spec = 'mcp==2.3.0';
    console.log(`${spec}: downloading`);
    installed(spec, 'python3', [
      '-m',
      'pip',
      '--disable-pip-version-check',
      '--quiet',
      'install',
      '--target',
      folder,
      spec,
    ]);
  },
};

function nodeOf(version: string): Tool {
  const [major] = version.split('.');
  return npmPackages(`node-${major}`, version, `NODE_${major}`, [
    `node-${process.platform}-${process.arch}@${version}`,
  ]);
}

/** The program of a Node.js that npm has installed in a folder. */
export function nodeProgram(folder: string): string {
  return join(folder, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
}

/** Packages in a folder of their own, in which npm has installed them. */
function npmPackages(name: string, version: string, variable: string, specs: readonly string[]): Tool {
  return {
    name,
    version,
    variable,
    build: async folder => {
      console.log(`${specs.join(', ')}: downloading`);
      mkdirSync(folder, { recursive: true });
      installed(specs.join(', '), 'npm', [
        'install',
        '--prefix',
        folder,
        '--no-audit',
        '--no-fund',
        '--ignore-scripts',
        '--loglevel',
        'error',
        ...specs,
      ]);
    },
  };
}

function installed(what: string, program: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) {
    throw new Unavailable(
      `${program} cannot install ${what} here: ${error?.message ?? stderr.trim().split('\n').pop()}`,
    );
  }
}
