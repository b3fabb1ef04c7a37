import { authentication } from './authentication';
import { authorization, routeAuthzConfig } from './authorization';
import { choice, integer, named, own, text, textSet, ValueOf, ruleFor } from './codec';
import { POD_TEMPLATE, TRANSPORTS } from './common';
import { network } from './gateway-network';
import { observability } from './gateway-observability';
import { gatewayPolicy } from './gateway-policy';
import { mcpServers } from './gateway-servers';
import { gatewayStatus } from './gateway-status';
import { tls } from './gateway-tls';
import { object } from './object';
import { allowedOrigins } from './origins';
import { protocolVersion } from './protocol-version';
import { rateLimit } from './rate-limit';
import { AGE, Column, Resource } from './resource';
import { errorKind } from '../model/findings';
import { canonicalPattern } from '../model/hosts';
import { GatewayKind } from '../model/route';
import { canonicalRange } from '../values/cidr';

/** MCPGateway and ClusterMCPGateway: shape of upstream's sep2025; `allowedOrigins`, `allowedRemoteHosts`, `dataPlane`, `tls`, `trustedProxies` and `workloadNamespace` are this library's,
 * and so are `authentication`, `authorization`, `authzConfig` and `rateLimit`, which say for all routes what a route's fields of these names say for one. */

/** `dataPlane` of a gateway. */
export const dataPlane = object("What runs in the gateway's pods.", {
  image: text(
    'Image to use in place of the default one.',
    {},
    ruleFor(
      'gateway-image-invalid',
      image => (/^\S+$/.test(image) ? undefined : 'is not an image reference'),
      'Name an image with its tag',
    ),
  ),
  type: choice('Which proxy it is.', ['agentgateway', 'envoy'], { default: 'agentgateway' }),
});

const HOST = errorKind(
  'remote-host-invalid',
  'is not a host',
  'Write a name such as mcp.example.com, *.example.com for all names below a domain, or an IP address, without scheme and port',
);
const HOST_TWICE = errorKind('remote-host-twice', 'is there twice', 'Drop one');

const hosts = textSet(
  'Hosts that remote servers may be at: names, *.example.com for all names below a domain, or addresses. Default: all.',
);

const allowedRemoteHosts: typeof hosts = {
  ...hosts,
  check: (given, place) => {
    const patterns = given.map(canonicalPattern);
    given.forEach((host, i) => {
      const twice = patterns[i] !== undefined && patterns.indexOf(patterns[i]) < i;
      place.at(i).report(HOST, host, patterns[i] === undefined);
      place.at(i).report(HOST_TWICE, host, twice);
    });
  },
};

const PROXY_RANGE = errorKind(
  'trusted-proxy-invalid',
  'is not an address or a range of addresses',
  'Write the address of the proxy, or the range that its pods or load balancers are in, such as "10.1.0.0/24"',
);
const PROXY_TWICE = errorKind('trusted-proxy-twice', 'is there twice', 'Drop one');
const PROXY_EVERYONE = errorKind(
  'trusted-proxy-everyone',
  'trusts every caller to say where he calls from',
  'Name the ranges of the proxies alone',
);

const proxies = textSet(
  'Addresses and ranges of proxies in front of the gateway whose `X-Forwarded-For` says where a caller is. Default: none.',
);

const trustedProxies: typeof proxies = {
  ...proxies,
  check: (given, place) => {
    const ranges = given.map(canonicalRange);
    given.forEach((range, i) => {
      const at = place.at(i);
      const twice = ranges[i] !== undefined && ranges.indexOf(ranges[i]) < i;
      at.report(PROXY_RANGE, range, ranges[i] === undefined);
      at.report(PROXY_TWICE, range, twice);
      at.report(PROXY_EVERYONE, range, ranges[i]?.endsWith('/0') === true);
    });
  },
};

const fields = {
  allowedOrigins,
  allowedRemoteHosts: own(allowedRemoteHosts),
  authentication: own(authentication),
  authorization: own(authorization),
  authzConfig: own(routeAuthzConfig),
  dataPlane: own(dataPlane),
  mcpServers: named('', mcpServers),
  network: named('', network),
  observability,
  podSpec: named('podTemplate', POD_TEMPLATE),
  policy: named('', gatewayPolicy),
  protocolVersion,
  rateLimit: own(rateLimit),
  replicas: integer('Number of pods.', { default: 1, minimum: 1 }),
  tls: own(tls),
  transport: choice('How clients speak to the gateway.', TRANSPORTS),
  trustedProxies: own(trustedProxies),
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

const spec = object('Wanted state.', fields);

const clusterSpec = object('Wanted state.', {
  ...fields,
  workloadNamespace: own(text('Namespace that holds the pods and everything else the gateway needs.')),
});

/** The spec of a gateway. */
export const gatewaySpec = (kind: GatewayKind): typeof clusterSpec =>
  kind === 'ClusterMCPGateway' ? clusterSpec : (spec as unknown as typeof clusterSpec);

/** What a gateway says in its spec, by the names of options. */
export type GatewaySpecValue = ValueOf<typeof clusterSpec>;

export const mcpGateway: Resource = {
  kind: 'MCPGateway',
  shortName: 'mcpg',
  scope: 'Namespaced',
  description: 'A gateway in front of Model Context Protocol servers.',
  spec,
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
  spec: clusterSpec,
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
