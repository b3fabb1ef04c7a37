import { parse } from 'yaml';
import { controllerChart, documentOf, documents, faults, gatewayOf, Json, only, POD, synthesize } from './support';

const remote = (credentials: string, kind = 'MCPServer', rest = '') =>
  documentOf(kind, 'crm', `{remote: {url: "https://crm.example.com/mcp", credentials: ${credentials}}${rest}}`);
const ROUTE = documentOf('MCPRoute', 'crm', '{backendRefs: [{serverRef: {name: crm}}]}');

/** What the gateway is told about the one server behind it. */
function policiesOf(objects: readonly Json[]): Json {
  const [{ mcp }] = parse(only(objects, 'ConfigMap').data['config.yaml']).backends;
  return mcp.targets[0].policies ?? {};
}

/** Headers that are put in, with the files they come from. */
const headersOf = ({ backendAuth }: Json): string[] =>
  (backendAuth?.credentials ?? []).map(
    ({ location, key }: Json) =>
      `${location.header.name}: ${location.header.prefix ?? ''}<${key.file.replace('/etc/agentgateway-secrets/', '')}>`,
  );

describe('credentials of a server', () => {
  test.each<[string, string, object]>([
    [
      'a header',
      '[{header: {name: X-Key, prefix: "Token ", secretRef: {name: crm, key: key}}}]',
      { headers: ['x-key: Token <crm/key>'] },
    ],
    [
      'a bearer token',
      '[{bearer: {secretRef: {name: crm, key: token}}}]',
      { headers: ['authorization: Bearer <crm/token>'] },
    ],
    [
      'a password',
      '[{basic: {usernameRef: {name: crm, key: username}, passwordRef: {name: crm, key: password}}}]',
      { headers: ['x-mcp-basic-username: <crm/username>', 'x-mcp-basic-password: <crm/password>'] },
    ],
    [
      'a password of a user',
      '[{basic: {username: alice, passwordRef: {name: crm, key: password}}}]',
      { headers: ['x-mcp-basic-password: <crm/password>'] },
    ],
    [
      'a certificate',
      '[{clientCertificate: {certificateRef: {name: tls, key: tls.crt}, privateKeyRef: {name: tls, key: tls.key}}}]',
      { cert: '/etc/agentgateway-secrets/tls/tls.crt' },
    ],
    ["the caller's token", '[{callerToken: true}]', { passthrough: {} }],
    [
      'what the caller sends for it',
      '[{callerHeader: {from: X-Token}}]',
      { set: '"Bearer " + request.headers["x-token"]' },
    ],
    ['none', '[]', {}],
  ])('%s', (_, credentials, { headers = [], cert, passthrough, set }: Json) => {
    const policies = policiesOf(synthesize(documents(remote(credentials), ROUTE, gatewayOf())));
    if (set !== undefined) {
      expect(policies.transformations.request.set).toEqual({ authorization: set });
    }
    expect([headersOf(policies), policies.backendTLS.cert, policies.backendAuth?.passthrough]).toEqual([
      headers,
      cert,
      passthrough,
    ]);
  });

  test('go with a hosted server as well', () => {
    const text = documentOf(
      'MCPServer',
      'crm',
      `{transport: streamable-http, hosted: {${POD}, credentials: [{bearer: {secretRef: {name: crm, key: token}}}]}}`,
    );
    expect(headersOf(policiesOf(synthesize(documents(text, ROUTE, gatewayOf()))))).toEqual([
      'authorization: Bearer <crm/token>',
    ]);
  });

  test("are in Secrets of the server's namespace unless they say another, and of the gateway's for a server in none", () => {
    const synth = (text: string, server: string) => () =>
      synthesize(
        documents(text, documentOf('MCPGateway', 'gw', `{mcpServers: {static: [${server}]}}`, 'namespace: mcp-system')),
      );
    expect(
      synth(remote('[{bearer: {secretRef: {name: crm, key: token}}}]'), '{name: crm, namespace: finance}'),
    ).toThrow('got "finance/crm": the pods of the gateway cannot read the Secret');
    expect(
      headersOf(
        policiesOf(
          synth(
            remote('[{bearer: {secretRef: {name: crm, key: token, namespace: mcp-system}}}]'),
            '{name: crm, namespace: finance}',
          )(),
        ),
      ),
    ).toHaveLength(1);
    expect(
      synth(remote('[{bearer: {secretRef: {name: crm, key: token}}}]', 'ClusterMCPServer'), '{name: crm}'),
    ).not.toThrow();
  });

  test.each<[string, string, string[]]>([
    [
      'two in one',
      '[{callerToken: true, bearer: {secretRef: {name: a, key: b}}}]',
      [
        'spec.remote.credentials[0]: got ["bearer","callerToken"]: has bearer and callerToken of basic, bearer, callerHeader, callerToken, clientCertificate, header. Write exactly one of them.',
      ],
    ],
    [
      'none in one',
      '[{}]',
      [
        'spec.remote.credentials[0]: got []: has none of basic, bearer, callerHeader, callerToken, clientCertificate, header. Write exactly one of them.',
      ],
    ],
    [
      'a token that is not passed on',
      '[{callerToken: false}]',
      ['spec.remote.credentials[0].callerToken: got false: says nothing. Write true, or remove it.'],
    ],
    [
      'two user names',
      '[{basic: {username: a, usernameRef: {name: a, key: b}, passwordRef: {name: a, key: b}}}]',
      [
        'spec.remote.credentials[0].basic: got ["username","usernameRef"]: has username and usernameRef of username, usernameRef. Write exactly one of them.',
      ],
    ],
    [
      'a user name with a colon',
      '[{basic: {username: "a:b", passwordRef: {name: a, key: b}}}]',
      [
        'spec.remote.credentials[0].basic.username: got "a:b": has a colon, which ends a user name. Write the name alone.',
      ],
    ],
    [
      'a header that is none',
      '[{header: {name: "a b", secretRef: {name: a, key: b}}}]',
      [
        'spec.remote.credentials[0].header.name: got "a b": is not a header name (RFC 9110 token). Name the header that the server reads.',
      ],
    ],
    [
      'a Secret that is none',
      '[{bearer: {secretRef: {name: ../x, key: a/b, namespace: A}}}]',
      [
        'spec.remote.credentials[0].bearer.secretRef.name: got "../x": is not an object name (a DNS subdomain of at most 253 characters). Write the name of a Secret.',
        'spec.remote.credentials[0].bearer.secretRef.key: got "a/b": is not a key of a Secret. Write one of its keys.',
        'spec.remote.credentials[0].bearer.secretRef.namespace: got "A": is not a namespace name (lower-case letters, digits and "-", at most 63 characters). Write the namespace of the gateway\'s pods.',
      ],
    ],
    [
      'two of one header',
      '[{callerToken: true}, {bearer: {secretRef: {name: a, key: b}}}]',
      [
        'spec.remote.credentials[1]: got {"bearer":{"secretRef":{"name":"a","key":"b"}}}: is a second credential for the header authorization. Keep one of them.',
      ],
    ],
  ])('%s', (_, credentials, expected) => {
    expect(faults(remote(credentials)).map(fault => fault.replace(/^\[[^\]]+\] /, ''))).toEqual(expected);
  });

  test('are not sent in the clear', () => {
    const text = documentOf(
      'MCPServer',
      'crm',
      '{remote: {url: "http://crm.example.com/mcp", credentials: [{callerToken: true}]}}',
    );
    expect(faults(text, { allowInsecureRemotes: true })).toEqual([
      expect.stringContaining(
        'spec.remote.credentials[0]: got {"callerToken":true}: would cross the network in the clear.',
      ),
    ]);
  });

  test("are no operator's", () => {
    expect(faults(remote('[{callerToken: true}]'), {}, controllerChart())).toEqual([
      expect.stringContaining(
        'spec.remote.credentials: got ["callerToken"]: is a field of this library\'s own definition',
      ),
    ]);
  });
});

describe('credentials of a gateway towards a listed server', () => {
  const listed = (auth: string, server = 'crm') =>
    documents(
      documentOf('MCPServer', 'crm', '{remote: {url: "https://crm.example.com/mcp"}}'),
      gatewayOf(`mcpServers: {static: [{name: ${server}, ${auth}}]}`),
    );
  const ref = (key: string) => `{secretRef: {name: crm, key: ${key}}}`;

  test.each<[string, string, object]>([
    ['none', 'auth: {method: None}', {}],
    [
      'Bearer',
      `auth: {method: Bearer, timeout: 5s, token: ${ref('token')}}`,
      { headers: ['authorization: Bearer <crm/token>'] },
    ],
    ['ApiKey', `auth: {method: ApiKey, token: ${ref('key')}}`, { headers: ['x-api-key: <crm/key>'] }],
    [
      'ApiKey in a header',
      'auth: {method: ApiKey, token: {headerName: X-Tenant, secretRef: {name: crm, key: key}}}',
      { headers: ['x-tenant: <crm/key>'] },
    ],
    [
      'Basic',
      `auth: {method: Basic, basic: {username: alice, password: ${ref('password')}}}`,
      { headers: ['x-mcp-basic-password: <crm/password>'] },
    ],
    [
      'ClientCertificate',
      `auth: {method: ClientCertificate, clientCert: {certificateRef: ${ref('cert')}, privateKeyRef: ${ref('key')}, verifyServerCert: true}}`,
      { cert: '/etc/agentgateway-secrets/crm/cert' },
    ],
    ["this library's own", 'credentials: [{callerToken: true}]', { passthrough: {} }],
  ])('%s', (_, auth, { headers = [], cert, passthrough }: Json) => {
    const policies = policiesOf(synthesize(listed(auth)));
    expect([headersOf(policies), policies.backendTLS.cert, policies.backendAuth?.passthrough]).toEqual([
      headers,
      cert,
      passthrough,
    ]);
  });

  test('are kept in the resource as they are written', () => {
    const auth = {
      method: 'Basic',
      basic: { username: 'alice', password: { secretRef: { name: 'crm', key: 'password' } } },
    };
    expect(only(synthesize(listed(`auth: ${JSON.stringify(auth)}`)), 'MCPGateway').spec.mcpServers.static).toEqual([
      { name: 'crm', auth },
    ]);
  });

  test.each<[string, string, string[]]>([
    [
      'a value in the resource',
      'auth: {method: Bearer, token: {value: hunter2}}',
      [
        'auth.token.value: got "(not shown)": is a secret in a resource, which many may read. Keep it in a Secret, and write secretRef.',
      ],
    ],
    [
      'no value',
      'auth: {method: ApiKey, token: {}}',
      ['auth.token.secretRef: got nothing: is missing. Name the Secret that holds it, and the key in it.'],
    ],
    ['no settings', 'auth: {method: Basic}', ['auth.basic: got nothing: is missing for method Basic. Add it.']],
    [
      'settings of another method',
      `auth: {method: Bearer, token: ${ref('token')}, basic: {username: a, password: ${ref('b')}}}`,
      [
        'auth.basic: got {"username":"a","password":{"secretRef":{"name":"crm","key":"b"}}}: does not go with method Bearer. Remove it, or write the method that it goes with.',
      ],
    ],
    [
      'a Secret that may be missing',
      'auth: {method: Bearer, token: {secretRef: {name: crm, key: a, optional: true}}}',
      [
        'auth.token.secretRef.optional: got true: is true, but the gateway could prove nothing without the Secret. Remove it.',
      ],
    ],
    [
      'a bearer token elsewhere',
      'auth: {method: Bearer, token: {headerName: X-Token, secretRef: {name: crm, key: a}}}',
      ['auth.token.headerName: got "X-Token": is not where bearer tokens stand. Remove it, or write method ApiKey.'],
    ],
    [
      'a header of the protocol',
      'auth: {method: ApiKey, token: {headerName: Host, secretRef: {name: crm, key: a}}}',
      [
        'auth.token.name: got "Host": carries the MCP session or the message itself. Name the header that the server reads.',
      ],
    ],
    [
      'a server that is not verified',
      `auth: {method: ClientCertificate, clientCert: {certificateRef: ${ref('cert')}, privateKeyRef: ${ref('key')}, verifyServerCert: false}}`,
      [
        'auth.clientCert.verifyServerCert: got false: would take any server for the right one. Remove it: certificates are always verified.',
      ],
    ],
    [
      'an authority',
      `auth: {method: ClientCertificate, clientCert: {certificateRef: ${ref('cert')}, privateKeyRef: ${ref('key')}, caRef: ${ref('ca')}}}`,
      [
        'auth.clientCert.caRef: got ["secretRef"]: is a matter of the server, which says whose certificate it has. Write spec.remote.tls.caBundle of the MCPServer.',
      ],
    ],
    [
      'OAuth 2',
      `auth: {method: OAuth2, oAuth2: {clientID: a, clientSecret: ${ref('b')}, tokenURL: "https://x.dev/token"}}`,
      [
        'auth.method: got "OAuth2": asks a server for tokens, which the gateway cannot. Get a token otherwise, keep it in a Secret and write method Bearer.',
      ],
    ],
    [
      'a JWT',
      `auth: {method: JWT, jwt: {signingKey: ${ref('b')}}}`,
      [
        'auth.method: got "JWT": signs tokens, which the gateway cannot. Get a token otherwise, keep it in a Secret and write method Bearer.',
      ],
    ],
    [
      'both',
      'auth: {method: None}, credentials: []',
      ['auth: got "None": is given beside credentials: it is not said which of them count. Keep one of the two.'],
    ],
  ])('%s', (_, auth, expected) => {
    expect(faults(listed(auth)).map(fault => fault.replace(/^.*spec\.mcpServers\.static\[0\]\./, ''))).toEqual(
      expected,
    );
  });

  test("are the operator's in controller mode, but not those that upstream has no field for", () => {
    const text = (auth: string) =>
      documents(
        documentOf('MCPServer', 'crm', '{remote: {url: "https://crm.example.com/mcp"}}'),
        gatewayOf(`mcpServers: {static: [{name: crm, ${auth}}]}`),
      );
    expect(
      only(synthesize(text('auth: {method: Bearer, token: {value: x}}'), {}, controllerChart()), 'MCPGateway').spec
        .mcpServers.static[0].auth,
    ).toEqual({ method: 'Bearer', token: { value: 'x' } });
    expect(
      faults(text('credentials: [{bearer: {secretRef: {name: crm, key: token}}}]'), {}, controllerChart()),
    ).toEqual([
      expect.stringContaining(
        `spec.mcpServers.static[0].credentials: got ["bearer"]: is a field of this library's own definition`,
      ),
    ]);
  });

  test('say where they are wrong among several servers', () => {
    const two = documents(
      documentOf('MCPServer', 'crm', '{remote: {url: "https://crm.example.com/mcp"}}'),
      documentOf('MCPServer', 'other', '{remote: {url: "https://other.example.com/mcp"}}'),
      gatewayOf(
        'mcpServers: {static: [{name: other}, {name: crm, credentials: [{bearer: {secretRef: {name: crm, key: token, namespace: elsewhere}}}]}]}',
      ),
    );
    expect(faults(two)).toEqual([expect.stringContaining('spec.mcpServers.static[1].credentials[0]: got')]);
  });
});

describe('allowed hosts of a gateway', () => {
  const gateway = (hosts: string) => documents(remote('[]'), ROUTE, gatewayOf(`allowedRemoteHosts: ${hosts}`));

  test('hold for its routes', () => {
    expect(only(synthesize(gateway('["*.example.com"]')), 'MCPGateway').spec.allowedRemoteHosts).toEqual([
      '*.example.com',
    ]);
    expect(() => synthesize(gateway('[]'))).toThrow('MCPServer finance/crm is at a host that the gateway');
  });

  test("are checked, and no operator's", () => {
    expect(faults(gateway('["https://x"]'))).toEqual([
      expect.stringContaining('spec.allowedRemoteHosts[0]: got "https://x": is not a host.'),
    ]);
    expect(faults(gatewayOf('allowedRemoteHosts: []'), {}, controllerChart())).toEqual([
      expect.stringContaining('spec.allowedRemoteHosts: got []: is a field of this library'),
    ]);
  });
});
