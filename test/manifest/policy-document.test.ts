import { Chart, Testing } from 'cdk8s';
import {
  chartOf,
  controllerChart,
  documentOf,
  documents,
  faults,
  gatewayOf,
  Json,
  only,
  readInto,
  serverOf,
  synthesize,
  warningsOf,
} from './support';
import { Authentication, McpGateway } from '../../src';
import { formatDiagnostic } from '../../src/model/findings';
import { Synthesis } from '../../src/synthesis/synthesis';

const JWT = 'jwt: {issuer: "https://auth.acme.dev", audiences: [mcp], jwksURI: "https://auth.acme.dev/jwks.json"}';
const JWKS = '{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}';
const routed = (fields: string, gateway = '') =>
  documents(
    serverOf('ledger'),
    gatewayOf(gateway),
    documentOf('MCPRoute', 'tools', `{backendRefs: [{name: ledger}], ${fields}}`),
  );
const rule = (fields: string) =>
  `authentication: {${JWT}}, authorization: {rules: [{principals: ["user:alice"], permissions: [{tools: ["*"], actions: [tools/call]}], ${fields}}]}`;
const AT = 'f.yaml:14 (document 3, MCPRoute finance/tools)';
const errorsOf = (chart: Chart) =>
  Synthesis.of(chart)
    .diagnostics()
    .filter(({ severity }) => severity === 'error')
    .map(formatDiagnostic);

/** What a route asks for, as the compiler knows it. */
function policyOf(fields: string): Json {
  const chart = chartOf();
  readInto(chart, routed(fields));
  expect(errorsOf(chart)).toEqual([]);
  const { levels, authentication, rateLimits } = Synthesis.of(chart)
    .compile()
    .policies.get('chart/manifest/MCPRoute.finance.tools') as Json;
  return {
    methods: authentication.map(({ method }: Json) => method),
    rules: levels.flatMap(({ rules }: Json) => rules),
    rateLimits,
  };
}

describe('authentication', () => {
  test.each<[string, string, Json[]]>([
    [
      'a token',
      JWT,
      [
        {
          kind: 'jwt',
          issuer: 'https://auth.acme.dev',
          audiences: ['mcp'],
          keys: { kind: 'url', url: 'https://auth.acme.dev/jwks.json' },
        },
      ],
    ],
    [
      'a token with given keys, elsewhere',
      `jwt: {issuer: a, audiences: [b], jwks: '${JWKS}', header: X-Token, prefix: "T ", userClaim: [email], groupsClaim: [realm_access, roles]}`,
      [
        {
          kind: 'jwt',
          keys: { kind: 'inline', jwks: JWKS },
          header: { name: 'x-token', prefix: 'T ' },
          claims: { user: ['email'], groups: ['realm_access', 'roles'] },
        },
      ],
    ],
    [
      'a protected resource, whose audience is the client',
      'oidc: {issuer: "https://a", clientID: mcp, jwksURI: "https://a/keys", scopes: [read]}',
      [
        {
          kind: 'jwt',
          issuer: 'https://a',
          audiences: ['mcp'],
          resource: { scopes: ['read'] },
        },
      ],
    ],
    [
      'keys of Secrets',
      'apiKey: {header: X-API-Key, secretRefs: [{name: one, key: key}], keys: [{secretRef: {name: two, key: key}, user: ci, groups: [jobs]}]}',
      [
        {
          kind: 'apiKey',
          header: { name: 'x-api-key', prefix: '' },
          keys: [
            {
              secret: { kind: 'secret', ref: { secretName: 'one', secretNamespace: 'finance', key: 'key' } },
              groups: [],
            },
            {
              secret: { kind: 'secret', ref: { secretName: 'two', secretNamespace: 'finance', key: 'key' } },
              user: 'ci',
              groups: ['jobs'],
            },
          ],
        },
      ],
    ],
    [
      'hashes of keys',
      `apiKey: {header: X-API-Key, keys: [{sha256: ${'ab'.repeat(32)}}]}`,
      [{ kind: 'apiKey', keys: [{ secret: { kind: 'sha256', hex: 'ab'.repeat(32) }, groups: [] }] }],
    ],
    [
      'passwords',
      'basic: {htpasswdRef: {name: users, key: htpasswd}}',
      [{ kind: 'basic', htpasswd: { secretName: 'users', secretNamespace: 'finance', key: 'htpasswd' } }],
    ],
    [
      'a choice',
      `anyOf: [{${JWT}}, {basic: {htpasswdRef: {name: users, key: htpasswd}}}]`.replace(
        JWT,
        `apiKey: {header: X-API-Key, keys: [{sha256: ${'ab'.repeat(32)}, user: ci}]}`,
      ),
      [{ kind: 'anyOf', methods: [{ kind: 'apiKey' }, { kind: 'basic' }] }],
    ],
    [
      'several, in allOf too',
      `${JWT}, allOf: [{apiKey: {header: X-API-Key, keys: [{sha256: ${'ab'.repeat(32)}}]}}]`,
      [{ kind: 'jwt' }, { kind: 'apiKey' }],
    ],
  ])('%s', (_, methods, expected) => {
    expect(policyOf(`authentication: {${methods}}`).methods).toMatchObject(expected);
  });

  test('the client of OIDC is carried, with a warning that nothing uses it', () => {
    const chart = chartOf();
    readInto(
      chart,
      routed(
        'authentication: {oidc: {issuer: "https://a", clientID: mcp, clientSecretRef: {name: client, key: secret}, jwksURI: "https://a/keys"}}',
      ),
    );
    expect(only(Testing.synth(chart), 'MCPRoute').spec.authentication).toEqual({
      oidc: {
        issuer: 'https://a',
        audiences: ['mcp'],
        jwksURI: 'https://a/keys',
        clientID: 'mcp',
        clientSecretRef: { name: 'client', key: 'secret' },
      },
    });
    expect(warningsOf(chart).filter(text => text.includes('spec.authentication'))).toEqual([
      '[chart/manifest/MCPRoute.finance.tools] spec.authentication.oidc.clientSecretRef: got {"key":"secret","name":"client"}: ' +
        'is carried in the resource, and not used: the gateway verifies tokens as a resource server, and is no client itself. Remove it. From f.yaml:14 (document 3, MCPRoute finance/tools).',
    ]);
  });

  test("Secrets are those of the document's namespace, which must be the gateway's", () => {
    const chart = chartOf();
    const gateway = new McpGateway(new Chart(chart.node.root, 'platform', { namespace: 'mcp-system' }), 'edge');
    const text = documents(
      serverOf('ledger'),
      documentOf(
        'MCPRoute',
        'tools',
        '{backendRefs: [{name: ledger}], authentication: {apiKey: {header: X-API-Key, secretRefs: [{name: one, key: key}]}}}',
      ),
    );
    readInto(chart, text, { gateway });
    expect(errorsOf(chart)).toEqual([expect.stringContaining('Secret')]);
  });
});

describe('authorization', () => {
  test('principals, permissions and conditions', () => {
    const { rules } = policyOf(`authentication: {${JWT}}, authorization: {rules: [{
      principals: ["user:alice:x", "group:system:authenticated", "group:admins", "serviceaccount:assistant", "serviceaccount:ops/bot"],
      permissions: [{tools: [db_*], actions: [tools/list]}],
      conditions: [
        {type: IPAddress, operator: In, value: "10.0.0.0/8, 192.168.0.1"},
        {type: IPAddress, operator: NotEqual, value: 10.9.0.0/16},
        {type: TimeOfDay, key: Europe/Berlin, operator: Equal, value: "08:00-18:00"},
        {type: TimeOfDay, operator: NotIn, value: "12:00-13:00"},
        {type: RequestHeader, key: X-Release, operator: In, value: "stable,beta"},
        {type: RequestHeader, key: x-client, operator: NotMatches, value: "a,b"},
      ]}]}`);
    expect(rules).toMatchObject([
      {
        principals: [
          { kind: 'user', name: 'alice:x' },
          { kind: 'anyAuthenticated' },
          { kind: 'group', name: 'admins' },
          { kind: 'serviceAccount', namespace: 'finance', name: 'assistant' },
          { kind: 'serviceAccount', namespace: 'ops', name: 'bot' },
        ],
        permissions: [{ actions: ['tools/list'] }],
        conditions: [
          { kind: 'sourceIp', negated: false, cidrs: ['10.0.0.0/8', '192.168.0.1/32'] },
          { kind: 'sourceIp', negated: true, cidrs: ['10.9.0.0/16'] },
          { kind: 'timeOfDay', negated: false, from: 480, to: 1080, timeZone: 'Europe/Berlin' },
          { kind: 'timeOfDay', negated: true, timeZone: 'UTC' },
          { kind: 'header', name: 'x-release', operator: 'In', values: ['stable', 'beta'] },
          { kind: 'header', name: 'x-client', operator: 'NotMatches', values: ['a,b'] },
        ],
      },
    ]);
  });
});

describe('what verifies the names of a rule', () => {
  const ruleOf = (verified: string) =>
    `authentication: {${JWT}}, authorization: {rules: [{
      principals: ["user:alice", "group:system:authenticated", "serviceaccount:bot"],
      permissions: [{tools: [db_*], actions: [tools/list]}]${verified}}]}`;

  test.each<[string, string, object | undefined]>([
    ['an issuer', ', verifiedBy: {issuer: "https://a"}', { issuer: 'https://a' }],
    ['a kind of credential', ', verifiedBy: {method: APIKey}', { method: 'apiKey' }],
    ['nothing that is said', '', undefined],
  ])('%s', (_, verified, source) => {
    const { rules } = policyOf(ruleOf(verified));
    const said = source === undefined ? {} : { source };
    expect(rules[0].principals).toEqual([
      { kind: 'user', name: 'alice', ...said },
      { kind: 'anyAuthenticated' },
      { kind: 'serviceAccount', namespace: 'finance', name: 'bot', ...said },
    ]);
  });

  test.each([
    ['{issuer: "https://a", method: APIKey}', 'spec.authorization.rules[0].verifiedBy'],
    ['{}', 'spec.authorization.rules[0].verifiedBy: got {}: does not say what verifies the names.'],
    ['{issuer: ""}', 'spec.authorization.rules[0].verifiedBy.issuer: got "": is empty. Give the issuer as tokens'],
    ['{method: Magic}', 'spec.authorization.rules[0].verifiedBy.method: got "Magic": '],
  ])('%s is refused', (verified, message) => {
    expect(faults(routed(ruleOf(`, verifiedBy: ${verified}`)))).toEqual([expect.stringContaining(`${message}`)]);
  });
});

describe('rate limits', () => {
  test('of each dimension', () => {
    const { rateLimits } =
      policyOf(`authentication: {${JWT}}, rateLimit: {limits: [{dimension: user, requests: 100, unit: hour}, {dimension: ip, requests: 1, unit: second, tools: []},
      {dimension: tool, requests: 2, unit: minute, tools: [db_*]}, {dimension: principal, requests: 3, unit: day}, {dimension: namespace, requests: 4, unit: day}]}`);
    expect(
      rateLimits.map(({ dimension, requests, unit, tools }: Json) => [dimension, requests, unit, tools?.length]).sort(),
    ).toEqual([
      ['ip', 1, 'second', undefined],
      ['namespace', 4, 'day', undefined],
      ['principal', 3, 'day', undefined],
      ['tool', 2, 'minute', 1],
      ['user', 100, 'hour', undefined],
    ]);
  });

  test('a limit for each user needs authentication that yields one', () => {
    const limit = 'rateLimit: {limits: [{dimension: user, requests: 100, unit: hour}]}';
    const chart = chartOf();
    readInto(chart, routed(limit));
    expect(errorsOf(chart)).toEqual([
      '[chart/manifest/MCPRoute.finance.tools] rateLimits[0]: got "100 per hour for each user": a limit for each user needs to know the user, and callers are not authenticated. ' +
        'Add an authentication to the gateway or the route, or limit by IP address with RateLimit.perIp. From f.yaml:14 (document 3, MCPRoute finance/tools).',
    ]);

    const other = chartOf();
    const gateway = new McpGateway(other, 'edge', {
      authentication: [Authentication.jwt({ issuer: 'a', audiences: ['b'], jwksUri: 'https://a/keys' })],
    });
    readInto(
      other,
      documents(serverOf('ledger'), documentOf('MCPRoute', 'tools', `{backendRefs: [{name: ledger}], ${limit}}`)),
      { gateway },
    );
    const objects = Testing.synth(other);
    expect(only(objects, 'MCPRoute').spec.rateLimit).toEqual({
      limits: [{ dimension: 'user', requests: 100, unit: 'hour' }],
    });
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toContain('Deployment edge-rate-limit');
    expect(warningsOf(other).filter(text => text.includes('rateLimits'))).toEqual([]);
  });
});

describe('a gateway', () => {
  test('says the same for all its routes', () => {
    const objects = synthesize(
      gatewayOf(
        `authentication: {${JWT}}, authorization: {rules: [{principals: ["serviceaccount:bot"], permissions: [{tools: ["*"], actions: [tools/call]}]}]}, ` +
          'rateLimit: {limits: [{dimension: namespace, requests: 10000, unit: hour}]}',
      ),
    );
    expect(only(objects, 'MCPGateway').spec).toMatchObject({
      authentication: {
        jwt: { issuer: 'https://auth.acme.dev', audiences: ['mcp'], jwksURI: 'https://auth.acme.dev/jwks.json' },
      },
      authorization: {
        rules: [
          { principals: ['serviceaccount:finance/bot'], permissions: [{ tools: ['*'], actions: ['tools/call'] }] },
        ],
      },
      rateLimit: { limits: [{ dimension: 'namespace', requests: 10000, unit: 'hour' }] },
    });
  });

  test('of the cluster has service accounts of its workload namespace', () => {
    const objects = synthesize(
      gatewayOf(
        `workloadNamespace: edge, authentication: {${JWT}}, authorization: {rules: [{principals: ["serviceaccount:bot"], permissions: [{tools: ["*"], actions: [tools/call]}]}]}`,
        'ClusterMCPGateway',
      ),
    );
    expect(only(objects, 'ClusterMCPGateway').spec.authorization.rules[0].principals).toEqual([
      'serviceaccount:edge/bot',
    ]);
  });

  test('may say its limits in the form of September 2025', () => {
    const chart = chartOf();
    readInto(
      chart,
      routed(
        '',
        `authentication: {${JWT}}, policy: {rateLimit: {global: {requestsPerMinute: 9}, perUser: {requestsPerHour: 100}, perIP: {requestsPerSecond: 5}, perServer: {requestsPerHour: 7}}}`,
      ),
    );
    const { spec } = only(Testing.synth(chart), 'MCPGateway');
    expect(spec.rateLimit).toEqual({
      limits: [
        { dimension: 'global', requests: 9, unit: 'minute' },
        { dimension: 'user', requests: 100, unit: 'hour' },
        { dimension: 'ip', requests: 5, unit: 'second' },
        { dimension: 'server', requests: 7, unit: 'hour' },
      ],
    });
    // Said once, not in both forms.
    expect(spec).not.toHaveProperty('policy');
  });

  test('one rate for each dimension', () => {
    expect(
      faults(
        gatewayOf('policy: {rateLimit: {perUser: {burst: 5}, perIP: {requestsPerHour: 100, requestsPerSecond: 1}}}'),
      ),
    ).toEqual([
      '[f.yaml:4 (document 1, MCPGateway finance/gw)] spec.policy.rateLimit.perUser: got {"burst":5}: states no rate. Write requestsPerSecond, requestsPerMinute or requestsPerHour.',
      '[f.yaml:4 (document 1, MCPGateway finance/gw)] spec.policy.rateLimit.perIP: got {"requestsPerHour":100,"requestsPerSecond":1}: ' +
        'states several rates, and of limits with one dimension the lowest alone holds. Keep one.',
    ]);
  });

  test('in controller mode has no fields of its own for it', () => {
    const spec = {
      authentication: { clientCertificate: { caRef: { name: 'ca', key: 'ca.crt' } } },
      rateLimit: { limits: [{ dimension: 'user', requests: 1, unit: 'hour' }] },
    };
    expect(faults(documentOf('MCPGateway', 'gw', JSON.stringify(spec)), {}, controllerChart())).toEqual([
      expect.stringContaining('spec.authentication: got {"clientCertificate"'),
      expect.stringContaining('spec.rateLimit: got {"limits"'),
    ]);
  });
});

const PRINCIPALS =
  'Write user:NAME, group:NAME, serviceaccount:NAME, serviceaccount:NAMESPACE/NAME, or group:system:authenticated for every authenticated caller.';
const NEEDED = 'is not needed: the gateway verifies tokens as a resource server, and is no client itself. Remove it.';

test.each<[string, string, string[]]>([
  [
    'no method',
    'authentication: {}',
    ['spec.authentication: got {}: names no method, so that anyone could call. Write a method, or remove it.'],
  ],
  [
    'a token of any issuer',
    'authentication: {jwt: {audiences: [a], jwksURI: "https://x"}}',
    [
      'spec.authentication.jwt.issuer: got nothing: is missing, so tokens of any issuer that uses the same keys would pass. Write what the `iss` claim of the tokens holds.',
    ],
  ],
  [
    'no keys, no audience',
    'authentication: {oidc: {issuer: "https://a"}}',
    [
      'spec.authentication.oidc.audiences: got nothing: is missing, so tokens for any service would pass. Write the audience that stands for this gateway.',
    ],
  ],
  [
    'no keys',
    'authentication: {oidc: {issuer: "https://a", clientID: b}}',
    [
      'spec.authentication.oidc.jwksURI: got nothing: is missing: keys are not looked up while the gateway runs. ' +
        'Write the `jwks_uri` that the issuer names in its /.well-known/openid-configuration, or the keys in jwks.',
    ],
  ],
  [
    'keys twice, and private',
    'authentication: {jwt: {issuer: a, audiences: [b], jwksURI: "https://x", jwks: \'{"keys":[{"kty":"oct","k":"secret"}]}\'}}',
    [
      'spec.authentication.jwt.jwksURI: got "https://x": exactly one of jwksUri and jwks is needed. Give the URL of the keys, or the keys themselves.',
      'spec.authentication.jwt.jwks: got "(not shown)": contains a private or symmetric key. Give the JSON text that the issuer serves, with public keys only.',
    ],
  ],
  [
    'a secret of a client in a choice',
    'authentication: {anyOf: [{oidc: {issuer: "https://a", clientID: b, clientSecretRef: {name: c, key: d}, jwksURI: "https://x"}}, ' +
      '{jwt: {issuer: a, audiences: [b], jwksURI: "https://x"}}]}',
    [`spec.authentication.anyOf[0].oidc.clientSecretRef: got {"name":"c","key":"d"}: ${NEEDED}`],
  ],
  [
    'client certificates of nobody, and of too many',
    'authentication: {clientCertificate: {}, allOf: [{clientCertificate: {caRef: {name: a, key: b}, issuerRef: {name: c}}}]}',
    [
      'spec.authentication.clientCertificate: got []: needs exactly one of caRef and issuerRef. Write one of the two.',
      'spec.authentication.allOf[0].clientCertificate: got ["caRef","issuerRef"]: needs exactly one of caRef and issuerRef. Write one of the two.',
    ],
  ],
  [
    'client certificates of what is none',
    'authentication: {clientCertificate: {caRef: {name: "", key: b}}, allOf: [{clientCertificate: {issuerRef: {name: A_}}}]}',
    [
      'spec.authentication.clientCertificate.caRef.name: got "": names no Secret. Write the name of a Secret in the namespace of the gateway\'s pods.',
      'spec.authentication.allOf[0].clientCertificate.issuerRef.name: got "A_": is not an object name (a DNS subdomain of at most 253 characters). Name the Issuer as cert-manager knows it.',
    ],
  ],
  [
    'keys that are none',
    'authentication: {apiKey: {header: "a b", prefix: x, secretRefs: [{name: "", key: a}, {name: a, key: b, optional: true}], keys: [{user: x}, {sha256: abc}]}}',
    [
      'spec.authentication.apiKey.keys[1].sha256: got "abc": does not match ^[0-9a-f]{64}$. Correct it.',
      'spec.authentication.apiKey.header: got "a b": is not a header name (RFC 9110 token). Name one header.',
      'spec.authentication.apiKey.keys[0]: got []: needs exactly one of sha256 and secretRef. Write the hash of the key, or the Secret that holds it.',
      'spec.authentication.apiKey.secretRefs[0].name: got "": names no Secret. Write the name of a Secret in the namespace of the gateway\'s pods.',
      'spec.authentication.apiKey.secretRefs[1].optional: got true: is true, but nobody could authenticate without the Secret. Remove it.',
      'spec.authentication.apiKey.prefix: got "x": is not supported for API keys. Remove it.',
    ],
  ],
  [
    'a choice that is none',
    `authentication: {anyOf: [{${JWT}, basic: {htpasswdRef: {name: a, key: b}}}, {}]}`,
    [
      'spec.authentication.anyOf[0]: got ["basic","jwt"]: names several methods, and a choice is between single ones. Write one method in each entry.',
      'spec.authentication.anyOf[1]: got []: names no method. Write one method in each entry.',
    ],
  ],
  [
    'principals that are none',
    rule('x')
      .replace(', x}', '}')
      .replace('["user:alice"]', '[alice, "User:alice", "user:", "serviceaccount:a/b/c", "serviceaccount:A_/b"]'),
    [
      `spec.authorization.rules[0].principals[0]: got "alice": is not said to be a user, a group or a service account. ${PRINCIPALS}`,
      `spec.authorization.rules[0].principals[1]: got "User:alice": is not said to be a user, a group or a service account. ${PRINCIPALS}`,
      'spec.authorization.rules[0].principals[3]: got "serviceaccount:a/b/c": is not a service account. Write serviceaccount:NAMESPACE/NAME.',
      'spec.authorization.rules[0].principals[2]: got "user:": is empty. Name the user.',
      expect.stringContaining('spec.authorization.rules[0].principals[4]: got "serviceaccount:A_/b": is not a'),
    ],
  ],
  [
    'addresses that are none',
    rule(
      'conditions: [{type: IPAddress, operator: In, value: "10.0.0.0/33,1.2.3"}, ' +
        '{type: IPAddress, operator: Equal, value: "10.0.0.1,10.0.0.2"}, {type: IPAddress, operator: Matches, value: ".*"}]',
    ),
    [
      'spec.authorization.rules[0].conditions[1].operator: got "Equal": compares with one value, and there are several. Write In.',
      'spec.authorization.rules[0].conditions[2].operator: got "Matches": does not go with type IPAddress. Write Equal, NotEqual, In or NotIn.',
      'spec.authorization.rules[0].conditions[0].value: got "10.0.0.0/33,1.2.3": is not an address or CIDR. Write it as 10.0.0.0/8 or 10.1.2.3.',
    ],
  ],
  [
    'times that are none',
    rule(
      'conditions: [{type: TimeOfDay, operator: Equal, value: "25:00-18:00"}, {type: TimeOfDay, operator: In, value: "08:00-09:00,10:00-11:00"}, ' +
        '{type: TimeOfDay, operator: Equal, key: Mars, value: "08:00-09:00"}, ' +
        '{type: TimeOfDay, operator: Equal, value: morning}]',
    ),
    [
      'spec.authorization.rules[0].conditions[1].value: got "08:00-09:00,10:00-11:00": is several spans of time. Write a rule for each span.',
      'spec.authorization.rules[0].conditions[3].value: got "morning": is not a span of time. Write it as 08:00-18:00.',
      'spec.authorization.rules[0].conditions[0].value: got "25:00-18:00": is not a time of day. Write it as 08:00.',
      'spec.authorization.rules[0].conditions[2].key: got "Mars": is not an IANA time zone. Write it as Europe/Berlin.',
    ],
  ],
  [
    'headers that are none',
    rule(
      'conditions: [{type: RequestHeader, operator: Equal, value: a}, {type: RequestHeader, key: x, operator: Matches, value: "("}]',
    ),
    [
      'spec.authorization.rules[0].conditions[0].key: got nothing: is missing. Name the header.',
      expect.stringContaining('spec.authorization.rules[0].conditions[1].value: got "(": '),
    ],
  ],
  [
    'tools that are none',
    rule('x').replace(', x}', '}').replace('["*"]', '["a b"]'),
    [expect.stringContaining('spec.authorization.rules[0].permissions[0].tools[0]: got "a b": ')],
  ],
  [
    'limits that are none',
    `authentication: {${JWT}}, rateLimit: {limits: [{dimension: user, requests: 1, unit: hour, tools: ["a b"]}]}`,
    [expect.stringContaining('spec.rateLimit.limits[0].tools[0]: got "a b": ')],
  ],
])('%s', (_, fields, expected) => {
  expect(faults(routed(fields)).map(line => line.replace(`[${AT}] `, ''))).toEqual(expected);
});
