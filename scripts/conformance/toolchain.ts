import { spawnSync } from 'child_process';
import { existsSync, mkdirSync, renameSync, symlinkSync } from 'fs';
import { homedir } from 'os';
import { dirname, join, resolve } from 'path';
import { Tool } from './tool';

/** Where tools are kept that were built: outside of the repository, by version, so that it outlives a clone. */
export const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'cdk8s-mcp', 'conformance');

/** The user's own tools. */
const ASSETS = process.env.KUBEBUILDER_ASSETS;

/** A tool that is there. */
export interface FoundTool {
  readonly file: string;
  /** The first line of what it says about its version. */
  readonly version: string;
  /** Why this one. */
  readonly origin: string;
}

/** Finds a tool among the user's own and those built before, or builds it. */
export async function provide(tool: Tool): Promise<FoundTool> {
  const own = ASSETS === undefined ? undefined : join(resolve(ASSETS), tool.name);
  if (own !== undefined && existsSync(own)) {
    return { file: own, version: versionOf(tool, own), origin: 'KUBEBUILDER_ASSETS' };
  }
  const file = join(CACHE, `${tool.name}-${tool.version}-${process.platform}-${process.arch}`, tool.name);
  if (existsSync(file)) {
    return { file, version: versionOf(tool, file), origin: `cache, ${file}` };
  }
  console.log(`${tool.name} ${tool.version}: building, which takes minutes, once`);
  const started = Date.now();
  mkdirSync(dirname(file), { recursive: true });
  // Only what is complete gets its name: another run may look at the same time, and this one may be interrupted.
  const unfinished = `${file}.${process.pid}`;
  await tool.build(unfinished);
  renameSync(unfinished, file);
  return { file, version: versionOf(tool, file), origin: `built in ${Math.round((Date.now() - started) / 1000)} s, ${file}` };
}

/** Puts tools into one folder by their names, as KUBEBUILDER_ASSETS wants them. */
export function assemble(folder: string, tools: ReadonlyMap<Tool, FoundTool>): void {
  mkdirSync(folder, { recursive: true });
  for (const [tool, { file }] of tools) {
    symlinkSync(file, join(folder, tool.name));
  }
}

function versionOf(tool: Tool, file: string): string {
  const { status, stdout, error } = spawnSync(file, tool.versionArgs, { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`${file} does not run: ${error?.message ?? `status ${status}`}`);
  }
  return stdout.split('\n')[0].trim();
}
