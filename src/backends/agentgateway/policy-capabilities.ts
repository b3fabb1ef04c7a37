import { PolicyFeature } from '../../passes/demands';
import { Standing } from '../standing';

const CALLS_ALONE = 'counted by the rate-limit service that all replicas ask, calls of tools alone';
const HELD =
  'the answer is held back until it is complete, and the stream of events that clients may open beside their requests is answered 405';
const LOOKED_THROUGH = `an answer above 2 MiB is 502; ${HELD}`;
const NO_QUESTIONS =
  'requests of MCP 2026-07-28 and later, whose answers may hold questions of servers, are refused; of earlier ones agentgateway passes no requests of servers on';

/** Every feature of a gateway's policy. */
export const POLICY_CAPABILITIES: Readonly<Record<PolicyFeature, Standing>> = {
  'policy.audit': {
    supported: true,
    reason:
      'fields `audit.user`, `audit.method`, `audit.tool` and `audit.outcome` on the line that the log of the pods has for each request, refused ones included; ' +
      'with metadata, the address, a digest of the session, and the program',
  },
  'policy.audit.answers': {
    supported: true,
    reason: 'the fields `audit.answer` and, with Full, `audit.arguments`, as filters left them',
  },
  'policy.audit.format.other': {
    supported: false,
    reason: 'agentgateway cannot write its log in this form',
    remedy: 'use JSON, and let whoever collects the log of the pods translate it',
  },
  'policy.audit.destination': {
    supported: false,
    reason: 'agentgateway cannot write its log anywhere but to the standard output of its pods',
    remedy: 'leave the destination out, and let whoever collects the log of the pods send it there',
  },
  'policy.compliance.dataRetention.auditLogRetention': {
    supported: false,
    reason:
      'agentgateway cannot say how long audit logs are kept: it writes them to the log of its pods, and keeps none itself',
    remedy: 'set it where the logs are collected',
  },
  'policy.compliance.dataRetention.contextRetention': {
    supported: false,
    reason: 'agentgateway cannot say how long contexts are kept: servers keep them',
    remedy: 'bound the life of sessions with sessionIsolation.contextRetention',
  },
  'policy.compliance.dataRetention.sessionRetention': {
    supported: false,
    reason:
      'agentgateway cannot say how long sessions are kept: the session is in the id that the client has, and in the server',
    remedy: 'bound the life of sessions with sessionIsolation.contextRetention',
  },
  'policy.compliance.encryption': {
    supported: true,
    reason:
      'synthesis fails while the gateway serves plain HTTP or reaches a server outside the cluster by it; with requireEncryption, while any of its connections but those within its pods is plain',
  },
  'policy.compliance.encryption.encryptionAtRest': {
    supported: false,
    reason: 'agentgateway cannot encrypt stored data: it stores none',
    remedy: "encrypt Secrets in the cluster's own store, and the store of rate limits where it runs",
  },
  'policy.compliance.piiDetection.log': {
    supported: true,
    reason: 'the field `pii` of the log names the kinds that were found in a call or its answer',
  },
  'policy.compliance.piiDetection.block': {
    supported: true,
    reason: `a request with such data is 403, an answer with it 502; ${LOOKED_THROUGH}`,
  },
  'policy.compliance.piiDetection.redact': {
    supported: true,
    reason: `up to 16 matches of each kind in the arguments of a call and in an answer; with more, the call is 400 and the answer 502; ${LOOKED_THROUGH}`,
  },
  'policy.elicitation.disabled': {
    supported: true,
    reason: NO_QUESTIONS,
  },
  'policy.elicitation.enabled': {
    supported: false,
    reason:
      'agentgateway cannot pass questions of servers on to clients of versions before 2026-07-28, and counts and times none',
    remedy: 'say nothing of elicitation, or switch it off',
  },
  'policy.rateLimit': {
    supported: true,
    reason: `${CALLS_ALONE}; of several rates of one dimension the lowest would hold alone, so that they are refused`,
  },
  'policy.rateLimit.burst': {
    supported: false,
    reason:
      'agentgateway cannot bound how many calls come at once: the service that counts them does so in fixed windows',
    remedy: 'leave burst out, or state the rate for a shorter unit',
  },
  'policy.requestFiltering.bodyFilters.allow': {
    supported: false,
    reason:
      'agentgateway cannot let only matching messages pass: the messages that open a session would have to match as well',
    remedy: 'refuse what must not pass with Deny',
  },
  'policy.requestFiltering.bodyFilters.path': {
    supported: true,
    reason: 'a path that names one member of the message, such as `$.params.arguments.password`',
  },
  'policy.requestFiltering.bodyFilters.path.selectors': {
    supported: false,
    reason: 'agentgateway cannot follow such a path: it has no expressions for JSONPath',
    remedy: 'name one member, such as $.params.arguments.password',
  },
  'policy.requestFiltering.bodyFilters.regex': {
    supported: true,
    reason:
      'Deny looks at the whole message, and refuses it with 403; Remove and Redact change up to 16 matches in the arguments of a call or prompt, and refuse one with more',
  },
  'policy.requestFiltering.bodyFilters.size': {
    supported: true,
    reason: 'as sizeLimit, of which the lowest holds',
  },
  'policy.requestFiltering.bodyFilters.size.change': {
    supported: false,
    reason: 'agentgateway cannot take a body out of a request for its size',
    remedy: 'refuse it with Deny',
  },
  'policy.requestFiltering.contentTypeFilter': {
    supported: true,
    reason: 'a request of another type, or of none, is 403; agentgateway itself takes application/json alone',
  },
  'policy.requestFiltering.headerFilters.change': {
    supported: true,
    reason: 'before the request goes on to a server',
  },
  'policy.requestFiltering.headerFilters.refuse': {
    supported: true,
    reason:
      'a request whose header has a value that is denied, or another than those allowed, is 403; one without the header passes',
  },
  'policy.requestFiltering.sizeLimit': {
    supported: true,
    reason:
      'a longer body is 413, or 403 where an expression looks into bodies, however it is sent; above 2 MiB the gateway holds as much in memory for each request',
  },
  'policy.responseFiltering.bodyFilters.allow': {
    supported: false,
    reason: 'agentgateway cannot let only matching answers pass: those that open a session would have to match as well',
    remedy: 'refuse what must not pass with Deny',
  },
  'policy.responseFiltering.bodyFilters.path': {
    supported: false,
    reason: 'agentgateway cannot follow paths in answers: what a tool answers is text to it',
    remedy: 'use a filter of type Regex',
  },
  'policy.responseFiltering.bodyFilters.path.selectors': {
    supported: false,
    reason: 'agentgateway cannot follow paths in answers: what a tool answers is text to it',
    remedy: 'use a filter of type Regex',
  },
  'policy.responseFiltering.bodyFilters.regex': {
    supported: true,
    reason: `in results, errors and notifications; Deny, and more than 16 matches to change, make the answer 502; ${LOOKED_THROUGH}`,
  },
  'policy.responseFiltering.bodyFilters.size': {
    supported: true,
    reason: 'as sizeLimit, of which the lowest holds',
  },
  'policy.responseFiltering.bodyFilters.size.change': {
    supported: false,
    reason: 'agentgateway cannot take a body out of an answer for its size',
    remedy: 'refuse it with Deny',
  },
  'policy.responseFiltering.headerFilters.change': {
    supported: true,
    reason:
      'after what routes do to headers; of what servers send nothing but the session and the form of the answer comes so far',
  },
  'policy.responseFiltering.headerFilters.refuse': {
    supported: false,
    reason: 'agentgateway cannot refuse an answer for its headers: it asks rules of requests alone',
    remedy: 'take the header out with Remove',
  },
  'policy.responseFiltering.removeInternalHeaders': {
    supported: true,
    reason:
      'the gateway writes the headers of answers anew, and passes none of a server on but the session and the form of the answer',
  },
  'policy.responseFiltering.removeInternalHeaders.off': {
    supported: false,
    reason: 'agentgateway cannot pass headers of servers on: it writes those of answers anew',
    remedy: 'leave it out',
  },
  'policy.responseFiltering.sizeLimit': {
    supported: true,
    reason: `a longer answer is 502; ${HELD}`,
  },
  'policy.sampling.disabled': {
    supported: true,
    reason: NO_QUESTIONS,
  },
  'policy.sampling.enabled': {
    supported: false,
    reason:
      'agentgateway cannot pass requests of servers on to clients of versions before 2026-07-28, and bounds neither their number nor their size',
    remedy: 'say nothing of sampling, or switch it off',
  },
  'policy.sessionIsolation.allowedCrossSessionData': {
    supported: false,
    reason: 'agentgateway cannot share data between sessions',
    remedy: 'leave it out; servers may share what they keep',
  },
  'policy.sessionIsolation.auditLevel': {
    supported: true,
    reason:
      'Basic: fields `audit.user` and `audit.session`, a digest that tells sessions apart; Full: as audit.level Full',
  },
  'policy.sessionIsolation.contextRetention': {
    supported: true,
    reason:
      'the id of a session says when it was opened, and is signed with the session key: later requests are 404; a stream that is open by then lasts until its connection ends',
  },
  'policy.sessionIsolation.crossSessionSharing': {
    supported: false,
    reason: 'agentgateway cannot share data between sessions',
    remedy: 'leave it out; servers may share what they keep',
  },
  'policy.sessionIsolation.enforceResourceBoundaries': {
    supported: true,
    reason: 'the id of a session is signed for the route that it was opened at: elsewhere it is 403',
  },
  'policy.sessionIsolation.enforceResourceBoundaries.off': {
    supported: false,
    reason: 'agentgateway cannot use a session at several routes as long as one of its replicas remembers it',
    remedy: 'leave it out',
  },
  'policy.sessionIsolation.mode.custom': {
    supported: false,
    reason: 'agentgateway cannot isolate sessions in a way that nothing describes',
    remedy: 'use strict or relaxed',
  },
  'policy.sessionIsolation.mode.relaxed': {
    supported: true,
    reason: 'whoever has the id of a session, and may use its route, may use it',
  },
  'policy.sessionIsolation.mode.strict': {
    supported: true,
    reason:
      'the id of a session is signed for the caller who opened it: for others it is 403; callers have to be authenticated, by a method that names them',
  },
  protocolVersion: {
    supported: true,
    reason: 'a request that names another version, or none where 2025-03-26 is not accepted, is 403',
  },
  'protocolVersion.negotiation': {
    supported: true,
    reason:
      'servers are proposed the preferred version in the place of one that is not accepted; without negotiation such a client is refused with 403',
  },
  'protocolVersion.strict': {
    supported: true,
    reason: 'requests that name no version are 403 too',
  },
};
