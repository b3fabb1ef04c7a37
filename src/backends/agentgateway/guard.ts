import { CONFIG_DIRECTORY, CONFIG_FILE } from './container';
import { STDIO_ADAPTER } from './stdio';

const READINESS_PORT = 15081;

/** The container in front of a server that is protected: agentgateway, in the server's own pod. */
export const GUARD = {
  name: 'mcp-guard',
  image: STDIO_ADAPTER.image,
  /** The image's own user, for a pod that must not run as root. */
  user: STDIO_ADAPTER.user,
  /** Port it answers on. Neither is one of agentgateway's usual ports, which the sidecars of service meshes open as well. */
  port: 15080,
  readinessPath: '/healthz/ready',
  readinessPort: READINESS_PORT,
  args: ['-f', `${CONFIG_DIRECTORY}/${CONFIG_FILE}`],
  configFolder: CONFIG_DIRECTORY,
  configFile: CONFIG_FILE,
  /** Ports that the program behind it must leave free: they share the pod's addresses. */
  ports: [15080, READINESS_PORT],
} as const;
