import { Part } from './part';
import { GatewayPlan, serversOf } from '../../../model/plan';
import { BackendCredential, Endpoint, Server } from '../../../model/server';
import { compareText } from '../../../values/text';
import { BackendTls, caFileName, ConnectionPolicies } from '../config/config';
import { CONFIG_DIRECTORY, secretFile } from '../config/container';

/** How the gateway connects to servers: by TLS, through a proxy. */
export const upstream = {
  limits: {
    egressProxy: {
      supported: true,
      reason:
        'remote servers are reached through the proxy of the cluster, by CONNECT where they speak TLS; keys of issuers and traces are not',
    },
  },
  connection: (_entry, { endpoint, server }, { last }) =>
    last ? { backendTLS: backendTls(endpoint, server), backendTunnel: tunnel(endpoint) } : {},
  files: caFiles,
} as const satisfies Part;

type ClientCertificate = Extract<BackendCredential, { kind: 'clientCertificate' }>;

/** TLS towards a server, where it speaks it. Without a name of its own, the host is what its certificate must be for. */
function backendTls({ tls, host }: Endpoint, { credentials = [] }: Server): BackendTls | undefined {
  const certificate = credentials.find(
    (credential): credential is ClientCertificate => credential.kind === 'clientCertificate',
  );
  return (
    tls && {
      hostname: tls.serverName ?? host,
      ...(tls.caBundle === undefined ? {} : { root: `${CONFIG_DIRECTORY}/${caFileName(tls.caBundle)}` }),
      ...(certificate === undefined
        ? {}
        : { cert: secretFile(certificate.certificate), key: secretFile(certificate.privateKey) }),
      ...(tls.insecureSkipVerify ? { insecure: true } : {}),
    }
  );
}

/** The proxy on the way to a server: by CONNECT where the server speaks TLS, else by asking the proxy for the URL. The environment is not read for one. */
function tunnel({ proxy }: Endpoint): ConnectionPolicies['backendTunnel'] {
  return proxy === undefined ? undefined : { proxy: { host: proxy } };
}

/** CA bundles of servers, as files beside the configuration. */
function caFiles({ entries }: GatewayPlan): Record<string, string> {
  const bundles = entries
    .flatMap(serversOf)
    .flatMap(({ endpoints }) => endpoints)
    .flatMap(({ tls }) => tls?.caBundle ?? []);
  return Object.fromEntries([...new Set(bundles)].sort(compareText).map(pem => [caFileName(pem), pem]));
}
