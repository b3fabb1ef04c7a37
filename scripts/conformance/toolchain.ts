import { spawnSync } from 'child_process';
import { existsSync, mkdirSync, renameSync, symlinkSync } from 'fs';
import { homedir } from 'os';
import { join, resolve } from 'path';
import { Tool } from './tool';

/** Where tools are kept that were built: outside of the repository, by version, so that it outlives a clone. */
export const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'cdk8s-mcp', 'conformance');

/** A tool that is there. */
export interface FoundTool {
  readonly file: string;
  /** The first line of what it says about its version. */
  readonly version: string;
  /** Why this one. */
  readonly origin: string;
}

/** Finds a tool among the user's own, those installed and those built before, or builds it. */
export async function provide(tool: Tool): Promise<FoundTool> {
  const own = ownOf(tool);
  if (own !== undefined) {
    return { ...own, version: versionOf(tool, own.file) };
  }
  const file = join(CACHE, `${tool.name}-${tool.version}-${process.platform}-${process.arch}`, tool.name);
  if (existsSync(file)) {
    return { file, version: versionOf(tool, file), origin: `cache, ${file}` };
  }
  const started = Date.now();
  // Only what is complete gets its name: another run may look at the same time, and this one may be interrupted.
  const unfinished = `${file}.${process.pid}`;
  await tool.build(unfinished);
  renameSync(unfinished, file);
  return {
    file,
    version: versionOf(tool, file),
    origin: `built in ${Math.round((Date.now() - started) / 1000)} s, ${file}`,
  };
}

/** The environment that tells tests where tools are. `folder` gets those that tests look for in one place. */
export function environment(folder: string, tools: ReadonlyMap<Tool, FoundTool>): NodeJS.ProcessEnv {
  mkdirSync(folder, { recursive: true });
  const variables: NodeJS.ProcessEnv = { KUBEBUILDER_ASSETS: undefined };
  for (const [tool, { file }] of tools) {
    if (tool.variable === undefined) {
      symlinkSync(file, join(folder, tool.name));
      variables.KUBEBUILDER_ASSETS = folder;
    } else {
      variables[tool.variable] = file;
    }
  }
  return variables;
}

function ownOf(tool: Tool): { readonly file: string; readonly origin: string } | undefined {
  const variable = tool.variable ?? 'KUBEBUILDER_ASSETS';
  const named = process.env[variable];
  const file =
    named === undefined ? undefined : tool.variable === undefined ? join(resolve(named), tool.name) : resolve(named);
  if (file !== undefined && existsSync(file)) {
    return { file, origin: variable };
  }
  const installed = tool.find?.();
  return installed === undefined ? undefined : { file: installed, origin: installed };
}

function versionOf(tool: Tool, file: string): string {
  if (tool.versionArgs === undefined) {
    return tool.version;
  }
  const { status, stdout, stderr, error } = spawnSync(file, tool.versionArgs, { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`${file} does not run: ${error?.message ?? `status ${status}`}`);
  }
  return (`${stdout}\n${stderr}`.split('\n').find(line => line.trim() !== '') ?? '').trim();
}
