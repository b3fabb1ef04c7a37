import { ConnectionPolicies, HostParts, McpTarget } from './config';
import { CONFIG_DIRECTORY } from './container';
import { Server } from '../../model/server';

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
