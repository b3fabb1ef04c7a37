import { matchConditions, timesOf } from './conditions';
import { metadataOf } from './identity';
import { HeaderMatcher, MetadataMatcher, StringMatcher, ValueMatcher } from './matchers';
import { allIds, inMetadata, notId, Permission, Policies, Policy, Principal } from './rbac';
import { celEvaluator, celObject, celTimestamp, Outcome } from '../../../cel/evaluate';
import { completionRef, itemOf, ItemRequest } from '../../../model/items';
import { Entry } from '../../../model/plan';
import { MatchConditions } from '../../../model/route';
import { exposedTools } from '../../../model/server';
import { PresentedRequest, Verified } from '../../../passes/access/caller';
import { EnforcedExpression, Way } from '../../../passes/access/enforcement';
import { policyOf } from '../../../passes/entries/policy';
import { addressCidr, cidrContains, familyOf } from '../../../values/cidr';
import { isObject } from '../../../values/json';
import { compileRegex } from '../../../values/regex';
import { Behind } from '../../interface/data-plane';
import { MCP_METADATA } from '../config/names';

/*
 * Evaluates emitted policies and matchers as Envoy does. A request to Envoy always has an address and a time; a question may
 * leave them out, and what is missing is an error then, which denies unless something else decides.
 */

const evaluate = celEvaluator();

/** What Envoy knows of a request when it asks. */
interface RequestAttributes {
  /** HTTP's own, and by lower-case name; the lines of one header are joined. */
  readonly headers: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly address?: string;
  /** What was found out of the time, by name. */
  readonly state: (key: string) => Outcome;
}

/** The attributes of a request whose caller was authenticated. */
function requestAttributes(
  entry: Entry,
  { headers, request }: PresentedRequest,
  verified: Readonly<Record<string, unknown>>,
): RequestAttributes {
  const joined = Object.entries(headers).map(([name, lines]) => [
    name,
    typeof lines === 'string' ? lines : lines.join(','),
  ]);
  const params = paramsOf(request);
  const asked = { method: request.action, ...(params === undefined ? {} : { params }) };
  return {
    headers: { ...Object.fromEntries(joined), ':method': 'POST' },
    metadata: { ...verified, [MCP_METADATA]: asked },
    address: request.sourceIp,
    state: key => stateOf(timesOf(entry).get(key), request.time),
  };
}

/** What the filter for MCP keeps of what a request is about. */
function paramsOf(request: ItemRequest): object | undefined {
  const { kind, name } = itemOf(request);
  switch (request.action) {
    case 'tools/call':
    case 'prompts/get':
      return { name };
    case 'resources/read':
      return { uri: name };
    case 'completion/complete':
      return { ref: completionRef(kind, name) };
    default:
      return undefined;
  }
}

/** Whether a condition on the time holds; one that nobody asked for is not known to. */
function stateOf(expression: string | undefined, time: Date | undefined): Outcome {
  if (time === undefined) {
    return error('the time of the request is not known');
  }
  return expression === undefined
    ? value(false)
    : evaluate(expression, { request: celObject({ time: celTimestamp(time) }) });
}

/** What is asked: that some policy matches, or that a principal does. */
export type RbacQuestion = { readonly policies: Policies } | { readonly principal: Principal };

/** Makes questions that requests to an entry can be asked. */
export function askedAt(entry: Entry): (question: RbacQuestion) => EnforcedExpression {
  let caller: { readonly verified: Verified; readonly metadata: Readonly<Record<string, unknown>> } | undefined;
  let last: { readonly request: PresentedRequest; readonly attributes: RequestAttributes } | undefined;
  // Those of the last caller and of its last request are kept: all that is asked of one is asked in a row.
  const metadataFor = (verified: Verified): Readonly<Record<string, unknown>> => {
    if (caller?.verified !== verified) {
      caller = { verified, metadata: metadataOf(policyOf(entry), verified) };
    }
    return caller.metadata;
  };
  const attributesOf = (request: PresentedRequest): RequestAttributes => {
    if (last?.request !== request) {
      last = { request, attributes: requestAttributes(entry, request, metadataFor(request.verified)) };
    }
    return last.attributes;
  };
  return question => ({
    expression: JSON.stringify(question),
    holds: request => answer(question, attributesOf(request)),
  });
}

function answer(question: RbacQuestion, attributes: RequestAttributes): Outcome {
  return 'policies' in question
    ? anyOf(Object.values(question.policies).map(policy => () => matchesPolicy(policy, attributes)))
    : matchesPrincipal(question.principal, attributes);
}

function matchesPolicy({ permissions, principals }: Policy, attributes: RequestAttributes): Outcome {
  return allOf([
    () => anyOf(permissions.map(permission => () => matchesPermission(permission, attributes))),
    () => anyOf(principals.map(principal => () => matchesPrincipal(principal, attributes))),
  ]);
}

function matchesPermission(permission: Permission, attributes: RequestAttributes): Outcome {
  if ('and_rules' in permission) {
    return allOf(permission.and_rules.rules.map(rule => () => matchesPermission(rule, attributes)));
  }
  return 'not_rule' in permission
    ? negated(matchesPermission(permission.not_rule, attributes))
    : matchesPrincipal(permission, attributes);
}

function matchesPrincipal(principal: Principal, attributes: RequestAttributes): Outcome {
  if ('any' in principal) {
    return value(true);
  }
  if ('and_ids' in principal) {
    return allOf(principal.and_ids.ids.map(id => () => matchesPrincipal(id, attributes)));
  }
  if ('or_ids' in principal) {
    return anyOf(principal.or_ids.ids.map(id => () => matchesPrincipal(id, attributes)));
  }
  if ('not_id' in principal) {
    return negated(matchesPrincipal(principal.not_id, attributes));
  }
  if ('filter_state' in principal) {
    const { key, string_match: matcher } = principal.filter_state;
    const outcome = attributes.state(key);
    return outcome.kind === 'error' ? outcome : value(matchesText(matcher, String(outcome.value)));
  }
  if ('remote_ip' in principal) {
    const { address_prefix: prefix, prefix_len: bits } = principal.remote_ip;
    return comesFrom(`${prefix}/${bits}`, attributes.address);
  }
  return value(
    'header' in principal
      ? hasHeader(principal.header, attributes)
      : hasMetadata(principal.sourced_metadata.metadata_matcher, attributes),
  );
}

function comesFrom(cidr: string, address: string | undefined): Outcome {
  if (address === undefined || familyOf(address) === undefined) {
    return error(address === undefined ? 'the address of the caller is not known' : `"${address}" is no IP address`);
  }
  return value(cidrContains(cidr, addressCidr(address)));
}

function hasHeader(matcher: HeaderMatcher, { headers }: RequestAttributes): boolean {
  const { name } = matcher;
  const present = Object.prototype.hasOwnProperty.call(headers, name);
  return 'present_match' in matcher
    ? present === matcher.present_match
    : present && matchesText(matcher.string_match, headers[name]);
}

function hasMetadata({ filter, path, value: matcher }: MetadataMatcher, { metadata }: RequestAttributes): boolean {
  const found = [filter, ...path.map(({ key }) => key)].reduce<unknown>(
    (inner, key) => (isObject(inner) ? inner[key] : undefined),
    metadata,
  );
  return matchesValue(matcher, found);
}

function matchesValue(matcher: ValueMatcher, found: unknown): boolean {
  if ('or_match' in matcher) {
    return matcher.or_match.value_matchers.some(one => matchesValue(one, found));
  }
  if ('list_match' in matcher) {
    return Array.isArray(found) && found.some(item => matchesValue(matcher.list_match.one_of, item));
  }
  return 'bool_match' in matcher
    ? found === matcher.bool_match
    : typeof found === 'string' && matchesText(matcher.string_match, found);
}

const regexes = new Map<string, ReturnType<typeof compileRegex>>();

function matchesText(matcher: StringMatcher, text: string): boolean {
  if ('exact' in matcher) {
    return text === matcher.exact;
  }
  if ('prefix' in matcher) {
    return text.startsWith(matcher.prefix);
  }
  const { regex } = matcher.safe_regex;
  let compiled = regexes.get(regex);
  if (compiled === undefined) {
    compiled = compileRegex(regex);
    regexes.set(regex, compiled);
  }
  return compiled.matches(text);
}

function negated(outcome: Outcome): Outcome {
  return outcome.kind === 'error' ? outcome : value(!outcome.value);
}

function value(holds: boolean): Outcome {
  return { kind: 'value', value: holds };
}

function error(message: string): Outcome {
  return { kind: 'error', message };
}

type Question = () => Outcome;

/** All hold. One that does not decides, whatever cannot be said of the others. */
function allOf(questions: readonly Question[]): Outcome {
  return decidedBy(false, questions);
}

/** Any holds. */
function anyOf(questions: readonly Question[]): Outcome {
  return decidedBy(true, questions);
}

function decidedBy(decisive: boolean, questions: readonly Question[]): Outcome {
  let undecided: Outcome | undefined;
  for (const question of questions) {
    const outcome = question();
    if (outcome.kind === 'error') {
      undecided = undecided ?? outcome;
    } else if (outcome.value === decisive) {
      return outcome;
    }
  }
  return undecided ?? value(!decisive);
}

/** The ways by which an entry serves items: the groups of servers that a request may be routed to, the first that it meets. */
export function waysOf(entry: Entry, behind: Behind): Way[] {
  const asked = askedAt(entry);
  return entry.groups.flatMap(({ id, servers, unless, when }) =>
    servers.map(({ server }): Way => ({
      id: `${id}: ${server.name}`,
      require: [
        ...(when === undefined ? [] : [meets(when)]),
        ...unless.map(conditions => notId(meets(conditions))),
      ].map(principal => asked({ principal })),
      ...(server.rest === undefined ? {} : { tools: exposedTools(server) }),
      guard: behind(server),
    })),
  );
}

/** The matchers of a route, all of which a request meets. */
function meets(conditions: MatchConditions): Principal {
  const { dynamic_metadata, headers } = matchConditions(conditions);
  return allIds([...dynamic_metadata.map(inMetadata), ...headers.map(header => ({ header }))]);
}
