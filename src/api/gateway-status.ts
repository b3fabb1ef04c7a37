import {
  anything,
  atomicList,
  boolean,
  bytes,
  choice,
  dateTime,
  integer,
  listByKey,
  long,
  text,
  textList,
  textSet,
} from './codec';
import { keyedConditions, phase } from './common';
import { gatewayCapabilities } from './gateway-servers';
import { object } from './object';

/** What a gateway's controller reports: shape of upstream's sep2025. */

const storage = (description: string) =>
  object(
    description,
    {
      available: bytes('Space left.'),
      usagePercent: text('Space used, in percent.'),
      used: bytes('Space used.'),
    },
    { required: ['available', 'usagePercent', 'used'] },
  );

const serverStatus = object(
  'One server.',
  {
    averageResponseTime: integer('Mean response time, in milliseconds.'),
    capabilities: gatewayCapabilities,
    circuitBreakerState: choice('State of the circuit breaker.', ['Closed', 'Open', 'HalfOpen']),
    errorCount: long('Number of failed requests.'),
    lastConnected: dateTime('When the server last answered.'),
    lastError: text('Last error.'),
    name: text('Name of the server.'),
    namespace: text('Namespace of the server.'),
    requestCount: long('Number of requests.'),
    state: choice('State of the connection.', ['Connected', 'Disconnected', 'Connecting', 'Unhealthy', 'CircuitOpen']),
    tags: textSet('Tags of the server.'),
    weight: integer('Share of the requests.'),
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
          field: text('Path of the field.'),
          message: text('What is wrong.'),
          severity: choice('How bad it is.', ['Error', 'Warning']),
        },
        { required: ['field', 'message', 'severity'] },
      ),
    ),
    warnings: textList('Warnings.', { 'x-kubernetes-list-type': 'atomic' }),
  },
  { required: ['valid'] },
);

const metrics = object('Measurements.', {
  activeConnections: integer('Connections open now.'),
  cacheHitRate: text('Share of cache hits.'),
  errorRate: text('Share of failed requests.'),
  p50Latency: integer('Median latency, in milliseconds.'),
  p90Latency: integer('90th percentile of latency, in milliseconds.'),
  requestsPerSecond: text('Requests per second.'),
  toolInvocations: anything({
    type: 'object',
    description: 'Number of calls of each tool.',
    additionalProperties: { type: 'integer', format: 'int64' },
    'x-kubernetes-map-type': 'atomic',
  }),
});

const resourceUsage = object('Resources used.', {
  cpuUsage: text('CPU.'),
  memoryUsage: text('Memory.'),
  networkUsage: object(
    'Network.',
    {
      bytesIn: long('Bytes received.'),
      bytesOut: long('Bytes sent.'),
      connectionsPerSecond: text('Connections per second.'),
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
    circuitOpen: integer('Servers whose circuit is open.'),
    connected: integer('Servers that are connected.'),
    disconnected: integer('Servers that are not connected.'),
    total: integer('All servers.'),
    unhealthy: integer('Servers that fail their checks.'),
  },
  { required: ['circuitOpen', 'connected', 'disconnected', 'total', 'unhealthy'] },
);

const workflowStatus = object('Workflows.', {
  activeWorkflows: integer('Workflows running now.'),
  averageExecutionTime: text('Mean time a workflow takes.'),
  completedWorkflows: long('Number of workflows that completed.'),
  failedWorkflows: long('Number of workflows that failed.'),
});

export const gatewayStatus = object('Observed state.', {
  activeSessions: integer('Sessions open now.'),
  availableReplicas: integer('Number of pods that are available.'),
  averageLatency: integer('Mean latency, in milliseconds.'),
  conditions: keyedConditions,
  configStatus,
  connectedServers: listByKey('Servers that are connected.', 'name', serverStatus),
  lastUpdateTime: dateTime('When the status was last written.'),
  metrics,
  observedGeneration: long('Generation the status was computed from.'),
  phase,
  promptRegistry: object('Prompts of all servers.', {
    lastUpdated: dateTime('When they were last listed.'),
    totalPrompts: integer('Number of prompts.'),
  }),
  readyReplicas: integer('Number of pods that are ready.'),
  replicas: integer('Number of pods.'),
  resourceRegistry: object('Resources of all servers.', {
    cacheHitRate: text('Share of cache hits.'),
    lastUpdated: dateTime('When they were last listed.'),
    totalResources: integer('Number of resources.'),
  }),
  resourceUsage,
  serverStatusSummary,
  serviceURL: text('Address of the gateway in the cluster.'),
  toolRegistry: object('Tools of all servers.', {
    lastUpdated: dateTime('When they were last listed.'),
    mcpTools: integer('Number of MCP tools.'),
    restTools: integer('Number of REST tools.'),
    totalTools: integer('Number of all tools.'),
  }),
  totalErrors: long('Number of failed requests.'),
  totalRequests: long('Number of requests.'),
  unhealthyServers: listByKey('Servers that fail their checks.', 'name', serverStatus),
  workflowStatus,
});
