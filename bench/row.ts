import { existsSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';

/** A figure of the benchmark: a line of its table. */
export interface Row {
  /** What was measured; the same in each run, for it is what figures of a release are found by. */
  readonly title: string;
  readonly value: number;
  /** Of the value; `×` for ratios. */
  readonly unit: string;
  /** The most that is wanted. */
  readonly atMost?: number;
  /** What it is made of. */
  readonly detail?: string;
}

/** Figures by title. */
export type Figures = Readonly<Record<string, number>>;

/** How a run is asked for. */
export interface Extent {
  /** Only shows that it runs: everything is small, and figures mean nothing. */
  readonly smoke: boolean;
}

/** Where the figures of the last release are, once there is one. */
export const LAST_RELEASE = join(__dirname, 'last.json');

/** The figures of the last release. */
export function lastRelease(path = LAST_RELEASE): Figures {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}

/** Keeps figures for the runs of the next release. What was not measured this time stays as it was. */
export function save(rows: readonly Row[], path = LAST_RELEASE): void {
  const figures = { ...lastRelease(path), ...Object.fromEntries(rows.map(({ title, value }) => [title, value])) };
  writeFileSync(path, `${JSON.stringify(figures, undefined, 2)}\n`);
}

/** Figures that are more than wanted. */
export function missed(rows: readonly Row[]): readonly Row[] {
  return rows.filter(({ value, atMost }) => atMost !== undefined && !(value <= atMost));
}

/** All rows as a table of Markdown that is read in a terminal. */
export function table(rows: readonly Row[], last: Figures): string {
  const cells = [
    ['What', 'Figure', 'Wanted', 'Last release', 'Made of'],
    ...rows.map(row => [
      row.title,
      figure(row.value, row.unit),
      row.atMost === undefined ? '' : `≤ ${row.atMost}${missed([row]).length > 0 ? ' (missed)' : ''}`,
      last[row.title] === undefined ? '' : figure(last[row.title], row.unit),
      row.detail ?? '',
    ]),
  ];
  const widths = cells[0].map((_, column) => Math.max(...cells.map(line => line[column].length)));
  const line = (texts: readonly string[], filler = ' ') =>
    `| ${texts.map((text, column) => text.padEnd(widths[column], filler)).join(' | ')} |`;
  return [line(cells[0]), line(['', '', '', '', ''], '-'), ...cells.slice(1).map(texts => line(texts))].join('\n');
}

function figure(value: number, unit: string): string {
  const digits = value >= 100 || Number.isInteger(value) ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits).replace(/\B(?=(\d{3})+$)/g, digits === 0 ? ',' : '')} ${unit}`.trim();
}
