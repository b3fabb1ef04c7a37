import { existsSync, readFileSync } from 'fs';
import { join } from 'path';

/* What docs/security.md promises is held by tests that are there. */

const ROOT = join(__dirname, '..', '..');
const DOCUMENT = readFileSync(join(ROOT, 'docs/security.md'), 'utf8');

/** Rows of the table in a section, as cells. */
function rowsOf(section: string): string[][] {
  const [, text] = DOCUMENT.split(new RegExp(`^## ${section}$`, 'm'));
  return text
    .split(/^## /m)[0]
    .split('\n')
    .filter(line => line.startsWith('|'))
    .slice(2)
    .map(line =>
      line
        .split('|')
        .slice(1, -1)
        .map(cell => cell.trim()),
    );
}

describe('promises', () => {
  const promises = rowsOf('Promises').map(([promise, , tests]): [string, string[]] => [
    promise,
    [...tests.matchAll(/`([^`]+\.test\.ts)`/g)].map(([, file]) => file),
  ]);

  it.each(promises)('%s: has its tests', (_, files) => {
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter(file => !existsSync(join(ROOT, 'test', file)))).toEqual([]);
  });

  it('are made of rows of three cells', () => {
    expect(promises.length).toBeGreaterThan(15);
    expect(rowsOf('Promises').filter(row => row.length !== 3 || row.includes(''))).toEqual([]);
  });
});

it('says of every point of the guidance what is emitted, or that nothing is', () => {
  expect(rowsOf('Published guidance').length).toBeGreaterThan(15);
  expect(rowsOf('Published guidance').filter(row => row.length !== 3 || row.includes(''))).toEqual([]);
});
