import { METRICS_PORT, READINESS_PORT } from './names';
import { Gateway } from '../../../model/gateway';
import { SecretKey } from '../../../model/policy';
import { PlaneContainer } from '../../interface/data-plane';

/** Where the configuration is mounted, as a whole folder: a file mounted by `subPath` would never be updated. */
export const CONFIG_DIRECTORY = '/etc/agentgateway';
/** The configuration in that folder. */
export const CONFIG_FILE = 'config.yaml';
/** Environment variable with the key that protects session ids: 64 hexadecimal digits, the same for all replicas. */
export const SESSION_KEY_VARIABLE = 'SESSION_KEY';

/** How long a pod that must go still takes connections: endpoints and proxies need a moment to learn of it. */
export const DRAIN_MIN_SECONDS = 5;
/** How long, after that, requests in flight may take. */
export const DRAIN_MAX_SECONDS = 20;

/** The gateway's container. */
export function container(gateway: Gateway): PlaneContainer {
  return {
    args: ['-f', `${CONFIG_DIRECTORY}/${CONFIG_FILE}`],
    configDirectory: CONFIG_DIRECTORY,
    ports: [
      { name: gateway.tls === undefined ? 'http' : 'https', port: gateway.port },
      { name: 'metrics', port: METRICS_PORT },
      { name: 'readiness', port: READINESS_PORT },
    ],
    readiness: { path: '/healthz/ready', port: READINESS_PORT },
    liveness: { path: '/healthz/ready', port: READINESS_PORT },
    metrics: { path: '/metrics', port: METRICS_PORT },
    sessionKeyVariable: SESSION_KEY_VARIABLE,
    terminationGraceSeconds: DRAIN_MIN_SECONDS + DRAIN_MAX_SECONDS + 5,
  };
}

/** Folder with a folder for each Secret. Beside that of the configuration: nothing can be mounted inside a read-only volume. */
export const SECRETS_DIRECTORY = '/etc/agentgateway-secrets';

/** Path of a key of a Secret that is mounted. */
export function secretFile({ secretName, key }: SecretKey): string {
  return `${SECRETS_DIRECTORY}/${secretName}/${key}`;
}
