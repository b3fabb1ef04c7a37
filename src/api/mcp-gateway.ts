import { choice, integer, own, text, textSet } from './codec';
import { TRANSPORTS } from './common';
import { network } from './gateway-network';
import { observability } from './gateway-observability';
import { gatewayPolicy } from './gateway-policy';
import { mcpServers } from './gateway-servers';
import { gatewayStatus } from './gateway-status';
import { tls } from './gateway-tls';
import { object } from './object';
import { POD_TEMPLATE } from './pod-template';
import { protocolVersion } from './protocol-version';
import { AGE, Column, Resource } from './resource';
import { authentication, authorization, authzConfig, rateLimit } from './route-policy';

/** MCPGateway and ClusterMCPGateway: shape of upstream's sep2025; `allowedRemoteHosts`, `dataPlane`, `tls` and `workloadNamespace` are this library's,
 * and so are `authentication`, `authorization`, `authzConfig` and `rateLimit`, which say for all routes what a route's fields of these names say for one. */

const dataPlane = object("What runs in the gateway's pods.", {
  image: text('Image to use in place of the default one.'),
  type: choice('Which proxy it is.', ['agentgateway', 'envoy'], { default: 'agentgateway' }),
});

const fields = {
  allowedRemoteHosts: own(
    textSet(
      'Hosts that remote servers may be at: names, *.example.com for all names below a domain, or addresses. Default: all.',
    ),
  ),
  authentication: own(authentication),
  authorization: own(authorization),
  authzConfig: own(authzConfig),
  dataPlane: own(dataPlane),
  mcpServers,
  network,
  observability,
  podSpec: POD_TEMPLATE,
  policy: gatewayPolicy,
  protocolVersion,
  rateLimit: own(rateLimit),
  replicas: integer('Number of pods.', { default: 1, minimum: 1 }),
  tls: own(tls),
  transport: choice('How clients speak to the gateway.', TRANSPORTS),
};

/**
 * Upstream's columns, without its `ready/total` paths: a column shows one path, and what is no path shows nothing.
 */
const COLUMNS: readonly Column[] = [
  { name: 'Phase', type: 'string', jsonPath: '.status.phase', description: 'Where the gateway is in its life.' },
  { name: 'Replicas', type: 'integer', jsonPath: '.spec.replicas', description: 'Pods asked for.' },
  { name: 'Ready', type: 'integer', jsonPath: '.status.readyReplicas', description: 'Pods that are ready.' },
  {
    name: 'Servers',
    type: 'integer',
    jsonPath: '.status.serverStatusSummary.connected',
    description: 'Servers that are connected.',
  },
  { name: 'Tools', type: 'integer', jsonPath: '.status.toolRegistry.totalTools', description: 'Tools of all servers.' },
  {
    name: 'URL',
    type: 'string',
    jsonPath: '.status.serviceURL',
    description: 'Address of the gateway in the cluster.',
  },
  {
    name: 'Data-Plane',
    type: 'string',
    jsonPath: '.spec.dataPlane.type',
    description: "Proxy in the gateway's pods.",
    priority: 1,
  },
];

export const mcpGateway: Resource = {
  kind: 'MCPGateway',
  shortName: 'mcpg',
  scope: 'Namespaced',
  description: 'A gateway in front of Model Context Protocol servers.',
  spec: object('Wanted state.', fields),
  specRequired: false,
  status: gatewayStatus,
  columns: [...COLUMNS, AGE],
  scalable: true,
};

export const clusterMcpGateway: Resource = {
  kind: 'ClusterMCPGateway',
  shortName: 'cmcpg',
  scope: 'Cluster',
  description: 'A gateway in front of Model Context Protocol servers of the whole cluster.',
  spec: object('Wanted state.', {
    ...fields,
    workloadNamespace: own(text('Namespace that holds the pods and everything else the gateway needs.')),
  }),
  specRequired: false,
  status: gatewayStatus,
  columns: [
    ...COLUMNS,
    {
      name: 'Workload',
      type: 'string',
      jsonPath: '.spec.workloadNamespace',
      description: 'Namespace of the pods.',
      priority: 1,
    },
    AGE,
  ],
  scalable: true,
};
