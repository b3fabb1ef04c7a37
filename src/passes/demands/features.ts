import { PolicyFeatureName } from '../../model/traffic-policy';

/*
 * Features of the model that a data plane has or has not: each plane says of every one of them how it stands to it, so that a
 * refusal by one can name the others. What else a plane cannot do are limits of its own.
 */

/** Features of routes, servers and gateways. Those of the policy of a gateway are named after its fields, in the tables of the API. */
export const ROUTING_FEATURES = [
  'affinity.header',
  'authentication.anyOf',
  'authentication.apiKey',
  'authentication.basic',
  'authentication.clientCertificate',
  'authentication.jwt',
  'authentication.oidc',
  'authorization',
  'authorization.cedar',
  'authorization.listing',
  'circuitBreaker',
  'healthCheck',
  'match.headers',
  'match.method',
  'match.tools',
  'match.tools.listing',
  'notifications',
  'openApi',
  'rateLimits',
  'resources',
  'retry',
  'serverRequests',
  'skipUnavailable',
  'sse',
  'timeouts',
  'tls',
  'toolsFilter',
  'virtualServers',
  'weights',
] as const;

/** Names of features that are not of the policy of a gateway. */
export type RoutingFeature = (typeof ROUTING_FEATURES)[number];

/** A feature that is asked of a data plane, and where. */
export interface Demand {
  readonly feature: RoutingFeature | PolicyFeatureName;
  /** Construct path of who asks. */
  readonly path: string;
  /** Property as the user writes it. */
  readonly property: string;
  readonly value: unknown;
}
