import { BackendCredential } from './backend-credential';
import { openApiSource } from './open-api-source';
import { checkRemoteUrl, remoteAddress } from './remote-url';
import {
  defaultPath,
  HostedSource,
  MCP_PATH,
  McpTransport,
  ScratchFolder,
  SERVER_CONTAINER,
  SERVER_PORT,
  SourceConfig,
} from './source-config';
import {
  McpCommandOptions,
  McpImageOptions,
  McpOpenApiOptions,
  McpPackageOptions,
  McpPodTemplateOptions,
  McpRemoteOptions,
} from './source-options';
import { errorKind, InputCheck } from '../model/findings';
import { DEFAULT_IMAGES, IMAGE_INVALID, isImage } from '../model/images';
import { isPort, PORT_INVALID } from '../model/validation';
import { credentialFindings } from '../passes/servers/credentials';

const COMMAND_EMPTY = errorKind('command-empty', 'is empty', 'Name the program to start and its arguments');
const WRITABLE_PATH_INVALID = errorKind(
  'writable-path-invalid',
  'is not an absolute path below "/"',
  'Start it with "/"',
);
const NPM_PACKAGE_INVALID = errorKind(
  'npm-package-invalid',
  'is not an npm package with an exact version',
  'Write name@1.2.3 or @scope/name@1.2.3; ranges and tags such as "latest" would run whatever is published next',
);
const PYTHON_PACKAGE_INVALID = errorKind(
  'python-package-invalid',
  'is not a Python package with an exact version',
  'Write name@1.2.3 or name==1.2.3; ranges and "latest" would run whatever is published next',
);
const REMOTE_STDIO = errorKind(
  'remote-stdio',
  'a remote server cannot speak over standard input and output',
  'Use McpTransport.STREAMABLE_HTTP or McpTransport.SSE',
);
const STDIO_CREDENTIALS = errorKind(
  'stdio-credentials',
  'are given for a stdio server, whose adapter asks for none',
  'Drop them',
);
const IMAGE_OF_STDIO = errorKind(
  'image-of-stdio',
  'an image of its own listens on HTTP',
  'Start a stdio program with McpServerSource.command(image, command)',
);
const PATH_INVALID = errorKind('path-invalid', 'is not a URL path', 'Start it with "/", without query or fragment');
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
const SERVER_CONTAINER_MISSING = errorKind(
  'server-container-missing',
  `has no container named "${SERVER_CONTAINER}"`,
  `Name the container that runs the server "${SERVER_CONTAINER}"`,
);
const SERVER_IMAGE_MISSING = errorKind('server-image-missing', 'is missing', 'Name an image with its tag');
const SERVER_COMMAND_MISSING = errorKind(
  'server-command-missing',
  "is missing, and the adapter of a stdio server has to start the program itself (it cannot read the image's entrypoint)",
  'Set command to the program that speaks over standard input and output',
);

/** The `node` user of the Node images; the uv images have no user of their own and take any. */
const RUNNER_USER = 1000;

const CACHE_FOLDER = '/var/cache/mcp-packages';
const RUNNER_SCRATCH: readonly ScratchFolder[] = [
  { name: 'mcp-packages', path: CACHE_FOLDER, sizeLimitMebibytes: 1024 },
  { name: 'tmp', path: '/tmp', sizeLimitMebibytes: 256 },
];

/**
 * Where the program of an MCP server is and how it is started.
 *
 * @example
 *
 * import { McpServerSource, McpTransport } from 'cdk8s-mcp';
 *
 * McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0');
 * McpServerSource.image('ghcr.io/acme/legacy-mcp:0.9.1', { transport: McpTransport.SSE, port: 3000 });
 * McpServerSource.command('ghcr.io/acme/tools:2.0.0', ['/usr/bin/tools', '--stdio']);
 * McpServerSource.npx('kubernetes-mcp-server@0.0.50');
 * McpServerSource.uvx('mcp-server-git@2025.9.25');
 * McpServerSource.remote('https://mcp.crm.example.com/mcp');
 * McpServerSource.openApi({ schemaFile: 'crm.openapi.yaml', url: 'http://crm.finance.svc:8080' });
 */
export class McpServerSource {
  /**
   * A server that listens on HTTP, in an image of its own.
   *
   * @param image the image, with a tag or digest
   * @param options port, path and transport
   * @throws when the image is empty, the port is not 1 to 65535, the path does not start with "/", the transport is stdio, or
   * credentials do not go together
   */
  public static image(image: string, options: McpImageOptions = {}): McpServerSource {
    const transport = options.transport ?? McpTransport.STREAMABLE_HTTP;
    const input = new InputCheck('McpServerSource.image');
    checkImage(input, image);
    checkHttp(input, transport, options.port, options.path);
    input.add(
      credentialFindings('McpServerSource.image', 'credentials', modelsOf(options.credentials) ?? [], 'cluster'),
    );
    input.throwIfAny();
    return new McpServerSource({
      ...hosted(image),
      transport,
      command: options.command,
      args: options.args,
      port: options.port ?? SERVER_PORT,
      path: options.path ?? defaultPath(transport),
      credentials: modelsOf(options.credentials),
    });
  }

  /**
   * A program in an image that speaks over standard input and output. It runs behind an
   * adapter in the same container, one process for each session. The adapter is a glibc binary of
   * Debian trixie (glibc 2.41): an Alpine image cannot run it.
   *
   * @param image the image, with a tag or digest
   * @param command the program and its arguments. The image's entrypoint is not used.
   * @param options writable folders
   * @throws when the image or the command is empty, or a path is not absolute
   */
  public static command(image: string, command: string[], options: McpCommandOptions = {}): McpServerSource {
    const input = new InputCheck('McpServerSource.command');
    checkImage(input, image);
    input.report(COMMAND_EMPTY, 'command', command, !(command.length > 0 && command[0] !== ''));
    const paths = options.writablePaths ?? [];
    paths.forEach((path, i) => input.report(WRITABLE_PATH_INVALID, `writablePaths[${i}]`, path, !/^\/./.test(path)));
    input.throwIfAny();
    return new McpServerSource({
      ...hosted(image),
      ...STDIO,
      command,
      scratch: paths.map((path, i) => ({ name: `scratch-${i}`, path, sizeLimitMebibytes: 256 })),
    });
  }

  /**
   * A pinned npm package, run by npx in a stock Node image. It speaks over standard input and output, and is downloaded when
   * a pod starts its first session; or it listens on HTTP by itself (`transport`), and is downloaded when a pod starts.
   *
   * @param packageSpec the package and its exact version, such as `kubernetes-mcp-server@0.0.50`
   * @param options arguments, image, program and transport
   * @throws when the version is not exact, so that it would run whatever is published next, the registry is not a URL, or a
   * port or path is given for a program that does not listen
   */
  public static npx(packageSpec: string, options: McpPackageOptions = {}): McpServerSource {
    const input = new InputCheck('McpServerSource.npx');
    input.report(NPM_PACKAGE_INVALID, 'packageSpec', packageSpec, !NPM_SPEC.test(packageSpec));
    checkPackage(input, options);
    input.throwIfAny();
    if (options.preinstalled === true) {
      return new McpServerSource(preinstalled(options, packageSpec.replace(/@[^@]*$/, '').replace(/^@[^/]*\//, '')));
    }
    const run = options.program === undefined ? [packageSpec] : [`--package=${packageSpec}`, options.program];
    return new McpServerSource({
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
    });
  }

  /**
   * A pinned Python package, run by uvx. It speaks over standard input and output, and is downloaded when a pod starts its
   * first session; or it listens on HTTP by itself (`transport`), and is downloaded when a pod starts.
   *
   * @param packageSpec the package and its exact version, such as `mcp-server-git@2025.9.25`
   * @param options arguments, image, program and transport
   * @throws when the version is not exact, so that it would run whatever is published next, the registry is not a URL, or a
   * port or path is given for a program that does not listen
   */
  public static uvx(packageSpec: string, options: McpPackageOptions = {}): McpServerSource {
    const input = new InputCheck('McpServerSource.uvx');
    input.report(PYTHON_PACKAGE_INVALID, 'packageSpec', packageSpec, !UV_SPEC.test(packageSpec));
    checkPackage(input, options);
    input.throwIfAny();
    if (options.preinstalled === true) {
      return new McpServerSource(preinstalled(options, packageSpec.replace(/(@|==).*$/, '')));
    }
    const run =
      options.program === undefined
        ? [packageSpec.replace('==', '@')]
        : ['--from', packageSpec.replace(/@|==/, '=='), options.program];
    return new McpServerSource({
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
    });
  }

  /**
   * A server outside the cluster. Nothing runs in the cluster for it; gateways call it.
   *
   * @param url its MCP endpoint
   * @param options transport, TLS and credentials
   * @throws when the URL is not https and `insecure` was not said, has credentials or a fragment in it, the transport is stdio,
   * or credentials do not go together or would be sent without TLS
   */
  public static remote(url: string, options: McpRemoteOptions = {}): McpServerSource {
    const input = new InputCheck('McpServerSource.remote');
    const transport = options.transport ?? McpTransport.STREAMABLE_HTTP;
    input.report(REMOTE_STDIO, 'transport', transport, transport === McpTransport.STDIO);
    const parsed = checkRemoteUrl(input, url, options);
    input.add(
      credentialFindings(
        'McpServerSource.remote',
        'credentials',
        modelsOf(options.credentials) ?? [],
        parsed?.protocol === 'http:' ? 'http' : 'https',
      ),
    );
    input.throwIfAny();
    return new McpServerSource({
      kind: 'remote',
      url,
      transport,
      ...remoteAddress(parsed!, options.tls),
      credentials: modelsOf(options.credentials),
    });
  }

  /**
   * A REST service, in the cluster or outside, whose requests are the tools: gateways translate, and nothing else runs for it.
   * Each operation of its OpenAPI document is a tool named by the `operationId`, for the checks of the app as for clients.
   * It keeps no sessions.
   *
   * What an operation takes are the arguments of its tool: how they are called and grouped is up to the data plane, and the
   * list of tools says it. A call with an argument that the document has not, or without one that belongs into the path, is refused.
   *
   * @param options the document, where the service is, and what gateways prove to it
   * @throws when the document cannot be read, is not of OpenAPI 3.0 or 3.1, or has an operation that cannot be a tool: one
   * without an id that can be the name of a tool, with a required cookie, with parameters that are objects or are written in
   * a way that gateways do not know, with a body that is no JSON, or with references to other documents; when it is larger than
   * resources can be; for the URL and the credentials, what {@link McpServerSource.remote} throws for
   */
  public static openApi(options: McpOpenApiOptions): McpServerSource {
    return new McpServerSource(openApiSource(options));
  }

  /**
   * A server described by a Kubernetes PodTemplateSpec, as MCPServer documents have it. The
   * container that runs the program must be named `mcp-server`; the library adds what the
   * template leaves open and changes nothing that it says.
   *
   * @param template a PodTemplateSpec in Kubernetes' own JSON form
   * @param options transport, port and path
   * @throws when there is no container `mcp-server`, it has no image, or it is stdio and names no command
   */
  public static podTemplate(template: any, options: McpPodTemplateOptions = {}): McpServerSource {
    const transport = options.transport ?? McpTransport.STREAMABLE_HTTP;
    const input = new InputCheck('McpServerSource.podTemplate');
    const container = serverContainerOf(template);
    checkTemplateContainer(input, template, container, transport);
    const port = options.port ?? container?.ports?.[0]?.containerPort;
    if (transport !== McpTransport.STDIO) {
      checkHttp(input, transport, port, options.path);
    }
    input.add(
      credentialFindings('McpServerSource.podTemplate', 'credentials', modelsOf(options.credentials) ?? [], 'cluster'),
    );
    input.report(
      STDIO_CREDENTIALS,
      'credentials',
      options.credentials?.length,
      transport === McpTransport.STDIO && options.credentials !== undefined,
    );
    input.throwIfAny();
    const stdio = transport === McpTransport.STDIO;
    return new McpServerSource({
      ...hosted(container.image),
      transport,
      command: container.command,
      args: container.args,
      port: stdio ? SERVER_PORT : (port ?? SERVER_PORT),
      path: stdio ? MCP_PATH : (options.path ?? defaultPath(transport)),
      podTemplate: template,
      credentials: modelsOf(options.credentials),
    });
  }

  /** @internal */
  public readonly _config: SourceConfig;

  private constructor(config: SourceConfig) {
    this._config = config;
  }
}

const EXACT_VERSION = '[0-9]+(\\.[0-9]+)*([-.+]?[0-9A-Za-z][-0-9A-Za-z.+]*)?';
const NPM_SPEC = new RegExp(
  '^(@[a-z0-9~-][a-z0-9._~-]*/)?[a-z0-9~-][a-z0-9._~-]*@[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.-]+)?$',
);
const UV_SPEC = new RegExp(`^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?(@|==)${EXACT_VERSION}$`);

const STDIO = { transport: McpTransport.STDIO, port: SERVER_PORT, path: MCP_PATH } as const;
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

function hosted(image: string): HostedSource {
  return {
    kind: 'hosted',
    image,
    transport: McpTransport.STREAMABLE_HTTP,
    port: SERVER_PORT,
    path: MCP_PATH,
    env: {},
    scratch: [],
    memoryRequestMebibytes: 128,
    memoryLimitMebibytes: 512,
  };
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

function checkImage(input: InputCheck, image: string): void {
  input.report(IMAGE_INVALID, 'image', image, !isImage(image));
}

function checkHttp(input: InputCheck, transport: McpTransport, port?: number, path?: string): void {
  input.report(IMAGE_OF_STDIO, 'transport', transport, transport === McpTransport.STDIO);
  input.reportGiven(PORT_INVALID, 'port', port, value =>
    isPort(value) ? undefined : { port: 'the port the container listens on' },
  );
  input.reportGiven(PATH_INVALID, 'path', path, value => !/^\/[^\s?#]*$/.test(value));
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
  input.report(REGISTRY_UNUSED, 'registry', registry, registry !== undefined && options.preinstalled === true);
  input.report(IMAGE_WITHOUT_PACKAGE, 'image', image, options.preinstalled === true && image === undefined);
  input.reportGiven(PROGRAM_INVALID, 'program', options.program, value => !/^[^\s-]\S*$/.test(value));
}

function modelsOf(credentials: readonly BackendCredential[] | undefined) {
  return credentials?.map(({ _model }) => _model);
}

function serverContainerOf(template: any): any {
  const containers = template?.spec?.containers;
  return Array.isArray(containers)
    ? containers.find((container: any) => container?.name === SERVER_CONTAINER)
    : undefined;
}

function checkTemplateContainer(input: InputCheck, template: any, container: any, transport: McpTransport): void {
  const names = Array.isArray(template?.spec?.containers)
    ? template.spec.containers.map((other: any) => other?.name)
    : undefined;
  if (container === undefined) {
    input.report(SERVER_CONTAINER_MISSING, 'template.spec.containers', names, true);
    return;
  }
  input.report(
    SERVER_IMAGE_MISSING,
    `template.spec.containers[${SERVER_CONTAINER}].image`,
    container.image,
    !(typeof container.image === 'string' && container.image !== ''),
  );
  if (transport === McpTransport.STDIO) {
    input.report(
      SERVER_COMMAND_MISSING,
      `template.spec.containers[${SERVER_CONTAINER}].command`,
      container.command,
      !(Array.isArray(container.command) && container.command.length > 0),
    );
  }
}
