import { readdirSync, readFileSync } from 'fs';
import { basename, join } from 'path';
import { App } from 'cdk8s';

const FOLDER = join(__dirname, '..', '..', 'examples');

/** One program of `examples/`. */
export interface Example {
  readonly name: string;
  /** What its first comment says first. */
  readonly summary: string;
  /** Adds its charts to an app. */
  readonly build: (app: App) => void;
}

/** Names of all examples, in alphabetical order. */
export function exampleNames(): string[] {
  return readdirSync(FOLDER)
    .filter(file => file.endsWith('.ts'))
    .map(file => basename(file, '.ts'))
    .sort();
}

/** Names of those that are for one cluster: what the others emit is for no cluster as a whole. */
export function singleClusterExamples(): string[] {
  return exampleNames().filter(name => !readFileSync(join(FOLDER, `${name}.ts`), 'utf8').includes('new McpCluster('));
}

/** Loads an example. */
export function loadExample(name: string): Example {
  const path = join(FOLDER, `${name}.ts`);
  const summary = /^\/\*\*\s*(?:\* )?(.*?)\s*(?:\*\/|\n)/.exec(readFileSync(path, 'utf8'))?.[1] ?? '';
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return { name, summary, build: require(path).build };
}
