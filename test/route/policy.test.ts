import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  ApiKey,
  Authentication,
  Claim,
  Condition,
  McpDiagnostics,
  McpGateway,
  McpGatewayOptions,
  McpRoute,
  McpServer,
  McpServerSource,
  Principal,
  RateLimit,
  RateLimitUnit,
  Reconciliation,
  ToolAction,
} from '../../src';
import { find, messageOf, objectsOf } from '../support/synth';
import { validateObjects } from '../support/validate';

const JWT_OPTIONS = { issuer: 'https://auth.acme.dev', audiences: ['mcp'], jwksUri: 'https://auth.acme.dev/jwks.json' };
const JWT = Authentication.jwt(JWT_OPTIONS);
const HASH = 'ab'.repeat(32);
const WITH_KEYS = Authentication.apiKey({ keys: [ApiKey.sha256(HASH, { user: 'ci' })] });

interface Topology {
  readonly app: App;
  readonly gateway: McpGateway;
  readonly route: McpRoute;
  readonly team: Chart;
}

function topology(options: McpGatewayOptions = {}): Topology {
  const app = new App();
  const gateway = new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway', options);
  const team = new Chart(app, 'finance', { namespace: 'finance' });
  const ledger = new McpServer(team, 'ledger', {
    source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0'),
    tools: ['db_query', 'db_insert'],
  });
  return { app, gateway, team, route: new McpRoute(team, 'books', { gateway, backends: [{ server: ledger }] }) };
}

describe('the effective policy', () => {
  test('says where each part came from', () => {
    const { gateway, route } = topology({
      authentication: [JWT],
      rateLimits: [RateLimit.perNamespace(10_000, RateLimitUnit.HOUR), RateLimit.perUser(7, RateLimitUnit.MINUTE)],
    });
    gateway.allow(Principal.anyAuthenticated(), { tools: ['*'], actions: [ToolAction.LIST] });
    route.allow(Principal.group('finance-admins'), { tools: ['db_*'] });
    route.addAuthentication(WITH_KEYS);
    route.addAuthentication(JWT);
    route.addRateLimit(RateLimit.perUser(100, RateLimitUnit.HOUR));
    expect(route.effectivePolicy).toMatchInlineSnapshot(`
"authentication, all of:
  a token of https://auth.acme.dev in the header authorization (platform/gateway: authentication[0]; finance/books: authentication[1])
  an API key in the header x-api-key (finance/books: authentication[0])
authorization, a grant of each level:
  gateway, any of:
    any authenticated caller may list * (platform/gateway: authorization[0])
  route, any of:
    group:finance-admins may call and list db_* (finance/books: authorization[0])
rate limits:
  10000 per hour for each namespace (platform/gateway: rateLimits[0])
  100 per hour for each user (finance/books: rateLimits[0])"
`);
  });

  test('of an open route', () => {
    expect(topology().route.effectivePolicy).toMatchInlineSnapshot(`
"authentication: none, every caller is let in
authorization: none, every caller may use every tool
rate limits: none"
`);
  });

  test('of a route that no gateway serves', () => {
    const { app, route } = topology();
    new McpGateway(new Chart(app, 'another', { namespace: 'another' }), 'other');
    const stray = new McpRoute(route.node.scope as Chart, 'stray');
    expect(stray.effectivePolicy).toBe('no gateway serves this route');
  });

  test('is that of now', () => {
    const { gateway, route } = topology();
    expect(route.effectivePolicy).toContain('rate limits: none');
    gateway.addRateLimit(RateLimit.perIp(1, RateLimitUnit.SECOND));
    expect(route.effectivePolicy).toContain('1 per second for each IP address (platform/gateway: rateLimits[0])');
  });
});

test('a route cannot weaken what its gateway asks', () => {
  const { app, route } = topology({ authentication: [JWT], rateLimits: [RateLimit.perUser(1, RateLimitUnit.MINUTE)] });
  route.addRateLimit(RateLimit.perUser(100, RateLimitUnit.MINUTE));
  expect(route.effectivePolicy).toContain('1 per minute for each user (platform/gateway');
  expect(route.effectivePolicy).not.toContain('100 per minute');
  expect(find(objectsOf(app), 'ConfigMap', 'gateway-gateway-config').data['config.yaml']).toContain(
    'https://auth.acme.dev',
  );
});

test('the resource says the policy', () => {
  const { app, route } = topology({ authentication: [JWT] });
  route.allow(Principal.user('alice'), { tools: ['db_query'], when: [Condition.sourceIp('10.0.0.0/8')] });
  route.addAuthentication(WITH_KEYS);
  route.addRateLimit(RateLimit.perTool(5, RateLimitUnit.SECOND, { tools: ['db_*'] }));
  const objects = objectsOf(app);
  expect(validateObjects(objects)).toEqual([]);
  expect(find(objects, 'MCPRoute').spec).toMatchObject({
    authentication: { apiKey: { header: 'x-api-key', keys: [{ sha256: HASH, user: 'ci' }] } },
    authorization: {
      rules: [
        {
          principals: ['user:alice'],
          permissions: [{ tools: ['db_query'], actions: ['tools/call', 'tools/list'] }],
          conditions: [{ type: 'IPAddress', operator: 'Equal', value: '10.0.0.0/8' }],
        },
      ],
    },
    rateLimit: { limits: [{ dimension: 'tool', requests: 5, unit: 'second', tools: ['db_*'] }] },
  });
});

test('the order of calls means nothing', () => {
  const made = (reverse: boolean) => {
    const { app, route, gateway } = topology({ authentication: [JWT] });
    const calls = [
      () => route.allow(Principal.group('a'), { tools: ['db_*'] }),
      () => gateway.addRateLimit(RateLimit.perUser(1, RateLimitUnit.HOUR)),
      () => route.addRateLimit(RateLimit.perIp(1, RateLimitUnit.HOUR)),
      () => gateway.addRateLimit(RateLimit.perTool(9, RateLimitUnit.HOUR)),
      () => route.addAuthentication(WITH_KEYS),
    ];
    (reverse ? calls.reverse() : calls).forEach(call => call());
    return objectsOf(app).filter(({ kind }) => kind === 'ConfigMap');
  };
  expect(made(true)).toEqual(made(false));
});

describe('what is wrong', () => {
  test('a rule without tools, or with what is none', () => {
    const { route, gateway } = topology();
    expect(messageOf(() => route.allow(Principal.user('a'), { tools: [] }))).toBe(
      'Invalid input:\n' +
        '  [finance/books] authorization[0].permissions[0].tools: got []: is empty, so it grants nothing. Name tools, or * for all.',
    );
    expect(messageOf(() => gateway.allow(Principal.user('a'), { tools: ['a b'], actions: [] }))).toMatch(
      /\[platform\/gateway\] authorization\[0\]\.permissions\[0\]\.tools\[0\]: got "a b": .*\n.*actions: got \[\]: is empty, so it grants nothing/,
    );
  });

  test('a rule that names nobody', () => {
    const { team } = topology();
    expect(messageOf(() => new McpRoute(team, 'other', { authorization: [{ principals: [], permissions: [] }] }))).toBe(
      'Invalid input:\n' +
        '  [finance/other] authorization[0].principals: got 0: names nobody. Name at least one Principal.\n' +
        '  [finance/other] authorization[0].permissions: got 0: grants nothing. Give at least one permission.',
    );
  });

  test('a rule where nobody is authenticated', () => {
    const { app, route } = topology();
    route.allow(Principal.user('alice'), { tools: ['db_query'] });
    expect(messageOf(() => app.synthYaml())).toContain(
      '[finance/books] authorization[0]: got "user:alice may call and list db_query": the rule names callers, ' +
        'and callers are not authenticated, so that it can grant nothing. ' +
        'Add an authentication to the gateway or the route.',
    );
  });

  test('a limit for each user where callers have none', () => {
    const { app, route } = topology();
    route.addRateLimit(RateLimit.perPrincipal(5, RateLimitUnit.HOUR));
    expect(messageOf(() => app.synthYaml())).toContain(
      '[finance/books] rateLimits[0]: got "5 per hour for each principal": a limit for each user needs to know the user',
    );
    route.addAuthentication(Authentication.apiKey({ keys: [ApiKey.sha256(HASH)] }));
    expect(messageOf(() => app.synthYaml())).toContain(
      'some callers pass with an API key that names none. Give each API key a user',
    );
  });

  test('two issuers that contradict', () => {
    const { app, route } = topology({ authentication: [JWT] });
    route.addAuthentication(Authentication.jwt({ ...JWT_OPTIONS, issuer: 'https://other.acme.dev' }));
    expect(messageOf(() => app.synthYaml())).toContain(
      '[finance/books] authentication[0]: got "a token of https://other.acme.dev in the header authorization": ' +
        'no request can pass this and also a token of https://auth.acme.dev in the header authorization, which platform/gateway (authentication[0]) asks for: both read the same header.',
    );
  });

  test("a Secret of another namespace than the gateway's", () => {
    const { app, route, team } = topology();
    route.addAuthentication(
      Authentication.apiKey({
        keys: [ApiKey.fromSecret({ secret: kplus.Secret.fromSecretName(team, 'keys', 'keys'), key: 'key' })],
      }),
    );
    const message = messageOf(() => app.synthYaml());
    expect(message).toContain('[finance/books] authentication[0]');
    expect(message).toContain('the pods of the gateway cannot read a Secret of another namespace than their own');
    expect(message).toContain('Keep the Secret in the namespace of the gateway; give API keys as SHA-256 hashes');
  });
});

test('what is allowed and unwise is a warning', () => {
  const { app, route, gateway } = topology({ authentication: [JWT] });
  gateway.allow(Principal.anyAuthenticated(), { tools: ['db_*'] });
  route.allow(Principal.anyAuthenticated(), { tools: ['*'] });
  route.allow(Principal.user('alice'), { tools: ['nothing_*'] });
  route.allow(Principal.anyAuthenticated(), { prompts: ['*'], resources: ['*'] });
  const { errors, warnings } = McpDiagnostics.of(app);
  expect(errors).toEqual([]);
  expect(warnings.map(({ severity, path, property, problem }) => [severity, path, property, problem])).toEqual(
    expect.arrayContaining([
      [
        'warning',
        'finance/books',
        'authorization[0]',
        'every authenticated caller may call every tool, those that servers add later included',
      ],
      [
        'warning',
        'finance/books',
        'authorization[1]',
        'can never match: no server of finance/books offers such a tool (db_query, db_insert)',
      ],
      ...['get every prompt', 'read every resource'].map(what => [
        'warning',
        'finance/books',
        'authorization[2]',
        `every authenticated caller may ${what}, those that servers add later included`,
      ]),
    ]),
  );
  expect(warnings[0].text).toMatch(/^\[finance\/books\] authorization\[0\]: got /);
});

describe('controller mode', () => {
  function controlled(): Chart {
    const chart = new Chart(new App(), 'finance', { namespace: 'finance' });
    Reconciliation.CONTROLLER.applyTo(chart);
    return chart;
  }
  const chart = controlled();
  const keys = { secret: kplus.Secret.fromSecretName(chart, 'keys', 'keys'), key: 'key' };

  test("what the resource says is the operator's", () => {
    const own = controlled();
    const ledger = new McpServer(own, 'ledger', { source: McpServerSource.image('x:1') });
    const route = new McpRoute(own, 'books', {
      backends: [{ server: ledger }],
      authentication: [JWT, Authentication.apiKey({ keys: [ApiKey.fromSecret(keys)] })],
    });
    route.allow(Principal.serviceAccount('bot', 'ops'), {
      tools: ['db_*'],
      when: [Condition.timeOfDay('08:00', '18:00')],
    });
    route.addRateLimit(RateLimit.perUser(1, RateLimitUnit.HOUR));
    expect(find(objectsOf(own.node.root as App), 'MCPRoute').spec).toMatchObject({
      authentication: {
        jwt: { issuer: 'https://auth.acme.dev', audiences: ['mcp'], jwksURI: 'https://auth.acme.dev/jwks.json' },
        apiKey: { header: 'x-api-key', secretRefs: [{ name: 'keys', key: 'key' }] },
      },
      authorization: { rules: [{ principals: ['serviceaccount:ops/bot'] }] },
      rateLimit: { limits: [{ dimension: 'user' }] },
    });
  });

  test.each<[string, Authentication[], string]>([
    ['basic', [Authentication.basic(keys)], 'is a user name with a password'],
    ['anyOf', [Authentication.anyOf(JWT, Authentication.basic(keys))], 'is a choice of methods'],
    ['a hash', [WITH_KEYS], 'has a hash of a key'],
    [
      'a user',
      [Authentication.apiKey({ keys: [ApiKey.fromSecret(keys, { user: 'ci' })] })],
      'has a key that names its user',
    ],
    [
      'a prefix',
      [Authentication.apiKey({ keys: [ApiKey.fromSecret(keys)], header: 'Authorization' })],
      'has a prefix in its header',
    ],
    [
      'inline keys',
      [Authentication.jwt({ issuer: 'a', audiences: ['b'], jwks: '{"keys":[{"kty":"RSA"}]}' })],
      'has keys of its own (jwks)',
    ],
    ['a header', [Authentication.jwt({ ...JWT_OPTIONS, header: 'X-Token' })], 'reads a header of its own'],
    ['a claim', [Authentication.jwt({ ...JWT_OPTIONS, groupsClaim: Claim.named('roles') })], 'reads claims of its own'],
    ['oidc', [Authentication.oidc(JWT_OPTIONS)], 'is OIDC without a client'],
    ['two of a kind', [JWT, JWT], 'is a second method of its kind'],
  ])('%s has no field', (_, authentication, problem) => {
    const own = controlled();
    expect(messageOf(() => new McpRoute(own, 'books', { authentication }))).toContain(
      `${problem}, which has no field in the MCPRoute resource, so an operator would never see it. Use Authentication.jwt with jwksUri`,
    );
    const route = new McpRoute(own, 'empty');
    expect(messageOf(() => authentication.forEach(method => route.addAuthentication(method)))).toContain(problem);
  });
});
