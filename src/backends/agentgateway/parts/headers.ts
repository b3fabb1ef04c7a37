import { Part, unsupported } from './part';
import { firstOf } from '../../../cel/balance';
import { anyOf, not, Predicate } from '../../../cel/predicates';
import { celString } from '../../../cel/terms';
import { Diagnostic } from '../../../model/findings';
import { GatewayPlan, methodsOf } from '../../../model/plan';
import { HeaderModifier } from '../../../model/route';
import { FilterAction, HeaderFilter, PLACEHOLDER } from '../../../model/traffic-policy';
import { headerOf } from '../../../passes/policy/authentication';
import { regexLiteral } from '../../../values/regex';
import { refusal, Standing } from '../../interface/standing';
import { HeaderChanges, MessageChanges } from '../config/config';
import { REWRITTEN_HEADERS } from '../config/container';
import { headerValue } from '../dialect/condition';
import { matchesWhole } from '../dialect/regex';
import { filteringRules } from '../dialect/rule';

/** What routes do to headers: of requests on the way to a server, of answers on the route itself. */
export const headerChanges = {
  connection: ({ requestHeaders }, _member, { first }) =>
    first ? { requestHeaderModifier: changesOf(requestHeaders) } : {},
  policies: ({ responseHeaders }) => ({ responseHeaderModifier: changesOf(responseHeaders) }),
} as const satisfies Part;

/** Changes to headers in agentgateway's form, where a name stands once: several values of one header are joined, as HTTP allows. */
export function changesOf(modifier: HeaderModifier | undefined): HeaderChanges | undefined {
  if (modifier === undefined || modifier.set.length + modifier.add.length + modifier.remove.length === 0) {
    return undefined;
  }
  const add = new Map<string, string>();
  for (const { name, value } of modifier.add) {
    add.set(name, add.has(name) ? `${add.get(name)}, ${value}` : value);
  }
  return {
    ...(modifier.set.length > 0
      ? { set: Object.fromEntries(modifier.set.map(({ name, value }) => [name, value])) }
      : {}),
    ...(add.size > 0 ? { add: Object.fromEntries(add) } : {}),
    ...(modifier.remove.length > 0 ? { remove: modifier.remove } : {}),
  };
}

/*
 * Filters of headers: what is refused as rules on the request, the rest as changes to the message. A header whose value errs
 * is taken out, which is how it is removed, and why one that is not there stays away.
 */

const LIMITS = {
  'headerFilters.credential': unsupported(
    'headerFilters.credential',
    'agentgateway cannot filter the header of a credential: it takes the credential out of the request when it has verified it',
    'filter another header; no server sees the credential',
  ),
  'headerFilters.rewritten': unsupported(
    'headerFilters.rewritten',
    'agentgateway cannot take this header out: it sets the header itself',
    'filter another header',
  ),
} as const satisfies Record<string, Standing>;

/** What headers may say, and which go on. */
export const headerFilters = {
  features: {
    'policy.requestFiltering.contentTypeFilter': {
      supported: true,
      reason: 'a request of another type, or of none, is 403; agentgateway itself takes application/json alone',
    },
    'policy.requestFiltering.headerFilters.change': {
      supported: true,
      reason: 'before the request goes on to a server; what routes set is held to it too',
    },
    'policy.requestFiltering.headerFilters.refuse': {
      supported: true,
      reason:
        'a request whose header has a value that is denied, or another than those allowed, is 403; one without the header passes',
    },
    'policy.responseFiltering.headerFilters.change': {
      supported: true,
      reason:
        'what routes set is held to it too; of what servers send nothing but the session and the form of the answer comes so far',
    },
    'policy.responseFiltering.headerFilters.refuse': unsupported(
      'policy.responseFiltering.headerFilters.refuse',
      'agentgateway cannot refuse an answer for its headers: it asks rules of requests alone',
      'take the header out with Remove',
    ),
    'policy.responseFiltering.removeInternalHeaders': {
      supported: true,
      reason:
        'the gateway writes the headers of answers anew, and passes none of a server on but the session and the form of the answer',
    },
    'policy.responseFiltering.removeInternalHeaders.off': unsupported(
      'policy.responseFiltering.removeInternalHeaders.off',
      'agentgateway cannot pass headers of servers on: it writes those of answers anew',
      'leave it out',
    ),
  },
  limits: LIMITS,
  check,
  rules: ({ traffic }) =>
    filteringRules(traffic, ({ requestFiltering: { contentTypes, headerFilters: filters = [] } = {} }) => [
      { property: 'requestFiltering.contentTypeFilter', expression: contentTypes && contentTypeRule(contentTypes) },
      ...filters.map((filter, i) => ({
        property: `requestFiltering.headerFilters[${i}]`,
        expression: headerRule(filter),
      })),
    ]),
  clientHeaders: ({ traffic }): Record<string, string> =>
    traffic === undefined ? {} : { 'content-type': 'application/json' },
  request: ({ traffic }) => headerChangesOf(traffic?.requestFiltering?.headerFilters ?? [], 'request'),
  response: ({ traffic }) => headerChangesOf(traffic?.responseFiltering?.headerFilters ?? [], 'response'),
} as const satisfies Part;

/** Filters of headers that are not there to be filtered, or have to stay. */
function check(plan: GatewayPlan): Diagnostic[] {
  const { path, traffic } = plan.gateway;
  const { requestFiltering, responseFiltering } = traffic ?? {};
  const credentials = new Set(methodsOf(plan).flatMap(method => headerOf(method)?.name ?? []));
  const refused = (
    property: string,
    filters: readonly HeaderFilter[],
    limit: keyof typeof LIMITS,
    concerns: (filter: HeaderFilter) => boolean,
  ): Diagnostic[] =>
    filters.flatMap((filter, i) =>
      concerns(filter) ? [refusal(LIMITS[limit], path, `${property}.headerFilters[${i}].name`, filter.name)] : [],
    );
  const own = ({ action, name }: HeaderFilter): boolean =>
    (action === 'Remove' || action === 'Redact') && REWRITTEN_HEADERS.includes(name);
  return [
    ...refused('requestFiltering', requestFiltering?.headerFilters ?? [], 'headerFilters.credential', ({ name }) =>
      credentials.has(name),
    ),
    ...refused('requestFiltering', requestFiltering?.headerFilters ?? [], 'headerFilters.rewritten', own),
    ...refused('responseFiltering', responseFiltering?.headerFilters ?? [], 'headerFilters.rewritten', own),
  ];
}

function contentTypeRule(types: readonly string[]): Predicate {
  const parameters = '[ \\t]*(?:;.*)?';
  return `request.method != "POST" || ${matchesWhole(headerValue('content-type'), `(?i)(?:${types.map(regexLiteral).join('|')})${parameters}`)}`;
}

/** Holds when a filter lets a request pass; undefined for one that refuses nothing. */
export function headerRule({ name, action, pattern }: HeaderFilter): Predicate | undefined {
  const absent = not(`${celString(name)} in request.headers`);
  switch (action) {
    case 'Allow':
      return anyOf([absent, matchesWhole(headerValue(name), pattern!)]);
    case 'Deny':
      return pattern === undefined ? absent : anyOf([absent, not(matchesWhole(headerValue(name), pattern))]);
    default:
      return undefined;
  }
}

const CHANGING: readonly FilterAction[] = ['Remove', 'Redact'];

/** Filters that change headers, as changes to requests or to answers. */
export function headerChangesOf(
  filters: readonly HeaderFilter[],
  message: 'request' | 'response',
): Pick<MessageChanges, 'remove' | 'set'> {
  const changing = filters.filter(({ action }) => CHANGING.includes(action));
  const removed = new Set(
    changing.filter(({ action, pattern }) => action === 'Remove' && pattern === undefined).map(({ name }) => name),
  );
  const names = [...new Set(changing.map(({ name }) => name))].filter(name => !removed.has(name));
  return {
    ...(names.length === 0
      ? {}
      : { set: Object.fromEntries(names.map(name => [name, filteredValue(name, changing, message)])) }),
    ...(removed.size === 0 ? {} : { remove: [...removed] }),
  };
}

function filteredValue(name: string, filters: readonly HeaderFilter[], message: 'request' | 'response'): string {
  const value = headerValue(name).replace(/^request/, message);
  return firstOf(
    filters
      .filter(filter => filter.name === name)
      .map(({ action, pattern }) => ({
        when: pattern === undefined ? `size(${value}) >= 0` : matchesWhole(value, pattern),
        value: action === 'Remove' ? 'fail("removed")' : celString(PLACEHOLDER),
      })),
    value,
  );
}
