import { CONFIG_DIRECTORY, CONFIG_FILE } from './config/container';
import { GUARD_LIMITS } from './parts/guards';
import { STDIO_ADAPTER } from './stdio';
import { Guard } from '../interface/server-proxy';

const PORT = 15080;
const READINESS_PORT = 15081;

/** The container in front of a server that is protected: agentgateway, in the server's own pod. */
export const GUARD: Guard = {
  name: 'mcp-guard',
  image: STDIO_ADAPTER.image,
  user: STDIO_ADAPTER.user,
  /** Neither port is one of agentgateway's usual ones, which the sidecars of service meshes open as well. */
  port: PORT,
  readinessPath: '/healthz/ready',
  readinessPort: READINESS_PORT,
  args: ['-f', `${CONFIG_DIRECTORY}/${CONFIG_FILE}`],
  configFolder: CONFIG_DIRECTORY,
  configFile: CONFIG_FILE,
  ports: [PORT, READINESS_PORT],
  servesPath: (path, protocol) => (protocol === 'sse') === (path === '/sse'),
  pathLimit: GUARD_LIMITS['server.oidcConfig.path'].kind,
};
