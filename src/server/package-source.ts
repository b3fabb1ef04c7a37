import {
  checkHttp,
  checkImage,
  defaultPath,
  hosted,
  HostedSource,
  McpTransport,
  ScratchFolder,
  SERVER_PORT,
  STDIO,
} from './source-config';
import { McpPackageOptions } from './source-options';
import { errorKind, InputCheck } from '../model/findings';
import { urlFault } from '../model/hosts';
import { DEFAULT_IMAGES } from '../model/images';

const NPM_PACKAGE_INVALID = errorKind(
  'npm-package-invalid',
  'is not an npm package with an exact version',
  'Write name@1.2.3 or @scope/name@1.2.3; ranges and tags such as "latest" would run whatever is published next',
);
const PYTHON_PACKAGE_INVALID = errorKind(
  'python-package-invalid',
  'is not a Python package with an exact version',
  'Write name@1.2.3 or name[extra]==1.2.3; ranges and "latest" would run whatever is published next',
);
const PLACE_OF_STDIO = errorKind(
  'place-of-stdio',
  'is given for a program that speaks over standard input and output',
  'Drop it, or name the transport of a program that listens by itself',
);
const REGISTRY_WITH_CREDENTIALS = errorKind(
  'registry-with-credentials',
  'contains credentials',
  'Use a mirror that asks for none, or give credentials by `env` from a Secret',
);
const REGISTRY_INVALID = errorKind(
  'registry-invalid',
  'is not an http or https URL',
  'Write it in full, such as https://packages.acme.internal/npm/',
);
const REGISTRY_UNUSED = errorKind(
  'registry-unused',
  'is given for a package that is not downloaded',
  'Drop it, or `preinstalled`',
);
const IMAGE_WITHOUT_PACKAGE = errorKind(
  'image-without-package',
  'is missing, and the stock image does not have the package',
  'Name the image that the package is installed in',
);
const PROGRAM_INVALID = errorKind(
  'program-invalid',
  'is not a program name',
  'Name one of the programs that the package installs',
);

/** The `node` user of the Node images; the uv images have no user of their own and take any. */
const RUNNER_USER = 1000;

const CACHE_FOLDER = '/var/cache/mcp-packages';
const RUNNER_SCRATCH: readonly ScratchFolder[] = [
  { name: 'mcp-packages', path: CACHE_FOLDER, sizeLimitMebibytes: 1024 },
  { name: 'tmp', path: '/tmp', sizeLimitMebibytes: 256 },
];

const EXACT_VERSION = '([0-9]+!)?[0-9]+(\\.[0-9]+)*([-.+]?[0-9A-Za-z][-0-9A-Za-z.+]*)?';
const NPM_SPEC = new RegExp(
  '^(@[a-z0-9~-][a-z0-9._~-]*/)?[a-z0-9~-][a-z0-9._~-]*@[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?$',
);
const PYTHON_NAME = '[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?';
/** A name, its extras, and a version. */
const UV_SPEC = new RegExp(
  `^(${PYTHON_NAME})(\\[ *${PYTHON_NAME}(?: *, *${PYTHON_NAME})* *\\])?(?:@|==)(${EXACT_VERSION})$`,
);
/** Package runners unpack and load whole dependency trees. */
const RUNNER = {
  scratch: RUNNER_SCRATCH,
  user: RUNNER_USER,
  memoryRequestMebibytes: 256,
  memoryLimitMebibytes: 1024,
} as const;

/** A program that a package runner starts, in its stock image unless another is named. */
function runBy(runner: 'npx' | 'uvx', image: string | undefined): HostedSource {
  return { ...hosted(image ?? DEFAULT_IMAGES[runner]), ...(image === undefined ? { stock: runner } : {}) };
}

/** Where the program of a package answers: behind the adapter, or by itself. */
function listening({
  transport = McpTransport.STDIO,
  port,
  path,
}: McpPackageOptions): Pick<HostedSource, 'transport' | 'port' | 'path'> {
  return transport === McpTransport.STDIO
    ? STDIO
    : { transport, port: port ?? SERVER_PORT, path: path ?? defaultPath(transport) };
}

/** A package of an image, started by the name of its program. */
function preinstalled(options: McpPackageOptions, packageName: string): HostedSource {
  const { image, program, args = [] } = options;
  return {
    ...hosted(image!),
    ...listening(options),
    ...RUNNER,
    scratch: RUNNER_SCRATCH.filter(({ path }) => path !== CACHE_FOLDER),
    command: [program ?? packageName, ...args],
    env: { HOME: '/tmp' },
  };
}

function checkPackage(input: InputCheck, options: McpPackageOptions): void {
  if (options.image !== undefined) {
    checkImage(input, options.image);
  }
  const { image, registry, port, path } = options;
  if ((options.transport ?? McpTransport.STDIO) === McpTransport.STDIO) {
    input.reportGiven(PLACE_OF_STDIO, 'port', port, () => true);
    input.reportGiven(PLACE_OF_STDIO, 'path', path, () => true);
  } else {
    checkHttp(input, options.transport!, port, path);
  }
  const url = registry !== undefined && URL.canParse(registry) ? new URL(registry) : undefined;
  const secret = url !== undefined && (url.username !== '' || url.password !== '');
  // It becomes a variable of the pods, which everyone who sees them can read.
  const isUrl = registry === undefined || ['https:', 'http:'].includes(url?.protocol ?? '');
  input.report(REGISTRY_WITH_CREDENTIALS, 'registry', '(not shown)', secret);
  input.report(REGISTRY_INVALID, 'registry', registry, !secret && !isUrl);
  const fault = registry === undefined ? undefined : urlFault(registry);
  if (fault !== undefined) {
    input.add([input.finding(fault, 'registry', registry)]);
  }
  input.report(REGISTRY_UNUSED, 'registry', registry, registry !== undefined && options.preinstalled === true);
  input.report(IMAGE_WITHOUT_PACKAGE, 'image', image, options.preinstalled === true && image === undefined);
  input.reportGiven(PROGRAM_INVALID, 'program', options.program, value => !/^[^\s-]\S*$/.test(value));
}

/** A package of npm, as npx runs it. */
export function npxSource(packageSpec: string, options: McpPackageOptions): HostedSource {
  const input = new InputCheck('McpServerSource.npx');
  input.report(NPM_PACKAGE_INVALID, 'packageSpec', packageSpec, !NPM_SPEC.test(packageSpec));
  checkPackage(input, options);
  input.throwIfAny();
  if (options.preinstalled === true) {
    return preinstalled(options, packageSpec.replace(/@[^@]*$/, '').replace(/^@[^/]*\//, ''));
  }
  const run = options.program === undefined ? [packageSpec] : [`--package=${packageSpec}`, options.program];
  return {
    ...runBy('npx', options.image),
    ...listening(options),
    ...RUNNER,
    command: ['npx', '--yes', ...run, ...(options.args ?? [])],
    env: {
      HOME: '/tmp',
      NPM_CONFIG_CACHE: `${CACHE_FOLDER}/npm`,
      NPM_CONFIG_UPDATE_NOTIFIER: 'false',
      ...(options.registry === undefined ? {} : { NPM_CONFIG_REGISTRY: options.registry }),
    },
    download: { registry: options.registry },
  };
}

/** A package of Python, as uvx runs it. */
export function uvxSource(packageSpec: string, options: McpPackageOptions): HostedSource {
  const input = new InputCheck('McpServerSource.uvx');
  const found = UV_SPEC.exec(packageSpec);
  input.report(PYTHON_PACKAGE_INVALID, 'packageSpec', packageSpec, found === null);
  checkPackage(input, options);
  input.throwIfAny();
  const [, name, extras = '', version] = found!;
  if (options.preinstalled === true) {
    return preinstalled(options, name);
  }
  // In the short form uv knows no extras, and no epochs.
  const run =
    options.program === undefined && extras === '' && !version.includes('!')
      ? [`${name}@${version}`]
      : ['--from', `${name}${extras.replace(/ /g, '')}==${version}`, options.program ?? name];
  return {
    ...runBy('uvx', options.image),
    ...listening(options),
    ...RUNNER,
    command: ['uvx', ...run, ...(options.args ?? [])],
    env: {
      HOME: '/tmp',
      UV_CACHE_DIR: `${CACHE_FOLDER}/uv`,
      UV_TOOL_DIR: `${CACHE_FOLDER}/tools`,
      UV_PYTHON_DOWNLOADS: 'never',
      UV_NO_PROGRESS: '1',
      ...(options.registry === undefined ? {} : { UV_DEFAULT_INDEX: options.registry }),
    },
    download: { registry: options.registry },
  };
}
