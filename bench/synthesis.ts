import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { App } from 'cdk8s';
import { costOf, exponent, inTurn } from './process';
import { Extent, Row } from './row';
import { byLibrary, ChartObjects, manyRoutes, objectsOf, RouteSize, Size } from './topology';
import * as library from '../src';

/** Few servers are measured more often: each is sooner done, and more of it is noise. */
const ROUNDS = (objects: number): number => (objects > 1000 ? 3 : 7);
const HIGHEST_GROWTH = 1.05;

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

interface Compared {
  /** Milliseconds of the processor's time. */
  readonly own: number;
  readonly hand: number;
}

/** What it costs to make and to write something, beside the same objects by hand. */
function beside(folder: string, name: string, rounds: number, own: Made): Compared {
  const [outdir, handOutdir, objects] = ['own', 'hand', 'objects.json'].map(part => join(folder, `${name}-${part}`));
  writeFileSync(objects, JSON.stringify(own.objects));
  const costs = inTurn(rounds, {
    own: () => costOf({ ...own.work, outdir }).cpu,
    hand: () => costOf({ kind: 'by hand', objects, outdir: handOutdir }).cpu,
  });
  checkSameOutput(outdir, handOutdir);
  return costs;
}

interface Made {
  readonly work:
    { readonly kind: 'servers'; readonly size: Size } | { readonly kind: 'routes'; readonly size: RouteSize };
  readonly objects: readonly ChartObjects[];
}

const servers = (size: Size): Made => ({
  work: { kind: 'servers', size },
  objects: objectsOf(byLibrary(library, new App(), size)),
});

const routes = (size: RouteSize): Made => ({
  work: { kind: 'routes', size },
  objects: objectsOf(manyRoutes(library, new App(), size)),
});

const handRow = (what: string, { own, hand }: Compared, atMost?: number): Row => ({
  title: `synth of ${what}, to the same by hand`,
  value: own / hand,
  unit: '×',
  atMost,
  detail: `${own.toFixed(0)} ms to ${hand.toFixed(0)}`,
});

const growthRow = (
  what: string,
  small: readonly [number, number],
  large: readonly [number, number],
  atMost?: number,
): Row => ({
  title: `growth with ${what}, ${small[0]} to ${large[0]} (1 is linear)`,
  value: exponent(small, large),
  unit: '',
  atMost,
  detail: `${(small[1] / small[0]).toFixed(2)} ms each to ${(large[1] / large[0]).toFixed(2)}`,
});

/** What a synth costs, in fresh processes, beside the same objects by hand in stock cdk8s, and how that grows. */
export function synthesisRows(folder: string, { smoke }: Extent): Row[] {
  const sizes = smoke ? [10, 20, 30] : [100, 500, 2000];
  const alone = sizes.map(count =>
    beside(folder, `${count}-servers`, smoke ? 1 : ROUNDS(count), servers({ servers: count, charts: 1 })),
  );
  const spread: readonly Size[] = smoke
    ? [
        { servers: 10, charts: 2 },
        { servers: 20, charts: 4 },
      ]
    : [
        { servers: 200, charts: 20 },
        { servers: 2000, charts: 200 },
      ];
  const overCharts = spread.map(size =>
    beside(folder, `${size.charts}-charts`, smoke ? 1 : ROUNDS(size.servers), servers(size)),
  );
  const counts = smoke ? [5, 10] : [100, 400];
  const policed = counts.map(count =>
    beside(
      folder,
      `${count}-routes`,
      smoke ? 1 : ROUNDS(count),
      routes({ routes: count, plane: 'envoy', policies: true }),
    ),
  );
  return [
    ...sizes.map((count, i) => handRow(`${count} servers`, alone[i], 1.1)),
    ...spread.map((size, i) => handRow(`${size.servers} servers over ${size.charts} charts`, overCharts[i], 0.8)),
    ...counts.map((count, i) => handRow(`${count} routes with policies`, policed[i])),
    growthRow('servers', [sizes[1], alone[1].own], [sizes[2], alone[2].own], HIGHEST_GROWTH),
    growthRow('charts', [spread[0].charts, overCharts[0].own], [spread[1].charts, overCharts[1].own], HIGHEST_GROWTH),
    growthRow('routes', [counts[0], policed[0].own], [counts[1], policed[1].own], HIGHEST_GROWTH),
  ];
}

/** What takes longer: 10,000 servers, and 1,000 routes of one gateway. */
export function largeSynthesisRows(folder: string, { smoke }: Extent): Row[] {
  const [some, many] = smoke ? [10, 20] : [2000, 10_000];
  const [few, most] = smoke ? [5, 10] : [100, 1000];
  const outdir = join(folder, 'large');
  mkdirSync(outdir);
  const ofServers = (count: number) => costOf({ kind: 'servers', size: { servers: count, charts: 1 }, outdir });
  const ofRoutes = (count: number) =>
    costOf({ kind: 'routes', size: { routes: count, plane: 'envoy', policies: true }, outdir });
  let memory = 0;
  const costs = inTurn(smoke ? 1 : 3, {
    some: () => ofServers(some).cpu,
    many: () => {
      const cost = ofServers(many);
      memory = Math.max(memory, cost.memory);
      return cost.cpu;
    },
    few: () => ofRoutes(few).cpu,
    most: () => ofRoutes(most).cpu,
  });
  return [
    { title: `synth of ${many} servers`, value: costs.many / 1000, unit: 's of the processor' },
    { title: `memory of the synth of ${many} servers`, value: memory / 2 ** 20, unit: 'MiB' },
    growthRow('servers', [some, costs.some], [many, costs.many], HIGHEST_GROWTH),
    { title: `synth of ${most} routes with policies`, value: costs.most / 1000, unit: 's of the processor' },
    growthRow('routes', [few, costs.few], [most, costs.most], HIGHEST_GROWTH),
  ];
}
