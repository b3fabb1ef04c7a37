import { existsSync, readFileSync, readdirSync } from 'fs';
import { join } from 'path';

/* The map in CONTRIBUTING.md against the folders that are there, and its words against the code. */

const ROOT = join(__dirname, '..', '..');
const CONTRIBUTING = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
const [, MAP] = /^## The map\n+```\n([^]*?)^```$/m.exec(CONTRIBUTING)!;
const [, WORDS] = /^## Words$([^]*?)^## /m.exec(CONTRIBUTING)!;

/** Folders directly in a folder, as paths from the root. */
function foldersIn(path: string): string[] {
  return readdirSync(join(ROOT, path), { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => `${path}/${name}`);
}

/** What the map says: paths from the root, each with its description. An indented line is about a folder of the last other one. */
function mapped(map: string): { readonly path: string; readonly description: string }[] {
  let parent = '';
  return map
    .trimEnd()
    .split('\n')
    .map(line => {
      const [, indent, folder, description] = /^( *)(\S+)\/ *(.*)$/.exec(line) ?? [];
      if (folder === undefined) {
        throw new Error(`not a line of the map, which has a folder and its description: ${line}`);
      }
      const path = indent === '' ? folder : `${parent}/${folder}`;
      parent = indent === '' ? folder : parent;
      return { path, description };
    });
}

describe('the map in CONTRIBUTING.md', () => {
  const lines = mapped(MAP);
  const paths = lines.map(({ path }) => path);

  it('names every folder of src', () => {
    expect(foldersIn('src').filter(path => !paths.includes(path))).toEqual([]);
  });

  it('names all folders of a room where it names one', () => {
    const opened = foldersIn('src').filter(room => paths.some(path => path.startsWith(`${room}/`)));
    expect(opened.flatMap(foldersIn).filter(path => !paths.includes(path))).toEqual([]);
  });

  it('names nothing that is not there, and nothing twice', () => {
    expect(paths.filter((path, i) => !existsSync(join(ROOT, path)) || paths.indexOf(path) !== i)).toEqual([]);
  });

  it('says of each folder what it holds', () => {
    expect(lines.filter(({ description }) => description === '')).toEqual([]);
  });
});

it('the files and folders that CONTRIBUTING.md names are there', () => {
  const named = [...CONTRIBUTING.matchAll(/`([\w.-]+(?:\/[\w.-]+)+)\/?`/g)].map(([, path]) => path);
  expect(named).toContain('projenrc/layers.ts');
  // By their paths from the root, or from src.
  const missing = named.filter(path => !['', 'src'].some(folder => existsSync(join(ROOT, folder, path))));
  expect(missing).toEqual([]);
});

it('the words that CONTRIBUTING.md explains are words of the code', () => {
  const words = [...WORDS.matchAll(/^\| ([a-z, ]+) \|/gm)].flatMap(([, names]) => names.split(', '));
  const code = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.ts') && !path.startsWith('imports/'))
    .map(path => readFileSync(join(ROOT, 'src', path), 'utf8'))
    .join('\n');
  expect(words.length).toBeGreaterThan(10);
  // As a word of its own, or as one in a name.
  expect(words.filter(word => !new RegExp(`\\b${word}|${word[0].toUpperCase()}${word.slice(1)}`).test(code))).toEqual(
    [],
  );
});
