import { conditionPrincipal } from './conditions';
import { EnvoyIdentity, IdentitySource, levelIdentity, policyIdentity, fromSource } from './identity';
import {
  anyText,
  anyValue,
  beginning,
  exactly,
  matching,
  metadataMatcher,
  methodMatcher,
  nameMatcher,
  ValueMatcher,
} from './matchers';
import { allIds, allRules, ANY, anyId, inMetadata, notRule, Permission, Policies, Policy, Principal } from './rbac';
import {
  DOT_SEGMENTS,
  granted,
  isPartial,
  ITEM_KINDS,
  ItemAction,
  ItemKind,
  LISTS,
  METHODS,
  Permission as Granted,
  USES,
} from '../../../model/items';
import {
  AuthorizationRule,
  EffectivePolicy,
  LevelPolicy,
  Principal as Named,
  serviceAccountSubject,
} from '../../../model/policy';
import { LISTEN } from '../../../model/protocol';
import { selectsAll, ToolPattern } from '../../../model/tool-pattern';
import { distinct } from '../../../values/json';
import {
  ASKED_URI,
  CALLED_TOOL,
  CHANGES_ALONE,
  COMPLETED,
  HEARD_URI,
  LISTS_ALONE,
  MetadataPath,
} from '../config/names';

/*
 * What the levels of a policy ask, as policies of RBAC. They say what passes, never what does not: of a request that could
 * not be read nothing is known, and so nothing of it matches.
 */

/** One rule of a level and the policy that it is. */
export interface NamedPolicy {
  readonly name: string;
  readonly rule: AuthorizationRule;
  readonly policy: Policy;
}

/** Name of the policy by which passes what no rule has to grant. */
const UNGRANTED = 'no tool is asked for';

/** Methods that open, keep and end a session. The last is what Envoy calls the answers of clients to requests of servers. */
const SESSION_METHODS = ['initialize', 'server/discover', 'ping', 'logging/setLevel', '__jsonrpc_response'];

/** What a level with rules lets pass. Who may list items of a kind may list all of them. */
export function levelPolicies(policy: EffectivePolicy, level: LevelPolicy): Policies {
  return {
    [UNGRANTED]: passesUngranted(),
    ...Object.fromEntries(rulePolicies(policy, level).map(({ name, policy: asked }) => [name, asked])),
  };
}

/** The policies of the rules that may grant something, named by where they were written. */
export function rulePolicies(policy: EffectivePolicy, level: LevelPolicy): NamedPolicy[] {
  const identity = levelIdentity(policy, level);
  const policies = level.rules.flatMap(rule => {
    const found = rulePolicy(rule, identity);
    return found === undefined ? [] : [{ rule, policy: found }];
  });
  const seen = new Map<string, number>();
  return policies.map(({ rule, policy: asked }) => {
    const written = `${rule.origin.path}: ${rule.origin.property}`;
    const count = (seen.get(written) ?? 0) + 1;
    seen.set(written, count);
    return { name: count === 1 ? written : `${written} (${count})`, rule, policy: asked };
  });
}

/** What callers who passed every method may ask: authentication once more, by what only a success leaves behind. */
export function authenticatedPolicies(policy: EffectivePolicy): Policies {
  return { authenticated: { permissions: [ANY], principals: [policyIdentity(policy).authenticated as Principal] } };
}

/**
 * Event streams and ends of sessions go by HTTP, the rest by its method. The stream of revisions without sessions tells of changed lists
 * to whoever asks; of resources it tells whom a rule lets read them.
 */
function passesUngranted(): Policy {
  const http = (method: string): Permission => ({ header: { name: ':method', string_match: exactly(method) } });
  return {
    permissions: [
      http('GET'),
      http('DELETE'),
      inMetadata(methodMatcher([...SESSION_METHODS.map(exactly), beginning('notifications/')])),
      allRules([
        inMetadata(methodMatcher([exactly(LISTEN)])),
        inMetadata(metadataMatcher(LISTS_ALONE, { bool_match: true })),
      ]),
    ],
    principals: [ANY],
  };
}

/** What a rule lets pass; undefined where that is nothing. */
export function rulePolicy(
  { conditions, permissions, principals }: AuthorizationRule,
  identity: EnvoyIdentity,
): Policy | undefined {
  const asked = askedFor(permissions);
  const who = principals.flatMap(principal => principalIds(principal, identity));
  if (asked.length === 0 || who.length === 0) {
    return undefined;
  }
  return {
    permissions: asked,
    principals:
      conditions.length === 0
        ? distinct(who)
        : [allIds([anyId(distinct(who)), ...conditions.map(condition => conditionPrincipal(condition, identity))])],
  };
}

/** What permissions grant, as requests that ask for it. */
function askedFor(permissions: readonly Granted[]): Permission[] {
  return [
    ...ITEM_KINDS.flatMap(kind => usesOf(permissions, kind)),
    ...ITEM_KINDS.flatMap(kind => listsOf(permissions, kind)),
    ...completionsOf(permissions),
    ...(granted(permissions, 'tool', 'tasks/get').length === 0 ? [] : [asks('tasks/get')]),
  ];
}

/** Requests for items of a kind that a rule lets use. */
function usesOf(permissions: readonly Granted[], kind: ItemKind): Permission[] {
  const patterns = distinct(granted(permissions, kind, USES[kind]));
  if (patterns.length === 0) {
    return [];
  }
  return kind === 'resource'
    ? [...resourcesAt(ASKED_URI, patterns).map(item => allRules([asks(USES[kind]), item])), ...listening(patterns)]
    : [allRules([asks(USES[kind]), inMetadata(nameMatcher(CALLED_TOOL, patterns))])];
}

/** Streams of changes of resources that a rule lets read: of any number of them where it grants all, else of one. */
function listening(patterns: readonly ToolPattern[]): Permission[] {
  const heard = patterns.some(selectsAll)
    ? [inMetadata(metadataMatcher(CHANGES_ALONE, { bool_match: true }))]
    : resourcesAt(HEARD_URI, patterns);
  return heard.map(item => allRules([inMetadata(methodMatcher([exactly(LISTEN)])), item]));
}

/** Lists, which hold all items. */
function listsOf(permissions: readonly Granted[], kind: ItemKind): Permission[] {
  return granted(permissions, kind, LISTS[kind]).some(selectsAll) ? [asks(LISTS[kind])] : [];
}

/** Completions for the prompts and resource templates that a rule names. */
function completionsOf(permissions: readonly Granted[]): Permission[] {
  const [prompts, resources] = (['prompt', 'resource'] as const).map(kind =>
    distinct(granted(permissions, kind, 'completion/complete')),
  );
  const of = (type: string, items: readonly Permission[]): Permission[] =>
    items.map(item =>
      allRules([
        asks('completion/complete'),
        inMetadata(metadataMatcher(COMPLETED.type, anyText([exactly(type)]))),
        item,
      ]),
    );
  return [
    ...of('ref/prompt', prompts.length === 0 ? [] : [inMetadata(nameMatcher(COMPLETED.name, prompts))]),
    ...of('ref/resource', resourcesAt(COMPLETED.uri, resources)),
  ];
}

/** The methods of an action. */
function asks(action: ItemAction): Permission {
  return inMetadata(methodMatcher(METHODS[action].map(exactly)));
}

/** URIs at a place in metadata that some pattern selects. Those that select by a part of it select none that leads elsewhere. */
function resourcesAt(place: MetadataPath, patterns: readonly ToolPattern[]): Permission[] {
  const partial = patterns.filter(isPartial);
  const others = patterns.filter(pattern => !partial.includes(pattern));
  return [
    ...(others.length === 0 ? [] : [inMetadata(nameMatcher(place, others))]),
    ...(partial.length === 0
      ? []
      : [
          allRules([
            inMetadata(nameMatcher(place, partial)),
            notRule(inMetadata(metadataMatcher(place, anyText([matching(DOT_SEGMENTS)])))),
          ]),
        ]),
  ];
}

function principalIds(principal: Named, identity: EnvoyIdentity): Principal[] {
  switch (principal.kind) {
    case 'user':
      return isNamed(fromSource(identity.users, principal.source), principal.name);
    case 'group':
      return fromSource(identity.groups, principal.source).map(source => standsAt(source, holds(principal.name)));
    case 'serviceAccount':
      return isNamed(fromSource(identity.subjects, principal.source), serviceAccountSubject(principal));
    case 'anyAuthenticated':
      return [identity.authenticated as Principal];
  }
}

function isNamed(sources: readonly IdentitySource[], name: string): Principal[] {
  return sources.map(source => standsAt(source, anyText([exactly(name)])));
}

function standsAt(source: IdentitySource, value: ValueMatcher): Principal {
  return inMetadata(metadataMatcher(source, value));
}

/** A name by itself, or in a list. */
function holds(name: string): ValueMatcher {
  const text = anyText([exactly(name)]);
  return anyValue([text, { list_match: { one_of: text } }]);
}
