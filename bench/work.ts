/*
 * One piece of work in a process of its own, as a user's synth is: nothing is compiled or loaded before but what a program names when it
 * imports the library. Prints what it cost, as JSON.
 */
import { readFileSync, rmSync } from 'fs';
import { join, resolve } from 'path';
import { App } from 'cdk8s';
import { byHand, byLibrary, manyRoutes, matrixQuestion, RouteSize, Size } from './topology';
import type * as Library from '../src';

/** What a process does. */
export type Work =
  /** Makes a topology and writes it, with this library. */
  | { readonly kind: 'servers'; readonly size: Size; readonly outdir: string }
  | { readonly kind: 'routes'; readonly size: RouteSize; readonly outdir: string }
  /** Makes the objects of a file in stock cdk8s and writes them. */
  | { readonly kind: 'by hand'; readonly objects: string; readonly outdir: string }
  /** Asks who may use which tool, and writes the answers. */
  | {
      readonly kind: 'matrix';
      readonly routes: number;
      readonly principals: number;
      readonly tools: number;
      readonly outdir: string;
    };

/** What it cost. */
export interface WorkCost {
  /** Milliseconds of the processor's time, which other work of the machine does not count to. */
  readonly cpu: number;
  /** The most that the process had in memory, in bytes. */
  readonly memory: number;
}

/** What a program imports is there before the work begins: all that the library exports, and its peers. */
function library(): typeof Library {
  require('cdk8s-plus-28');
  const all: typeof Library = require(resolve(__dirname, '..', 'lib'));
  return { ...all };
}

function prepared(task: Work): () => void {
  switch (task.kind) {
    case 'by hand': {
      const charts = JSON.parse(readFileSync(task.objects, 'utf8'));
      return () => byHand(new App({ outdir: task.outdir }), charts).synth();
    }
    case 'servers': {
      const own = library();
      return () => byLibrary(own, new own.McpApp({ outdir: task.outdir }), task.size).synth();
    }
    case 'routes': {
      const own = library();
      return () => manyRoutes(own, new own.McpApp({ outdir: task.outdir }), task.size).synth();
    }
    case 'matrix': {
      const own = library();
      const { app, principals } = matrixQuestion(own, new App(), task);
      const csv = join(task.outdir, 'access.csv');
      return () => {
        own.AccessMatrix.of(app, { principals, sourceIp: '10.1.2.3' }).writeCsv(csv);
        rmSync(csv);
      };
    }
  }
}

const work = prepared(JSON.parse(process.argv[2]));
const start = process.cpuUsage();
work();
const { user, system } = process.cpuUsage(start);
const cost: WorkCost = { cpu: (user + system) / 1000, memory: process.resourceUsage().maxRSS * 1024 };
console.log(JSON.stringify(cost));
