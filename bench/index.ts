/*
 * Compares this library with the same objects written by hand in stock cdk8s. All figures come from one run, side by
 * side. Usage: ts-node bench/index.ts [--smoke]
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { App } from 'cdk8s';
import type { Variant } from './fresh';
import { freshCost, importTime, median, milliseconds, sideBySide } from './measure';
import { Size, byHand, byLibrary, manyRoutes, objectsOf } from './topology';
import * as library from '../src';

const { AccessMatrix, McpApp, Principal } = library;

const SMOKE = process.argv.includes('--smoke');
const SIZES: readonly Size[] = SMOKE
  ? [
      { servers: 10, charts: 1 },
      { servers: 20, charts: 2 },
    ]
  : [
      { servers: 100, charts: 1 },
      { servers: 500, charts: 1 },
      { servers: 2000, charts: 1 },
      { servers: 200, charts: 20 },
    ];

function textsIn(folder: string): Map<string, string> {
  return new Map(
    readdirSync(folder)
      .sort()
      .map(file => [file, readFileSync(join(folder, file), 'utf8')]),
  );
}

/** The comparison is only fair when both write the same bytes. */
function checkSameOutput(written: string, hand: string): void {
  const a = textsIn(written);
  const b = textsIn(hand);
  for (const [file, content] of a) {
    if (b.get(file) !== content) {
      throw new Error(`${file} differs between the library and the hand-written app`);
    }
  }
  if (a.size !== b.size) {
    throw new Error('the library and the hand-written app wrote different files');
  }
}

function sizeOf(output: string): number {
  return [...textsIn(output).values()].reduce((sum, content) => sum + content.length, 0);
}

const folder = mkdtempSync(join(tmpdir(), 'cdk8s-mcp-bench-'));
const perServer: number[] = [];
try {
  const variants: readonly Variant[] = ['McpApp', 'App', 'by hand'];
  console.log('construct and synth, in fresh processes, by time of the processor; ratio to the same objects by hand');
  for (const size of SIZES) {
    const name = `${size.servers} servers, ${size.charts} chart${size.charts === 1 ? '' : 's'}`;
    const outputs = variants.map(variant => join(folder, `${variant}-${name}`));
    const objects = join(folder, 'objects.json');
    writeFileSync(objects, JSON.stringify(objectsOf(byLibrary(library, new App(), size))));
    const rounds = Array.from({ length: SMOKE ? 1 : size.servers > 1000 ? 3 : 7 }, () =>
      variants.map((variant, i) => freshCost({ variant, size, outdir: outputs[i], objects })),
    );
    checkSameOutput(outputs[0], outputs[2]);
    checkSameOutput(outputs[1], outputs[2]);
    const [own, usual, hand] = variants.map((_, i) => median(rounds.map(round => round[i])));
    perServer.push(own / size.servers);
    const cell = (cost: number) => `${cost.toFixed(0).padStart(7)} ms ${(cost / hand).toFixed(2)}`;
    console.log(
      `${name.padEnd(22)} McpApp ${cell(own)} (wanted: <= 1.1)   App ${cell(usual)}   by hand ${hand.toFixed(0).padStart(7)} ms`,
    );
  }
  if (!SMOKE) {
    console.log(
      `\nMcpApp, per server at 2000 against 100: ${(perServer[2] / perServer[0]).toFixed(2)} (wanted: <= 1.5)`,
    );
  }

  const [routes, principals, tools] = SMOKE ? [10, 5, 4] : [200, 50, 20];
  const names = Array.from({ length: tools }, (_, i) => `tool-${i}`);
  const policed = manyRoutes(library, new App(), routes, names, true);
  const asked = Array.from({ length: principals }, (_, i) =>
    i % 2 === 0 ? Principal.user(`user-${i}`) : Principal.group(`group-${i}`),
  );
  const times = Array.from({ length: SMOKE ? 1 : 5 }, () =>
    milliseconds(() => AccessMatrix.of(policed, { principals: asked, tools: names, sourceIp: '10.1.2.3' })),
  );
  // Each cell is two decisions: to call, and to list.
  const decision = (1000 * median(times)) / (routes * principals * tools * 2);
  console.log(
    `\naccess matrix, ${routes} routes x ${principals} principals x ${tools} tools: ${median(times).toFixed(0)} ms, ${decision.toFixed(1)} µs a decision (wanted: < 100)`,
  );

  const [outWith, outWithout, handWith, handWithout] = [
    'with-policies',
    'without-policies',
    'hand-with-policies',
    'hand-without-policies',
  ].map(name => join(folder, name));
  const [objectsWith, objectsWithout] = [policed, manyRoutes(library, new App(), routes, names, false)].map(objectsOf);
  const synth = sideBySide(SMOKE ? 1 : 15, {
    with: () => manyRoutes(library, new McpApp({ outdir: outWith }), routes, names, true).synth(),
    without: () => manyRoutes(library, new McpApp({ outdir: outWithout }), routes, names, false).synth(),
    handWith: () => byHand(new App({ outdir: handWith }), objectsWith).synth(),
    handWithout: () => byHand(new App({ outdir: handWithout }), objectsWithout).synth(),
  });
  checkSameOutput(outWith, handWith);
  checkSameOutput(outWithout, handWithout);
  const line = (title: string, unit: string, a: number, b: number, wanted = '') =>
    console.log(
      `${title.padEnd(28)} ${a.toFixed(0).padStart(5)} ${unit} with policies, ${b.toFixed(0).padStart(5)} ${unit} without, ratio ${(a / b).toFixed(2)}${wanted}`,
    );
  console.log(`\nsynth of ${routes} routes`);
  line('library', 'ms', synth.with, synth.without, ' (wanted: <= 1.25)');
  line('the same objects by hand', 'ms', synth.handWith, synth.handWithout);
  line('output', 'KB', sizeOf(outWith) / 1000, sizeOf(outWithout) / 1000);
  console.log('');

  const compiled = resolve(__dirname, '..', 'lib');
  const plus = require.resolve('cdk8s-plus-28');
  const imports = Array.from({ length: SMOKE ? 1 : 15 }, () => ({ a: importTime(compiled), b: importTime(plus) }));
  const a = median(imports.map(time => time.a));
  const b = median(imports.map(time => time.b));
  console.log(
    `import: cdk8s-mcp ${a.toFixed(0)} ms, cdk8s-plus-28 ${b.toFixed(0)} ms, ratio ${(a / b).toFixed(2)} (wanted: <= 1.3)`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
