import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { refKey } from './references';
import {
  ApiKey,
  Authentication,
  AuthorizationRule,
  AuthzConfig,
  Condition,
  CredentialKind,
  HeaderOperator,
  Principal,
  RateLimit,
  RateLimitUnit,
  ToolAction,
} from '../../src';

/*
 * Policies of random apps, as plain data: what a user would write, without constructs.
 */

/** Ways to authenticate. All of them yield a user but the bare key. */
export type MethodProgram = 'jwt' | 'inlineJwt' | 'oidc' | 'hashedKey' | 'secretKey' | 'bareKey' | 'basic' | 'choice';

/** A rule. */
export interface RuleProgram {
  readonly principals: readonly ('user' | 'group' | 'serviceAccount' | 'anyone')[];
  readonly tools: readonly string[];
  readonly actions?: readonly ToolAction[];
  readonly conditions: readonly ('address' | 'otherAddress' | 'time' | 'otherTime' | 'header' | 'regex' | 'noHeader')[];
}

/** A limit. */
export interface RateProgram {
  readonly dimension: 'user' | 'principal' | 'ip' | 'tool' | 'namespace' | 'global';
  readonly requests: number;
  readonly unit: RateLimitUnit;
  readonly tools?: readonly string[];
}

/** What a gateway or route asks of its callers. */
export interface PolicyProgram {
  readonly methods: readonly MethodProgram[];
  readonly rules: readonly RuleProgram[];
  readonly rates: readonly RateProgram[];
  /** Policies in Cedar, written in the options or kept in a ConfigMap. */
  readonly cedar?: 'inline' | 'configMap';
}

/** Names of Secrets that methods read. */
const SECRETS: Partial<Record<MethodProgram, string>> = {
  secretKey: 'mcp-ci-key',
  bareKey: 'mcp-bare-key',
  basic: 'mcp-users',
};

/** The Secrets that a policy refers to, which stand in the gateway's namespace. */
export function policySecrets(policy: PolicyProgram | undefined, namespace: string): string[] {
  return (policy?.methods ?? [])
    .flatMap(method => SECRETS[method] ?? [])
    .map(name => refKey('Secret', namespace, name));
}

const ISSUER = { issuer: 'https://auth.acme.dev', audiences: ['mcp'] };
const JWKS = JSON.stringify({
  keys: [
    {
      kty: 'OKP',
      crv: 'Ed25519',
      alg: 'EdDSA',
      use: 'sig',
      kid: 'a$b',
      x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
    },
  ],
});

function authentication(scope: Construct, id: string, method: MethodProgram): Authentication {
  const value = (key: string): kplus.SecretValue => ({
    secret: kplus.Secret.fromSecretName(scope, `${id}-${method}`, SECRETS[method]!),
    key,
  });
  switch (method) {
    case 'jwt':
      return Authentication.jwt({ ...ISSUER, jwksUri: 'https://auth.acme.dev/jwks.json' });
    case 'inlineJwt':
      return Authentication.jwt({ ...ISSUER, jwks: JWKS });
    case 'oidc':
      return Authentication.oidc({ ...ISSUER, jwksUri: 'https://auth.acme.dev/jwks.json', scopes: ['tools'] });
    case 'hashedKey':
      return Authentication.apiKey({
        keys: [ApiKey.sha256('ab'.repeat(32), { user: 'batch "$1"', groups: ['jobs'] })],
      });
    case 'secretKey':
      return Authentication.apiKey({ keys: [ApiKey.fromSecret(value('key'), { user: 'ci' })] });
    case 'bareKey':
      return Authentication.apiKey({ keys: [ApiKey.fromSecret(value('key'))] });
    case 'basic':
      return Authentication.basic(value('htpasswd'));
    case 'choice':
      return Authentication.anyOf(authentication(scope, id, 'jwt'), authentication(scope, id, 'hashedKey'));
  }
}

/** Users are those of a token or of a password, each said by itself: both may be asked for. */
const PRINCIPALS: Readonly<Record<RuleProgram['principals'][number], () => Principal[]>> = {
  user: () => [
    Principal.user('alice "${HOME}" \\ $1', { issuer: ISSUER.issuer }),
    Principal.user('alice "${HOME}" \\ $1', { method: CredentialKind.PASSWORD }),
  ],
  group: () => [Principal.group('finance-admins')],
  serviceAccount: () => [Principal.serviceAccount('assistant', 'finance')],
  anyone: () => [Principal.anyAuthenticated()],
};

const CONDITIONS: Readonly<Record<RuleProgram['conditions'][number], () => Condition>> = {
  address: () => Condition.sourceIp('10.0.0.0/8', 'fd00::/8'),
  otherAddress: () => Condition.notSourceIp('192.168.7.4'),
  time: () => Condition.timeOfDay('22:00', '06:00', 'Europe/Berlin'),
  otherTime: () => Condition.notTimeOfDay('12:00', '13:00'),
  header: () => Condition.header('X-Release', HeaderOperator.IN, 'stable', 'be"ta'),
  regex: () => Condition.header('x-client', HeaderOperator.MATCHES, 'a$|b{2}'),
  noHeader: () => Condition.header('x-blocked', HeaderOperator.NOT_EQUAL, '$yes'),
};

/** A list as an option: none is left out. */
export function someOf<T>(items: T[]): T[] | undefined {
  return items.length === 0 ? undefined : items;
}

/** The methods of a policy, as options. */
export function methodsOf(scope: Construct, id: string, policy: PolicyProgram): Authentication[] {
  return policy.methods.map(method => authentication(scope, id, method));
}

/** The rules of a policy, as options. */
export function rulesOf(policy: PolicyProgram): AuthorizationRule[] {
  return policy.rules.map(({ principals, tools, actions, conditions }) => ({
    principals: principals.flatMap(principal => PRINCIPALS[principal]()),
    permissions: [{ tools: [...tools], actions: actions && [...actions] }],
    conditions: someOf(conditions.map(condition => CONDITIONS[condition]())),
  }));
}

/** The limits of a policy, as options. */
export function limitsOf(policy: PolicyProgram): RateLimit[] {
  return policy.rates.map(({ dimension, requests, unit, tools }) => {
    const options = { tools: tools && [...tools] };
    switch (dimension) {
      case 'user':
        return RateLimit.perUser(requests, unit, options);
      case 'principal':
        return RateLimit.perPrincipal(requests, unit, options);
      case 'ip':
        return RateLimit.perIp(requests, unit, options);
      case 'tool':
        return RateLimit.perTool(requests, unit, options);
      case 'namespace':
        return RateLimit.perNamespace(requests, unit, options);
      case 'global':
        return RateLimit.overall(requests, unit, options);
    }
  });
}

const CEDAR = [
  '@id("team") permit(principal in Group::"staff", action, resource) when { resource.name like "db_*" || principal.name == "alice \\"${HOME}\\" \\\\ $1" };',
  'forbid(principal, action == Action::"call_tool", resource)\nwhen { context.arguments has owner && context.arguments.owner != "$1" } unless { context.sourceIp.isInRange(ip("10.0.0.0/8")) };',
];
const ENTITIES = JSON.stringify([
  { uid: { type: 'Group', id: 'finance-admins' }, parents: [{ type: 'Group', id: 'staff' }] },
]);

/** The Cedar policies of a policy, as an option; a ConfigMap is in the namespace of what it is for. */
export function cedarOf(
  scope: Construct,
  id: string,
  namespace: string,
  policy: PolicyProgram | undefined,
): AuthzConfig | undefined {
  switch (policy?.cedar) {
    case 'inline':
      return AuthzConfig.inline({ policies: CEDAR, entitiesJson: ENTITIES });
    case 'configMap':
      return AuthzConfig.fromConfigMap(
        new kplus.ConfigMap(scope, `${id}-cedar`, {
          metadata: { name: `${id}-cedar`, namespace },
          data: { 'authz.json': JSON.stringify({ policies: CEDAR, entitiesJSON: ENTITIES }) },
        }),
      );
    default:
      return undefined;
  }
}

const cedarArbitrary = (named: boolean): fc.Arbitrary<PolicyProgram['cedar']> =>
  named ? fc.constantFrom(undefined, undefined, 'inline', 'configMap') : fc.constant(undefined);

const toolsArbitrary = fc.uniqueArray(fc.constantFrom('db_query', 'db_*', '*_query', '*'), {
  minLength: 1,
  maxLength: 2,
});

const ruleArbitrary: fc.Arbitrary<RuleProgram> = fc.record({
  principals: fc.subarray<RuleProgram['principals'][number]>(['user', 'group', 'serviceAccount', 'anyone'], {
    minLength: 1,
  }),
  tools: toolsArbitrary,
  actions: fc.option(fc.subarray([ToolAction.CALL, ToolAction.LIST], { minLength: 1 }), { nil: undefined }),
  conditions: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    fc.subarray<RuleProgram['conditions'][number]>(
      ['address', 'otherAddress', 'time', 'otherTime', 'header', 'regex', 'noHeader'],
      { maxLength: 3 },
    ),
  ),
});

function ratesArbitrary(users: boolean): fc.Arbitrary<RateProgram[]> {
  return fc.array(
    fc.record({
      dimension: fc.constantFrom<RateProgram['dimension'][]>(
        'ip',
        'tool',
        'namespace',
        'global',
        ...(users ? ['user' as const, 'principal' as const] : []),
      ),
      requests: fc.constantFrom(1, 100, 10_000),
      unit: fc.constantFrom(...Object.values(RateLimitUnit)),
      tools: fc.option(toolsArbitrary, { nil: undefined }),
    }),
    { maxLength: 2 },
  );
}

/** Policies of a gateway: none for half of them. */
export const gatewayPolicyArbitrary: fc.Arbitrary<PolicyProgram | undefined> = fc.option(
  fc
    .constantFrom<MethodProgram | undefined>(
      undefined,
      'jwt',
      'inlineJwt',
      'oidc',
      'hashedKey',
      'secretKey',
      'bareKey',
      'basic',
      'choice',
    )
    .chain(method =>
      fc.record({
        methods: fc.constant(method === undefined ? [] : [method]),
        rules: method === undefined ? fc.constant([]) : fc.array(ruleArbitrary, { maxLength: 2 }),
        rates: ratesArbitrary(method !== undefined && method !== 'bareKey'),
        cedar: cedarArbitrary(method !== undefined && method !== 'bareKey'),
      }),
    ),
  { nil: undefined, freq: 2 },
);

/** Policies of a route that go with those of its gateway. */
export function routePolicyArbitrary(gateway: PolicyProgram | undefined): fc.Arbitrary<PolicyProgram | undefined> {
  const [method] = gateway?.methods ?? [];
  const own: (MethodProgram | undefined)[] =
    method === undefined
      ? [undefined, 'jwt', 'oidc', 'hashedKey', 'choice']
      : method === 'jwt' || method === 'inlineJwt'
        ? [undefined, 'hashedKey', method]
        : [undefined, method];
  return fc.option(
    fc.constantFrom(...own).chain(added => {
      const methods = [method, added].filter(candidate => candidate !== undefined);
      return fc.record({
        methods: fc.constant(added === undefined ? [] : [added]),
        rules: methods.length === 0 ? fc.constant([]) : fc.array(ruleArbitrary, { maxLength: 2 }),
        rates: ratesArbitrary(methods.some(candidate => candidate !== 'bareKey')),
        cedar: cedarArbitrary(methods.some(candidate => candidate !== 'bareKey')),
      });
    }),
    { nil: undefined, freq: 2 },
  );
}
