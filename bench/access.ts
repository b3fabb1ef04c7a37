import { mkdirSync } from 'fs';
import { join } from 'path';
import { costOf } from './process';
import { Extent, Row } from './row';

interface Question {
  readonly routes: number;
  readonly principals: number;
  readonly tools: number;
}

function ask(folder: string, question: Question) {
  const outdir = join(folder, `access-${question.routes}`);
  mkdirSync(outdir);
  return costOf({ kind: 'matrix', ...question, outdir });
}

/** What an answer of AccessMatrix costs. */
export function accessRows(folder: string, { smoke }: Extent): Row[] {
  const question: Question = smoke
    ? { routes: 10, principals: 5, tools: 4 }
    : { routes: 200, principals: 50, tools: 20 };
  const { cpu } = ask(folder, question);
  const { routes, principals, tools } = question;
  return [
    {
      title: 'an answer of AccessMatrix, written as CSV',
      // Each line is two answers: to call, and to list.
      value: (1000 * cpu) / (routes * principals * tools * 2),
      unit: 'µs',
      atMost: 100,
      detail: `${routes} routes, ${principals} principals, ${tools} tools`,
    },
  ];
}

/** The largest matrix that is promised: what it takes of time and memory. */
export function largeAccessRows(folder: string, { smoke }: Extent): Row[] {
  const question: Question = smoke
    ? { routes: 5, principals: 5, tools: 5 }
    : { routes: 1000, principals: 1000, tools: 50 };
  const { cpu, memory } = ask(folder, question);
  const title = `AccessMatrix of ${question.routes} servers, ${question.principals} principals, ${question.tools} tools`;
  return [
    { title: `${title}: time`, value: cpu / 1000, unit: 's of the processor', atMost: 300 },
    { title: `${title}: memory`, value: memory / 2 ** 20, unit: 'MiB', atMost: 2048 },
  ];
}
