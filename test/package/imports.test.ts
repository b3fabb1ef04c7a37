import { existsSync, readFileSync, readdirSync } from 'fs';
import { dirname, join, relative } from 'path';
import { LegacyESLint } from 'eslint/use-at-your-own-risk';
import { preProcessFile } from 'typescript';
import { INSIDE, LAYERS, zonesInside, zonesOf } from '../../projenrc/layers';

/* The lint rules that keep imports one way, by the layers of projenrc/layers.ts, and without circles. */

const ROOT = join(__dirname, '..', '..');
const SRC = join(ROOT, 'src');
/** The folders directly in a folder. */
function foldersIn(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => name);
}
/** The rooms of the library. */
const ROOMS = foldersIn(SRC);

// The rules about rooms look at paths. Types take long to load, so without them and the rules that need them.
const eslint = new LegacyESLint({
  cwd: ROOT,
  overrideConfig: {
    parserOptions: { projectService: false },
    rules: {
      '@typescript-eslint/no-floating-promises': 'off',
      '@typescript-eslint/return-await': 'off',
      // Reads every file that is imported.
      'import/no-cycle': 'off',
    },
  },
});

/** Messages about imports, for a file with one import. */
async function imported(file: string, path: string): Promise<string[]> {
  const [{ messages }] = await eslint.lintText(
    `import * as imported from '${path}';\n\nexport const used = imported;\n`,
    { filePath: join(ROOT, file) },
  );
  return messages.map(({ ruleId }) => ruleId ?? 'error').filter(rule => rule.includes('restricted'));
}

/** Each file of src with the files it imports, those of `import type` included, which eslint passes over. */
function importsOfFiles(): ReadonlyMap<string, readonly string[]> {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'));
  return new Map(
    files.map(file => [
      file,
      preProcessFile(readFileSync(join(SRC, file), 'utf8'))
        .importedFiles.map(({ fileName }) => fileName)
        .filter(name => name.startsWith('.'))
        .map(name => relative(SRC, join(SRC, dirname(file), name)))
        .map(path => (existsSync(join(SRC, `${path}.ts`)) ? `${path}.ts` : join(path, 'index.ts'))),
    ]),
  );
}

/** A circle of files that import each other, if there is one. */
function circle(imports: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  const from = (file: string, way: readonly string[]): readonly string[] | undefined => {
    if (way.includes(file)) {
      return [...way.slice(way.indexOf(file)), file];
    }
    if (done.has(file)) {
      return undefined;
    }
    for (const next of imports.get(file) ?? []) {
      const found = from(next, [...way, file]);
      if (found !== undefined) {
        return found;
      }
    }
    done.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const found = from(file, []);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

describe('layers', () => {
  it('have a place for every folder of src', () => {
    expect(() => zonesOf(ROOMS, LAYERS)).not.toThrow();
  });

  it('are refused without one', () => {
    expect(() => zonesOf(['model', 'attic'], [{ name: 'model', rooms: ['model'], cdk8s: false }])).toThrow(
      'src/attic has no layer',
    );
  });

  it('name no folder that is not there, and none twice', () => {
    const layer = { name: 'model', rooms: ['model', 'cellar', 'model'], cdk8s: false };
    expect(() => zonesOf(['model'], [layer])).toThrow(/names cellar twice, or there is no[^]*names model twice/);
  });

  it('let a room import what is below it, and beside it what its layer says', () => {
    const zones = zonesOf(
      ['model', 'cel', 'cedar', 'server', 'route'],
      [
        { name: 'model', rooms: ['model'], cdk8s: false },
        { name: 'languages', rooms: ['cel', 'cedar'], siblings: { cedar: ['cel'] }, cdk8s: false },
        { name: 'constructs', rooms: ['server', 'route'], siblings: 'all', cdk8s: true },
      ],
    );
    expect(zones.map(({ target, from }) => [target, from])).toEqual([
      ['./src/model', ['./src/cel', './src/cedar', './src/server', './src/route', './src/index.ts']],
      ['./src/cel', ['./src/cedar', './src/server', './src/route', './src/index.ts']],
      ['./src/cedar', ['./src/server', './src/route', './src/index.ts']],
      ['./src/server', ['./src/index.ts']],
      ['./src/route', ['./src/index.ts']],
    ]);
  });
});

describe('levels inside of rooms', () => {
  it('have a place for every folder', () => {
    for (const [room, levels] of Object.entries(INSIDE)) {
      expect(() => zonesInside(room, foldersIn(join(SRC, room)), levels)).not.toThrow();
    }
  });

  it.each([
    ['a folder without one', ['a', 'b', 'c'], 'c'],
    ['a folder that is not there', ['a'], 'b'],
    ['a folder with two', ['a', 'b'], 'a, a, a'],
  ])('refuse %s', (what, folders, named) => {
    const levels = what === 'a folder with two' ? [['a', 'b'], ['a']] : [['a'], ['b']];
    expect(() => zonesInside('room', folders, levels)).toThrow(`level for ${named} of src/room`);
  });

  it('let a folder import those below, and the files of the room import all', () => {
    const zones = zonesInside('room', ['a', 'b', 'c'], [['a', 'b'], ['c']]);
    expect(zones.map(({ target, from }) => [target, from])).toEqual([
      ['./src/room/a', ['./src/room/*']],
      ['./src/room/a', ['./src/room/b', './src/room/c']],
      ['./src/room/b', ['./src/room/*']],
      ['./src/room/b', ['./src/room/a', './src/room/c']],
      ['./src/room/c', ['./src/room/*']],
    ]);
  });

  it('are the way that imports go, those of types too', () => {
    const upward = Object.entries(INSIDE).flatMap(([room, levels]) => {
      const levelOf = (file: string): number => {
        const [folder, ...rest] = file.slice(room.length + 1).split('/');
        return rest.length === 0 ? levels.length : levels.findIndex(level => level.includes(folder));
      };
      const isInside = (file: string): boolean => file.startsWith(`${room}/`);
      return [...importsOfFiles()].flatMap(([file, paths]) =>
        paths
          .filter(other => isInside(file) && isInside(other) && levelOf(other) > levelOf(file))
          .map(other => `${file} imports ${other}`),
      );
    });
    expect(upward).toEqual([]);
  });
});

describe('imports', () => {
  it('go in no circle, types included', () => {
    const imports = importsOfFiles();
    expect([...imports.values()].flat().filter(file => !imports.has(file))).toEqual([]);
    expect(circle(imports)).toBeUndefined();
    expect(
      circle(
        new Map([
          ['a', ['b']],
          ['b', ['c', 'd']],
          ['c', []],
          ['d', ['b']],
        ]),
      ),
    ).toEqual(['b', 'd', 'b']);
  });

  it('are linted for circles', async () => {
    const { rules } = await new LegacyESLint({ cwd: ROOT }).calculateConfigForFile(join(SRC, 'model', 'plan.ts'));
    expect(rules['import/no-cycle']).toEqual(['error']);
  });

  it.each([
    ['src/model/validation.ts', '../passes/compile'],
    ['src/model/validation.ts', '../backends/planes'],
    ['src/model/validation.ts', '../server/mcp-server'],
    ['src/model/validation.ts', '../index'],
    ['src/passes/compile.ts', '../backends/planes'],
    ['src/passes/compile.ts', '../synthesis/synthesis'],
    ['src/backends/planes.ts', '../synthesis/synthesis'],
    ['src/backends/agentgateway/entry.ts', '../../route/mcp-route'],
    ['src/backends/kubernetes/labels.ts', '../../imports/ome.io'],
    ['src/passes/compile.ts', '../reports/permission-report'],
    ['src/server/mcp-server.ts', '../imports/ome.io'],
    ['src/server/mcp-server.ts', '../index'],
    // A data plane, by anything but the lists of planes.
    ['src/server/guard.ts', '../backends/agentgateway/server-proxy'],
    ['src/index.ts', './backends/agentgateway'],
    ['src/backends/interface/data-plane.ts', '../agentgateway'],
    ['src/backends/interface/standing.ts', '../kubernetes/labels'],
    ['src/backends/kubernetes/network.ts', '../planes'],
    ['src/passes/policy/merge.ts', '../servers/credentials'],
    ['src/passes/entries/routes.ts', '../network/plan-network'],
    ['src/passes/entries/routes.ts', '../compile'],
    ['src/backends/kubernetes/labels.ts', '../envoy/config/names'],
    ['src/backends/envoy/listener.ts', '../agentgateway/render'],
    ['src/backends/agentgateway/dialect/rule.ts', '../../envoy/dialect/policies'],
    ['src/backends/agentgateway/dialect/rule.ts', '../parts/part'],
    ['src/backends/envoy/parts/tokens.ts', '../routes'],
  ])('%s may not import %s', async (file, path) => {
    await expect(imported(file, path)).resolves.toEqual(['import/no-restricted-paths']);
  });

  it.each(['cdk8s', 'cdk8s-plus-28', 'constructs', 'constructs/lib/construct'])(
    'the compiler may not import %s',
    async name => {
      for (const file of ['src/model/validation.ts', 'src/passes/compile.ts', 'src/backends/agentgateway/entry.ts']) {
        await expect(imported(file, name)).resolves.toEqual(['no-restricted-imports']);
      }
    },
  );

  it.each([
    ['src/passes/compile.ts', '../model/plan'],
    ['src/backends/agentgateway/entry.ts', '../../passes/entries/tool-conflicts'],
    ['src/synthesis/synthesis.ts', '../backends/planes'],
    ['src/synthesis/synthesis.ts', 'cdk8s'],
    ['src/backends/planes.ts', './agentgateway'],
    ['src/backends/server-proxies.ts', './agentgateway/server-proxy'],
    ['src/backends/agentgateway/parts/matches.ts', '../dialect/rule'],
  ])('%s may import %s', async (file, path) => {
    await expect(imported(file, path)).resolves.toEqual([]);
  });
});
