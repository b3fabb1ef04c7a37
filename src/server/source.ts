import { BackendCredential } from './backend-credential';
import { openApiSource } from './open-api-source';
import { npxSource, uvxSource } from './package-source';
import { checkRemoteUrl, checkServerTls, remoteAddress, upstreamTls } from './remote-url';
import {
  checkHttp,
  checkImage,
  defaultPath,
  hosted,
  MCP_PATH,
  McpTransport,
  SERVER_CONTAINER,
  SERVER_PORT,
  SourceConfig,
  STDIO,
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
import { credentialFindings } from '../passes/servers/credentials';

const COMMAND_EMPTY = errorKind('command-empty', 'is empty', 'Name the program to start and its arguments');
const WRITABLE_PATH_INVALID = errorKind(
  'writable-path-invalid',
  'is not an absolute path below "/"',
  'Start it with "/"',
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
const STDIO_TLS = errorKind('stdio-tls', 'is given for a stdio server, whose adapter speaks plain HTTP', 'Drop it');
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
   * @throws when the image is empty, the port is not 1 to 65535, the path does not start with "/", the transport is stdio,
   * credentials do not go together, or `tls` names no authority
   */
  public static image(image: string, options: McpImageOptions = {}): McpServerSource {
    const transport = options.transport ?? McpTransport.STREAMABLE_HTTP;
    const input = new InputCheck('McpServerSource.image');
    checkImage(input, image);
    checkHttp(input, transport, options.port, options.path);
    checkServerTls(input, options.tls);
    input.add(
      credentialFindings(
        'McpServerSource.image',
        'credentials',
        modelsOf(options.credentials) ?? [],
        options.tls === undefined ? 'cluster' : 'https',
      ),
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
      tls: options.tls && upstreamTls(options.tls),
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
    return new McpServerSource(npxSource(packageSpec, options));
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
    return new McpServerSource(uvxSource(packageSpec, options));
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
    checkServerTls(input, options.tls);
    input.report(STDIO_TLS, 'tls', '(given)', transport === McpTransport.STDIO && options.tls !== undefined);
    input.add(
      credentialFindings(
        'McpServerSource.podTemplate',
        'credentials',
        modelsOf(options.credentials) ?? [],
        options.tls === undefined ? 'cluster' : 'https',
      ),
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
      tls: options.tls && upstreamTls(options.tls),
    });
  }

  /** @internal */
  public readonly _config: SourceConfig;

  private constructor(config: SourceConfig) {
    this._config = config;
  }
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
