import { App, Chart, Duration, Size } from 'cdk8s';
import { parse } from 'yaml';
import {
  AccessMatrix,
  ApiKey,
  AuditLevel,
  Authentication,
  BodyFilterType,
  ClusterMcpGateway,
  FilterAction,
  GatewayLogLevel,
  McpGateway,
  McpGatewayOptions,
  McpRoute,
  McpServer,
  McpServerSource,
  PiiAction,
  PiiType,
  Principal,
  RateLimit,
  RateLimitUnit,
  Reconciliation,
  SessionAuditLevel,
  SessionIsolationMode,
} from '../../src';
import { find, messageOf, objectsOf } from '../support/synth';
import { validateObjects } from '../support/validate';

const JWT = Authentication.jwt({
  issuer: 'https://auth.acme.dev',
  audiences: ['mcp'],
  jwksUri: 'https://auth.acme.dev/jwks.json',
});

function topology(options: McpGatewayOptions) {
  const app = new App();
  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const gateway = new McpGateway(platform, 'gateway', options);
  const team = new Chart(app, 'finance', { namespace: 'finance' });
  const ledger = new McpServer(team, 'ledger', {
    source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0'),
    tools: ['db_query'],
  });
  return {
    app,
    platform,
    team,
    gateway,
    ledger,
    route: new McpRoute(team, 'books', { gateway, backends: [{ server: ledger }] }),
  };
}

const configOf = (app: App) => parse(find(objectsOf(app), 'ConfigMap', 'gateway-gateway-config').data['config.yaml']);
const routesOf = (app: App) => configOf(app).binds[0].listeners[0].routes;

/** Whether a call of the tool with these arguments and headers is let through. */
function admits(options: McpGatewayOptions) {
  const { app, route } = topology(options);
  const access = AccessMatrix.of(app);
  return (
    request: { readonly arguments?: { [name: string]: unknown }; readonly headers?: { [name: string]: string } } = {},
  ) =>
    access.decide({
      route,
      principal: Principal.user('alice'),
      tool: 'db_query',
      arguments: request.arguments,
      headers: request.headers,
    });
}

const allowed = (options: McpGatewayOptions, request?: Parameters<ReturnType<typeof admits>>[0]) =>
  admits(options)(request).allowed;

describe('what requests may contain', () => {
  const headers = (action: FilterAction, pattern?: string): McpGatewayOptions => ({
    requestFiltering: { headerFilters: [{ name: 'X-Debug', action, pattern }] },
  });
  const bodies = (type: BodyFilterType, action: FilterAction, pattern: string): McpGatewayOptions => ({
    requestFiltering: { bodyFilters: [{ type, action, pattern }] },
  });

  test.each<
    [string, McpGatewayOptions, Parameters<ReturnType<typeof admits>>[0], Parameters<ReturnType<typeof admits>>[0]]
  >([
    ['a header denied', headers(FilterAction.DENY), {}, { headers: { 'x-debug': '' } }],
    [
      'a value of a header denied',
      headers(FilterAction.DENY, 'on|\\d+'),
      { headers: { 'x-debug': 'onto' } },
      { headers: { 'X-Debug': '42' } },
    ],
    [
      'values of a header allowed',
      headers(FilterAction.ALLOW, '[a-z]+'),
      { headers: { 'x-debug': 'abc' } },
      { headers: { 'x-debug': 'abc1' } },
    ],
    [
      'a text denied',
      bodies(BodyFilterType.REGEX, FilterAction.DENY, 'DROP\\s+TABLE'),
      { arguments: { sql: 'DROP' } },
      { arguments: { sql: 'x; DROP  TABLE y' } },
    ],
    [
      'a member denied',
      bodies(BodyFilterType.JSON_PATH, FilterAction.DENY, '$.params.arguments["user password"]'),
      { arguments: { password: 'x' } },
      { arguments: { 'user password': null } },
    ],
    [
      'content types',
      { requestFiltering: { contentTypeFilter: ['application/json'] } },
      { headers: { 'content-type': 'Application/JSON; charset=utf-8' } },
      { headers: { 'content-type': 'application/jsonp' } },
    ],
    [
      'personal data',
      { compliance: { piiDetection: { action: PiiAction.BLOCK, patterns: [{ type: PiiType.SSN }] } } },
      { arguments: { note: '123-456-789' } },
      { arguments: { note: { ssn: ['x 123-45-6789'] } } },
    ],
    [
      'personal data of your own',
      {
        compliance: {
          piiDetection: { action: PiiAction.BLOCK, patterns: [{ type: PiiType.CUSTOM, pattern: 'ACME-[0-9]{4}' }] },
        },
      },
      { arguments: { a: 'ACME-12' } },
      { arguments: { a: 'ACME-1234' } },
    ],
    [
      'versions',
      { protocolVersion: {} },
      { headers: { 'mcp-protocol-version': '2025-11-25' } },
      { headers: { 'mcp-protocol-version': '2025-03-26' } },
    ],
    [
      'the newest version',
      { protocolVersion: { maxVersion: '2025-06-18' } },
      {},
      { headers: { 'mcp-protocol-version': '2025-11-25' } },
    ],
    [
      'listed versions',
      { protocolVersion: { supported: ['2025-06-18', '2026-07-28'] } },
      { headers: { 'mcp-protocol-version': '2026-07-28' } },
      { headers: { 'mcp-protocol-version': '2025-11-25' } },
    ],
    [
      'sampling',
      { sampling: {} },
      { headers: { 'mcp-protocol-version': '2025-11-25' } },
      { headers: { 'mcp-protocol-version': '2026-07-28' } },
    ],
    ['elicitation', { elicitation: { enabled: false } }, {}, { headers: { 'mcp-protocol-version': '2026-07-28' } }],
  ])('%s', (_, options, passing, stopped) => {
    const decide = admits(options);
    expect(decide().allowed).toBe(true);
    expect(decide(passing).allowed).toBe(true);
    const { allowed: admitted, reasons } = decide(stopped);
    expect(admitted).toBe(false);
    expect(reasons).toEqual([
      expect.objectContaining({
        level: 'filtering',
        words: expect.stringMatching(/^filtering stops .* \(platform\/gateway: [a-z]/i),
      }),
    ]);
  });

  test('patterns of personal data find what they are named for', () => {
    const found = (type: PiiType, text: string) =>
      !allowed(
        { compliance: { piiDetection: { action: PiiAction.BLOCK, patterns: [{ type }] } } },
        { arguments: { text } },
      );
    const samples: readonly [PiiType, readonly string[], readonly string[]][] = [
      [PiiType.SSN, ['123-45-6789', '(123-45-6789)'], ['1123-45-67890', '123-456-789']],
      [
        PiiType.CREDIT_CARD,
        ['4111 1111 1111 1111', '4111111111111111', '3782-822463-10005'],
        ['2026-11-22', '123456789012'],
      ],
      [PiiType.EMAIL, ['a.b+c@mail.example.com'], ['a at example.com', 'user@localhost']],
      [
        PiiType.PHONE,
        ['+49 30 901820', '+493090182012', '(555) 123-4567', '555.123.4567'],
        ['2026-11-22', '127.0.0.1', '12 345'],
      ],
    ];
    for (const [type, data, others] of samples) {
      expect(data.filter(text => !found(type, text))).toEqual([]);
      expect(others.filter(text => found(type, text))).toEqual([]);
    }
  });

  test('where a member is taken out, calls pass', () => {
    expect(
      allowed(bodies(BodyFilterType.JSON_PATH, FilterAction.REMOVE, '$.params.arguments.pin'), {
        arguments: { pin: 1 },
      }),
    ).toBe(true);
    expect(allowed(headers(FilterAction.REDACT), { headers: { 'x-debug': '1' } })).toBe(true);
  });

  test('bodies of a size', () => {
    const { app } = topology({
      requestFiltering: {
        sizeLimit: Size.kibibytes(64),
        bodyFilters: [{ type: BodyFilterType.SIZE, action: FilterAction.DENY, pattern: '1k' }],
      },
    });
    expect(routesOf(app)[0].policies.buffer).toEqual({ request: { maxBytes: 1000, failureMode: 'failClosed' } });
    expect(configOf(app).frontendPolicies.http).not.toHaveProperty('maxBufferSize');
    expect(
      configOf(topology({ requestFiltering: { sizeLimit: Size.mebibytes(8) } }).app).frontendPolicies.http,
    ).toMatchObject({ maxBufferSize: 8 * 1024 * 1024 });
  });
});

test('answers that are looked into are complete, and no stream is beside them', () => {
  const { app } = topology({ responseFiltering: { sizeLimit: Size.mebibytes(1) } });
  const [route, stream] = routesOf(app);
  expect(route.policies.buffer).toEqual({ response: { maxBytes: 1024 * 1024, failureMode: 'failClosed' } });
  expect(stream).toMatchObject({
    matches: [{ path: { exact: '/routes/finance/books' }, method: 'GET' }],
    policies: { directResponse: { status: 405 } },
    backends: [],
  });
  expect(routesOf(topology({ responseFiltering: {} }).app)).toHaveLength(1);
});

describe('the audit record', () => {
  const logOf = (options: McpGatewayOptions) => configOf(topology(options).app);

  test('has a line for each request, however little else is logged', () => {
    expect(logOf({ audit: {}, observability: { logLevel: GatewayLogLevel.ERROR } }).config.logging.level).toEqual([
      'error',
      'request=info',
    ]);
    expect(logOf({ audit: {}, observability: { logLevel: GatewayLogLevel.DEBUG } }).config.logging.level).toBe('debug');
    expect(logOf({ observability: { logLevel: GatewayLogLevel.ERROR } }).config.logging.level).toBe('error');
  });

  test.each<[string, McpGatewayOptions, string[]]>([
    [
      'calls',
      { audit: {} },
      ['audit.user', 'audit.method', 'audit.tool', 'audit.outcome', 'audit.session', 'audit.program'],
    ],
    [
      'calls without metadata',
      { audit: { includeMetadata: false } },
      ['audit.user', 'audit.method', 'audit.tool', 'audit.outcome'],
    ],
    [
      'answers',
      { audit: { level: AuditLevel.RESPONSE, includeMetadata: false } },
      ['audit.user', 'audit.method', 'audit.tool', 'audit.outcome', 'audit.answer'],
    ],
    [
      'everything',
      { audit: { level: AuditLevel.FULL, includeMetadata: false } },
      ['audit.user', 'audit.method', 'audit.tool', 'audit.outcome', 'audit.arguments', 'audit.answer'],
    ],
    ['sessions', { sessionIsolation: { mode: SessionIsolationMode.RELAXED } }, ['audit.user', 'audit.session']],
    [
      'all of sessions',
      { sessionIsolation: { mode: SessionIsolationMode.RELAXED, auditLevel: SessionAuditLevel.FULL } },
      [
        'audit.user',
        'audit.method',
        'audit.tool',
        'audit.outcome',
        'audit.session',
        'audit.program',
        'audit.arguments',
        'audit.answer',
      ],
    ],
    ['personal data', { compliance: { piiDetection: {} } }, ['pii']],
  ])('of %s', (_, options, fields) => {
    const { accessLog } = logOf(options).frontendPolicies;
    expect(Object.keys(accessLog.add)).toEqual(fields);
  });

  test('of nothing is none', () => {
    expect(
      logOf({
        audit: { level: AuditLevel.NONE },
        sessionIsolation: { mode: SessionIsolationMode.RELAXED, auditLevel: SessionAuditLevel.NONE },
      }).frontendPolicies,
    ).not.toHaveProperty('accessLog');
  });

  test('holds no id of a session, which may be as good as a key', () => {
    expect(logOf({ audit: {} }).frontendPolicies.accessLog.remove).toEqual(['mcp.session.id']);
    expect(logOf({ audit: { includeMetadata: false } }).frontendPolicies.accessLog.remove).toEqual([
      'mcp.session.id',
      'src.addr',
    ]);
  });

  test('names callers by what each route verifies', () => {
    const { app, route } = topology({ audit: {} });
    route.addAuthentication(JWT);
    expect(configOf(app).frontendPolicies.accessLog.add['audit.user']).toMatch(
      /^coalesce\(request\.path in \["\/routes\/finance\/books"\] \? default\(\(has\(jwt\.sub\)\) \? .* : "", ""\) : "", ""\)$/,
    );
  });

  test('holds answers as filters left them', () => {
    const answer = (options: McpGatewayOptions) =>
      logOf({ audit: { level: AuditLevel.RESPONSE }, ...options }).frontendPolicies.accessLog.add['audit.answer'];
    expect(answer({})).not.toContain('regexReplace');
    expect(answer({ compliance: { piiDetection: { action: PiiAction.REDACT } } })).toContain('regexReplace');
    expect(
      answer({
        responseFiltering: {
          bodyFilters: [{ type: BodyFilterType.REGEX, action: FilterAction.DENY, pattern: 'secret' }],
        },
      }),
    ).toContain('fail("refused")');
  });
});

describe('sessions', () => {
  test('are signed with a key that is in no ConfigMap', () => {
    const { app } = topology({ authentication: [JWT], sessionIsolation: { contextRetention: Duration.minutes(5) } });
    const text = find(objectsOf(app), 'ConfigMap', 'gateway-gateway-config').data['config.yaml'] as string;
    expect(text).toContain('sha256.encode("session ${SESSION_KEY}" + sha256.encode("${SESSION_KEY}" + toJson(');
    const [{ policies }] = routesOf(app);
    expect(policies.directResponse).toEqual({
      conditional: [{ condition: 'metadata.sessionOver', status: 404, bodyExpression: '"session is over"' }],
    });
    expect(policies.transformations.request.metadata.sessionOver).toContain('duration("300s")');
    expect(configOf(app).config.mcp).toEqual({ sessionTtl: '300s' });
  });

  test('last an hour, and are forgotten as usual, unless it is said otherwise', () => {
    const { app } = topology({ authentication: [JWT], sessionIsolation: {} });
    expect(routesOf(app)[0].policies.transformations.request.metadata.sessionOver).toContain('duration("3600s")');
    expect(configOf(app).config).not.toHaveProperty('mcp');
  });

  test("are their callers' alone where these have names", () => {
    expect(messageOf(() => topology({ sessionIsolation: {} }).app.synthYaml())).toContain(
      '[platform/gateway] sessionIsolation.mode: got "strict": a session cannot be its caller\'s alone at /routes/finance/books: callers are not authenticated there. ' +
        'Add an authentication that names callers, or use SessionIsolationMode.RELAXED.',
    );
    expect(
      messageOf(() =>
        topology({
          authentication: [Authentication.apiKey({ keys: [ApiKey.sha256('ab'.repeat(32))] })],
          sessionIsolation: {},
        }).app.synthYaml(),
      ),
    ).toContain('some callers pass with an API key that names none');
    const { app } = topology({ sessionIsolation: { mode: SessionIsolationMode.RELAXED } });
    expect(routesOf(app)[0].policies.authorization.rules[1].require).toContain('"/routes/finance/books", ""');
  });
});

describe('encryption', () => {
  const failures = (options: McpGatewayOptions, build: (made: ReturnType<typeof topology>) => void = () => {}) => {
    const made = topology(options);
    build(made);
    return messageOf(() => made.app.synthYaml());
  };

  test('of connections from and to the outside', () => {
    const message = failures({ compliance: { encryption: {} } }, ({ team, route }) =>
      route.addBackend(
        new McpServer(team, 'crm', {
          source: McpServerSource.remote('http://crm.example.com/mcp', { insecure: true }),
        }),
      ),
    );
    expect(message).toContain(
      '[platform/gateway] compliance.encryption.encryptionInTransit: got true: the gateway serves its clients by plain HTTP. Give the gateway its certificate',
    );
    expect(message).toContain(
      'the gateway reaches MCPServer finance/crm, outside the cluster, by plain HTTP. Use its https URL.',
    );
    expect(message).not.toContain('ledger');
  });

  test('of every connection', () => {
    const message = failures({
      compliance: { encryption: { requireEncryption: true } },
      rateLimits: [RateLimit.overall(1, RateLimitUnit.SECOND)],
      observability: { tracing: { endpoint: 'http://otel.observability.svc:4317' } },
    });
    expect(message).toContain(
      'compliance.encryption.requireEncryption: got true: the gateway reaches MCPServer finance/ledger by plain HTTP. Encrypt the network of the cluster with a service mesh',
    );
    expect(message).toContain('traces go to http://otel.observability.svc:4317');
    expect(message).toContain('calls are counted by a service that gateways reach by plain HTTP/2');
  });

  test('that is not asked for', () => {
    expect(
      validateObjects(objectsOf(topology({ compliance: { encryption: { encryptionInTransit: false } } }).app)),
    ).toEqual([]);
  });
});

test('the resource says what the options say, and the API server would accept it', () => {
  const { app } = topology({
    authentication: [JWT],
    audit: { level: AuditLevel.FULL },
    requestFiltering: {
      sizeLimit: Size.kibibytes(64),
      headerFilters: [{ name: 'x-a', action: FilterAction.DENY, pattern: 'b' }],
      contentTypeFilter: ['application/json'],
    },
    responseFiltering: {
      bodyFilters: [{ type: BodyFilterType.REGEX, action: FilterAction.REDACT, pattern: 'a+', replacement: '$x' }],
    },
    compliance: {
      piiDetection: {
        action: PiiAction.REDACT,
        patterns: [{ type: PiiType.CUSTOM, pattern: 'x+', description: 'xs' }],
      },
    },
    sampling: {},
    elicitation: { enabled: false },
    sessionIsolation: { contextRetention: Duration.minutes(90) },
    protocolVersion: { supported: ['2025-06-18'] },
  });
  const objects = objectsOf(app);
  expect(validateObjects(objects)).toEqual([]);
  const { policy, protocolVersion } = find(objects, 'MCPGateway').spec;
  expect(policy).toEqual({
    audit: { enabled: true, level: 'Full' },
    requestFiltering: {
      sizeLimit: '64Ki',
      contentTypeFilter: ['application/json'],
      headerFilters: [{ name: 'x-a', action: 'Deny', pattern: 'b' }],
    },
    responseFiltering: { bodyFilters: [{ type: 'Regex', action: 'Redact', pattern: 'a+', replacement: '$x' }] },
    compliance: {
      piiDetection: {
        enabled: true,
        action: 'Redact',
        patterns: [{ type: 'Custom', pattern: 'x+', description: 'xs' }],
      },
    },
    sampling: { enabled: false },
    elicitation: { enabled: false },
    sessionIsolation: { contextRetention: '5400s' },
  });
  expect(protocolVersion).toEqual({ supported: ['2025-06-18'] });
});

test('a gateway of the cluster has the same options', () => {
  const chart = new Chart(new App(), 'platform', { namespace: 'mcp-system' });
  new ClusterMcpGateway(chart, 'edge', { audit: {}, circuitBreaker: undefined });
  expect(find(objectsOf(chart.node.root as App), 'ClusterMCPGateway').spec.policy).toEqual({
    audit: { enabled: true },
  });
});

describe('in controller mode', () => {
  const resource = (options: McpGatewayOptions) => {
    const chart = new Chart(new App(), 'platform', { namespace: 'mcp-system' });
    Reconciliation.CONTROLLER.applyTo(chart);
    new McpGateway(chart, 'gateway', options);
    return find(objectsOf(chart.node.root as App), 'MCPGateway').spec;
  };

  test("what the data plane of this library cannot do is the operator's", () => {
    expect(
      resource({
        sampling: { enabled: true, temperature: 0.2, timeout: Duration.seconds(5), rateLimit: { requestsPerHour: 5 } },
        elicitation: { enabled: true, allowedTypes: ['form'], timeout: Duration.minutes(1) },
        audit: { destination: { file: { path: '/x', maxSize: Size.mebibytes(5) } } },
        compliance: { dataRetention: { sessionRetention: Duration.days(7) }, encryption: { encryptionAtRest: true } },
        circuitBreaker: { errorRateThreshold: 12.5, successThreshold: 2 },
      }).policy,
    ).toEqual({
      sampling: { enabled: true, temperature: '0.2', timeout: '5s', rateLimit: { requestsPerHour: 5 } },
      elicitation: { enabled: true, allowedTypes: ['form'], timeout: '60s' },
      audit: { enabled: true, destination: { file: { path: '/x', maxSize: '5Mi' } } },
      compliance: { dataRetention: { sessionRetention: '604800s' }, encryption: { encryptionAtRest: true } },
      circuitBreaker: { failureThreshold: 5, openStateTimeout: '30s', errorRateThreshold: '12.5', successThreshold: 2 },
    });
  });

  test('limits are those that the resource has fields for', () => {
    expect(
      resource({
        rateLimits: [
          RateLimit.perUser(10, RateLimitUnit.SECOND, { burst: 20 }),
          RateLimit.perUser(1000, RateLimitUnit.HOUR),
          RateLimit.overall(5, RateLimitUnit.MINUTE),
        ],
      }),
    ).toMatchObject({
      policy: {
        rateLimit: {
          perUser: { requestsPerSecond: 10, requestsPerHour: 1000, burst: 20 },
          global: { requestsPerMinute: 5 },
        },
      },
    });
    const refused = messageOf(() =>
      resource({
        rateLimits: [
          RateLimit.perTool(1, RateLimitUnit.HOUR),
          RateLimit.perIp(1, RateLimitUnit.DAY),
          RateLimit.perUser(1, RateLimitUnit.HOUR, { tools: ['a'] }),
          RateLimit.overall(1, RateLimitUnit.HOUR),
          RateLimit.overall(2, RateLimitUnit.HOUR),
        ],
      }),
    );
    expect(
      refused
        .split('\n')
        .filter(line => line.includes('rateLimits['))
        .map(line => line.trim().replace(/, which has no field.*/, '')),
    ).toEqual([
      '[platform/gateway] rateLimits[0]: got "1 per hour for each tool": is counted for each tool',
      '[platform/gateway] rateLimits[1]: got "1 per day for each IP address": is a rate per day',
      '[platform/gateway] rateLimits[2]: got "1 per hour for each user": is about some tools alone',
      '[platform/gateway] rateLimits[4]: got "2 per hour": is a second one of its dimension and unit',
    ]);
  });

  test('a route has no field for limits of September 2025', () => {
    const chart = new Chart(new App(), 'finance', { namespace: 'finance' });
    Reconciliation.CONTROLLER.applyTo(chart);
    const route = new McpRoute(chart, 'books');
    expect(messageOf(() => route.addRateLimit(RateLimit.overall(1, RateLimitUnit.HOUR)))).toContain(
      '[finance/books] rateLimits[0]: got "1 per hour": is of a dimension, which has no field in the MCPRoute resource',
    );
    expect(
      messageOf(
        () => new McpRoute(chart, 'more', { rateLimits: [RateLimit.perIp(1, RateLimitUnit.HOUR, { burst: 3 })] }),
      ),
    ).toContain('bounds how many calls come at once');
  });
});
