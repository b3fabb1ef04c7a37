/*
 * Features of the model that a data plane has or has not: each plane says of every one of them how it stands to it, so that a
 * refusal by one can name the others. What else a plane cannot do are limits of its own.
 */

/** Features of routes, servers and gateways. */
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

/** What of the API asks for a feature. */
export interface FeatureFields {
  /** Paths in the spec; what stands below them is meant too. */
  readonly fields: readonly string[];
  /** The values that ask for it; undefined means all. */
  readonly values?: string;
}

const POLICY = {
  'policy.audit': { fields: ['policy.audit'], values: 'level None or Request; format JSON' },
  'policy.audit.answers': { fields: ['policy.audit.level'], values: 'Response, Full' },
  'policy.audit.destination': { fields: ['policy.audit.destination'] },
  'policy.audit.format.other': { fields: ['policy.audit.format'], values: 'CEF, SYSLOG' },
  'policy.compliance.dataRetention.auditLogRetention': {
    fields: ['policy.compliance.dataRetention.auditLogRetention'],
  },
  'policy.compliance.dataRetention.contextRetention': { fields: ['policy.compliance.dataRetention.contextRetention'] },
  'policy.compliance.dataRetention.sessionRetention': { fields: ['policy.compliance.dataRetention.sessionRetention'] },
  'policy.compliance.encryption': {
    fields: ['policy.compliance.encryption.encryptionInTransit', 'policy.compliance.encryption.requireEncryption'],
  },
  'policy.compliance.encryption.encryptionAtRest': {
    fields: ['policy.compliance.encryption.encryptionAtRest'],
    values: 'true',
  },
  'policy.compliance.piiDetection.block': { fields: ['policy.compliance.piiDetection.action'], values: 'Block' },
  'policy.compliance.piiDetection.log': { fields: ['policy.compliance.piiDetection'], values: 'action Log' },
  'policy.compliance.piiDetection.redact': { fields: ['policy.compliance.piiDetection.action'], values: 'Redact' },
  'policy.elicitation.disabled': { fields: ['policy.elicitation.enabled'], values: 'false' },
  'policy.elicitation.enabled': { fields: ['policy.elicitation'], values: 'enabled true' },
  'policy.rateLimit': { fields: ['policy.rateLimit'], values: 'one rate for each dimension' },
  'policy.rateLimit.burst': {
    fields: [
      'policy.rateLimit.global.burst',
      'policy.rateLimit.perIP.burst',
      'policy.rateLimit.perServer.burst',
      'policy.rateLimit.perUser.burst',
    ],
  },
  'policy.requestFiltering.bodyFilters.allow': {
    fields: ['policy.requestFiltering.bodyFilters'],
    values: 'action Allow',
  },
  'policy.requestFiltering.bodyFilters.path': {
    fields: ['policy.requestFiltering.bodyFilters'],
    values: 'type JSONPath; Deny, Remove, Redact',
  },
  'policy.requestFiltering.bodyFilters.path.selectors': {
    fields: ['policy.requestFiltering.bodyFilters'],
    values: 'type JSONPath with wildcards, indexes or filters',
  },
  'policy.requestFiltering.bodyFilters.regex': {
    fields: ['policy.requestFiltering.bodyFilters'],
    values: 'type Regex; Deny, Remove, Redact',
  },
  'policy.requestFiltering.bodyFilters.size': {
    fields: ['policy.requestFiltering.bodyFilters'],
    values: 'type Size; Deny',
  },
  'policy.requestFiltering.bodyFilters.size.change': {
    fields: ['policy.requestFiltering.bodyFilters'],
    values: 'type Size; Remove, Redact',
  },
  'policy.requestFiltering.contentTypeFilter': { fields: ['policy.requestFiltering.contentTypeFilter'] },
  'policy.requestFiltering.headerFilters.change': {
    fields: ['policy.requestFiltering.headerFilters'],
    values: 'action Remove, Redact',
  },
  'policy.requestFiltering.headerFilters.refuse': {
    fields: ['policy.requestFiltering.headerFilters'],
    values: 'action Deny, Allow',
  },
  'policy.requestFiltering.sizeLimit': { fields: ['policy.requestFiltering.sizeLimit'] },
  'policy.responseFiltering.bodyFilters.allow': {
    fields: ['policy.responseFiltering.bodyFilters'],
    values: 'action Allow',
  },
  'policy.responseFiltering.bodyFilters.path': {
    fields: ['policy.responseFiltering.bodyFilters'],
    values: 'type JSONPath',
  },
  'policy.responseFiltering.bodyFilters.path.selectors': {
    fields: ['policy.responseFiltering.bodyFilters'],
    values: 'type JSONPath with wildcards, indexes or filters',
  },
  'policy.responseFiltering.bodyFilters.regex': {
    fields: ['policy.responseFiltering.bodyFilters'],
    values: 'type Regex; Deny, Remove, Redact',
  },
  'policy.responseFiltering.bodyFilters.size': {
    fields: ['policy.responseFiltering.bodyFilters'],
    values: 'type Size; Deny',
  },
  'policy.responseFiltering.bodyFilters.size.change': {
    fields: ['policy.responseFiltering.bodyFilters'],
    values: 'type Size; Remove, Redact',
  },
  'policy.responseFiltering.headerFilters.change': {
    fields: ['policy.responseFiltering.headerFilters'],
    values: 'action Remove, Redact',
  },
  'policy.responseFiltering.headerFilters.refuse': {
    fields: ['policy.responseFiltering.headerFilters'],
    values: 'action Deny, Allow',
  },
  'policy.responseFiltering.removeInternalHeaders': {
    fields: ['policy.responseFiltering.removeInternalHeaders'],
    values: 'true',
  },
  'policy.responseFiltering.removeInternalHeaders.off': {
    fields: ['policy.responseFiltering.removeInternalHeaders'],
    values: 'false',
  },
  'policy.responseFiltering.sizeLimit': { fields: ['policy.responseFiltering.sizeLimit'] },
  'policy.sampling.disabled': { fields: ['policy.sampling.enabled'], values: 'false' },
  'policy.sampling.enabled': { fields: ['policy.sampling'], values: 'enabled true' },
  'policy.sessionIsolation.allowedCrossSessionData': { fields: ['policy.sessionIsolation.allowedCrossSessionData'] },
  'policy.sessionIsolation.auditLevel': { fields: ['policy.sessionIsolation.auditLevel'] },
  'policy.sessionIsolation.contextRetention': { fields: ['policy.sessionIsolation.contextRetention'] },
  'policy.sessionIsolation.crossSessionSharing': {
    fields: ['policy.sessionIsolation.crossSessionSharing'],
    values: 'true',
  },
  'policy.sessionIsolation.enforceResourceBoundaries': {
    fields: ['policy.sessionIsolation.enforceResourceBoundaries'],
    values: 'true',
  },
  'policy.sessionIsolation.enforceResourceBoundaries.off': {
    fields: ['policy.sessionIsolation.enforceResourceBoundaries'],
    values: 'false',
  },
  'policy.sessionIsolation.mode.custom': { fields: ['policy.sessionIsolation.mode'], values: 'custom' },
  'policy.sessionIsolation.mode.relaxed': { fields: ['policy.sessionIsolation.mode'], values: 'relaxed' },
  'policy.sessionIsolation.mode.strict': { fields: ['policy.sessionIsolation.mode'], values: 'strict' },
  protocolVersion: {
    fields: [
      'protocolVersion.supported',
      'protocolVersion.minVersion',
      'protocolVersion.maxVersion',
      'protocolVersion.preferredVersion',
    ],
  },
  'protocolVersion.negotiation': { fields: ['protocolVersion.allowVersionNegotiation'] },
  'protocolVersion.strict': { fields: ['protocolVersion.strictVersioning'] },
} as const satisfies Record<string, FeatureFields>;

/** Names of features of a gateway's policy. */
export type PolicyFeature = keyof typeof POLICY;

/** Features of a gateway's policy, named after the fields of the API that ask for them. */
export const POLICY_FEATURES = Object.keys(POLICY) as readonly PolicyFeature[];

/** The fields of the API that ask for them. */
export const POLICY_FIELDS: Readonly<Record<PolicyFeature, FeatureFields>> = POLICY;

/** Names of features. */
export type PlaneFeature = (typeof ROUTING_FEATURES)[number] | PolicyFeature;
