import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { accessRows, largeAccessRows } from './access';
import { callCosts } from './call-costs';
import { capacityRows } from './capacity';
import { helmRows } from './helm';
import { importRows } from './imports';
import { Extent, Row } from './row';
import { largeSynthesisRows, synthesisRows } from './synthesis';

interface Section {
  readonly what: string;
  /** Whether it takes minutes, or needs what is not in npm. */
  readonly long?: boolean;
  readonly rows: (folder: string, extent: Extent) => readonly Row[] | Promise<readonly Row[]>;
}

const SECTIONS: readonly Section[] = [
  { what: 'synth', rows: synthesisRows },
  { what: 'capacity', rows: (_, extent) => capacityRows(extent) },
  { what: 'import', rows: importRows },
  { what: 'access', rows: accessRows },
  { what: 'calls', long: true, rows: (_, { smoke }) => callCosts(smoke ? { rounds: 1, calls: 50, routes: 100 } : {}) },
  { what: 'helm', long: true, rows: helmRows },
  { what: 'large synth', long: true, rows: largeSynthesisRows },
  { what: 'largest matrix', long: true, rows: largeAccessRows },
];

/** Measures everything, or what does not take long. Says on standard error where it is. */
export async function measured(extent: Extent & { readonly all: boolean }): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cdk8s-mcp-bench-'));
  try {
    const rows: Row[] = [];
    for (const { what, rows: measure } of SECTIONS.filter(({ long = false }) => extent.all || !long)) {
      console.error(`${what} ...`);
      rows.push(...(await measure(folder, extent)));
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
