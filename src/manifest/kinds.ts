import { GatewayKind } from '../model/route';
import { ServerKind } from '../model/server';

/** Group of the API. */
export const GROUP = 'ome.io';

/** The version of the API that manifests are read in. */
export const API_VERSION = `${GROUP}/v1alpha1`;

/** Kinds that a manifest turns into constructs. */
export type ManifestKind = ServerKind | GatewayKind | 'MCPRoute';

/** What the reader needs to know of a kind. */
export interface KindInfo {
  /** File of its definition in `crds/`. */
  readonly crd: string;
  readonly clusterScoped: boolean;
  /** Component label that its construct sets on what it emits. */
  readonly component: 'mcp-server' | 'mcp-gateway' | 'mcp-route';
}

export const KINDS: Readonly<Record<ManifestKind, KindInfo>> = {
  MCPServer: { crd: 'ome.io_mcpservers.yaml', clusterScoped: false, component: 'mcp-server' },
  ClusterMCPServer: { crd: 'ome.io_clustermcpservers.yaml', clusterScoped: true, component: 'mcp-server' },
  MCPRoute: { crd: 'ome.io_mcproutes.yaml', clusterScoped: false, component: 'mcp-route' },
  MCPGateway: { crd: 'ome.io_mcpgateways.yaml', clusterScoped: false, component: 'mcp-gateway' },
  ClusterMCPGateway: { crd: 'ome.io_clustermcpgateways.yaml', clusterScoped: true, component: 'mcp-gateway' },
};

export const KIND_NAMES = Object.keys(KINDS) as ManifestKind[];

/** Narrows a kind to those that are read. */
export function isManifestKind(kind: string): kind is ManifestKind {
  return Object.prototype.hasOwnProperty.call(KINDS, kind);
}
