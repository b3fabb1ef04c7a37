import {
  ANY_TEXT,
  exactly,
  headerMatcher,
  HeaderMatcher,
  matching,
  MetadataMatcher,
  methodMatcher,
  StringMatcher,
  toolNameMatcher,
} from './matchers';
import { allIds, anyId, notId, Principal } from './rbac';
import { timeCondition } from './time-condition';
import { Condition } from '../../model/policy';
import { MatchConditions } from '../../model/route';

/*
 * The model's conditions on requests: of rules as principals, of matches as what a route matches.
 */

/** A condition of a rule. A request that lacks what it compares meets none, whatever the operator. */
export function conditionPrincipal(condition: Condition): Principal {
  switch (condition.kind) {
    case 'sourceIp': {
      const within = anyId(condition.cidrs.map(fromRange));
      return condition.negated ? notId(within) : within;
    }
    case 'timeOfDay':
      return { filter_state: { key: timeCondition(condition).key, string_match: exactly('true') } };
    case 'header':
      return headerPrincipal(condition);
  }
}

/** The address of the connection, whatever a header says of it. */
function fromRange(cidr: string): Principal {
  const [address, bits] = cidr.split('/');
  return { direct_remote_ip: { address_prefix: address, prefix_len: Number(bits) } };
}

function headerPrincipal({ name, operator, values }: Extract<Condition, { kind: 'header' }>): Principal {
  const header = (string_match: StringMatcher): Principal => ({ header: { name: name.toLowerCase(), string_match } });
  switch (operator) {
    case 'Equal':
    case 'In':
      return anyId(values.map(value => header(exactly(value))));
    case 'Matches':
      return anyId(values.map(value => header(matching(value))));
    case 'NotEqual':
    case 'NotIn':
      return allIds([header(ANY_TEXT), notId(anyId(values.map(value => header(exactly(value)))))]);
    case 'NotMatches':
      return allIds([header(ANY_TEXT), notId(anyId(values.map(value => header(matching(value)))))]);
  }
}

/** What a route matches besides its path. */
export interface RouteConditions {
  readonly headers: readonly HeaderMatcher[];
  readonly dynamic_metadata: readonly MetadataMatcher[];
}

/** What a request that meets conditions matches. */
export function matchConditions({ headers, method, tools }: MatchConditions): RouteConditions {
  return {
    headers: headers.map(headerMatcher),
    dynamic_metadata: [
      ...(method === undefined ? [] : [methodMatcher([exactly(method)])]),
      ...(tools === undefined ? [] : [toolNameMatcher(tools)]),
    ],
  };
}
