/*
 * One piece of work in a process of its own, as a user's synth is: nothing is compiled or loaded before. Prints what it cost of
 * the processor's time, without the import of the library.
 */
import { readFileSync } from 'fs';
import { resolve } from 'path';
import { App } from 'cdk8s';
import { Size, byHand, byLibrary } from './topology';
import type * as Library from '../src';

/** What is measured: this library with its own app and with that of cdk8s, or the same objects by hand. */
export type Variant = 'McpApp' | 'App' | 'by hand';

/** What the process is given, as JSON. */
export interface FreshWork {
  readonly variant: Variant;
  readonly size: Size;
  readonly outdir: string;
  /** File with the objects of all charts. */
  readonly objects: string;
}

function prepared({ variant, size, outdir, objects }: FreshWork): () => void {
  if (variant === 'by hand') {
    const charts = JSON.parse(readFileSync(objects, 'utf8'));
    return () => byHand(new App({ outdir }), charts).synth();
  }
  const library: typeof Library = require(resolve(__dirname, '..', 'lib'));
  const Type = variant === 'App' ? App : library.McpApp;
  return () => byLibrary(library, new Type({ outdir }), size).synth();
}

const work = prepared(JSON.parse(process.argv[2]));
const start = process.cpuUsage();
work();
const { user, system } = process.cpuUsage(start);
console.log((user + system) / 1000);
