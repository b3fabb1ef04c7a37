import { isTooLarge, largePatterns, REGEX_SIZE } from './limits';
import { enforced, Filters, part, refused } from './part';
import { challenges, recordOf } from './scopes';
import { Diagnostic } from '../../../model/findings';
import { ITEM_KINDS, patternsOf } from '../../../model/items';
import { Entry } from '../../../model/plan';
import { AuthorizationRule, LevelPolicy } from '../../../model/policy';
import { EnforcedRule } from '../../../passes/access/enforcement';
import { describeRule } from '../../../passes/policy/words';
import { compareText } from '../../../values/text';
import { refusal } from '../../interface/standing';
import { ConfigRbacRBAC } from '../config/api';
import { extension, typed } from '../config/config';
import { EnvoyEntry } from '../config/plan';
import { timesOf } from '../dialect/conditions';
import { askedAt } from '../dialect/evaluate';
import { credentialHeaders, isRewritten } from '../dialect/matchers';
import { authenticatedPolicies, levelPolicies, rulePolicies } from '../dialect/policies';
import { Policies, RBAC, rbacPerRoute } from '../dialect/rbac';

/*
 * Authorization: one filter for each level that may have rules, every one of which must let a request pass. What they ask for
 * is said on routes; where a route says nothing, they ask nothing.
 */

const CREDENTIAL = refused(
  'authorization.header.credential',
  'the gateway takes the header of a credential out of the request when it has verified it, so that no rule can ask about it',
  'ask about the caller (principals), or about another header',
);
const REWRITTEN = refused(
  'authorization.header.rewritten',
  'Envoy sets this header itself, takes it out, or refuses requests that have it, so that no rule can ask what the client sent',
  'ask about another header; about the address with Condition.sourceIp',
);

/** Rules of who may do what. What the gateway itself asks stands on all routes at once. */
export const authorization = part({
  features: {
    authorization: enforced(
      'what no rule grants is 403: calls, lists, prompts, resources, completions and tasks; whoever may call at all may listen to changes of lists',
    ),
    'authorization.cedar': refused(
      'authorization.cedar',
      'Envoy cannot ask Cedar policies here',
      'state rules (`allow`)',
    ),
    'authorization.completions': enforced('of the prompts and resource templates that a rule names'),
    'authorization.listing': refused(
      'authorization.listing',
      'Envoy cannot leave anything out of a list: who may list tools, prompts or resources is shown all that the server has',
      'grant lists of `*` in a rule of its own (`actions: [ToolAction.LIST]`), and give the other rules `actions: [ToolAction.CALL]`',
    ),
    'authorization.prompts': enforced('a prompt that no rule grants is 403'),
    'authorization.resources': enforced(
      'for reading, subscriptions and streams of changes; a stream is of one resource, unless a rule grants all of them',
    ),
    'authorization.tasks': enforced(
      'whoever may follow up tasks of some tool may do so with any task whose id is known',
    ),
  },
  limits: {
    'authorization.header.credential': CREDENTIAL,
    'authorization.header.rewritten': REWRITTEN,
    'regex.size': REGEX_SIZE,
  },
  check: ({ entries }) => entries.flatMap(checkEntry),
  // They are always there: routes are read from another file, and what they ask for must not wait for a filter.
  filters: () => STAGES.map(stage => extension(filterName(stage), RBAC, {})),
  host: ({ entries }) =>
    perRoute(
      entries
        .flatMap(rulesOf)
        .filter(({ stage }) => stage === 'gateway')
        .slice(0, 1),
    ),
  entry: entry => ({
    filters: challenges(entry) ? recording(entry) : perRoute(rulesOf(entry).filter(({ stage }) => stage !== 'gateway')),
  }),
});

function checkEntry({ methods, policy }: EnvoyEntry): Diagnostic[] {
  const credentials = credentialHeaders(methods);
  return (policy?.levels ?? [])
    .flatMap(({ rules }) => rules)
    .flatMap(rule => [...checkHeaders(rule, credentials), ...checkRegexes(rule)]);
}

function checkHeaders({ conditions, origin }: AuthorizationRule, credentials: ReadonlySet<string>): Diagnostic[] {
  return conditions
    .flatMap(condition => (condition.kind === 'header' ? [condition.name.toLowerCase()] : []))
    .flatMap(name => [
      ...(credentials.has(name) ? [refusal(CREDENTIAL, origin.path, origin.property, name)] : []),
      ...(isRewritten(name) ? [refusal(REWRITTEN, origin.path, origin.property, name)] : []),
    ]);
}

function checkRegexes({ conditions, origin, permissions }: AuthorizationRule): Diagnostic[] {
  const compared = conditions.flatMap(condition =>
    condition.kind === 'header' && /Matches$/.test(condition.operator) ? condition.values : [],
  );
  const patterns = permissions.flatMap(permission => ITEM_KINDS.flatMap(kind => patternsOf(permission, kind)));
  return [...largePatterns(patterns), ...compared.filter(isTooLarge)].map(regex =>
    refusal(REGEX_SIZE, origin.path, origin.property, regex),
  );
}

type Stage = 'authentication' | LevelPolicy['level'];

/** In the order they are asked. What a server asks by itself is asked in front of it, not here. */
const STAGES = ['authentication', 'gateway', 'route'] as const;

function perRoute(rules: readonly StageRules[]): Filters {
  return Object.fromEntries(
    rules.map(({ policies, stage }) => [filterName(stage), rbacPerRoute({ rules: allowing(policies) })]),
  );
}

/** What is asked at an entry, and beside it the record of which scopes are missing. */
function recording(entry: EnvoyEntry): Filters {
  const asked = new Map(rulesOf(entry).map(({ policies, stage }) => [stage, policies]));
  return Object.fromEntries(
    STAGES.map(stage => {
      const policies = asked.get(stage);
      const { prefix, records } = recordOf(entry, stage);
      return [
        filterName(stage),
        rbacPerRoute({
          ...(policies === undefined ? {} : { rules: allowing(policies) }),
          shadow_rules: allowing(records),
          shadow_rules_stat_prefix: prefix,
        }),
      ];
    }),
  );
}

function allowing(policies: Policies): ConfigRbacRBAC {
  return { action: 'ALLOW', policies };
}

function filterName(stage: Stage): string {
  return `mcp.rbac.${stage}`;
}

/** What one filter asks at an entry. */
interface StageRules {
  readonly stage: Stage;
  readonly policies: Policies;
  readonly origins: EnforcedRule['origins'];
  /** What it was joined from. */
  readonly grants: readonly { readonly policies: Policies; readonly rule: AuthorizationRule }[];
}

function rulesOf({ policy }: Entry): StageRules[] {
  if (policy === undefined) {
    return [];
  }
  const authentication: StageRules = {
    stage: 'authentication',
    policies: authenticatedPolicies(policy),
    origins: policy.authentication.flatMap(({ origins }) => origins),
    grants: [],
  };
  return [
    ...(policy.authentication.length === 0 ? [] : [authentication]),
    ...policy.levels
      .filter(({ rules }) => rules.length > 0)
      .map((level): StageRules => ({
        stage: level.level,
        policies: levelPolicies(policy, level),
        origins: level.rules.map(({ origin }) => origin),
        grants: rulePolicies(policy, level).map(({ name, rule, policy: granted }) => ({
          policies: { [name]: granted },
          rule,
        })),
      })),
  ];
}

/** What is asked at an entry, as it is evaluated: each expression is the JSON of the policies that are emitted. */
export function enforcedRules(entry: Entry): EnforcedRule[] {
  const asked = askedAt(entry);
  return rulesOf(entry).map(({ stage, policies, origins, grants }) => ({
    level: stage,
    ...asked({ policies }),
    origins,
    grants: grants.map(({ policies: granted, rule }) => ({
      ...asked({ policies: granted }),
      origin: rule.origin,
      words: describeRule(rule),
    })),
  }));
}

const TIME = 'mcp.time';
const CONFIG = 'envoy.extensions.filters.http.set_filter_state.v3.Config';

/** Finds out which conditions on the time of day hold: each condition of a plan's rules once, however many routes have it. */
export const timeOfDay = part({
  filters: () => [extension(TIME, CONFIG, {})],
  host: ({ entries }) => {
    const distinct = [...new Map(entries.flatMap(entry => [...timesOf(entry)]))].sort(([a], [b]) => compareText(a, b));
    const config: Filters = {
      [TIME]: typed(CONFIG, {
        on_request_headers: distinct.map(([key, expression]) => ({
          object_key: key,
          factory_key: 'envoy.string',
          format_string: { text_format_source: { inline_string: `%CEL(${expression})%` } },
        })),
      }),
    };
    return distinct.length === 0 ? {} : config;
  },
});
