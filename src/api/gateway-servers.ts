import { backendCredentials, kindsOf } from './backend-credentials';
import { atomicList, boolean, choice, integer, named, own, placeOf, text, textSet, unrendered, ValueOf } from './codec';
import { labelSelector, TRANSPORTS } from './common';
import { duration } from './duration';
import { serverAuth } from './gateway-auth';
import { filled, mapped, object } from './object';
import { errorKind } from '../model/findings';
import { HealthCheck } from '../model/gateway';
import { entryOf, withoutUndefined } from '../values/json';
import { Path, startsWith } from '../values/paths';
import { formatDuration } from '../values/quantities';

/** Which servers a gateway serves together at /mcp: shape of upstream's sep2025; `credentials` is this library's. */

const AS_DECLARED = errorKind(
  'gateway-server-described',
  'is not supported: a gateway takes servers as they declare themselves',
  'Remove it',
);

/** What a server behind a gateway offers, in spec and status. */
export const gatewayCapabilities = object('What the server offers.', {
  prompts: boolean('Whether it offers prompts.', { default: false }),
  resources: boolean('Whether it offers resources.', { default: false }),
  tools: boolean('Whether it offers tools.', { default: true }),
});

const healthCheck = object('How servers are found to be unwell.', {
  enabled: boolean('Whether servers are checked.', { default: true }),
  healthyThreshold: integer('Successes in a row that make a server healthy.', { default: 2, minimum: 1 }),
  interval: duration('Time between checks.', { default: '30s' }),
  timeout: duration('Time a check may take.', { default: '5s' }),
  unhealthyThreshold: integer('Failures in a row that make a server unhealthy.', { default: 3, minimum: 1 }),
});

/** How servers are found to be unwell, as a gateway says it. */
export type HealthCheckValue = ValueOf<typeof healthCheck>;

/** Checks said in full: the numbers are what people look for. */
export function explicitHealthCheck(value: HealthCheckValue): HealthCheckValue {
  return filled(healthCheck, value);
}

/**
 * The checks that a data plane has to make. Enabled and nothing more is the schema's default: readiness probes take servers out of
 * their Service.
 */
export function healthCheckModel(value: HealthCheckValue): HealthCheck | undefined {
  const { enabled, ...given } = value;
  if (enabled === false || Object.values(given).every(said => said === undefined)) {
    return undefined;
  }
  const { healthyThreshold, interval, timeout, unhealthyThreshold } = filled(healthCheck, value);
  return {
    interval: formatDuration(interval),
    timeout: formatDuration(timeout),
    healthyThreshold,
    unhealthyThreshold,
  };
}

const staticServer = object(
  'One server.',
  {
    auth: serverAuth,
    capabilities: unrendered(gatewayCapabilities, AS_DECLARED),
    credentials: own(backendCredentials, { instead: 'Write auth', show: kindsOf }),
    name: text('Name of the server.'),
    namespace: text("Namespace of the server. Default: the gateway's own."),
    priority: integer('Preference among servers; higher comes first.', { default: 0, minimum: 0 }),
    tags: unrendered(textSet('Labels for people and routing.'), AS_DECLARED),
    transport: unrendered(choice('How the gateway speaks to the server.', TRANSPORTS), AS_DECLARED),
  },
  { required: ['name'] },
);

/** A server that a gateway lists. */
export type StaticServerValue = ValueOf<typeof staticServer>;

/**
 * Upstream requires this object of every gateway; here a gateway may have nothing but routes.
 * A selector of namespaces alone selects every server in them, and checks alone are of the servers of routes.
 */
const fields = object(
  'Servers the gateway serves together at /mcp. Default: none, routes alone.',
  {
    autoDiscovery: boolean('Whether servers that come later are taken up.', { default: true }),
    healthCheck,
    namespaceSelector: labelSelector("Namespaces to look for servers in. Default: the gateway's own."),
    selector: labelSelector('Servers by their labels.'),
    static: named('servers', atomicList('Servers by their names.', staticServer)),
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

/** Servers that a gateway serves together, as it says it. */
export type DiscoveryValue = Omit<ValueOf<typeof fields>, 'healthCheck'>;

/** Options have the checks beside the servers. */
export interface ServersValue {
  readonly discovery?: DiscoveryValue;
  readonly healthCheck?: HealthCheckValue;
}

/** `mcpServers` of a gateway. */
export const mcpServers = mapped(fields, {
  read: ({ healthCheck: checks, ...discovery }): ServersValue =>
    withoutUndefined({ healthCheck: checks, discovery: Object.keys(discovery).length === 0 ? undefined : discovery }),
  write: ({ healthCheck: checks, discovery }) =>
    checks === undefined && discovery === undefined
      ? undefined
      : { ...discovery, ...(checks === undefined ? {} : { healthCheck: checks }) },
  check: ({ healthCheck: checks, discovery }, place) => {
    fields.check({ ...discovery }, place.at('discovery').through(optionOf));
    fields.check({ healthCheck: checks }, place);
  },
  place: ([step, ...rest], json) =>
    step === 'healthCheck' ? [step, ...rest] : step === 'discovery' ? placeOfServers(rest, json) : undefined,
});

/** Parts of selectors, which options have beside each other. */
const SELECTORS: Readonly<Record<string, Path>> = {
  labels: ['selector', 'matchLabels'],
  expressions: ['selector', 'matchExpressions'],
  namespaceLabels: ['namespaceSelector', 'matchLabels'],
  namespaceExpressions: ['namespaceSelector', 'matchExpressions'],
};

/** A part of a discovery by the names of options. */
function optionOf(path: Path): Path {
  const found = Object.entries(SELECTORS).find(([, parts]) => startsWith(path, parts));
  return found === undefined ? path : [found[0], ...path.slice(found[1].length)];
}

/** Where a part of a discovery stands: its credentials are a list of their own, of the servers that have some. */
function placeOfServers(path: Path, json: any): Path {
  const [step, index, inner, ...rest] = path;
  if (step !== 'credentials') {
    const parts = entryOf(SELECTORS, String(step));
    return parts === undefined ? placeOf(fields, path, json) : [...parts, ...path.slice(1)];
  }
  const proved = ((json?.static ?? []) as StaticServerValue[]).flatMap((server, i) => (isProved(server) ? [i] : []));
  return ['static', proved[Number(index)], ...(inner === 'server' || inner === undefined ? [] : [inner, ...rest])];
}

/** Whether a gateway that lists a server says what it proves to it. */
export function isProved({ auth: upstream, credentials }: StaticServerValue): boolean {
  return upstream !== undefined || credentials !== undefined;
}
