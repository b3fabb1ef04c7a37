import { clusterMcpGateway, mcpGateway } from '../api/mcp-gateway';
import { mcpRoute } from '../api/mcp-route';
import { clusterMcpServer, mcpServer } from '../api/mcp-server';
import { GROUP, Resource, VERSION } from '../api/resource';
import { GatewayKind } from '../model/route';
import { ServerKind } from '../model/server';

/** The version of the API that manifests are read in. */
export const API_VERSION = `${GROUP}/${VERSION}`;

/** Kinds that a manifest turns into constructs. */
export type ManifestKind = ServerKind | GatewayKind | 'MCPRoute';

/** What the reader needs to know of a kind. */
export interface KindInfo {
  /** Its fields. */
  readonly resource: Resource;
  readonly clusterScoped: boolean;
  /** Component label that its construct sets on what it emits. */
  readonly component: 'mcp-server' | 'mcp-gateway' | 'mcp-route';
}

export const KINDS: Readonly<Record<ManifestKind, KindInfo>> = {
  MCPServer: { resource: mcpServer, clusterScoped: false, component: 'mcp-server' },
  ClusterMCPServer: { resource: clusterMcpServer, clusterScoped: true, component: 'mcp-server' },
  MCPRoute: { resource: mcpRoute, clusterScoped: false, component: 'mcp-route' },
  MCPGateway: { resource: mcpGateway, clusterScoped: false, component: 'mcp-gateway' },
  ClusterMCPGateway: { resource: clusterMcpGateway, clusterScoped: true, component: 'mcp-gateway' },
};

export const KIND_NAMES = Object.keys(KINDS) as ManifestKind[];

/** Narrows a kind to those that are read. */
export function isManifestKind(kind: string): kind is ManifestKind {
  return Object.prototype.hasOwnProperty.call(KINDS, kind);
}
