import { conditionPrincipal } from './conditions';
import { EnvoyIdentity, IdentitySource, levelIdentity, policyIdentity, fromSource } from './identity';
import {
  anyText,
  anyValue,
  beginning,
  exactly,
  metadataMatcher,
  methodMatcher,
  toolNameMatcher,
  ValueMatcher,
} from './matchers';
import { allIds, allRules, ANY, anyId, inMetadata, Permission, Policies, Policy, Principal } from './rbac';
import {
  AuthorizationRule,
  EffectivePolicy,
  LevelPolicy,
  Permission as Granted,
  Principal as Named,
  ToolAction,
  serviceAccountSubject,
} from '../../../model/policy';
import { LISTEN } from '../../../model/protocol';
import { selectsAll, ToolPattern } from '../../../model/tool-pattern';
import { distinct } from '../../../values/json';
import { LISTS_ALONE } from '../config/names';

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

/** What a level with rules lets pass. Who may list tools may list all of them. */
export function levelPolicies(policy: EffectivePolicy, level: LevelPolicy): Policies {
  return {
    [UNGRANTED]: passesUngranted(),
    ...Object.fromEntries(rulePolicies(policy, level).map(({ name, policy: granted }) => [name, granted])),
  };
}

/** The policies of the rules that may grant something, named by where they were written. */
export function rulePolicies(policy: EffectivePolicy, level: LevelPolicy): NamedPolicy[] {
  const identity = levelIdentity(policy, level);
  const found = level.rules.flatMap(rule => {
    const granted = rulePolicy(rule, identity);
    return granted === undefined ? [] : [{ rule, policy: granted }];
  });
  const seen = new Map<string, number>();
  return found.map(({ rule, policy: granted }) => {
    const written = `${rule.origin.path}: ${rule.origin.property}`;
    const count = (seen.get(written) ?? 0) + 1;
    seen.set(written, count);
    return { name: count === 1 ? written : `${written} (${count})`, rule, policy: granted };
  });
}

/** What callers who passed every method may ask: authentication once more, by what only a success leaves behind. */
export function authenticatedPolicies(policy: EffectivePolicy): Policies {
  return { authenticated: { permissions: [ANY], principals: [policyIdentity(policy).authenticated as Principal] } };
}

/**
 * Event streams and ends of sessions go by HTTP, the rest by its method. The stream of revisions without sessions tells of changed lists
 * to whoever asks, and of resources to nobody: no rule grants them.
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
  const asked = [...callOf(permissions), ...listOf(permissions)];
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

/** Calls of the tools that a rule lets call. */
function callOf(permissions: readonly Granted[]): Permission[] {
  const tools = toolsOf(permissions, 'tools/call');
  return tools.length === 0
    ? []
    : [allRules([inMetadata(methodMatcher([exactly('tools/call')])), inMetadata(toolNameMatcher(tools))])];
}

/** Lists, which hold all tools. */
function listOf(permissions: readonly Granted[]): Permission[] {
  return toolsOf(permissions, 'tools/list').some(selectsAll)
    ? [inMetadata(methodMatcher([exactly('tools/list')]))]
    : [];
}

function toolsOf(permissions: readonly Granted[], action: ToolAction): ToolPattern[] {
  return distinct(permissions.filter(({ actions }) => actions.includes(action)).flatMap(({ tools }) => tools));
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
