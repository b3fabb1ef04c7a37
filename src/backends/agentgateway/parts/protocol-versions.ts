import { Part, unsupported } from './part';
import { allOf, not, Predicate } from '../../../cel/predicates';
import { celList, celString } from '../../../cel/terms';
import { ProtocolVersions } from '../../../model/traffic-policy';
import { headerValue } from '../dialect/condition';
import { MessageChange, METHOD, withPath } from '../dialect/json-message';
import { matchesWhole } from '../dialect/regex';
import { filteringRules } from '../dialect/rule';

/*
 * Versions of MCP. A client proposes one when it opens a session, and names the one that was agreed on in a header of each
 * later request.
 */

/** Header of requests that names the version they speak. */
const VERSION_HEADER = 'mcp-protocol-version';
/** What requests speak that name no version (MCP 2025-11-25, "Protocol Version Header"). */
const UNNAMED_VERSION = '2025-03-26';
const PROPOSED = 'json(request.body).params.protocolVersion';

/** Which versions are spoken. */
export const protocolVersions = {
  features: {
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
  },
  rules: ({ traffic }) =>
    filteringRules(traffic, ({ protocolVersion }) => [
      { property: 'protocolVersion', expression: protocolVersion && versionRule(protocolVersion) },
    ]),
  clientHeaders: ({ traffic }) =>
    traffic?.protocolVersion === undefined ? {} : versionHeader(traffic.protocolVersion),
  messages: ({ traffic }) => (traffic?.protocolVersion && negotiation(traffic.protocolVersion)) ?? [],
} as const satisfies Part;

/** Requests speak an accepted version. */
export function versionRule(versions: ProtocolVersions): Predicate {
  const named = headerValue(VERSION_HEADER);
  const opens = `request.method == "POST" && ${METHOD} == "initialize"`;
  const opening = versions.negotiable && !versions.strict ? 'true' : accepted(versions, PROPOSED);
  return `(${opens}) ? (${opening}) : (${accepted(versions, versions.strict ? named : `default(${named}, ${celString(UNNAMED_VERSION)})`)})`;
}

/** What a client sends that speaks an accepted version. */
export function versionHeader({ preferred }: ProtocolVersions): Record<string, string> {
  return { [VERSION_HEADER]: preferred };
}

/** Proposes the preferred version to servers in the place of one that is not accepted. */
export function negotiation(versions: ProtocolVersions): MessageChange[] {
  return versions.negotiable && !versions.strict
    ? [
        `has(m.method) && m.method == "initialize" && ${not(accepted(versions, 'm.params.protocolVersion'))} ? ${withPath('m', ['params', 'protocolVersion'], () => celString(versions.preferred))} : m`,
      ]
    : [];
}

function accepted({ supported, minimum, maximum }: ProtocolVersions, version: string): Predicate {
  return supported !== undefined
    ? `${version} in ${celList(supported)}`
    : allOf([
        matchesWhole(version, '[0-9]{4}-[0-9]{2}-[0-9]{2}'),
        `${version} >= ${celString(minimum)}`,
        ...(maximum === undefined ? [] : [`${version} <= ${celString(maximum)}`]),
      ]);
}

const NO_QUESTIONS =
  'requests of MCP 2026-07-28 and later, whose answers may hold questions of servers, are refused; of earlier ones agentgateway passes no requests of servers on';

/** What servers ask clients: sampling, elicitation. */
export const questions = {
  features: {
    serverRequests: unsupported(
      'serverRequests',
      'agentgateway cannot pass requests of a server (sampling, elicitation, roots) to clients of versions of MCP before 2026-07-28',
      'let the tool return what it needs to know',
    ),
    'policy.elicitation.disabled': {
      supported: true,
      reason: NO_QUESTIONS,
    },
    'policy.elicitation.enabled': unsupported(
      'policy.elicitation.enabled',
      'agentgateway cannot pass questions of servers on to clients of versions before 2026-07-28, and counts and times none',
      'say nothing of elicitation, or switch it off',
    ),
    'policy.sampling.disabled': {
      supported: true,
      reason: NO_QUESTIONS,
    },
    'policy.sampling.enabled': unsupported(
      'policy.sampling.enabled',
      'agentgateway cannot pass requests of servers on to clients of versions before 2026-07-28, and bounds neither their number nor their size',
      'say nothing of sampling, or switch it off',
    ),
  },
  rules: ({ traffic }) =>
    filteringRules(traffic, ({ elicitation, sampling }) => {
      const unasked = [
        ...(sampling?.enabled === false ? ['sampling'] : []),
        ...(elicitation?.enabled === false ? ['elicitation'] : []),
      ];
      // Both ask for the same.
      return unasked.slice(0, 1).map(property => ({ property, expression: ASKS_NOTHING }));
    }),
} as const satisfies Part;

/** The first version in which answers may ask the client something: the gateway does not look for that. */
const FIRST_WITH_QUESTIONS = '2026-07-28';

/** Servers cannot ask clients anything: of earlier versions agentgateway passes no requests of servers on, nor says that clients would take them. */
const ASKS_NOTHING: Predicate = `default(${headerValue(VERSION_HEADER)}, ${celString(UNNAMED_VERSION)}) < ${celString(FIRST_WITH_QUESTIONS)}`;
