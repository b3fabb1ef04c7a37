/** What came of something: numbers of calls, seconds, and parts of all answers. */
export interface Row {
  readonly event: string;
  readonly calls?: number;
  readonly lost?: number;
  /** Sessions that ended. */
  readonly ended?: number;
  /** Seconds that the event took. */
  readonly seconds?: number;
  /** Milliseconds of the slowest call. */
  readonly slowest?: number;
  /** Parts of all answers that came from each replica. */
  readonly shares?: readonly number[];
  /** Seconds after which each gateway had its configuration. */
  readonly configured?: readonly number[];
}

/** Keeps a row, and says it at once. */
export type Report = (row: Row) => void;

const HEAD = [
  'event',
  'calls',
  'lost',
  'sessions ended',
  'seconds of the event',
  'slowest call (ms)',
  'share of answers',
  'seconds until configured',
];

function cells({ event, calls, lost, ended, seconds, slowest, shares = [], configured = [] }: Row): string[] {
  return [
    event,
    String(calls ?? ''),
    String(lost ?? ''),
    String(ended ?? ''),
    seconds?.toFixed(1) ?? '',
    String(slowest ?? ''),
    shares.map(share => `${Math.round(100 * share)} %`).join(', '),
    configured.map(after => after.toFixed(1)).join(', '),
  ];
}

/** A table that grows. */
export class Table {
  private readonly rows: string[][] = [];

  public readonly report: Report = row => {
    const texts = cells(row);
    this.rows.push(texts);
    process.stderr.write(`${texts.join(' | ')}\n`);
  };

  /** Prints all of it. */
  public print(): void {
    const all = [HEAD, ...this.rows];
    const widths = HEAD.map((_, column) => Math.max(...all.map(row => row[column].length)));
    const lines = all.map(row => row.map((cell, column) => cell.padEnd(widths[column])).join('  '));
    process.stderr.write(`\n${lines.map(line => line.trimEnd()).join('\n')}\n`);
  }
}
