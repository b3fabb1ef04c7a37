import { readFileSync } from 'fs';
import { allParts, isAvailable, testFiles } from '../../../scripts/conformance/parts';

const part = { name: 'stories', title: 'Stories', files: [] };
const need = (there: boolean) => ({ what: 'files', isThere: () => there });

it.each([
  ['nothing', undefined, true],
  ['what is there', [need(true)], true],
  ['something that is not', [need(true), need(false)], false],
])('a part that needs %s is available: %s', (_, needs, available) => {
  expect(isAvailable({ ...part, needs })).toBe(available);
});

it("parts whose tests read upstream's files say so, and no others", () => {
  const parts = allParts();
  const reading = parts.filter(candidate =>
    testFiles(candidate).some(file => /shared(\/|', ')upstream/.test(readFileSync(file, 'utf8'))),
  );
  expect(reading.length).toBeGreaterThan(0);
  const saying = parts.filter(({ needs = [] }) => needs.some(({ what }) => what.includes('upstream')));
  expect(saying.map(({ name }) => name)).toEqual(reading.map(({ name }) => name));
});
