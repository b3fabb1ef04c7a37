import { Part, unsupported } from './part';
import { versionRules } from './protocol-versions';
import { allOf } from '../../../cel/predicates';
import { celList, celString } from '../../../cel/terms';
import { Diagnostic } from '../../../model/findings';
import { Gateway } from '../../../model/gateway';
import { Entry, serversOf } from '../../../model/plan';
import { Counter } from '../../../model/policy';
import { cedarServerName, exposedTools } from '../../../model/server';
import { countedTools } from '../../../passes/policy/merge';
import { describeRate } from '../../../passes/policy/words';
import { distinct } from '../../../values/json';
import { refusal, Standing } from '../../interface/standing';
import { COUNTER_KEY, rateLimitDomain, rateLimitHost } from '../../kubernetes/rate-limit-service';
import { RateLimitDescriptor, RemoteRateLimit } from '../config/config';
import { principalText, userText } from '../dialect/identity';
import { CALLED_TOOL, IS_CALL } from '../dialect/json-message';
import { toolIn } from '../dialect/matches';
import { toolServers } from '../dialect/tool-servers';

/*
 * Rate limits, counted by Envoy's rate-limit service. Never by agentgateway itself: it would count every HTTP request, lists
 * and openings of sessions too, and each replica on its own.
 */

const CALLS_ALONE = 'counted by the rate-limit service that all replicas ask, calls of tools alone';

const LIMITS = {
  'rateLimits.server': unsupported(
    'rateLimits.server',
    'agentgateway cannot tell which server a call goes to before it is counted: servers share requests by weight, or do not declare their tools',
    'declare the `tools` of the servers and give each match one server, or limit by tool with RateLimit.perTool',
  ),
} as const satisfies Record<string, Standing>;

/** How often tools may be called. */
export const rateLimits = {
  features: {
    rateLimits: {
      supported: true,
      reason:
        'by a rate-limit service that all replicas ask: calls alone are counted, in fixed windows; what it cannot count fails, and what has no limit goes on. Tools that no server declares count as one, where all declare theirs. A call that its server answers with a question (2026-07-28) counts again when the client comes back',
    },
    'policy.rateLimit': {
      supported: true,
      reason: `${CALLS_ALONE}; of several rates of one dimension the lowest would hold alone, so that they are refused`,
    },
    'policy.rateLimit.burst': unsupported(
      'policy.rateLimit.burst',
      'agentgateway cannot bound how many calls come at once: the service that counts them does so in fixed windows',
      'leave burst out, or state the rate for a shorter unit',
    ),
  },
  limits: LIMITS,
  check: ({ entries }) => distinct(entries.flatMap(checkServerLimits)),
  policies: (entry, gateway) => ({ remoteRateLimit: rateLimitPolicy(gateway, entry) }),
} as const satisfies Part;

/** Limits for each server where a call does not tell which server it goes to. */
function checkServerLimits(entry: Entry): Diagnostic[] {
  const limits = (entry.policy?.levels ?? [])
    .flatMap(level => level.rateLimits)
    .filter(({ dimension }) => dimension === 'server');
  return tellsServers(entry)
    ? []
    : limits.map(limit =>
        refusal(
          LIMITS['rateLimits.server'],
          limit.origin.path,
          limit.origin.property,
          `${describeRate(limit)}, at ${entry.path}`,
        ),
      );
}

/** The limits on an entry; undefined where there are none. */
export function rateLimitPolicy(gateway: Gateway, entry: Entry): RemoteRateLimit | undefined {
  const { counters } = entry;
  return counters.length === 0
    ? undefined
    : {
        domain: rateLimitDomain(gateway),
        host: rateLimitHost(gateway),
        failureMode: 'failClosed',
        descriptors: counters.map(counter => descriptor(counter, entry)),
      };
}

/**
 * What the service is asked of one counter. agentgateway leaves out a descriptor that errs and says so to nobody: that is
 * how other requests than calls go uncounted, and why the rest must never err. A value that is not there is counted as
 * empty, all callers without it together.
 */
function descriptor(counter: Counter, entry: Entry): RateLimitDescriptor {
  const counted = allOf([
    IS_CALL,
    ...(counter.tools === undefined ? [] : [toolIn(CALLED_TOOL, counter.tools)]),
    // What they refuse is answered after it would have been counted.
    ...versionRules(entry).map(({ expression }) => expression),
  ]);
  const value = counterValue(counter, entry);
  return {
    entries: [
      { key: COUNTER_KEY, value: `(${counted}) ? ${celString(counter.id)} : fail("not counted")` },
      ...(value === undefined ? [] : [{ key: counter.dimension, value }]),
    ],
  };
}

/** Longest name of a tool that is counted for itself (MCP, "Tool Names"): no caller can fill the store with long ones. */
const MAX_TOOL_NAME = 128;

function counterValue(counter: Counter, entry: Entry): string | undefined {
  switch (counter.dimension) {
    case 'user':
      return userText(entry.policy!);
    case 'principal':
      return principalText(entry.policy!);
    case 'ip':
      return 'string(source.address)';
    case 'tool':
      return toolText(counter, entry);
    case 'namespace':
      return celString(counter.namespace);
    case 'server':
      return serverText(entry);
    case 'global':
      return undefined;
  }
}

/** The name of the tool, or an empty text for what is counted as one: names that nobody declared, or longer ones than MCP knows. */
function toolText(counter: Counter, entry: Entry): string {
  const known = countedTools(counter, entry);
  const counted =
    known === undefined ? `size(${CALLED_TOOL}) <= ${MAX_TOOL_NAME}` : `${CALLED_TOOL} in ${celList(known)}`;
  return `default(${counted} ? ${CALLED_TOOL} : "", "")`;
}

/**
 * Whether a call tells which server it goes to: there is one, or each part of the entry has one and says which tools it has.
 * Among servers that share their requests by weight, the choice falls after calls are counted.
 */
function tellsServers(entry: Entry): boolean {
  const servers = serversOf(entry);
  return (
    servers.length === 1 ||
    (entry.groups.every(group => group.servers.length === 1) &&
      servers.every(server => exposedTools(server) !== undefined))
  );
}

function serverText(entry: Entry): string {
  const [first, ...others] = serversOf(entry);
  return others.length === 0
    ? celString(cedarServerName(first))
    : `coalesce((${toolServers(entry, CALLED_TOOL).servers})[0], "")`;
}
