import { spawnSync } from 'child_process';
import { createHash } from 'crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'fs';
import { basename, dirname, join } from 'path';
import { PAUSE_IMAGE } from './settings';
import { AGENTGATEWAY, DNS_SERVER, ToolFiles } from './tools';
import { DEFAULT_IMAGES } from '../../src/model/images';
import { ENVOY } from '../conformance/envoy';
import { SERVER_EVERYTHING } from '../conformance/mcp-packages';
import { RATE_LIMIT_SERVICE, REDIS } from '../conformance/rate-limit';

/*
 * Images made of files of this machine, by the names that apps have: there is no registry. An image is a list of layers, which are folders.
 */

export const DNS_IMAGE = 'registry.k8s.io/coredns/coredns:v1.12.4';
/** A client, and two versions of a server: `programs/client.mjs` and `programs/tools.mjs`. */
export const CLIENT_IMAGE = 'ghcr.io/acme/client:1.0.0';
export const TOOLS_IMAGES = ['ghcr.io/acme/tools-mcp:1.0.0', 'ghcr.io/acme/tools-mcp:1.1.0'] as const;
/** A server that keeps sessions: MCP's own that has everything. */
export const EVERYTHING_IMAGES = ['ghcr.io/acme/everything-mcp:1.0.0', 'ghcr.io/acme/everything-mcp:1.1.0'] as const;
/** The first version of the server, which runs as root where nobody says otherwise, or as a user of the image, by name. */
export const ROOT_IMAGE = 'ghcr.io/acme/root-mcp:1.0.0';
export const NAMED_IMAGE = 'ghcr.io/acme/named-mcp:1.0.0';

/** What every image of these has. */
const COMMON = ['sh', 'sleep', 'mv', 'rm', 'cat'];
/** Libraries that programs load by name. */
const LOADED = ['libnss_files.so.2', 'libnss_dns.so.2', 'libresolv.so.2'];
const USER = '1000:1000';
/** The name of that user in images. */
const USER_NAME = 'node';

type Layer = 'base' | 'agentgateway' | 'envoy' | 'store' | 'limits' | 'dns' | 'node' | 'programs';

interface Image {
  readonly names: readonly string[];
  readonly layers: readonly Layer[];
  readonly command: readonly string[];
  readonly user?: string;
  readonly env?: readonly string[];
}

const NODE_LAYERS: readonly Layer[] = ['base', 'node', 'programs'];
const program = (file: string, ...args: readonly string[]): string[] => ['/usr/bin/node', `/app/${file}`, ...args];
const EVERYTHING = 'node_modules/@modelcontextprotocol/server-everything/dist/index.js';

/** The command by which that server speaks over standard input and output. */
export const EVERYTHING_STDIO = program(EVERYTHING, 'stdio');

const toolsImage = (name: string, user: string | undefined): Image => ({
  names: [name],
  layers: NODE_LAYERS,
  command: program('tools.mjs'),
  user,
  env: [`VERSION=${name.split(':')[1]}`],
});

const IMAGES: readonly Image[] = [
  { names: [PAUSE_IMAGE], layers: ['base'], command: ['/usr/bin/sleep', 'infinity'] },
  { names: [DNS_IMAGE], layers: ['base', 'dns'], command: ['/usr/bin/dns'] },
  { names: [DEFAULT_IMAGES.envoy], layers: ['base', 'envoy'], command: ['/usr/local/bin/envoy'] },
  ...(AGENTGATEWAY === undefined
    ? []
    : [
        {
          names: [DEFAULT_IMAGES.agentgateway],
          layers: ['base', 'agentgateway'] as const,
          command: ['/app/agentgateway'],
        },
      ]),
  { names: [DEFAULT_IMAGES.rateLimitService], layers: ['base', 'limits'], command: ['/bin/ratelimit'] },
  { names: [DEFAULT_IMAGES.rateLimitStore], layers: ['base', 'store'], command: ['/usr/bin/valkey-server'] },
  { names: [CLIENT_IMAGE], layers: NODE_LAYERS, command: program('client.mjs', 'wait'), user: USER },
  ...TOOLS_IMAGES.map(name => toolsImage(name, USER)),
  toolsImage(ROOT_IMAGE, undefined),
  toolsImage(NAMED_IMAGE, USER_NAME),
  {
    names: EVERYTHING_IMAGES,
    layers: NODE_LAYERS,
    command: program(EVERYTHING, 'streamableHttp'),
    user: USER,
    env: ['PORT=8080'],
  },
];

/** Writes all images into one archive, as `docker save` does, with the help of a folder. */
export function writeImages(archive: string, folder: string, tools: ToolFiles): void {
  const layers = new Map<Layer, string>();
  for (const [name, fill] of Object.entries(contents(tools)) as [Layer, (root: string) => void][]) {
    const root = join(folder, name);
    mkdirSync(root, { recursive: true });
    fill(root);
    const file = join(folder, `${name}.tar`);
    tar(file, root, '.');
    layers.set(name, digestOf(file));
  }
  const output = join(folder, 'images');
  mkdirSync(output, { recursive: true });
  for (const [name, digest] of layers) {
    symlinkSync(join(folder, `${name}.tar`), join(output, `${digest}.tar`));
  }
  const manifest = IMAGES.map(image => {
    const text = JSON.stringify(configuration(image, layers));
    const config = `${createHash('sha256').update(text).digest('hex')}.json`;
    writeFileSync(join(output, config), text);
    return { Config: config, RepoTags: image.names, Layers: image.layers.map(layer => `${layers.get(layer)}.tar`) };
  });
  writeFileSync(join(output, 'manifest.json'), JSON.stringify(manifest));
  tar(archive, output, '--dereference', '.');
}

function configuration({ layers, command, user, env = [] }: Image, digests: ReadonlyMap<Layer, string>): object {
  return {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: {
      Entrypoint: command,
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', ...env],
      WorkingDir: '/',
      User: user ?? '',
    },
    rootfs: { type: 'layers', diff_ids: layers.map(layer => `sha256:${digests.get(layer)}`) },
    history: layers.map(() => ({ created: '1970-01-01T00:00:00Z' })),
  };
}

/** What is in each layer. */
function contents(tools: ToolFiles): Readonly<Record<Layer, (root: string) => void>> {
  return {
    base: root => {
      for (const folder of [
        'etc',
        'tmp',
        'root',
        'proc',
        'sys',
        'dev',
        'run',
        'usr/bin',
        'usr/lib',
        'usr/lib64',
        'usr/sbin',
      ]) {
        mkdirSync(join(root, folder), { recursive: true });
      }
      for (const name of ['bin', 'lib', 'lib64', 'sbin']) {
        symlinkSync(`usr/${name}`, join(root, name));
      }
      chmodSync(join(root, 'tmp'), 0o1777);
      writeFileSync(join(root, 'etc/passwd'), `root:x:0:0::/root:/bin/sh\n${USER_NAME}:x:${USER}::/tmp:/bin/sh\n`);
      writeFileSync(join(root, 'etc/group'), 'root:x:0:\n');
      writeFileSync(join(root, 'etc/nsswitch.conf'), 'hosts: files dns\n');
      COMMON.forEach(name => addProgram(root, which(name), `usr/bin/${name}`));
      const libraries = dirname(librariesOf(which('sh')).find(file => basename(file).startsWith('libc.so'))!);
      LOADED.forEach(name => addFile(root, join(libraries, name), join(libraries, name)));
    },
    agentgateway: root => {
      if (AGENTGATEWAY !== undefined) {
        addProgram(root, AGENTGATEWAY, 'app/agentgateway');
      }
    },
    envoy: root => addProgram(root, tools(ENVOY), 'usr/local/bin/envoy'),
    store: root => {
      addProgram(root, tools(REDIS), 'usr/bin/valkey-server');
      // By which the store is asked how it is. It comes with the server.
      addProgram(root, join(dirname(tools(REDIS)), 'redis-cli'), 'usr/bin/valkey-cli');
    },
    limits: root => addProgram(root, tools(RATE_LIMIT_SERVICE), 'usr/bin/ratelimit'),
    dns: root => addProgram(root, tools(DNS_SERVER), 'usr/bin/dns'),
    node: root => addProgram(root, process.execPath, 'usr/bin/node'),
    programs: root => {
      cpSync(join(tools(SERVER_EVERYTHING), 'node_modules'), join(root, 'app', 'node_modules'), { recursive: true });
      ['client.mjs', 'tools.mjs'].forEach(file =>
        copyFileSync(join(__dirname, 'programs', file), join(root, 'app', file)),
      );
    },
  };
}

/** Copies a program, with the libraries that it is linked to. */
function addProgram(root: string, file: string, to: string): void {
  addFile(root, file, to);
  librariesOf(file).forEach(library => addFile(root, library, library));
}

function addFile(root: string, file: string, to: string): void {
  // The folders of libraries are links to those in /usr.
  const target = join(root, to.replace(/^\/(lib|lib64|bin|sbin)\//, '/usr/$1/'));
  if (!existsSync(target)) {
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(realpathSync(file), target);
    chmodSync(target, 0o755);
  }
}

function librariesOf(file: string): string[] {
  const { stdout } = spawnSync('ldd', [realpathSync(file)], { encoding: 'utf8' });
  return [...stdout.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, library]) => library);
}

function which(name: string): string {
  return spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim();
}

function tar(file: string, folder: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(
    'tar',
    ['-C', folder, '--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@0', '-cf', file, ...args],
    { encoding: 'utf8' },
  );
  if (status !== 0) {
    throw new Error(`tar fails: ${stderr}`);
  }
}

function digestOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
