import { headerValue } from './dialect/condition';
import { matchesWhole } from './dialect/regex';
import { MessageChange, withPath } from './json-message';
import { METHOD } from './json-rpc';
import { celList, celString } from '../../cel/literals';
import { allOf, not, Predicate } from '../../cel/predicates';
import { ProtocolVersions } from '../../model/traffic-policy';

/*
 * Versions of MCP. A client proposes one when it opens a session, and names the one that was agreed on in a header of each
 * later request.
 */

const HEADER = 'mcp-protocol-version';
/** What requests speak that name no version (MCP 2025-11-25, "Protocol Version Header"). */
const UNNAMED = '2025-03-26';
/** The first version in which answers may ask the client something: the gateway does not look for that. */
const FIRST_WITH_QUESTIONS = '2026-07-28';
const PROPOSED = 'json(request.body).params.protocolVersion';

/** Requests speak an accepted version. */
export function versionRule(versions: ProtocolVersions): Predicate {
  const named = headerValue(HEADER);
  const opens = `request.method == "POST" && ${METHOD} == "initialize"`;
  const opening = versions.negotiable && !versions.strict ? 'true' : accepted(versions, PROPOSED);
  return `(${opens}) ? (${opening}) : (${accepted(versions, versions.strict ? named : `default(${named}, ${celString(UNNAMED)})`)})`;
}

/** What a client sends that speaks an accepted version. */
export function versionHeader({ preferred }: ProtocolVersions): Record<string, string> {
  return { [HEADER]: preferred };
}

/** Proposes the preferred version to servers in the place of one that is not accepted. */
export function negotiation(versions: ProtocolVersions): MessageChange | undefined {
  return versions.negotiable && !versions.strict
    ? `has(m.method) && m.method == "initialize" && ${not(accepted(versions, 'm.params.protocolVersion'))} ? ${withPath('m', ['params', 'protocolVersion'], () => celString(versions.preferred))} : m`
    : undefined;
}

/** Servers cannot ask clients anything: of earlier versions agentgateway passes no requests of servers on, nor says that clients would take them. */
export const NO_QUESTIONS: Predicate = `default(${headerValue(HEADER)}, ${celString(UNNAMED)}) < ${celString(FIRST_WITH_QUESTIONS)}`;

function accepted({ supported, minimum, maximum }: ProtocolVersions, version: string): Predicate {
  return supported !== undefined
    ? `${version} in ${celList(supported)}`
    : allOf([
        matchesWhole(version, '[0-9]{4}-[0-9]{2}-[0-9]{2}'),
        `${version} >= ${celString(minimum)}`,
        ...(maximum === undefined ? [] : [`${version} <= ${celString(maximum)}`]),
      ]);
}
