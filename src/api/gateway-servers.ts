import { backendCredentials, kindsOf } from './backend-credentials';
import { atomicList, boolean, choice, integer, own, text, textSet } from './codec';
import { TRANSPORTS } from './common';
import { serverAuth } from './gateway-server-auth';
import { labelSelector } from './label-selector';
import { object } from './object';

/** Which servers a gateway serves together at /mcp: shape of upstream's sep2025; `credentials` is this library's. */

/** What a server behind a gateway offers, in spec and status. */
export const gatewayCapabilities = object('What the server offers.', {
  prompts: boolean('Whether it offers prompts.', { default: false }),
  resources: boolean('Whether it offers resources.', { default: false }),
  tools: boolean('Whether it offers tools.', { default: true }),
});

const healthCheck = object('How servers are found to be unwell.', {
  enabled: boolean('Whether servers are checked.', { default: true }),
  healthyThreshold: integer('Successes in a row that make a server healthy.', { default: 2, minimum: 1 }),
  interval: text('Time between checks.', { default: '30s' }),
  timeout: text('Time a check may take.', { default: '5s' }),
  unhealthyThreshold: integer('Failures in a row that make a server unhealthy.', { default: 3, minimum: 1 }),
});

const staticServer = object(
  'One server.',
  {
    auth: serverAuth,
    capabilities: gatewayCapabilities,
    credentials: own(backendCredentials, { instead: 'Write auth', show: kindsOf }),
    name: text('Name of the server.'),
    namespace: text("Namespace of the server. Default: the gateway's own."),
    priority: integer('Preference among servers; higher comes first.', { default: 0, minimum: 0 }),
    tags: textSet('Labels for people and routing.'),
    transport: choice('How the gateway speaks to the server.', TRANSPORTS),
  },
  { required: ['name'] },
);

/**
 * Upstream requires this object of every gateway; here a gateway may have nothing but routes.
 * A selector of namespaces alone selects every server in them, and checks alone are of the servers of routes.
 */
export const mcpServers = object(
  'Servers the gateway serves together at /mcp. Default: none, routes alone.',
  {
    autoDiscovery: boolean('Whether servers that come later are taken up.', { default: true }),
    healthCheck,
    namespaceSelector: labelSelector("Namespaces to look for servers in. Default: the gateway's own."),
    selector: labelSelector('Servers by their labels.'),
    static: atomicList('Servers by their names.', staticServer),
  },
  {
    'x-kubernetes-validations': [
      {
        rule: 'has(self.static) || has(self.selector) || has(self.namespaceSelector) || has(self.healthCheck)',
        message: 'mcpServers names no servers: set static, selector or namespaceSelector, or remove mcpServers',
      },
    ],
  },
);
