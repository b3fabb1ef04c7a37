import { readdirSync, readFileSync } from 'fs';
import { join, relative } from 'path';
import { declaredKinds } from '../../src/model/findings';

/* What can be wrong, as all of src declares it. */

const SRC = join(__dirname, '..', '..', 'src');

/** Modules of the library; the generated ones declare nothing. */
const MODULES = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile() && entry.name.endsWith('.ts'))
  .map(entry => join(entry.parentPath, entry.name))
  .filter(file => !file.startsWith(join(SRC, 'imports')))
  .sort();

/** Where findings are made of kinds. */
const MAKERS = ['model/findings.ts', 'api/place.ts', 'manifest/source-document.ts'];

const filesWith = (text: RegExp, but: readonly string[]): string[] =>
  MODULES.filter(file => text.test(readFileSync(file, 'utf8')))
    .map(file => relative(SRC, file))
    .filter(file => !but.some(place => file === place || file.startsWith(`${place}/`)));

describe('every kind', () => {
  beforeAll(() => MODULES.forEach(file => require(file)));

  it('has an id in words', () => {
    // That no two have the same is seen when they are declared.
    expect(declaredKinds().length).toBeGreaterThan(400);
    expect(declaredKinds().filter(({ id }) => !/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(id))).toEqual([]);
  });

  it('says what is wrong, and what to do about it', () => {
    expect(declaredKinds().filter(({ problem, remedy }) => problem === '' || remedy === '')).toEqual([]);
  });

  it('has a remedy that is a sentence but for its full stop', () => {
    expect(declaredKinds().filter(({ remedy }) => !/^([A-Z]|\{[a-z])/.test(remedy) || remedy.endsWith('.'))).toEqual(
      [],
    );
  });
});

it('findings are made of kinds', () => {
  expect(filesWith(/severity: '(error|warning)'/, MAKERS)).toEqual([]);
  expect(filesWith(/(errorAt|warningAt)\(|(input|check|place)\.(check|optional)\(/, MAKERS)).toEqual([]);
});
