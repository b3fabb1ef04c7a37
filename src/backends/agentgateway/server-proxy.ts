import { formatConfig, McpTarget } from './config/config';
import { CONFIG_DIRECTORY, CONFIG_FILE, familiesOf, READINESS_PORT } from './config/container';
import { EnvReference, EnvText } from './config/escape';
import { GUARD_LIMITS } from './parts/servers';
import { variableReferences } from '../../values/variable-references';
import { AGENTGATEWAY, Guard, StdioAdapter, StdioProgram } from '../interface/data-plane';

const BINARY_FOLDER = '/mcp-adapter';
const ADAPTER_CONFIG_FOLDER = '/etc/mcp-adapter';
const ADAPTER_CONFIG_FILE = 'config.yaml';

/** Port and path of a program that names none. */
const PROGRAM_PORT = 8080;
const PROGRAM_PATH = '/mcp';

/** How agentgateway's binary gets into the container of a stdio server, and runs there. */
export const STDIO_ADAPTER: StdioAdapter = {
  image: AGENTGATEWAY,
  user: 65532,
  binaryFolder: BINARY_FOLDER,
  binary: `${BINARY_FOLDER}/agentgateway`,
  /** By its absolute path: it copies the file that its first argument names. */
  copyCommand: ['/app/agentgateway', '--copy-self', `${BINARY_FOLDER}/agentgateway`],
  configFolder: ADAPTER_CONFIG_FOLDER,
  configFile: ADAPTER_CONFIG_FILE,
  command: [`${BINARY_FOLDER}/agentgateway`, '-f', `${ADAPTER_CONFIG_FOLDER}/${ADAPTER_CONFIG_FILE}`],
  /** The program is started anew for each session. */
  readinessPath: '/healthz/ready',
  readinessPort: READINESS_PORT,
  /** It does not start, or listens elsewhere, when one of these holds what the program expects there. */
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
  render: renderStdioAdapter,
};

/** The program in a configuration. */
export function stdioTarget({ command, args = [], isVariable }: StdioProgram): McpTarget {
  const word = (text: string): string | EnvText => {
    const parts = isVariable === undefined ? [text] : variableReferences(text, isVariable);
    return parts.every(part => typeof part === 'string')
      ? parts.join('')
      : new EnvText(parts.map(part => (typeof part === 'string' ? part : new EnvReference(part.variable))));
  };
  return { name: 'stdio', stdio: { cmd: word(command), args: args.map(word) } };
}

/**
 * Configuration of the adapter: agentgateway inside the server's own container, which answers streamable HTTP and starts
 * the program once for each session. The program inherits the container's environment.
 */
function renderStdioAdapter(program: StdioProgram): string {
  return formatConfig({
    config: familiesOf(program.ipv4Alone === true),
    binds: [
      {
        port: program.port ?? PROGRAM_PORT,
        listeners: [
          {
            name: 'stdio',
            protocol: 'HTTP',
            routes: [
              {
                name: 'stdio',
                matches: [{ path: { exact: program.path ?? PROGRAM_PATH } }],
                backends: [{ mcp: { targets: [stdioTarget(program)] } }],
              },
            ],
          },
        ],
      },
    ],
  });
}

const GUARD_PORT = 15080;
const GUARD_READINESS_PORT = 15081;

/** The container in front of a server that is protected: agentgateway, in the server's own pod. */
export const GUARD: Guard = {
  name: 'mcp-guard',
  image: STDIO_ADAPTER.image,
  user: STDIO_ADAPTER.user,
  /** Neither port is one of agentgateway's usual ones, which the sidecars of service meshes open as well. */
  port: GUARD_PORT,
  readinessPath: '/healthz/ready',
  readinessPort: GUARD_READINESS_PORT,
  args: ['-f', `${CONFIG_DIRECTORY}/${CONFIG_FILE}`],
  configFolder: CONFIG_DIRECTORY,
  configFile: CONFIG_FILE,
  ports: [GUARD_PORT, GUARD_READINESS_PORT],
  servesPath: (path, protocol) => (protocol === 'sse') === (path === '/sse'),
  pathLimit: GUARD_LIMITS['server.oidcConfig.path'].kind,
};
