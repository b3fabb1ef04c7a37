import { Part, unsupported } from './part';
import { allOf, not, Predicate } from '../../../cel/predicates';
import { celList, celString } from '../../../cel/terms';
import { Entry } from '../../../model/plan';
import { acceptedVersions, ANY_VERSION, FIRST_STATELESS } from '../../../model/protocol';
import { ProtocolVersions, TrafficPolicy } from '../../../model/traffic-policy';
import { refusal, Standing } from '../../interface/standing';
import { headerValue } from '../dialect/condition';
import { errorAnswer } from '../dialect/error-answer';
import { MessageChange, METHOD, withPath } from '../dialect/json-message';
import { matchesWhole } from '../dialect/regex';
import { filteringRules, StagedRule, TrafficRule } from '../dialect/rule';

/*
 * Versions of MCP. A client proposes one when it opens a session, and names the one that was agreed on in a header of each
 * later request.
 */

/** Header of requests that names the version they speak. */
const VERSION_HEADER = 'mcp-protocol-version';
/** What requests speak that name no version (MCP 2025-11-25, "Protocol Version Header"). */
const UNNAMED_VERSION = '2025-03-26';
const PROPOSED = 'json(request.body).params.protocolVersion';

const LIMITS = {
  'protocolVersion.questions': unsupported(
    'protocolVersion.questions',
    'agentgateway cannot keep questions of servers out of answers, as MCP has them since 2026-07-28, and no other version is accepted',
    'accept a version before 2026-07-28 as well, or say nothing of sampling and elicitation',
  ),
} as const satisfies Record<string, Standing>;

/** Which versions are spoken. */
export const protocolVersions = {
  features: {
    protocolVersion: {
      supported: true,
      reason:
        'a request that names another version, or none where 2025-03-26 is not accepted, is 400 with the versions that are (-32022), by which clients choose another',
    },
    'protocolVersion.negotiation': {
      supported: true,
      reason:
        'servers are proposed the preferred version in the place of one that is not accepted; without negotiation, or where no version with sessions is accepted, such a client is 400 with those that are',
    },
    'protocolVersion.strict': {
      supported: true,
      reason: 'requests that name no version are 400 too',
    },
  },
  rules: ({ traffic }) =>
    answered(traffic, ({ protocolVersion }) => [
      { property: 'protocolVersion', expression: protocolVersion && versionRule(protocolVersion) },
    ]),
  limits: LIMITS,
  check: ({ gateway: { path, traffic } }) =>
    traffic !== undefined && spokenVersions(traffic).length === 0
      ? [
          refusal(
            LIMITS['protocolVersion.questions'],
            path,
            'protocolVersion',
            acceptedVersions(traffic.protocolVersion!),
          ),
        ]
      : [],
  clientHeaders: ({ traffic }) => (traffic?.protocolVersion === undefined ? {} : versionHeader(traffic)),
  messages: ({ traffic }) => (traffic?.protocolVersion && negotiation(traffic.protocolVersion)) ?? [],
} as const satisfies Part;

/** Requests speak an accepted version. */
export function versionRule(versions: ProtocolVersions): Predicate {
  const named = headerValue(VERSION_HEADER);
  const opens = `request.method == "POST" && ${METHOD} == "initialize"`;
  const opening =
    proposal(versions) === undefined
      ? 'false'
      : versions.negotiable && !versions.strict
        ? 'true'
        : accepted(versions, PROPOSED);
  return `(${opens}) ? (${opening}) : (${accepted(versions, versions.strict ? named : `default(${named}, ${celString(UNNAMED_VERSION)})`)})`;
}

/** What a client sends that speaks an accepted version. */
export function versionHeader(traffic: TrafficPolicy): Record<string, string> {
  const versions = spokenVersions(traffic);
  const { preferred } = traffic.protocolVersion!;
  return { [VERSION_HEADER]: versions.includes(preferred) ? preferred : (versions[0] ?? preferred) };
}

/** The version that is proposed to servers that keep sessions; undefined where none with sessions is accepted. */
function proposal(versions: ProtocolVersions): string | undefined {
  return [versions.preferred, ...acceptedVersions(versions)].find(version => version < FIRST_STATELESS);
}

/** The versions that clients may speak, the newest first. */
function spokenVersions({ protocolVersion, sampling, elicitation }: TrafficPolicy): string[] {
  const asksNothing = sampling?.enabled === false || elicitation?.enabled === false;
  return acceptedVersions(protocolVersion ?? ANY_VERSION).filter(version => !asksNothing || version < FIRST_STATELESS);
}

/** The request speaks a version that is not spoken here (MCP 2026-07-28, "Protocol Version Negotiation"). */
const UNSUPPORTED_VERSION = -32022;

/** Rules about versions. Who is refused by one is told what is spoken: clients try that next, where 403 would end them. */
function answered(
  traffic: TrafficPolicy | undefined,
  rulesOf: (traffic: TrafficPolicy) => readonly TrafficRule[],
): StagedRule[] {
  const requested = `default(${headerValue(VERSION_HEADER)}, default(${PROPOSED}, ""))`;
  return filteringRules(traffic, rulesOf).map(rule => ({
    ...rule,
    answer: errorAnswer(
      400,
      UNSUPPORTED_VERSION,
      'Unsupported protocol version',
      `{"supported": ${celList(spokenVersions(traffic!))}, "requested": ${requested}}`,
    ),
  }));
}

/** Proposes the preferred version to servers in the place of one that is not accepted. */
export function negotiation(versions: ProtocolVersions): MessageChange[] {
  const version = proposal(versions);
  return version !== undefined && versions.negotiable && !versions.strict
    ? [
        `has(m.method) && m.method == "initialize" && ${not(accepted(versions, 'm.params.protocolVersion'))} ? ${withPath('m', ['params', 'protocolVersion'], () => celString(version))} : m`,
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
  'requests of MCP 2026-07-28 and later, whose answers may hold questions of servers, are 400 with the versions that are accepted (-32022), by which clients choose an earlier one; of earlier ones agentgateway passes no requests of servers on';

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
    answered(traffic, ({ elicitation, sampling }) => {
      const unasked = [
        ...(sampling?.enabled === false ? ['sampling'] : []),
        ...(elicitation?.enabled === false ? ['elicitation'] : []),
      ];
      // Both ask for the same.
      return unasked.slice(0, 1).map(property => ({ property, expression: ASKS_NOTHING }));
    }),
} as const satisfies Part;

/** Servers cannot ask clients anything: since the first revision without sessions answers may, and of earlier ones agentgateway passes no requests of servers on, nor says that clients would take them. */
const ASKS_NOTHING: Predicate = `default(${headerValue(VERSION_HEADER)}, ${celString(UNNAMED_VERSION)}) < ${celString(FIRST_STATELESS)}`;

/** All rules about versions at an entry. */
export function versionRules(entry: Entry): StagedRule[] {
  return [...protocolVersions.rules(entry), ...questions.rules(entry)];
}
