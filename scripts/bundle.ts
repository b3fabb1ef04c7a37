/*
 * What is run of the compiled library, in one file instead of several hundred, which Node.js takes as many times as long to find, read and
 * compile: lib/bundle/library.js, beside an index that evaluates of it what is asked for. Run by `npm run compile`, after jsii.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { buildSync } from 'esbuild';

const LIB = join(__dirname, '..', 'lib');
const INDEX = join(LIB, 'index.js');
/** As far below the package as the files that look for its folders from where they are. */
const BUNDLE = 'bundle/library.js';

/** The peer that is only loaded by the first workload: it takes as long to load as everything else together. */
const PLUS = 'cdk8s-plus-28';
const LATE = `const plus = new Proxy({ __esModule: true }, { get: (own, name) => own[name] ?? require(\`${PLUS}\`)[name] });`;

/** What TypeScript makes of `export * from`, of `export { Name } from` and of `import`. */
const EXPORTS_ALL = /^__exportStar\(require\("(.+)"\), exports\);$/;
const LOADED = /^var (\w+) = require\("(.+)"\);$/;
const EXPORTED =
  /^Object\.defineProperty\(exports, "(\w+)", \{ enumerable: true, get: function \(\) \{ return (\w+)\.\1; \} \}\);$/;
const IMPORTED = /^require\("(.+)"\);$/;
/** What it begins with, which says nothing of modules. */
const PREAMBLE =
  /^("use strict";|Object\.defineProperty\(exports, "__esModule", \{ value: true \}\);|exports\.[\w. =]+ = void 0;|\/\/.*|)$/;
const HELPERS = /^var __createBinding = [^]*?^};$\n/m;

interface Index {
  /** Names by the module that has them. */
  readonly names: ReadonlyMap<string, readonly string[]>;
  /** Modules that are loaded for what they do then. */
  readonly effects: readonly string[];
}

/** What the index that jsii compiled exports, and from where. */
function readIndex(text: string): Index {
  const names = new Map<string, string[]>();
  const modules = new Map<string, string>();
  const effects: string[] = [];
  for (const line of text.replace(HELPERS, '').split('\n')) {
    const [, all] = EXPORTS_ALL.exec(line) ?? [];
    const [, variable, loaded] = LOADED.exec(line) ?? [];
    const [, name, source] = EXPORTED.exec(line) ?? [];
    const [, effect] = IMPORTED.exec(line) ?? [];
    if (all !== undefined) {
      names.set(all, [...(names.get(all) ?? []), ...Object.keys(require(join(LIB, all)))]);
    } else if (loaded !== undefined) {
      modules.set(variable, loaded);
    } else if (name !== undefined) {
      const module = modules.get(source)!;
      names.set(module, [...(names.get(module) ?? []), name]);
    } else if (effect !== undefined) {
      effects.push(effect);
    } else if (!PREAMBLE.test(line)) {
      throw new Error(`lib/index.js has a line that the bundle knows nothing of: ${line}`);
    }
  }
  return { names: new Map([...names].filter(([, own]) => own.length > 0)), effects };
}

/** The module of the bundle: what is evaluated at once, and what by whoever asks for it. */
function entryOf({ names, effects }: Index): string {
  const modules = [...names.keys()].map(
    module => `  get ${JSON.stringify(module)}() { return require(${JSON.stringify(module)}); },`,
  );
  return [...effects.map(module => `require(${JSON.stringify(module)});`), 'module.exports = {', ...modules, '};'].join(
    '\n',
  );
}

/**
 * The index of the package. Names stand in it in a form that Node.js finds without running it, for `import { McpServer }`; each is then a
 * getter, as those of aws-cdk-lib are.
 */
function indexOf({ names }: Index): string {
  const all = [...names.values()].flat();
  return `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
${all.map(name => `exports.${name} = `).join('')}void 0;
const modules = require("./${BUNDLE}");
function lazy(module, names) {
  for (const name of names) {
    Object.defineProperty(exports, name, { enumerable: true, configurable: true, get: () => modules[module][name] });
  }
}
${[...names].map(([module, own]) => `lazy(${JSON.stringify(module)}, ${JSON.stringify(own)});`).join('\n')}
`;
}

const index = readIndex(readFileSync(INDEX, 'utf8'));
const { outputFiles } = buildSync({
  stdin: { contents: entryOf(index), resolveDir: LIB, sourcefile: 'library.js' },
  outfile: join(LIB, BUNDLE),
  bundle: true,
  platform: 'node',
  target: 'node20',
  packages: 'external',
  // Classes are called what they are called in errors.
  keepNames: true,
  write: false,
  logLevel: 'warning',
  banner: { js: LATE },
});
mkdirSync(dirname(join(LIB, BUNDLE)), { recursive: true });
writeFileSync(join(LIB, BUNDLE), outputFiles[0].text.replaceAll(`require("${PLUS}")`, 'plus'));
writeFileSync(INDEX, indexOf(index));
