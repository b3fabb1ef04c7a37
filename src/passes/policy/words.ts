import { ITEM_KINDS, ItemAction, ItemKind, LISTS, patternsOf, Permission, USES } from '../../model/items';
import {
  AuthenticationMethod,
  AuthorizationRule,
  Condition,
  Principal,
  RateLimit,
  sourceWords,
} from '../../model/policy';
import { formatToolPattern } from '../../model/tool-pattern';

/*
 * Policies in words, for findings and for the reasons of a decision. Names of the field, in the form users write them.
 */

/** A principal as users write it, and what verifies it where that is said: `user:alice by a token of https://auth.acme.dev`. */
export function formatPrincipal(principal: Principal): string {
  switch (principal.kind) {
    case 'user':
    case 'group':
      return `${principal.kind}:${principal.name}${sourceWords(principal.source)}`;
    case 'serviceAccount':
      return `serviceaccount:${principal.namespace}/${principal.name}${sourceWords(principal.source)}`;
    case 'anyAuthenticated':
      return 'any authenticated caller';
  }
}

/** A rule as one sentence. */
export function describeRule(rule: AuthorizationRule): string {
  const conditions = rule.conditions.map(condition => `, ${describeCondition(condition)}`).join('');
  return `${listOr(rule.principals.map(formatPrincipal))} may ${rule.permissions.map(describePermission).join('; and ')}${conditions}`;
}

/** What using an item is called, and what goes before its name. */
export const ITEM_WORDS: Readonly<Record<ItemKind, { readonly use: string; readonly of: string }>> = {
  tool: { use: 'call', of: '' },
  prompt: { use: 'get', of: 'prompt ' },
  resource: { use: 'read', of: 'resource ' },
};

/** Which kind of item a label is of, as tables have it: no name of a tool has a space. */
export function kindOfLabel(label: string): ItemKind {
  return ITEM_KINDS.find(kind => kind !== 'tool' && label.startsWith(ITEM_WORDS[kind].of)) ?? 'tool';
}

function describePermission(permission: Permission): string {
  const { actions } = permission;
  const has = (action: ItemAction, word: string): string[] => (actions.includes(action) ? [word] : []);
  const parts = ITEM_KINDS.flatMap(kind => {
    const patterns = patternsOf(permission, kind).map(formatToolPattern);
    const { of, use } = ITEM_WORDS[kind];
    const verbs = [...has(USES[kind], use), ...has(LISTS[kind], 'list')];
    return patterns.length === 0 || verbs.length === 0
      ? []
      : [`${verbs.join(' and ')} ${listOr(patterns.map(pattern => `${of}${pattern}`))}`];
  });
  return [
    ...parts,
    ...has('completion/complete', 'complete arguments of these'),
    ...has('tasks/get', 'follow up tasks of these'),
  ].join('; and ');
}

/** What is done with an item, and with which: `call db_query`, `list prompt report_sales`. */
export function describeAsked(kind: ItemKind, name: string, action: ItemAction): string {
  const { of, use } = ITEM_WORDS[kind];
  switch (action) {
    case 'completion/complete':
      return `complete arguments of ${of}${name}`;
    case 'tasks/get':
      return `follow up tasks of ${name}`;
    default:
      return `${action === LISTS[kind] ? 'list' : use} ${of}${name}`;
  }
}

function describeCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'sourceIp':
      return `${condition.negated ? 'not from' : 'from'} ${listOr(condition.cidrs)}`;
    case 'timeOfDay':
      return `${condition.negated ? 'not between' : 'between'} ${formatMinutes(condition.from)} and ${formatMinutes(condition.to)} (${condition.timeZone})`;
    case 'header':
      return `with the header ${condition.name} ${HEADER_WORDS[condition.operator]} ${listOr(condition.values.map(value => JSON.stringify(value)))}`;
    case 'scope':
      return `with the scope ${condition.scope}${condition.issuer === undefined ? '' : ` of ${condition.issuer}`}`;
  }
}

const HEADER_WORDS = {
  Equal: 'equal to',
  NotEqual: 'other than',
  In: 'one of',
  NotIn: 'none of',
  Matches: 'matching',
  NotMatches: 'not matching',
} as const;

function formatMinutes(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** A method in words. */
export function describeMethod(method: AuthenticationMethod): string {
  switch (method.kind) {
    case 'jwt':
      return `a token of ${method.issuer} in the header ${method.header.name}`;
    case 'apiKey':
      return `an API key in the header ${method.header.name}`;
    case 'basic':
      return 'a user name and password';
    case 'clientCertificate':
      return 'a client certificate';
    case 'anyOf':
      return listOr(method.methods.map(describeMethod));
  }
}

/** A limit in words. */
export function describeRate({
  burst,
  dimension,
  requests,
  unit,
}: Pick<RateLimit, 'burst' | 'dimension' | 'requests' | 'unit'>): string {
  const each = dimension === 'global' ? '' : ` for each ${dimension === 'ip' ? 'IP address' : dimension}`;
  return `${requests} per ${unit}${each}${burst === undefined ? '' : `, ${burst} at once`}`;
}

/** `a, b or c`. */
export function listOr(items: readonly string[]): string {
  return listed(items, 'or');
}

/** `a, b and c`. */
export function listAnd(items: readonly string[]): string {
  return listed(items, 'and');
}

function listed(items: readonly string[], word: string): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} ${word} ${items[items.length - 1]}`;
}
