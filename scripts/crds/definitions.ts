import { CustomResourceDefinition, customResourceDefinition } from './crd';
import { clusterMcpGateway, mcpGateway } from '../../src/api/mcp-gateway';
import { mcpRoute } from '../../src/api/mcp-route';
import { clusterMcpServer, mcpServer } from '../../src/api/mcp-server';
import { Schema } from '../../src/api/schema';

/** All kinds of the API, with the given schema wherever a pod template stands. */
export const definitions = (podTemplate: Schema): readonly CustomResourceDefinition[] =>
  [mcpServer, clusterMcpServer, mcpRoute, mcpGateway, clusterMcpGateway].map(resource =>
    customResourceDefinition(resource, podTemplate),
  );
