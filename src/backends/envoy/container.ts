import { METRICS_PORT, READINESS_PORT } from './capabilities';
import { BOOTSTRAP_FILE, CONFIG_DIRECTORY } from './names';
import { Gateway } from '../../model/gateway';
import { PlaneContainer } from '../data-plane';

/** How long a pod that must go still takes connections: endpoints and proxies need a moment to learn of it. */
const DRAIN_SECONDS = 20;

/** The gateway's container. */
export function container(gateway: Gateway): PlaneContainer {
  return {
    // Not the image's entry point, which wants to be root first. There is no second process to hand sockets to, and no shared memory.
    command: ['/usr/local/bin/envoy'],
    args: ['-c', `${CONFIG_DIRECTORY}/${BOOTSTRAP_FILE}`, '--disable-hot-restart', '--drain-time-s', String(DRAIN_SECONDS), '-l', LOG_LEVELS[gateway.logLevel]],
    configDirectory: CONFIG_DIRECTORY,
    ports: [
      { name: gateway.tls === undefined ? 'http' : 'https', port: gateway.port },
      { name: 'metrics', port: METRICS_PORT },
      { name: 'readiness', port: READINESS_PORT },
    ],
    readiness: { path: '/ready', port: READINESS_PORT },
    metrics: { path: '/stats/prometheus', port: METRICS_PORT },
    terminationGraceSeconds: DRAIN_SECONDS + 10,
  };
}

const LOG_LEVELS: Readonly<Record<Gateway['logLevel'], string>> = { error: 'error', warn: 'warning', info: 'info', debug: 'debug' };
