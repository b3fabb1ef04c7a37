import { bodyRule, piiRule, requestChanges, responseChanges, responseText } from './body-filters';
import { AgwRoute, BodyLimit, MessageChanges, RoutePolicies, Rule } from './config';
import { headerValue } from './dialect/condition';
import { matchesWhole } from './dialect/regex';
import { ruleAt, StagedRule } from './dialect/rule';
import { headerChangesOf, headerRule } from './header-filters';
import { changed } from './json-message';
import { negotiation, NO_QUESTIONS, versionHeader, versionRule } from './protocol-versions';
import { sessionRequest, sessionResponse, sessionRule, SESSION_OVER } from './sessions';
import { Predicate } from '../../cel/predicates';
import { Gateway } from '../../model/gateway';
import { Entry } from '../../model/plan';
import { TrafficPolicy } from '../../model/traffic-policy';
import { sizeLimit } from '../../passes/size-limit';
import { regexLiteral } from '../../values/regex';

/*
 * What a gateway asks of its traffic, on the routes that clients reach. Rules come first, so that what is refused is neither
 * counted by a limit nor changed; then messages are changed on their way to the servers, and answers on their way back.
 */

/** Longest body that agentgateway holds in memory: of a request unless it is told otherwise, of an answer in any case. */
export const HELD_BY_DEFAULT = 2 * 1024 * 1024;

/** The rules on requests that say what a request may be, whoever sends it. */
export function trafficRules({ traffic }: Entry): StagedRule[] {
  return traffic === undefined
    ? []
    : rulesOf(traffic).flatMap(({ property, expression }) =>
        expression === undefined
          ? []
          : [ruleAt('request', { level: 'filtering', expression, origins: [{ path: traffic.path, property }] })],
      );
}

interface TrafficRule {
  readonly property: string;
  /** Undefined where there is nothing to refuse. */
  readonly expression: Predicate | undefined;
}

function rulesOf({
  compliance,
  elicitation,
  protocolVersion,
  requestFiltering,
  sampling,
}: TrafficPolicy): TrafficRule[] {
  const { bodyFilters = [], contentTypes, headerFilters = [] } = requestFiltering ?? {};
  const unasked = [
    ...(sampling?.enabled === false ? ['sampling'] : []),
    ...(elicitation?.enabled === false ? ['elicitation'] : []),
  ];
  return [
    { property: 'protocolVersion', expression: protocolVersion && versionRule(protocolVersion) },
    // Both ask for the same.
    ...unasked.slice(0, 1).map(property => ({ property, expression: NO_QUESTIONS })),
    { property: 'requestFiltering.contentTypeFilter', expression: contentTypes && contentTypeRule(contentTypes) },
    ...headerFilters.map((filter, i) => ({
      property: `requestFiltering.headerFilters[${i}]`,
      expression: headerRule(filter),
    })),
    ...bodyFilters.map((filter, i) => ({
      property: `requestFiltering.bodyFilters[${i}]`,
      expression: bodyRule(filter),
    })),
    { property: 'compliance.piiDetection', expression: compliance?.pii && piiRule(compliance.pii) },
  ];
}

function contentTypeRule(types: readonly string[]): Predicate {
  const parameters = '[ \\t]*(?:;.*)?';
  return `request.method != "POST" || ${matchesWhole(headerValue('content-type'), `(?i)(?:${types.map(regexLiteral).join('|')})${parameters}`)}`;
}

/** What clients of MCP send that rules ask for. */
export function clientHeaders({ traffic }: Entry): Readonly<Record<string, string>> {
  return traffic === undefined
    ? {}
    : { 'content-type': 'application/json', ...(traffic.protocolVersion && versionHeader(traffic.protocolVersion)) };
}

/** Rules that no question about access can answer: they hold secrets. */
export function secretRules(entry: Entry): Rule[] {
  const isolation = entry.traffic?.sessionIsolation;
  return isolation === undefined ? [] : [sessionRule(entry, isolation)];
}

/** The rest of what is asked, as policies of a route. */
export function trafficPolicies(entry: Entry): Pick<RoutePolicies, 'buffer' | 'directResponse' | 'transformations'> {
  const { traffic } = entry;
  if (traffic === undefined) {
    return {};
  }
  const request = requestPolicy(traffic);
  const response = responsePolicy(entry, traffic);
  const buffer = {
    ...limited('request', traffic.requestFiltering && sizeLimit(traffic.requestFiltering)),
    ...limited('response', heldAnswer(traffic)),
  };
  return {
    ...(isEmpty(request) && isEmpty(response)
      ? {}
      : { transformations: { ...(isEmpty(request) ? {} : { request }), ...(isEmpty(response) ? {} : { response }) } }),
    ...(isEmpty(buffer) ? {} : { buffer }),
    ...(traffic.sessionIsolation === undefined ? {} : { directResponse: SESSION_OVER }),
  };
}

/**
 * The stream of events that a client opens beside its requests never ends, and could never be looked through: where answers
 * are, clients are told that there is none (MCP, "Listening for Messages from the Server").
 */
export function refusedStream(name: string, { path, traffic }: Entry): AgwRoute | undefined {
  return traffic === undefined || heldAnswer(traffic) === undefined
    ? undefined
    : {
        name: `${name}/stream`,
        matches: [{ path: { exact: path }, method: 'GET' }],
        policies: { directResponse: { status: 405, headers: { allow: '"POST, DELETE"' } } },
        backends: [],
      };
}

/** Longest body of a request, where it is longer than what agentgateway holds in memory for rules to look at. */
export function longestRequest({ traffic }: Gateway): number | undefined {
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

function requestPolicy(traffic: TrafficPolicy): MessageChanges {
  const negotiated = traffic.protocolVersion && negotiation(traffic.protocolVersion);
  const changes = [...(negotiated === undefined ? [] : [negotiated]), ...requestChanges(traffic)];
  return merged(
    headerChangesOf(traffic.requestFiltering?.headerFilters ?? [], 'request'),
    traffic.sessionIsolation === undefined ? {} : sessionRequest(traffic.sessionIsolation),
    changes.length === 0 ? {} : { body: changed('json(request.body)', changes) },
  );
}

function responsePolicy(entry: Entry, traffic: TrafficPolicy): MessageChanges {
  const changes = responseChanges(traffic);
  return merged(
    headerChangesOf(traffic.responseFiltering?.headerFilters ?? [], 'response'),
    traffic.sessionIsolation === undefined ? {} : sessionResponse(entry, traffic.sessionIsolation),
    changes.length === 0
      ? {}
      : {
          metadata: { answer: filteredAnswer(traffic, changes) },
          set: { ':status': 'default(metadata.answer, null) == null ? 502u : uint(response.code)' },
          body: 'metadata.answer',
        },
  );
}

/** An answer is a stream of events that each hold a message, or, from a server in trouble, any text. */
function filteredAnswer(traffic: TrafficPolicy, changes: readonly string[]): string {
  const message = `"data: " + toJson(${changed('json(l.substring(6))', changes)})`;
  const events = `string(response.body).split("\\n").map(l, l.startsWith("data: {") ? ${message} : l).join("\\n")`;
  return `default(response.headers["content-type"], "").startsWith("text/event-stream") ? ${events} : ${responseText(traffic)!('string(response.body)')}`;
}

function merged(...parts: readonly MessageChanges[]): MessageChanges {
  const remove = parts.flatMap(part => part.remove ?? []);
  const metadata = Object.assign({}, ...parts.map(part => part.metadata ?? {})) as NonNullable<
    MessageChanges['metadata']
  >;
  const set = Object.assign({}, ...parts.map(part => part.set ?? {})) as NonNullable<MessageChanges['set']>;
  const body = parts.find(part => part.body !== undefined)?.body;
  return {
    ...(isEmpty(metadata) ? {} : { metadata }),
    ...(isEmpty(set) ? {} : { set }),
    ...(remove.length === 0 ? {} : { remove }),
    ...(body === undefined ? {} : { body }),
  };
}

function isEmpty(object: object): boolean {
  return Object.keys(object).length === 0;
}
