import { Part, unsupported } from './part';
import { celString } from '../../../cel/terms';
import { Entry } from '../../../model/plan';
import { SessionIsolation } from '../../../model/traffic-policy';
import { formatDuration } from '../../../values/quantities';
import { ConditionalResponse, MessageChanges, Rule } from '../config/config';
import { SESSION_KEY_VARIABLE } from '../config/container';
import { EnvReference, EnvTemplate } from '../config/escape';
import { headerValue } from '../dialect/condition';
import { principalText } from '../dialect/identity';

/*
 * Whose a session is, and how long it lasts. agentgateway itself gives a session to whoever has its id, for as long as anyone
 * has it: what it forgets, it takes up again, even at another route. So the id that a client gets also says when the session
 * was opened, and a digest that only a gateway with the session key can make of the id, that time, the route and the caller.
 * Every replica can tell, and none has to remember.
 */

const HEADER = 'mcp-session-id';
const GIVEN = headerValue(HEADER);
/** Between the parts of an id: a character that ids of agentgateway, times and digests have not. */
const SEPARATOR = '~';
const KEY = new EnvReference(SESSION_KEY_VARIABLE);

/** How long agentgateway keeps a session in memory that nobody uses. */
const KEPT_BY_DEFAULT = 30 * 60_000;

/** Whose sessions are. */
export const sessions = {
  features: {
    'policy.sessionIsolation.allowedCrossSessionData': unsupported(
      'policy.sessionIsolation.allowedCrossSessionData',
      'agentgateway cannot share data between sessions',
      'leave it out; servers may share what they keep',
    ),
    'policy.sessionIsolation.contextRetention': {
      supported: true,
      reason:
        'the id of a session says when it was opened, and is signed with the session key: later requests are 404; a stream that is open by then lasts until its connection ends',
    },
    'policy.sessionIsolation.crossSessionSharing': unsupported(
      'policy.sessionIsolation.crossSessionSharing',
      'agentgateway cannot share data between sessions',
      'leave it out; servers may share what they keep',
    ),
    'policy.sessionIsolation.enforceResourceBoundaries': {
      supported: true,
      reason: 'the id of a session is signed for the route that it was opened at: elsewhere it is 403',
    },
    'policy.sessionIsolation.enforceResourceBoundaries.off': unsupported(
      'policy.sessionIsolation.enforceResourceBoundaries.off',
      'agentgateway cannot use a session at several routes as long as one of its replicas remembers it',
      'leave it out',
    ),
    'policy.sessionIsolation.mode.custom': unsupported(
      'policy.sessionIsolation.mode.custom',
      'agentgateway cannot isolate sessions in a way that nothing describes',
      'use strict or relaxed',
    ),
    'policy.sessionIsolation.mode.relaxed': {
      supported: true,
      reason: 'whoever has the id of a session, and may use its route, may use it',
    },
    'policy.sessionIsolation.mode.strict': {
      supported: true,
      reason:
        'the id of a session is signed for the caller who opened it: for others it is 403; callers have to be authenticated, by a method that names them. Requests of 2026-07-28 have no session: servers bind what they keep (tasks, `requestState`) to callers',
    },
  },
  config: ({ traffic }) => {
    const ttl = sessionTtl(traffic?.sessionIsolation);
    return ttl === undefined ? {} : { mcp: { sessionTtl: ttl } };
  },
  secretRules: entry => isolated(entry, isolation => [sessionRule(entry, isolation)]) ?? [],
  answers: entry => isolated(entry, () => [SESSION_OVER]) ?? [],
  request: entry => isolated(entry, sessionRequest) ?? {},
  response: entry => isolated(entry, isolation => sessionResponse(entry, isolation)) ?? {},
} as const satisfies Part;

function isolated<T>({ traffic }: Entry, then: (isolation: SessionIsolation) => T): T | undefined {
  return traffic?.sessionIsolation && then(traffic.sessionIsolation);
}

/** The id as agentgateway made it, of a request or of an answer to one; for logs. */
export const SESSION_ID = `coalesce(${GIVEN}, ${GIVEN.replace(/^request/, 'response')}).split("${SEPARATOR}")[0]`;

/** Requests of a session are of the caller and the route that it was opened by and at. A caller of whom no name was verified has none. */
export function sessionRule(entry: Entry, isolation: SessionIsolation): Rule {
  const named = isolation.mode === 'strict' ? `${callerOf(entry)} != "" && ` : '';
  return {
    require: template(
      `!("${HEADER}" in request.headers) || ${named}${GIVEN}.split("${SEPARATOR}").with(p, size(p) == 3 && p[2] == `,
      digest(entry, isolation, 'p[0]', 'p[1]'),
      ')',
    ),
  };
}

/** Takes what was added to the id off again, and notes whether the session is over. */
export function sessionRequest({ lifetime }: SessionIsolation): MessageChanges {
  const opened = `timestamp(${GIVEN}.split("${SEPARATOR}")[1])`;
  return {
    metadata: {
      sessionOver: `${opened} + duration("${formatDuration(lifetime)}") <= timestamp(string(request.startTime))`,
    },
    set: { [HEADER]: `${GIVEN}.split("${SEPARATOR}")[0]` },
  };
}

/** Adds to the id of a session that was opened. */
export function sessionResponse(entry: Entry, isolation: SessionIsolation): MessageChanges {
  const id = `response.headers["${HEADER}"]`;
  const opened = 'string(request.startTime)';
  return {
    set: {
      [HEADER]: template(
        `${id} + "${SEPARATOR}" + ${opened} + "${SEPARATOR}" + `,
        digest(entry, isolation, id, opened),
      ),
    },
  };
}

/** Requests of a session that is over find none, which asks a client to open a new one (MCP, "Session Management"). */
const SESSION_OVER: ConditionalResponse = {
  condition: 'metadata.sessionOver',
  status: 404,
  bodyExpression: '"session is over"',
};

/** How long agentgateway keeps sessions in memory, where that is not its default: none longer than they last. */
export function sessionTtl(isolation: SessionIsolation | undefined): string | undefined {
  return isolation !== undefined && isolation.lifetime < KEPT_BY_DEFAULT
    ? formatDuration(isolation.lifetime)
    : undefined;
}

/** The key goes in twice, so that nobody can make a digest of a longer text from one that he has. */
function digest(entry: Entry, { mode }: SessionIsolation, id: string, opened: string): EnvTemplate {
  const caller = mode === 'strict' ? callerOf(entry) : celString('');
  return template(
    'sha256.encode("session ',
    KEY,
    '" + sha256.encode("',
    KEY,
    `" + toJson([${id}, ${opened}, ${celString(entry.path)}, ${caller}])))`,
  );
}

function callerOf({ policy }: Entry): string {
  return policy === undefined ? celString('') : principalText(policy);
}

function template(...parts: readonly (string | EnvReference | EnvTemplate)[]): EnvTemplate {
  return new EnvTemplate(parts.flatMap(part => (part instanceof EnvTemplate ? part.parts : [part])));
}
