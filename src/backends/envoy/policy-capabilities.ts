import { POLICY_FEATURES, PolicyFeature } from '../../passes/demands';
import { Refused, Standing } from '../standing';

/** What Envoy enforces of a gateway's policy. What is not here it cannot, and is refused. */
const ENFORCED: Partial<Record<PolicyFeature, Standing>> = {
  'policy.audit': {
    values: 'level None or Request; format JSON; includeMetadata false',
    supported: true,
    reason:
      'fields `audit.user`, `audit.method`, `audit.tool` and `audit.status` on the line that the log of the pods has for each request, refused ones included',
  },
  'policy.compliance.encryption': {
    supported: true,
    reason:
      'synthesis fails while the gateway serves plain HTTP or reaches a server outside the cluster by it; with requireEncryption, while any of its connections but those within its pods is plain',
  },
  'policy.rateLimit': {
    supported: true,
    reason: 'by a rate-limit service that all replicas ask: calls alone are counted, in fixed windows',
  },
  'policy.requestFiltering.bodyFilters.size': {
    supported: true,
    reason: 'as sizeLimit, of which the lowest holds',
  },
  'policy.requestFiltering.headerFilters.change': {
    values: 'action Remove, without a pattern',
    supported: true,
    reason: 'before the request goes on to a server',
  },
  'policy.requestFiltering.sizeLimit': {
    supported: true,
    reason: 'a longer body is 400 or 413, however it is sent; the gateway holds as much in memory for each request',
  },
  'policy.responseFiltering.headerFilters.change': {
    values: 'action Remove, without a pattern',
    supported: true,
    reason: 'before the answer goes on to the client',
  },
  'policy.responseFiltering.removeInternalHeaders.off': {
    supported: true,
    reason: 'headers of servers are passed on',
  },
};

/** Why Envoy cannot enforce the others, by the longest beginning of a feature's name that is listed. */
const REASONS: Readonly<Record<string, readonly [reason: string, remedy: string]>> = {
  'policy.audit.answers': ['Envoy cannot write answers to its log', 'record requests alone (level Request)'],
  'policy.audit.format': [
    'Envoy cannot write its log in this form',
    'use JSON, and let whoever collects the log of the pods translate it',
  ],
  'policy.audit.destination': [
    'Envoy cannot write its log of requests anywhere but to the standard output of its pods here',
    'leave the destination out, and let whoever collects the log of the pods send it there',
  ],
  'policy.compliance.dataRetention': [
    'Envoy cannot say how long data is kept: it keeps none',
    'set it where the data is',
  ],
  'policy.compliance.encryption.encryptionAtRest': [
    'Envoy cannot encrypt stored data: it stores none',
    "encrypt Secrets in the cluster's own store, and the store of rate limits where it runs",
  ],
  'policy.compliance.piiDetection': ['Envoy cannot look for personal data in messages', 'detect it in the servers'],
  'policy.elicitation': [
    'Envoy cannot tell questions of servers from other messages of theirs, and passes them all on',
    'say nothing of elicitation',
  ],
  'policy.sampling': [
    'Envoy cannot tell questions of servers from other messages of theirs, and passes them all on',
    'say nothing of sampling',
  ],
  'policy.rateLimit.burst': [
    'Envoy cannot bound how many calls come at once: the service that counts them does so in fixed windows',
    'leave burst out, or state the rate for a shorter unit',
  ],
  'policy.requestFiltering': ['Envoy cannot look through, or change, requests in this way', 'filter in the servers'],
  'policy.requestFiltering.contentTypeFilter': [
    'Envoy cannot refuse requests by their media type here: what is no JSON is refused anyway',
    'leave it out',
  ],
  'policy.requestFiltering.headerFilters': [
    'Envoy cannot refuse requests by the value of a header here',
    'take the header out with Remove, or ask for it in a rule (Condition.header)',
  ],
  'policy.responseFiltering': [
    'Envoy cannot look through, bound, or change, answers in this way',
    'filter in the servers',
  ],
  'policy.responseFiltering.headerFilters': [
    'Envoy cannot refuse an answer for its headers',
    'take the header out with Remove',
  ],
  'policy.responseFiltering.removeInternalHeaders': [
    'Envoy cannot tell which headers a server tells about itself by',
    'take each out with a filter of headers, or `responseHeaders` of a route',
  ],
  'policy.sessionIsolation': [
    'Envoy cannot isolate sessions: it knows which server a session is on, not who opened it',
    'leave it out, or let servers bind sessions to their callers',
  ],
  protocolVersion: ['Envoy cannot negotiate versions of MCP', 'leave it out: servers negotiate'],
};

function reasonOf(feature: PolicyFeature): readonly [reason: string, remedy: string] {
  const known = Object.keys(REASONS)
    .filter(name => feature === name || feature.startsWith(`${name}.`))
    .sort((a, b) => b.length - a.length);
  return REASONS[known[0]];
}

function refused(feature: PolicyFeature): Refused {
  const [reason, remedy] = reasonOf(feature);
  return { supported: false, reason, remedy };
}

/** Every feature of a gateway's policy. */
export const POLICY_CAPABILITIES = Object.fromEntries(
  POLICY_FEATURES.map(feature => [feature, ENFORCED[feature] ?? refused(feature)]),
) as Readonly<Record<PolicyFeature, Standing>>;
