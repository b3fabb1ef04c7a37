import { choice, list, madeOf, own, text, textSet, ValueOf } from './codec';
import { configMapKey } from './common';
import { condition, conditionModel } from './condition';
import { mapped, object, sole } from './object';
import { permission, permissionModel } from './permission';
import { Place } from './place';
import { oneOf } from './schema';
import { because, errorKind } from '../model/findings';
import { AuthorizationRule, NameSource, PolicyOrigin, Principal } from '../model/policy';
import { isObjectName, namespaceProblem, OBJECT_NAME_INVALID } from '../model/validation';
import { canonicalText } from '../values/json';

/** Who may do what: shapes of upstream's pr526. */

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
const PRINCIPAL_SOURCE_SEVERAL = errorKind(
  'principal-source-several',
  'are two ways to say what verifies a name',
  'Give the issuer of tokens, or the method',
);
const PRINCIPAL_SOURCE_MISSING = errorKind(
  'principal-source-missing',
  'does not say what verifies the names',
  'Write issuer or method, or remove it',
);
const PRINCIPAL_ISSUER_EMPTY = errorKind(
  'principal-issuer-empty',
  'is empty',
  'Give the issuer as tokens have it (iss)',
);
const RULE_PRINCIPALS_EMPTY = errorKind('rule-principals-empty', 'names nobody', 'Name at least one Principal');
const RULE_PERMISSIONS_EMPTY = errorKind('rule-permissions-empty', 'grants nothing', 'Give at least one permission');

/** A group that means every caller that authentication let in, as in Kubernetes. */
const EVERYONE = 'system:authenticated';

/** Who calls, as a rule says it: a service account may be one of the resource's own namespace. */
export type PrincipalValue =
  | Exclude<Principal, { kind: 'serviceAccount' }>
  | {
      readonly kind: 'serviceAccount';
      readonly name: string;
      readonly namespace?: string;
      readonly source?: NameSource;
    };

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

/** Kinds of credentials, and the methods that verify them. */
const CREDENTIALS = {
  Token: 'jwt',
  APIKey: 'apiKey',
  Password: 'basic',
  ClientCertificate: 'clientCertificate',
} as const;

/** A kind of credential, as it is said. */
export type CredentialName = keyof typeof CREDENTIALS;

const SOURCE_FIELDS = ['issuer', 'method'] as const;

/** What has to have verified the names of a rule's principals: shape of ours. */
const verifiedBy = mapped(
  object(
    'What has to have verified the names of the principals: exactly one of its fields. Needed where several methods can yield a name.',
    {
      issuer: text('Issuer of the tokens, exactly as their claim iss has it.'),
      method: choice('Kind of the credential.', Object.keys(CREDENTIALS) as CredentialName[]),
    },
    oneOf(SOURCE_FIELDS),
  ),
  {
    read: ({ issuer, method }, place) => {
      place.report(PRINCIPAL_SOURCE_MISSING, {}, issuer === undefined && method === undefined);
      return nameSource(issuer, method, place);
    },
    write: sourceValue,
    place: () => [],
  },
);

/** The source that options or fields say; undefined where they say none, and where it cannot be read, which is reported. */
export function nameSource(
  issuer: string | undefined,
  method: CredentialName | undefined,
  place: Place,
): NameSource | undefined {
  const given = [issuer, method].filter(value => value !== undefined);
  place.report(PRINCIPAL_SOURCE_SEVERAL, given, given.length > 1);
  place.at('issuer').report(PRINCIPAL_ISSUER_EMPTY, issuer, issuer === '');
  if (given.length !== 1 || issuer === '') {
    return undefined;
  }
  return issuer === undefined ? { method: CREDENTIALS[method!] } : { issuer };
}

function sourceValue(source: NameSource): { readonly issuer?: string; readonly method?: CredentialName } {
  return 'issuer' in source
    ? source
    : { method: (Object.keys(CREDENTIALS) as CredentialName[]).find(name => CREDENTIALS[name] === source.method) };
}

const ruleFields = object(
  'Grants any of the principals any of the permissions while all conditions hold.',
  {
    conditions: list('Conditions, all of which must hold.', condition),
    permissions: list('What is granted.', permission, { minItems: 1 }),
    principals: list(
      'Who is granted it: user:NAME, group:NAME or serviceaccount:NAMESPACE/NAME; group:system:authenticated is every authenticated caller.',
      { ...principal, schema: { type: 'string' } },
      { minItems: 1 },
    ),
    verifiedBy: own(verifiedBy),
  },
  { required: ['permissions', 'principals'] },
  ({ permissions, principals }, place) => {
    place.at('principals').report(RULE_PRINCIPALS_EMPTY, principals.length, principals.length === 0);
    place.at('permissions').report(RULE_PERMISSIONS_EMPTY, permissions.length, permissions.length === 0);
  },
);

/** One rule: what its names have to be verified by stands with each principal. */
export const authorizationRule = mapped(ruleFields, {
  read: ({ verifiedBy: source, ...rule }) => ({
    ...rule,
    principals: madeOf(rule.principals, (value): PrincipalValue => withSource(value, source)),
  }),
  write: ({ principals, ...rule }) => ({
    ...rule,
    principals: principals.map(value => withSource(value, undefined)),
    ...(sourceOf(principals[0]) === undefined ? {} : { verifiedBy: sourceOf(principals[0]) }),
  }),
  check: (value, place) => ruleFields.check(value, place),
  place: ruleFields.place,
});

function withSource(value: PrincipalValue, source: NameSource | undefined): PrincipalValue {
  if (value.kind === 'anyAuthenticated') {
    return value;
  }
  const { source: before, ...named } = value;
  return source === undefined ? named : { ...named, source };
}

function sourceOf(value: PrincipalValue | undefined): NameSource | undefined {
  return value === undefined || value.kind === 'anyAuthenticated' ? undefined : value.source;
}

/** One rule. */
export type RuleValue = ValueOf<typeof authorizationRule>;

const ruleList = list('Rules.', authorizationRule, { minItems: 1 });

/** Rules. In the API one speaks of names that are verified in one way: of several it becomes several, which grant the same. */
export const authorization = sole('What callers may do; a request passes when some rule grants it.', 'rules', {
  ...ruleList,
  encode: (values: readonly RuleValue[]) => ruleList.encode(values.flatMap(bySource)),
});

function bySource(rule: RuleValue): RuleValue[] {
  const sources = new Map<string, PrincipalValue[]>();
  for (const value of rule.principals) {
    const key = canonicalText(sourceOf(value) ?? null);
    sources.set(key, [...(sources.get(key) ?? []), value]);
  }
  return sources.size < 2 ? [rule] : [...sources.values()].map(principals => ({ ...rule, principals }));
}

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
    permissions: permissions.map(permissionModel),
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
