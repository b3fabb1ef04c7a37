import { choice, list, text, textList, textSet, ValueOf } from './codec';
import { configMapKey, TOOL_GLOB } from './common';
import { condition, conditionModel } from './condition';
import { mapped, object, sole } from './object';
import { Place } from './place';
import { because, errorKind } from '../model/findings';
import { AuthorizationRule, PolicyOrigin, Principal } from '../model/policy';
import { toolGlob } from '../model/tool-pattern';
import { isObjectName, namespaceProblem, OBJECT_NAME_INVALID } from '../model/validation';

/** Who may do what with which tools: shapes of upstream's pr526. */

const PRINCIPAL_KIND_MISSING = errorKind(
  'principal-kind-missing',
  'is not said to be a user, a group or a service account',
  'Write user:NAME, group:NAME, serviceaccount:NAME, serviceaccount:NAMESPACE/NAME, or group:system:authenticated for every authenticated caller',
);
const SERVICE_ACCOUNT_INVALID = errorKind(
  'service-account-invalid',
  'is not a service account',
  'Write serviceaccount:NAMESPACE/NAME',
);
const SERVICE_ACCOUNT_NAMESPACE_MISSING = errorKind(
  'service-account-namespace-missing',
  'is a service account of no namespace',
  'Write serviceaccount:NAMESPACE/NAME',
);
const SERVICE_ACCOUNT_NAMESPACE_INVALID = errorKind(
  'service-account-namespace-invalid',
  '{problem}',
  'Name its namespace',
);
const PRINCIPAL_NAME_EMPTY = errorKind('principal-name-empty', 'is empty', 'Name the {kind}');
const PRINCIPAL_GROUP_OF_EVERYONE = errorKind(
  'principal-group-of-everyone',
  'stands for every authenticated caller',
  'Use Principal.anyAuthenticated()',
);
const RULE_PRINCIPALS_EMPTY = errorKind('rule-principals-empty', 'names nobody', 'Name at least one Principal');
const RULE_PERMISSIONS_EMPTY = errorKind('rule-permissions-empty', 'grants nothing', 'Give at least one permission');
const RULE_TOOLS_EMPTY = errorKind('rule-tools-empty', 'is empty, so it grants nothing', 'Name tools, or * for all');
const RULE_ACTIONS_EMPTY = errorKind(
  'rule-actions-empty',
  'is empty, so it grants nothing',
  'Name actions, or leave it out for both',
);

/** A group that means every caller that authentication let in, as in Kubernetes. */
const EVERYONE = 'system:authenticated';

/** Who calls, as a rule says it: a service account may be one of the resource's own namespace. */
export type PrincipalValue =
  | Exclude<Principal, { kind: 'serviceAccount' }>
  | { readonly kind: 'serviceAccount'; readonly name: string; readonly namespace?: string };

/** One principal of a rule. */
export const principal = mapped(text('Who is granted it.'), {
  read: readPrincipal,
  write: writePrincipal,
  check: checkPrincipal,
  place: () => [],
});

function readPrincipal(json: string, place: Place): PrincipalValue | undefined {
  const [, kind, name] = /^(user|group|serviceaccount):([^]*)$/.exec(json) ?? [];
  if (kind === undefined) {
    place.report(PRINCIPAL_KIND_MISSING, json, true);
    return undefined;
  }
  if (kind !== 'serviceaccount') {
    return kind === 'group' && name === EVERYONE ? { kind: 'anyAuthenticated' } : { kind: kind as 'user', name };
  }
  const [first, second, ...rest] = name.split('/');
  place.report(SERVICE_ACCOUNT_INVALID, json, rest.length > 0);
  return rest.length > 0
    ? undefined
    : second === undefined
      ? { kind: 'serviceAccount', name: first }
      : { kind: 'serviceAccount', name: second, namespace: first };
}

function writePrincipal(value: PrincipalValue): string {
  switch (value.kind) {
    case 'anyAuthenticated':
      return `group:${EVERYONE}`;
    case 'serviceAccount':
      return `serviceaccount:${value.namespace === undefined ? '' : `${value.namespace}/`}${value.name}`;
    default:
      return `${value.kind}:${value.name}`;
  }
}

function checkPrincipal(value: PrincipalValue, place: Place): void {
  switch (value.kind) {
    case 'anyAuthenticated':
      return;
    case 'serviceAccount':
      place
        .at('name')
        .report(
          OBJECT_NAME_INVALID,
          value.name,
          isObjectName(value.name) ? undefined : { object: 'the service account' },
        );
      place
        .at('namespace')
        .report(
          SERVICE_ACCOUNT_NAMESPACE_INVALID,
          value.namespace,
          because(value.namespace === undefined ? undefined : namespaceProblem(value.namespace)),
        );
      return;
    default:
      place.at('name').report(PRINCIPAL_NAME_EMPTY, value.name, value.name === '' ? { kind: value.kind } : undefined);
      place
        .at('name')
        .report(PRINCIPAL_GROUP_OF_EVERYONE, value.name, value.kind === 'group' && value.name === EVERYONE);
  }
}

const permission = object(
  'Actions on tools.',
  {
    // Upstream sets this enum on the array itself, where no array can ever equal one of its strings.
    actions: list('What may be done with the tools.', choice('One action.', ['tools/call', 'tools/list']), {
      minItems: 1,
    }),
    tools: textList('Tool names; globs such as db_* are allowed.', { minItems: 1 }, TOOL_GLOB),
  },
  { required: ['actions', 'tools'] },
  ({ actions, tools }, place) => {
    place.at('tools').report(RULE_TOOLS_EMPTY, tools, tools.length === 0);
    place.at('actions').report(RULE_ACTIONS_EMPTY, actions, actions.length === 0);
  },
);

/** One rule. */
export const authorizationRule = object(
  'Grants any of the principals any of the permissions while all conditions hold.',
  {
    conditions: list('Conditions, all of which must hold.', condition),
    permissions: list('What is granted.', permission, { minItems: 1 }),
    principals: list(
      'Who is granted it: user:NAME, group:NAME or serviceaccount:NAMESPACE/NAME; group:system:authenticated is every authenticated caller.',
      { ...principal, schema: { type: 'string' } },
      { minItems: 1 },
    ),
  },
  { required: ['permissions', 'principals'] },
  ({ permissions, principals }, place) => {
    place.at('principals').report(RULE_PRINCIPALS_EMPTY, principals.length, principals.length === 0);
    place.at('permissions').report(RULE_PERMISSIONS_EMPTY, permissions.length, permissions.length === 0);
  },
);

/** One rule. */
export type RuleValue = ValueOf<typeof authorizationRule>;

export const authorization = sole(
  'What callers may do; a request passes when some rule grants it.',
  'rules',
  list('Rules.', authorizationRule, { minItems: 1 }),
);

/** Rules of a resource in a namespace: its own service accounts get that. */
export function rulesIn(
  namespace: string | undefined,
  rules: readonly RuleValue[],
  place: Place,
): readonly RuleValue[] {
  return rules.map((rule, r) => ({
    ...rule,
    principals: rule.principals.map((value, i) => {
      if (value.kind !== 'serviceAccount' || value.namespace !== undefined) {
        return value;
      }
      place
        .at(r, 'principals', i)
        .report(SERVICE_ACCOUNT_NAMESPACE_MISSING, writePrincipal(value), namespace === undefined);
      return { ...value, namespace };
    }),
  }));
}

/** Who calls, as a data plane has to tell them apart. A service account of no namespace is a finding. */
export function principalModel(value: PrincipalValue): Principal {
  return value.kind === 'serviceAccount' ? { ...value, namespace: value.namespace ?? '' } : value;
}

/** A rule as a data plane has to hold it. */
export function ruleModel(
  { principals, permissions, conditions = [] }: RuleValue,
  origin: PolicyOrigin,
): AuthorizationRule {
  return {
    principals: principals.map(principalModel),
    permissions: permissions.map(({ tools, actions }) => ({ tools: tools.map(toolGlob), actions })),
    conditions: conditions.map(conditionModel),
    origin,
  };
}

/** Policies in Cedar, of a server, or as this library has them of routes and gateways. */
export const cedarPolicies = (description: string) =>
  object(
    description,
    {
      configMap: configMapKey('Policies kept in a ConfigMap.'),
      inline: object(
        'Policies written here.',
        {
          entitiesJSON: text('Cedar entities, as a JSON array.', { default: '[]' }),
          policies: textSet('Cedar policies.', { minItems: 1 }),
        },
        { required: ['policies'] },
      ),
    },
    {
      'x-kubernetes-validations': [
        {
          rule: '!(has(self.configMap) && has(self.inline))',
          message: 'set only one of authzConfig.configMap and authzConfig.inline',
        },
      ],
    },
  );

export const authzConfig = cedarPolicies('Authorization of callers that reach the server itself, in Cedar.');

/** `authzConfig` of a route or gateway. */
export const routeAuthzConfig = cedarPolicies('Policies in Cedar, which must permit besides what authorization says.');

/** Policies in Cedar, as resources say them. */
export type AuthzConfigValue = ValueOf<typeof routeAuthzConfig>;
