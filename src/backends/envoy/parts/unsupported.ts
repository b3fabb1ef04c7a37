import { part, refused, refusedBelow } from './part';

const REQUESTS = ['Envoy cannot look through, or change, requests in this way', 'filter in the servers'] as const;
const ANSWERS = ['Envoy cannot look through, bound, or change, answers in this way', 'filter in the servers'] as const;
const QUESTIONS = 'Envoy cannot tell questions of servers from other messages of theirs, and passes them all on';

/** What Envoy has nothing for. */
export const unsupported = part({
  features: {
    ...refusedBelow(
      'policy.compliance.dataRetention',
      'Envoy cannot say how long data is kept: it keeps none',
      'set it where the data is',
    ),
    'policy.compliance.encryption.encryptionAtRest': refused(
      'policy.compliance.encryption.encryptionAtRest',
      'Envoy cannot encrypt stored data: it stores none',
      "encrypt Secrets in the cluster's own store, and the store of rate limits where it runs",
    ),
    ...refusedBelow(
      'policy.compliance.piiDetection',
      'Envoy cannot look for personal data in messages',
      'detect it in the servers',
    ),
    ...refusedBelow('policy.elicitation', QUESTIONS, 'say nothing of elicitation'),
    ...refusedBelow('policy.sampling', QUESTIONS, 'say nothing of sampling'),
    'policy.requestFiltering.bodyFilters.allow': refused('policy.requestFiltering.bodyFilters.allow', ...REQUESTS),
    ...refusedBelow('policy.requestFiltering.bodyFilters.path', ...REQUESTS),
    'policy.requestFiltering.bodyFilters.regex': refused('policy.requestFiltering.bodyFilters.regex', ...REQUESTS),
    'policy.requestFiltering.bodyFilters.size.change': refused(
      'policy.requestFiltering.bodyFilters.size.change',
      ...REQUESTS,
    ),
    'policy.requestFiltering.contentTypeFilter': refused(
      'policy.requestFiltering.contentTypeFilter',
      'Envoy cannot refuse requests by their media type here: what is no JSON is refused anyway',
      'leave it out',
    ),
    'policy.responseFiltering.sizeLimit': refused('policy.responseFiltering.sizeLimit', ...ANSWERS),
    ...refusedBelow('policy.responseFiltering.bodyFilters', ...ANSWERS),
    ...refusedBelow('protocolVersion', 'Envoy cannot negotiate versions of MCP', 'leave it out: servers negotiate'),
  },
});
