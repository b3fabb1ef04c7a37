import { caFileName, BackendTls, ConnectionPolicies, HeaderChanges, HostParts, McpTarget } from './config';
import { CONFIG_DIRECTORY } from './container';
import { secretFile } from './secrets';
import { HeaderModifier } from '../../model/route';
import { BackendCredential, Endpoint, Server } from '../../model/server';

/** A target in the form of its protocol, without empty policies. */
export function target(
  name: string,
  protocol: Server['protocol'],
  address: { host: string; port: number; path: string },
  policies: ConnectionPolicies,
): McpTarget {
  return {
    name,
    ...(protocol === 'sse' ? { sse: address } : { mcp: address }),
    ...(isEmpty(policies) ? {} : { policies }),
  };
}

/** A target that is a REST service, described by a file beside the configuration. */
export function openApiTarget(name: string, address: HostParts, file: string, policies: ConnectionPolicies): McpTarget {
  return {
    name,
    openapi: { ...address, schema: { file: `${CONFIG_DIRECTORY}/${file}` } },
    ...(isEmpty(policies) ? {} : { policies }),
  };
}

/** Whether policies say nothing: agentgateway takes no empty ones. */
export function isEmpty(policies: object): boolean {
  return Object.values(policies).every(policy => policy === undefined);
}

type ClientCertificate = Extract<BackendCredential, { kind: 'clientCertificate' }>;

/** TLS towards a server, where it speaks it. Without a name of its own, the host is what its certificate must be for. */
export function backendTls({ tls, host }: Endpoint, { credentials = [] }: Server): BackendTls | undefined {
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
export function tunnel({ proxy }: Endpoint): ConnectionPolicies['backendTunnel'] {
  return proxy === undefined ? undefined : { proxy: { host: proxy } };
}

/** Changes to headers in agentgateway's form, where a name stands once: several values of one header are joined, as HTTP allows. */
export function headerChanges(modifier: HeaderModifier | undefined): HeaderChanges | undefined {
  if (modifier === undefined || modifier.set.length + modifier.add.length + modifier.remove.length === 0) {
    return undefined;
  }
  const add = new Map<string, string>();
  for (const { name, value } of modifier.add) {
    add.set(name, add.has(name) ? `${add.get(name)}, ${value}` : value);
  }
  return {
    ...(modifier.set.length > 0
      ? { set: Object.fromEntries(modifier.set.map(({ name, value }) => [name, value])) }
      : {}),
    ...(add.size > 0 ? { add: Object.fromEntries(add) } : {}),
    ...(modifier.remove.length > 0 ? { remove: modifier.remove } : {}),
  };
}
