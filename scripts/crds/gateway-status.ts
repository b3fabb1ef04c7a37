import { keyedConditions, phase } from './common';
import { gatewayCapabilities } from './gateway-servers';
import {
  atomicList,
  boolean,
  choice,
  dateTime,
  int32,
  int64,
  listByKey,
  object,
  quantity,
  Schema,
  string,
  stringSet,
} from './schema';

/** What a gateway's controller reports: shape of upstream's sep2025. */

const storage = (description: string): Schema =>
  object(
    description,
    {
      available: quantity('Space left.'),
      usagePercent: string('Space used, in percent.'),
      used: quantity('Space used.'),
    },
    { required: ['available', 'usagePercent', 'used'] },
  );

const serverStatus = object(
  'One server.',
  {
    averageResponseTime: int32('Mean response time, in milliseconds.'),
    capabilities: gatewayCapabilities,
    circuitBreakerState: choice('State of the circuit breaker.', ['Closed', 'Open', 'HalfOpen']),
    errorCount: int64('Number of failed requests.'),
    lastConnected: dateTime('When the server last answered.'),
    lastError: string('Last error.'),
    name: string('Name of the server.'),
    namespace: string('Namespace of the server.'),
    requestCount: int64('Number of requests.'),
    state: choice('State of the connection.', ['Connected', 'Disconnected', 'Connecting', 'Unhealthy', 'CircuitOpen']),
    tags: stringSet('Tags of the server.'),
    weight: int32('Share of the requests.'),
  },
  { required: ['name', 'state'] },
);

const configStatus = object(
  'Whether the configuration is valid.',
  {
    lastValidated: dateTime('When it was last checked.'),
    valid: boolean('Whether it is valid.'),
    validationErrors: atomicList(
      'What is wrong with it.',
      object(
        'One finding.',
        {
          field: string('Path of the field.'),
          message: string('What is wrong.'),
          severity: choice('How bad it is.', ['Error', 'Warning']),
        },
        { required: ['field', 'message', 'severity'] },
      ),
    ),
    warnings: atomicList('Warnings.', { type: 'string' }),
  },
  { required: ['valid'] },
);

const metrics = object('Measurements.', {
  activeConnections: int32('Connections open now.'),
  cacheHitRate: string('Share of cache hits.'),
  errorRate: string('Share of failed requests.'),
  p50Latency: int32('Median latency, in milliseconds.'),
  p90Latency: int32('90th percentile of latency, in milliseconds.'),
  requestsPerSecond: string('Requests per second.'),
  toolInvocations: {
    type: 'object',
    description: 'Number of calls of each tool.',
    additionalProperties: { type: 'integer', format: 'int64' },
    'x-kubernetes-map-type': 'atomic',
  },
});

const resourceUsage = object('Resources used.', {
  cpuUsage: string('CPU.'),
  memoryUsage: string('Memory.'),
  networkUsage: object(
    'Network.',
    {
      bytesIn: int64('Bytes received.'),
      bytesOut: int64('Bytes sent.'),
      connectionsPerSecond: string('Connections per second.'),
    },
    { required: ['bytesIn', 'bytesOut', 'connectionsPerSecond'] },
  ),
  storageUsage: object('Storage.', {
    cacheStorage: storage('Storage of the cache.'),
    contextStorage: storage('Storage of contexts.'),
  }),
});

const serverStatusSummary = object(
  'Servers by state.',
  {
    circuitOpen: int32('Servers whose circuit is open.'),
    connected: int32('Servers that are connected.'),
    disconnected: int32('Servers that are not connected.'),
    total: int32('All servers.'),
    unhealthy: int32('Servers that fail their checks.'),
  },
  { required: ['circuitOpen', 'connected', 'disconnected', 'total', 'unhealthy'] },
);

const workflowStatus = object('Workflows.', {
  activeWorkflows: int32('Workflows running now.'),
  averageExecutionTime: string('Mean time a workflow takes.'),
  completedWorkflows: int64('Number of workflows that completed.'),
  failedWorkflows: int64('Number of workflows that failed.'),
});

export const gatewayStatus: Schema = object('Observed state.', {
  activeSessions: int32('Sessions open now.'),
  availableReplicas: int32('Number of pods that are available.'),
  averageLatency: int32('Mean latency, in milliseconds.'),
  conditions: keyedConditions,
  configStatus,
  connectedServers: listByKey('Servers that are connected.', 'name', serverStatus),
  lastUpdateTime: dateTime('When the status was last written.'),
  metrics,
  observedGeneration: int64('Generation the status was computed from.'),
  phase,
  promptRegistry: object('Prompts of all servers.', {
    lastUpdated: dateTime('When they were last listed.'),
    totalPrompts: int32('Number of prompts.'),
  }),
  readyReplicas: int32('Number of pods that are ready.'),
  replicas: int32('Number of pods.'),
  resourceRegistry: object('Resources of all servers.', {
    cacheHitRate: string('Share of cache hits.'),
    lastUpdated: dateTime('When they were last listed.'),
    totalResources: int32('Number of resources.'),
  }),
  resourceUsage,
  serverStatusSummary,
  serviceURL: string('Address of the gateway in the cluster.'),
  toolRegistry: object('Tools of all servers.', {
    lastUpdated: dateTime('When they were last listed.'),
    mcpTools: int32('Number of MCP tools.'),
    restTools: int32('Number of REST tools.'),
    totalTools: int32('Number of all tools.'),
  }),
  totalErrors: int64('Number of failed requests.'),
  totalRequests: int64('Number of requests.'),
  unhealthyServers: listByKey('Servers that fail their checks.', 'name', serverStatus),
  workflowStatus,
});
