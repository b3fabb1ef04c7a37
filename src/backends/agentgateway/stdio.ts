import { READINESS_PORT } from './capabilities';
import { formatConfig, McpTarget } from './config';

const BINARY_FOLDER = '/mcp-adapter';
const CONFIG_FOLDER = '/etc/mcp-adapter';
const CONFIG_FILE = 'config.yaml';

/** How agentgateway's binary gets into the container of a stdio server, and runs there. */
export const STDIO_ADAPTER = {
  /** Image of the init container that carries the binary. It is linked against glibc, and so runs in no musl image (Alpine). */
  image: 'cr.agentgateway.dev/agentgateway:v1.4.1',
  /** The image's own user, for a pod that must not run as root. */
  user: 65532,
  /** Where the init container puts the binary, and the server's container runs it from. */
  binaryFolder: BINARY_FOLDER,
  binary: `${BINARY_FOLDER}/agentgateway`,
  /** Command of the init container. By its absolute path: it copies the file that its first argument names. */
  copyCommand: ['/app/agentgateway', '--copy-self', `${BINARY_FOLDER}/agentgateway`],
  /** Where the configuration is mounted. */
  configFolder: CONFIG_FOLDER,
  configFile: CONFIG_FILE,
  /** Command of the server's container. */
  command: [`${BINARY_FOLDER}/agentgateway`, '-f', `${CONFIG_FOLDER}/${CONFIG_FILE}`],
  /** Port and path of a server that names none. */
  port: 8080,
  path: '/mcp',
  /** When the adapter is ready. It says nothing of the program, which is started anew for each session. */
  readinessPath: '/healthz/ready',
  readinessPort: READINESS_PORT,
  /**
   * Environment variables that agentgateway takes for its own: it shares the container's environment with the program, and
   * does not start, or listens elsewhere, when one holds what the program expects there.
   */
  reservedVariables: [
    'ADMIN_ADDR',
    'CA_ADDRESS',
    'CONNECTION_MIN_TERMINATION_DEADLINE',
    'CONNECTION_TERMINATION_DEADLINE',
    'CPU_LIMIT',
    'DNS_LOOKUP_FAMILY',
    'DYNAMIC_CA_CERT_CACHE_CAPACITY',
    'DYNAMIC_CA_CERT_CACHE_TTL',
    'IPV6_ENABLED',
    'LOCAL_XDS_PATH',
    'OIDC_COOKIE_SECRET',
    'OTLP_HEADERS',
    'POOL_MAX_STREAMS_PER_CONNECTION',
    'POOL_UNUSED_RELEASE_TIMEOUT',
    'READINESS_ADDR',
    'SESSION_KEY',
    'STATS_ADDR',
    'TERMINATION_GRACE_PERIOD_SECONDS',
    'WORKER_THREADS',
    'XDS_ADDRESS',
  ],
} as const;

/** A program that speaks MCP over its standard input and output. */
export interface StdioProgram {
  readonly command: string;
  readonly args?: readonly string[];
  readonly port?: number;
  readonly path?: string;
}

/** The program in a configuration. */
export function stdioTarget({ command, args }: StdioProgram): McpTarget {
  return { name: 'stdio', stdio: { cmd: command, args: args ?? [] } };
}

/**
 * Configuration of the adapter: agentgateway inside the server's own container, which answers streamable HTTP and starts
 * the program once for each session. The program inherits the container's environment.
 */
export function renderStdioAdapter(program: StdioProgram): string {
  return formatConfig({
    config: {},
    binds: [
      {
        port: program.port ?? STDIO_ADAPTER.port,
        listeners: [
          {
            name: 'stdio',
            protocol: 'HTTP',
            routes: [
              {
                name: 'stdio',
                matches: [{ path: { exact: program.path ?? STDIO_ADAPTER.path } }],
                backends: [{ mcp: { targets: [stdioTarget(program)] } }],
              },
            ],
          },
        ],
      },
    ],
  });
}
