import { CustomResourceDefinition } from './crd';
import { clusterMcpGateway, mcpGateway } from './mcp-gateway';
import { mcpRoute } from './mcp-route';
import { clusterMcpServer, mcpServer } from './mcp-server';
import { Schema } from './schema';

/** All kinds of the API, with the given schema wherever a pod template stands. */
export const definitions = (podTemplate: Schema): readonly CustomResourceDefinition[] => [
  mcpServer(podTemplate),
  clusterMcpServer(podTemplate),
  mcpRoute(),
  mcpGateway(podTemplate),
  clusterMcpGateway(podTemplate),
];
