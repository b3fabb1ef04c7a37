import { Part, unsupported } from './part';
import { allOf, anyOf, Predicate } from '../../../cel/predicates';
import { Diagnostic } from '../../../model/findings';
import { ITEM_KINDS, ItemAction, ItemKind, LISTS, USES } from '../../../model/items';
import { Entry, GatewayPlan } from '../../../model/plan';
import { alternatives, AuthzConfig, EffectivePolicy, LevelPolicy, PolicyOrigin } from '../../../model/policy';
import { groupProperty } from '../../../passes/demands';
import { headerOf } from '../../../passes/policy/authentication';
import { asksForServers, headersAskedFor } from '../../../passes/policy/cedar-policies';
import { distinct } from '../../../values/json';
import { refusal, Standing } from '../../interface/standing';
import { cedarGrant, CedarPlace } from '../dialect/cedar';
import { Identity, levelIdentity } from '../dialect/identity';
import { CALLED_TOOL, IS_CALL, IS_COMPLETION, IS_LIST, IS_NO_CALL } from '../dialect/json-message';
import { IS_ITEM, IS_TASK, IS_TOOL, ITEM_NAME, TOOL_NAME } from '../dialect/matches';
import { grantedByAny, ruleAt, RuleGrant, ruleGrants, StagedRule, taskGrants } from '../dialect/rule';
import { toolServers } from '../dialect/tool-servers';

/*
 * Authorization, two rules for each level that has rules, and two for each that has Cedar policies:
 * - on the request, so that a call that is not granted is 403 before it is counted by a limit;
 * - on each item that is listed or asked for, under the name by which agentgateway serves it. Prompts, resources and tasks are items
 *   too, which rules grant that name them.
 */

const LIMITS = {
  'authorization.header.credential': unsupported(
    'authorization.header.credential',
    'agentgateway cannot ask about the header of a credential: it takes the credential out of the request when it has verified it',
    'ask about the caller (principals), or about another header',
  ),
  'match.headers.credential': unsupported(
    'match.headers.credential',
    'agentgateway cannot match the header of a credential: it takes the credential out of the request when it has verified it',
    'match another header',
  ),
} as const satisfies Record<string, Standing>;

/** Who may do what. */
export const authorization = {
  features: {
    authorization: {
      supported: true,
      reason:
        'a call that no rule grants is 403; what may not be listed is absent; prompts, resources, completions and tasks are denied where there are rules that do not name them',
    },
    'authorization.cedar': {
      supported: true,
      reason:
        'Cedar policies are compiled to the same expressions, for calls, with their arguments, and for each tool of a list; a caller without a name is denied',
    },
    'authorization.completions': {
      supported: true,
      reason: 'of the prompts and resource templates that a rule names; others are an error of JSON-RPC (-32602)',
    },
    'authorization.listing': {
      supported: true,
      reason: 'a list holds the tools, prompts, resources and templates that the caller may list, and no others',
    },
    'authorization.prompts': {
      supported: true,
      reason:
        'under the names that the servers give them; a prompt that no rule grants is an error of JSON-RPC (-32602)',
    },
    'authorization.resources': {
      supported: true,
      reason:
        'by the URIs that the servers give them, for reading, subscriptions and streams of changes; a resource that no rule grants is an error of JSON-RPC (-32602)',
    },
    'authorization.tasks': {
      supported: true,
      reason: 'whoever may follow up tasks of some tool may do so with any task whose id is known',
    },
  },
  limits: {
    ...LIMITS,
    'authorization.scopes': {
      supported: true,
      reason:
        'who lacks a scope that a rule asks for is refused as anybody else, without a challenge (`insufficient_scope`): clients find the scopes in the metadata',
    },
  },
  check,
  rules: authorizationRules,
} as const satisfies Part;

function check({ entries }: GatewayPlan): Diagnostic[] {
  return distinct(entries.flatMap(entry => (entry.policy === undefined ? [] : checkConditions(entry, entry.policy))));
}

/** What the levels of an entry's policy ask. */
export function authorizationRules(entry: Entry): StagedRule[] {
  const { policy } = entry;
  return policy === undefined
    ? []
    : policy.levels.flatMap(level => {
        const identity = levelIdentity(policy, level);
        return [
          ...(level.rules.length === 0 ? [] : [callRule(level, identity), itemRule(level, identity)]),
          ...(level.authzConfig === undefined ? [] : cedarRules(level, level.authzConfig, entry, identity)),
        ];
      });
}

function callRule(level: LevelPolicy, identity: Identity): StagedRule {
  const grants = ruleGrants(level, 'tools/call', { kind: 'tool', name: CALLED_TOOL }, identity);
  return ruleAt('request', {
    level: level.level,
    expression: anyOf([...IS_NO_CALL, grantedByAny(grants)]),
    origins: level.rules.map(({ origin }) => origin),
    grants,
  });
}

function itemRule(level: LevelPolicy, identity: Identity): StagedRule {
  const kinds = ITEM_KINDS.map(kind => kindGrants(level, kind, identity));
  const tasks = taskGrants(level, identity);
  const all = [
    ...kinds.filter(({ grants }) => grants.length > 0).map(({ expression }) => expression),
    ...(tasks.length === 0 ? [] : [allOf([IS_TASK, grantedByAny(tasks)])]),
  ];
  return ruleAt('item', {
    level: level.level,
    expression: anyOf(all.length === 0 ? [kinds[0].expression] : all),
    origins: level.rules.map(({ origin }) => origin),
    grants: [...kinds.flatMap(({ grants }) => grants), ...tasks],
  });
}

/** What a level grants of a kind of item: each action where a request asks for it, and using the item where it asks for neither. */
function kindGrants(
  level: LevelPolicy,
  kind: ItemKind,
  identity: Identity,
): { readonly expression: Predicate; readonly grants: readonly RuleGrant[] } {
  const of = (action: ItemAction): RuleGrant[] => ruleGrants(level, action, { kind, name: ITEM_NAME[kind] }, identity);
  const [use, list, completion] = [of(USES[kind]), of(LISTS[kind]), of('completion/complete')];
  const used = grantedByAny(use);
  const listed = grantedByAny(list);
  const usedOrListed = used === listed ? listed : ask(kind, used, listed);
  const completed = grantedByAny(completion);
  return {
    expression: allOf([
      IS_ITEM[kind],
      kind === 'tool' || completed === usedOrListed ? usedOrListed : either(IS_COMPLETION, completed, usedOrListed),
    ]),
    grants: [...use, ...list, ...completion],
  };
}

/** Tools are called by one method; resources stand in lists of tools, too, and are read, subscribed to and listened for. */
function ask(kind: ItemKind, used: Predicate, listed: Predicate): Predicate {
  return kind === 'tool' ? either(IS_CALL, used, listed) : either(IS_LIST, listed, used);
}

function cedarRules({ level }: LevelPolicy, config: AuthzConfig, entry: Entry, identity: Identity): StagedRule[] {
  const place = (tool: string): CedarPlace =>
    asksForServers(config) ? toolServers(entry, tool) : { tool, servers: '[]' };
  const shared = { level, origins: [config.origin] };
  const requested = cedarGrant(config, 'tools/call', place(CALLED_TOOL), identity);
  const call = cedarGrant(config, 'tools/call', place(TOOL_NAME), identity);
  const list = cedarGrant(config, 'tools/list', place(TOOL_NAME), identity);
  return [
    ruleAt('request', {
      ...shared,
      expression: anyOf([...IS_NO_CALL, requested.expression]),
      cedar: { 'tools/call': requested },
    }),
    ruleAt('item', {
      ...shared,
      expression: allOf([
        IS_TOOL,
        call.expression === list.expression ? list.expression : either(IS_CALL, call.expression, list.expression),
      ]),
      cedar: { 'tools/call': call, 'tools/list': list },
    }),
  ];
}

/** `mcp.methodName` does not exist where items are authorized, but the body of the request does. */
function either(condition: Predicate, holds: Predicate, otherwise: Predicate): Predicate {
  return `${condition} ? (${holds}) : (${otherwise})`;
}

/** Conditions on headers that credentials come in: they are taken out before anything else is asked. */
function checkConditions(entry: Entry, { authentication, levels }: EffectivePolicy): Diagnostic[] {
  const credentials = new Set(
    authentication.flatMap(({ method }) => alternatives(method)).flatMap(method => headerOf(method)?.name ?? []),
  );
  const matched = entry.groups.flatMap(group =>
    (group.when?.headers ?? []).map(({ name }, i) => ({
      name,
      property: `${groupProperty(group)}.headers[${i}].name`,
    })),
  );
  const asked = levels
    .flatMap(({ rules }) => rules)
    .flatMap(({ conditions, origin }) =>
      conditions.flatMap(condition => (condition.kind === 'header' ? [{ name: condition.name, origin }] : [])),
    );
  return [
    ...matched
      .filter(({ name }) => credentials.has(name))
      .map(({ name, property }) => refuse('match.headers.credential', { path: entry.origin, property }, name)),
    ...asked
      .filter(({ name }) => credentials.has(name.toLowerCase()))
      .map(({ name, origin }) => refuse('authorization.header.credential', origin, name)),
    ...levels.flatMap(({ authzConfig }) =>
      authzConfig === undefined
        ? []
        : headersAskedFor(authzConfig)
            .filter(name => credentials.has(name))
            .map(name => refuse('authorization.header.credential', authzConfig.origin, name)),
    ),
  ];
}

function refuse(limit: keyof typeof LIMITS, { path, property }: PolicyOrigin, value: unknown): Diagnostic {
  return refusal(LIMITS[limit], path, property, value);
}
