import { Part, unsupported } from './part';
import { not, Predicate } from '../../../cel/predicates';
import { celString } from '../../../cel/terms';
import { Diagnostic } from '../../../model/findings';
import { Gateway } from '../../../model/gateway';
import { Entry } from '../../../model/plan';
import { LISTEN } from '../../../model/protocol';
import { BodyFilter, PiiDetection, PLACEHOLDER, sizeLimit, TrafficPolicy } from '../../../model/traffic-policy';
import { memberPath } from '../../../values/paths';
import { refusal, Standing } from '../../interface/standing';
import { AgwRoute, BodyLimit, ConditionalResponse, MessageChanges } from '../config/config';
import { routeName } from '../config/container';
import { errorAnswer } from '../dialect/error-answer';
import {
  celRegex,
  changed,
  hasPath,
  MessageChange,
  METHOD_OR_EMPTY,
  refused,
  replaced,
  Replacement,
  withoutPath,
  withPath,
} from '../dialect/json-message';
import { filteringRules } from '../dialect/rule';

/*
 * Filters of bodies. A message is looked at as JSON that was read and written anew, so that a text is found however its sender
 * escaped it.
 */

/** What becomes of answers that have to be looked at as a whole. */
const HELD =
  'the answer is held back until it is complete, and streams of events, which never are, are answered 405 (GET) or 404 (subscriptions/listen)';
const LOOKED_THROUGH = `an answer above 2 MiB is 502; ${HELD}`;

/** What is looked for in bodies: by filters, and as personal data. */
export const bodyFilters = {
  features: {
    'policy.requestFiltering.bodyFilters.allow': unsupported(
      'policy.requestFiltering.bodyFilters.allow',
      'agentgateway cannot let only matching messages pass: the messages that open a session would have to match as well',
      'refuse what must not pass with Deny',
    ),
    'policy.requestFiltering.bodyFilters.path': {
      supported: true,
      reason: 'a path that names one member of the message, such as `$.params.arguments.password`',
    },
    'policy.requestFiltering.bodyFilters.path.selectors': unsupported(
      'policy.requestFiltering.bodyFilters.path.selectors',
      'agentgateway cannot follow such a path: it has no expressions for JSONPath',
      'name one member, such as $.params.arguments.password',
    ),
    'policy.requestFiltering.bodyFilters.regex': {
      supported: true,
      reason:
        'Deny looks at the whole message, and refuses it with 403; Remove and Redact change up to 16 matches in the arguments of a call or prompt, and in answers to questions (`inputResponses`), and refuse one with more; headers that repeat an argument (`Mcp-Param-*`) are not looked at',
    },
    'policy.responseFiltering.bodyFilters.allow': unsupported(
      'policy.responseFiltering.bodyFilters.allow',
      'agentgateway cannot let only matching answers pass: those that open a session would have to match as well',
      'refuse what must not pass with Deny',
    ),
    'policy.responseFiltering.bodyFilters.path': unsupported(
      'policy.responseFiltering.bodyFilters.path',
      'agentgateway cannot follow paths in answers: what a tool answers is text to it',
      'use a filter of type Regex',
    ),
    'policy.responseFiltering.bodyFilters.path.selectors': unsupported(
      'policy.responseFiltering.bodyFilters.path.selectors',
      'agentgateway cannot follow paths in answers: what a tool answers is text to it',
      'use a filter of type Regex',
    ),
    'policy.responseFiltering.bodyFilters.regex': {
      supported: true,
      reason: `in results, errors and notifications; Deny, and more than 16 matches to change, make the answer 502; ${LOOKED_THROUGH}`,
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
      reason: `up to 16 matches of each kind in the arguments of a call, in answers to questions (\`inputResponses\`) and in an answer; headers that repeat an argument (\`Mcp-Param-*\`) are not looked at; with more, the call is 400 and the answer 502; ${LOOKED_THROUGH}`,
    },
  },
  rules: ({ traffic }) =>
    filteringRules(traffic, ({ compliance, requestFiltering }) => [
      ...(requestFiltering?.bodyFilters ?? []).map((filter, i) => ({
        property: `requestFiltering.bodyFilters[${i}]`,
        expression: bodyRule(filter),
      })),
      { property: 'compliance.piiDetection', expression: compliance?.pii && piiRule(compliance.pii) },
    ]),
  messages: ({ traffic }) => (traffic === undefined ? [] : requestChanges(traffic)),
  response: ({ traffic }) => (traffic === undefined ? {} : changedAnswer(traffic)),
} as const satisfies Part;

const MESSAGE = 'json(request.body)';

/** Holds when a filter lets a request pass; undefined for one that refuses nothing. Only a POST has a message. */
export function bodyRule({ type, action, pattern }: BodyFilter): Predicate | undefined {
  if (action !== 'Deny' || type === 'Size') {
    return undefined;
  }
  return ofMessages(type === 'Regex' ? finds(`toJson(${MESSAGE})`, pattern) : hasPath(MESSAGE, memberPath(pattern)!));
}

/** Holds when no personal data is found in what a request is about; undefined where that is no reason to refuse it. */
export function piiRule({ action, data }: PiiDetection): Predicate | undefined {
  const params = `toJson(default(${MESSAGE}.params, {}))`;
  return action !== 'Block' ? undefined : ofMessages(data.map(({ pattern }) => finds(params, pattern)).join(' || '));
}

function ofMessages(found: Predicate): Predicate {
  return `request.method != "POST" || ${not(found)}`;
}

function finds(text: string, pattern: string): Predicate {
  return `${text}.matches(${celRegex(pattern)})`;
}

/** What callers say in a request: what a tool or prompt is called with, and what is answered to questions of servers. */
const SAID_BY_CALLERS = [
  ['params', 'arguments'],
  ['params', 'inputResponses'],
] as const;

/** What filters take out of, or replace in, the messages of clients. */
export function requestChanges({ requestFiltering, compliance }: TrafficPolicy): MessageChange[] {
  const filters = requestFiltering?.bodyFilters ?? [];
  const replacements = [...replacementsOf(filters), ...redactions(compliance?.pii)];
  return [
    ...filters.filter(({ type, action }) => type === 'JSONPath' && action !== 'Deny').map(pathChange),
    ...(replacements.length === 0
      ? []
      : SAID_BY_CALLERS.map(path => inMember(path, text => replaced(text, replacements)))),
  ];
}

/** What filters take out of, or replace in, the messages of servers; a message that they refuse errs. */
export function responseChanges(traffic: TrafficPolicy): MessageChange[] {
  const filter = responseText(traffic);
  return filter === undefined ? [] : ['result', 'error', 'params'].map(name => inMember([name], filter));
}

/** What becomes of a text of servers; undefined where nothing does. One that is refused errs. */
export function responseText({ responseFiltering, compliance }: TrafficPolicy): ((text: string) => string) | undefined {
  const filters = (responseFiltering?.bodyFilters ?? []).filter(({ type }) => type === 'Regex');
  const denied = [
    ...filters.filter(({ action }) => action === 'Deny').map(({ pattern }) => pattern),
    ...(compliance?.pii?.action === 'Block' ? compliance.pii.data.map(({ pattern }) => pattern) : []),
  ];
  const replacements = [...replacementsOf(filters), ...redactions(compliance?.pii)];
  return denied.length + replacements.length === 0 ? undefined : text => replaced(refused(text, denied), replacements);
}

function replacementsOf(filters: readonly BodyFilter[]): Replacement[] {
  return filters
    .filter(({ type, action }) => type === 'Regex' && (action === 'Remove' || action === 'Redact'))
    .map(({ action, pattern, replacement }) => ({
      pattern: pattern,
      replacement: action === 'Remove' ? '' : (replacement ?? PLACEHOLDER),
    }));
}

function redactions(pii: PiiDetection | undefined): Replacement[] {
  return pii?.action === 'Redact' ? pii.data.map(({ pattern }) => ({ pattern, replacement: PLACEHOLDER })) : [];
}

function inMember(path: readonly string[], change: (text: string) => string): MessageChange {
  return `${hasPath('m', path)} ? ${withPath('m', path, current => `json(${change(`toJson(${current})`)})`)} : m`;
}

function pathChange({ action, pattern, replacement }: BodyFilter): MessageChange {
  const path = memberPath(pattern)!;
  return `${hasPath('m', path)} ? ${action === 'Remove' ? withoutPath('m', path) : withPath('m', path, () => celString(replacement ?? PLACEHOLDER))} : m`;
}

function changedAnswer(traffic: TrafficPolicy): MessageChanges {
  const changes = responseChanges(traffic);
  return changes.length === 0
    ? {}
    : {
        metadata: { answer: filteredAnswer(traffic, changes) },
        set: { ':status': 'default(metadata.answer, null) == null ? 502u : uint(response.code)' },
        body: 'metadata.answer',
      };
}

/** An answer is a stream of events that each hold a message, or, from a server in trouble, any text. */
function filteredAnswer(traffic: TrafficPolicy, changes: readonly string[]): string {
  const message = `"data: " + toJson(${changed('json(l.substring(6))', changes)})`;
  const events = `string(response.body).split("\\n").map(l, l.startsWith("data: {") ? ${message} : l).join("\\n")`;
  return `default(response.headers["content-type"], "").startsWith("text/event-stream") ? ${events} : ${responseText(traffic)!('string(response.body)')}`;
}

/** Longest body that agentgateway holds in memory: of a request unless it is told otherwise, of an answer in any case. */
const HELD_BY_DEFAULT = 2 * 1024 * 1024;

const LIMITS = {
  'responseFiltering.sizeLimit': unsupported(
    'responseFiltering.sizeLimit',
    'agentgateway cannot look into answers above 2 MiB',
    'give at most 2 MiB, or drop the filters of answers',
  ),
} as const satisfies Record<string, Standing>;

/** How long bodies may be. */
export const bodySizes = {
  features: {
    'policy.requestFiltering.sizeLimit': {
      supported: true,
      reason:
        'a longer body is 413, or 403 where an expression looks into bodies, however it is sent; above 2 MiB the gateway holds as much in memory for each request',
    },
    'policy.requestFiltering.bodyFilters.size': {
      supported: true,
      reason: 'as sizeLimit, of which the lowest holds',
    },
    'policy.requestFiltering.bodyFilters.size.change': unsupported(
      'policy.requestFiltering.bodyFilters.size.change',
      'agentgateway cannot take a body out of a request for its size',
      'refuse it with Deny',
    ),
    'policy.responseFiltering.sizeLimit': {
      supported: true,
      reason: `a longer answer is 502; ${HELD}`,
    },
    'policy.responseFiltering.bodyFilters.size': {
      supported: true,
      reason: 'as sizeLimit, of which the lowest holds',
    },
    'policy.responseFiltering.bodyFilters.size.change': unsupported(
      'policy.responseFiltering.bodyFilters.size.change',
      'agentgateway cannot take a body out of an answer for its size',
      'refuse it with Deny',
    ),
  },
  limits: LIMITS,
  check: ({ gateway }) => check(gateway),
  http: gateway => {
    const maxBufferSize = longestRequest(gateway);
    return maxBufferSize === undefined ? {} : { maxBufferSize };
  },
  policies: ({ traffic }) => {
    const buffer =
      traffic === undefined
        ? {}
        : {
            ...limited('request', traffic.requestFiltering && sizeLimit(traffic.requestFiltering)),
            ...limited('response', heldAnswer(traffic)),
          };
    return Object.keys(buffer).length === 0 ? {} : { buffer };
  },
  routes: refusedStream,
  answers: ({ traffic }) => (traffic === undefined || heldAnswer(traffic) === undefined ? [] : [NO_STREAM]),
} as const satisfies Part;

/** Answers that are longer than what can be looked through. */
function check({ path, traffic }: Gateway): Diagnostic[] {
  const limit = traffic?.responseFiltering && sizeLimit(traffic.responseFiltering);
  return traffic === undefined || limit === undefined || limit <= HELD_BY_DEFAULT || responseText(traffic) === undefined
    ? []
    : [refusal(LIMITS['responseFiltering.sizeLimit'], path, 'responseFiltering.sizeLimit', limit)];
}

/** Longest body of a request, where it is longer than what agentgateway holds in memory for rules to look at. */
function longestRequest({ traffic }: Gateway): number | undefined {
  const limit = traffic?.requestFiltering && sizeLimit(traffic.requestFiltering);
  return limit !== undefined && limit > HELD_BY_DEFAULT ? limit : undefined;
}

/** How long an answer may be that has to be complete before it is passed on; undefined where answers are passed on as they come. */
function heldAnswer(traffic: TrafficPolicy): number | undefined {
  const limit = traffic.responseFiltering && sizeLimit(traffic.responseFiltering);
  return limit ?? (responseChanges(traffic).length === 0 ? undefined : HELD_BY_DEFAULT);
}

function limited(
  message: 'request' | 'response',
  maxBytes: number | undefined,
): Partial<Record<'request' | 'response', BodyLimit>> {
  return maxBytes === undefined ? {} : { [message]: { maxBytes, failureMode: 'failClosed' } };
}

/** The stream of events of revisions without sessions: where there is none, the method is one that is not known (MCP 2026-07-28, "Protocol Version Header"). */
const NO_STREAM: ConditionalResponse = {
  condition: `${METHOD_OR_EMPTY} == ${celString(LISTEN)}`,
  ...errorAnswer(404, -32601, 'Method not found'),
};

/**
 * The stream of events that a client opens beside its requests never ends, and could never be looked through: where answers
 * are, clients are told that there is none (MCP, "Listening for Messages from the Server").
 */
function refusedStream(entry: Entry): AgwRoute[] {
  const { path, traffic } = entry;
  return traffic === undefined || heldAnswer(traffic) === undefined
    ? []
    : [
        {
          name: `${routeName(entry)}/stream`,
          matches: [{ path: { exact: path }, method: 'GET' }],
          policies: { directResponse: { status: 405, headers: { allow: '"POST, DELETE"' } } },
          backends: [],
        },
      ];
}
