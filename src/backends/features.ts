/*
 * Features of the model that a data plane has or has not: each plane says of every one of them how it stands to it, so that a
 * refusal by one can name the others. What else a plane cannot do are limits of its own.
 */

/** Features of routes, servers and gateways. */
export const ROUTING_FEATURES = [
  'affinity.header', 'authentication.anyOf', 'authentication.apiKey', 'authentication.basic', 'authentication.clientCertificate', 'authentication.jwt', 'authentication.oidc',
  'authorization', 'authorization.cedar', 'authorization.listing', 'circuitBreaker', 'healthCheck', 'match.headers', 'match.method', 'match.tools', 'match.tools.listing',
  'notifications', 'openApi', 'rateLimits', 'resources', 'retry', 'serverRequests', 'skipUnavailable', 'sse', 'timeouts', 'tls', 'toolsFilter', 'virtualServers', 'weights',
] as const;

/** Features of a gateway's policy, named after the fields of the API that ask for them. */
export const POLICY_FEATURES = [
  'policy.audit',
  'policy.audit.answers',
  'policy.audit.destination',
  'policy.audit.format.other',
  'policy.compliance.dataRetention.auditLogRetention',
  'policy.compliance.dataRetention.contextRetention',
  'policy.compliance.dataRetention.sessionRetention',
  'policy.compliance.encryption',
  'policy.compliance.encryption.encryptionAtRest',
  'policy.compliance.piiDetection.block',
  'policy.compliance.piiDetection.log',
  'policy.compliance.piiDetection.redact',
  'policy.elicitation.disabled',
  'policy.elicitation.enabled',
  'policy.rateLimit',
  'policy.rateLimit.burst',
  'policy.requestFiltering.bodyFilters.allow',
  'policy.requestFiltering.bodyFilters.path',
  'policy.requestFiltering.bodyFilters.path.selectors',
  'policy.requestFiltering.bodyFilters.regex',
  'policy.requestFiltering.bodyFilters.size',
  'policy.requestFiltering.bodyFilters.size.change',
  'policy.requestFiltering.contentTypeFilter',
  'policy.requestFiltering.headerFilters.change',
  'policy.requestFiltering.headerFilters.refuse',
  'policy.requestFiltering.sizeLimit',
  'policy.responseFiltering.bodyFilters.allow',
  'policy.responseFiltering.bodyFilters.path',
  'policy.responseFiltering.bodyFilters.path.selectors',
  'policy.responseFiltering.bodyFilters.regex',
  'policy.responseFiltering.bodyFilters.size',
  'policy.responseFiltering.bodyFilters.size.change',
  'policy.responseFiltering.headerFilters.change',
  'policy.responseFiltering.headerFilters.refuse',
  'policy.responseFiltering.removeInternalHeaders',
  'policy.responseFiltering.removeInternalHeaders.off',
  'policy.responseFiltering.sizeLimit',
  'policy.sampling.disabled',
  'policy.sampling.enabled',
  'policy.sessionIsolation.allowedCrossSessionData',
  'policy.sessionIsolation.auditLevel',
  'policy.sessionIsolation.contextRetention',
  'policy.sessionIsolation.crossSessionSharing',
  'policy.sessionIsolation.enforceResourceBoundaries',
  'policy.sessionIsolation.enforceResourceBoundaries.off',
  'policy.sessionIsolation.mode.custom',
  'policy.sessionIsolation.mode.relaxed',
  'policy.sessionIsolation.mode.strict',
  'protocolVersion',
  'protocolVersion.negotiation',
  'protocolVersion.strict',
] as const;

/** Names of features of a gateway's policy. */
export type PolicyFeature = typeof POLICY_FEATURES[number];

/** Names of features. */
export type PlaneFeature = typeof ROUTING_FEATURES[number] | PolicyFeature;
