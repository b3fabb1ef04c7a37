import { caFileName, BackendTls, ConnectionPolicies, HeaderChanges, McpTarget } from './config';
import { CONFIG_DIRECTORY } from './container';
import { HeaderModifier } from '../../model/route';
import { Server, UpstreamTls } from '../../model/server';

/** A target in the form of its protocol, without empty policies. */
export function target(
  name: string, protocol: Server['protocol'], address: { host: string; port: number; path: string }, policies: ConnectionPolicies,
): McpTarget {
  const used = Object.values(policies).some((policy) => policy !== undefined);
  return {
    name,
    ...(protocol === 'sse' ? { sse: address } : { mcp: address }),
    ...(used ? { policies } : {}),
  };
}

/** TLS towards a server. Without a name of its own, the host is what its certificate must be for. */
export function backendTls(tls: UpstreamTls, host: string): BackendTls {
  return {
    hostname: tls.serverName ?? host,
    ...(tls.caBundle === undefined ? {} : { root: `${CONFIG_DIRECTORY}/${caFileName(tls.caBundle)}` }),
    ...(tls.insecureSkipVerify ? { insecure: true } : {}),
  };
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
    ...(modifier.set.length > 0 ? { set: Object.fromEntries(modifier.set.map(({ name, value }) => [name, value])) } : {}),
    ...(add.size > 0 ? { add: Object.fromEntries(add) } : {}),
    ...(modifier.remove.length > 0 ? { remove: modifier.remove } : {}),
  };
}
