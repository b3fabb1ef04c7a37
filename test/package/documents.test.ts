import { existsSync, readFileSync, readdirSync } from 'fs';
import { dirname, join } from 'path';
import { parse } from 'yaml';

/* What documents, code and the workflow refer to is there. */

const ROOT = join(__dirname, '..', '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Files with an ending below some folders, as paths from the root. */
function filesIn(folders: readonly string[], ending: string): string[] {
  return folders.flatMap(folder =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter(path => path.endsWith(ending))
      .map(path => join(folder, path)),
  );
}

const DOCUMENTS = [
  ...readdirSync(ROOT).filter(path => path.endsWith('.md') && path !== 'API.md'),
  ...filesIn(['docs', '.github'], '.md'),
];

/** Text without blocks of code. */
const prose = (document: string): string => read(document).replace(/^```[^]*?^```$/gm, '');

/** Anchors of the headings of a document, as the host of the repository makes them. */
function anchorsOf(document: string): string[] {
  return [...prose(document).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replace(/ /g, '-'),
  );
}

describe('documents', () => {
  it.each(DOCUMENTS)('%s links to what is there', document => {
    const links = [...prose(document).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link]) => link)
      .filter(link => !/^(https?|mailto):/.test(link));
    const broken = links.filter(link => {
      const [path, anchor] = link.split('#');
      const target = path === '' ? document : join(dirname(document), path);
      return !existsSync(join(ROOT, target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
    });
    expect(broken).toEqual([]);
  });

  it('have the sections of docs/design.md that code and tests refer to', () => {
    const sections = [...prose('docs/design.md').matchAll(/^## (\d+)\. /gm)].map(([, number]) => number);
    const cited = filesIn(['src', 'test', 'scripts'], '.ts').flatMap(file =>
      [...read(file).matchAll(/design(?:\.md)? §(\d+)/gi)].map(([, number]) => number),
    );
    expect(cited).toContain('5');
    expect(cited.filter(number => !sections.includes(number))).toEqual([]);
    expect(sections).toEqual(sections.map((_, i) => String(i + 1)));
  });

  it('list every decision, numbered without a gap', () => {
    const records = filesIn(['docs/decisions'], '.md').filter(path => !path.endsWith('README.md'));
    const index = read('docs/decisions/README.md');
    expect(records.filter(path => !index.includes(`(${path.slice('docs/decisions/'.length)})`))).toEqual([]);
    expect(records.map(path => Number(path.slice('docs/decisions/'.length, 19))).sort((a, b) => a - b)).toEqual(
      records.map((_, i) => i + 1),
    );
  });
});

describe('the workflow', () => {
  const { jobs } = parse(read('.github/workflows/ci.yml')) as {
    jobs: Record<string, { steps: { run?: string; uses?: string }[] }>;
  };
  const steps = Object.values(jobs).flatMap(job => job.steps);

  it('runs what there is to run', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const commands = steps.flatMap(({ run }) => (run === undefined ? [] : [run]));
    const named = commands.flatMap(command => /^npm (?:run )?(\S+)/.exec(command)?.[1] ?? []);
    expect(named.filter(name => name !== 'ci' && scripts[name] === undefined)).toEqual([]);
    expect(commands.filter(command => command.startsWith('scripts/') && !existsSync(join(ROOT, command)))).toEqual([]);
  });

  it('runs what README says, and takes actions by their major version', () => {
    expect(read('README.md')).toContain('npm ci && npm test');
    expect(steps.map(({ run }) => run)).toEqual(expect.arrayContaining(['npm ci', 'npm test']));
    expect(steps.flatMap(({ uses }) => (uses === undefined || /@v\d+$/.test(uses) ? [] : [uses]))).toEqual([]);
  });
});
