import { agentgateway } from '../../../../src/backends/agentgateway';
import { AgwRoute, ConnectionPolicies } from '../../../../src/backends/agentgateway/config/config';
import { authPolicies } from '../../../../src/backends/agentgateway/parts/server-credentials';
import { Entry } from '../../../../src/model/plan';
import { BackendCredential, Server } from '../../../../src/model/server';
import { resolvedEntry } from '../../../support/agentgateway-config';
import { entryOf, gatewayOf, groupOf, planOf, serverOf } from '../../../support/literals';
import { apiKeyOf, LevelOptions, policyOf, verifiableJwt } from '../policy-fixtures';

const ref = (secretName: string, key: string, secretNamespace?: string) => ({ secretName, secretNamespace, key });
const BEARER: BackendCredential = {
  kind: 'header',
  name: 'authorization',
  prefix: 'Bearer ',
  value: ref('crm', 'token'),
};
const KEY: BackendCredential = { kind: 'header', name: 'x-api-key', prefix: '', value: ref('crm', 'key') };
const BASIC: BackendCredential = { kind: 'basic', username: ref('crm', 'username'), password: ref('crm', 'password') };
const MTLS: BackendCredential = {
  kind: 'clientCertificate',
  certificate: ref('crm-tls', 'tls.crt'),
  privateKey: ref('crm-tls', 'tls.key'),
};
const CALLER: BackendCredential = { kind: 'callerToken' };

const SENT: BackendCredential = {
  kind: 'callerHeader',
  from: 'x-github-token',
  name: 'authorization',
  prefix: 'Bearer ',
};

const TLS = { insecureSkipVerify: false };
const remote = (name: string, options: Partial<Server> = {}) =>
  serverOf(name, {
    workloadNamespace: undefined,
    endpoints: [{ host: `${name}.example.com`, port: 443, path: '/mcp', tls: TLS }],
    ...options,
  });
const policies = (server: Server, entry: Partial<Entry> = {}) =>
  JSON.parse(
    JSON.stringify(authPolicies(entryOf([groupOf('default', [server])], entry), server, { first: true, last: true })),
  );
const tokens: LevelOptions = { level: 'gateway', authentication: [verifiableJwt()] };

describe('a remote server', () => {
  it('gets no credentials of callers', () => {
    expect(policies(remote('crm'))).toEqual({
      transformations: { request: { remove: ['authorization', 'cookie', 'proxy-authorization'] } },
    });
  });

  it('does not get the header either that the gateway reads keys from', () => {
    expect(
      policies(remote('crm'), {
        policy: policyOf({ authentication: [apiKeyOf({ header: { name: 'x-acme-key', prefix: '' } })] }),
      }).transformations.request.remove,
    ).toContain('x-acme-key');
  });

  it('gets its own, from files', () => {
    expect(policies(remote('crm', { credentials: [BEARER, KEY] }))).toEqual({
      backendAuth: {
        credentials: [
          {
            location: { header: { name: 'authorization', prefix: 'Bearer ' } },
            key: { file: '/etc/agentgateway-secrets/crm/token' },
          },
          { location: { header: { name: 'x-api-key' } }, key: { file: '/etc/agentgateway-secrets/crm/key' } },
        ],
      },
      transformations: { request: { remove: ['cookie', 'proxy-authorization'] } },
    });
  });

  it('gets what its callers send for it under the name that it reads, and nothing else of them', () => {
    expect(policies(remote('crm', { credentials: [SENT] }))).toEqual({
      transformations: {
        request: {
          set: { authorization: '"Bearer " + request.headers["x-github-token"]' },
          remove: ['cookie', 'proxy-authorization', 'x-github-token'],
        },
      },
    });
  });

  it('gets nothing of what its callers send for another', () => {
    const crm = remote('crm', { credentials: [SENT] });
    const entry = (server: Server) => entryOf([groupOf('default', [crm, server])]);
    const removed = (server: Server) =>
      authPolicies(entry(server), server, { first: true, last: true }).transformations?.request?.remove;
    expect(removed(remote('erp'))).toContain('x-github-token');
    expect(removed(serverOf('erp'))).toEqual(['x-github-token']);
  });

  it('gets what its callers send at the end of the way, and not before', () => {
    const server = remote('crm', { credentials: [SENT] });
    const entry = entryOf([groupOf('default', [server])]);
    expect(authPolicies(entry, server, { first: true, last: false }).transformations?.request).toEqual({
      remove: ['cookie', 'proxy-authorization'],
    });
    expect(authPolicies(entry, server, { first: false, last: true }).transformations?.request).toEqual({
      set: { authorization: '"Bearer " + request.headers["x-github-token"]' },
      remove: ['x-github-token'],
    });
  });

  it('gets a user name and password as one header, and not what it is made of', () => {
    const { backendAuth, transformations } = policies(remote('crm', { credentials: [BASIC] }));
    expect(backendAuth.credentials.map(({ location, key }: any) => [location.header.name, key.file])).toEqual([
      ['x-mcp-basic-username', '/etc/agentgateway-secrets/crm/username'],
      ['x-mcp-basic-password', '/etc/agentgateway-secrets/crm/password'],
    ]);
    expect(transformations.request).toEqual({
      set: {
        authorization:
          '"Basic " + base64.encode(request.headers["x-mcp-basic-username"] + ":" + request.headers["x-mcp-basic-password"])',
      },
      remove: ['cookie', 'proxy-authorization', 'x-mcp-basic-username', 'x-mcp-basic-password'],
    });
  });

  it('gets a user name that is no secret as it is, whatever it holds', () => {
    const { backendAuth, transformations } = policies(
      remote('crm', { credentials: [{ ...BASIC, username: 'a"b\\c' }] }),
    );
    expect(backendAuth.credentials).toHaveLength(1);
    expect(transformations.request.set.authorization).toBe(
      '"Basic " + base64.encode("a\\"b\\\\c" + ":" + request.headers["x-mcp-basic-password"])',
    );
  });

  it('is shown a certificate where it asks for one', () => {
    const {
      outer: [
        {
          backends: [{ mcp }],
        },
      ],
    } = resolvedEntry(entryOf([groupOf('default', [remote('crm', { credentials: [MTLS] })])]), gatewayOf());
    expect(mcp!.targets[0].policies!.backendTLS).toEqual({
      hostname: 'crm.example.com',
      cert: '/etc/agentgateway-secrets/crm-tls/tls.crt',
      key: '/etc/agentgateway-secrets/crm-tls/tls.key',
    });
  });
});

describe('a server in the cluster', () => {
  it('gets what it got, unless it has credentials of its own', () => {
    expect(policies(serverOf('ledger'))).toEqual({});
    expect(policies(serverOf('ledger', { credentials: [KEY] })).transformations.request.remove).toEqual([
      'authorization',
      'cookie',
      'proxy-authorization',
    ]);
  });
});

describe('the token of the caller', () => {
  it('goes to servers that ask for it', () => {
    expect(policies(serverOf('ledger', { credentials: [CALLER] }), { policy: policyOf(tokens) })).toEqual({
      backendAuth: { passthrough: {} },
      transformations: { request: { remove: ['cookie', 'proxy-authorization'] } },
    });
    expect(policies(serverOf('ledger', { credentials: [CALLER, KEY] })).backendAuth).toMatchObject({
      passthrough: {},
      credentials: [{ location: { header: { name: 'x-api-key' } } }],
    });
  });

  it('goes on from the listener that verified it, and stays behind where others of the entry share the way', () => {
    const when = { tools: [{ kind: 'prefix' as const, value: 'a_' }], headers: [] };
    const shared = [
      serverOf('asks', { credentials: [CALLER], sessions: 'stateless' }),
      serverOf('beside', { sessions: 'stateless' }),
    ];
    const groups = [groupOf('match-0', shared, { when }), groupOf('default', [serverOf('other')], { unless: [when] })];
    const {
      outer: [outer],
      inner,
    } = resolvedEntry(entryOf(groups, { policy: policyOf(tokens) }), gatewayOf());
    expect(outer.backends[0].mcp!.targets.map(({ name, policies: found }) => [name, found?.backendAuth])).toEqual([
      ['match-0', { passthrough: {} }],
      ['default', undefined],
    ]);
    const removed = inner
      .flatMap(({ backends }) => backends)
      .flatMap(({ mcp }) => mcp!.targets)
      .map(({ name, policies: found }) => [name, found?.transformations?.request?.remove]);
    expect(Object.fromEntries(removed)).toEqual({
      asks: ['cookie', 'proxy-authorization'],
      beside: ['authorization'],
      other: ['authorization'],
    });
  });
});

describe('over hops', () => {
  const hops = { timeouts: { request: '30s' }, retry: { attempts: 2, codes: [503] } };
  const secretsIn = (value: ConnectionPolicies | undefined) =>
    JSON.stringify(value ?? {}).match(/agentgateway-secrets\/[^"]+/g) ?? [];

  it('credentials are on the last one alone, which leads to the server', () => {
    const {
      outer: [
        {
          backends: [{ mcp }],
        },
      ],
      inner,
    } = resolvedEntry(
      entryOf([groupOf('default', [remote('crm', { credentials: [BASIC, MTLS] })])], hops),
      gatewayOf(),
    );
    expect(secretsIn(mcp!.targets[0].policies)).toEqual([]);
    const byHop = inner.map(({ backends: [{ host, policies: found }] }: AgwRoute) => [host, secretsIn(found).length]);
    expect(byHop).toEqual([
      ['127.0.0.1:15100', 0],
      ['crm.example.com:443', 4],
      ['crm.example.com:443', 4],
    ]);
  });

  it('what is kept back is so from the first on', () => {
    const {
      outer: [
        {
          backends: [{ mcp }],
        },
      ],
      inner,
    } = resolvedEntry(entryOf([groupOf('default', [remote('crm')])], hops), gatewayOf());
    expect(mcp!.targets[0].policies!.transformations!.request!.remove).toEqual([
      'authorization',
      'cookie',
      'proxy-authorization',
    ]);
    expect(inner.map(({ backends: [{ policies: found }] }) => found?.transformations?.request?.remove)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('Secrets', () => {
  it('are mounted, and none of their values is in the configuration or the environment', () => {
    const plan = planOf([groupOf('default', [remote('crm', { credentials: [BASIC, KEY, MTLS] })])]);
    expect(agentgateway.secrets(plan).environment).toEqual([]);
    expect(agentgateway.secrets(plan).mounts.map(({ directory, keys }) => [directory, keys])).toEqual([
      ['/etc/agentgateway-secrets/crm', ['key', 'password', 'username']],
      ['/etc/agentgateway-secrets/crm-tls', ['tls.crt', 'tls.key']],
    ]);
  });

  it('are in the namespace of the pods, or it is an error for each gateway and server', () => {
    const certificate: BackendCredential = {
      kind: 'clientCertificate',
      certificate: ref('crm-tls', 'tls.crt', 'finance'),
      privateKey: ref('crm-tls', 'tls.key', 'finance'),
    };
    const server = remote('crm', { credentials: [{ ...KEY, value: ref('crm', 'key', 'finance') }, certificate] });
    const entries = [
      entryOf([groupOf('default', [server])]),
      entryOf([groupOf('default', [server])], { id: 'finance/b', path: '/routes/finance/b' }),
    ];
    const check = (workloadNamespace: string) =>
      agentgateway
        .check({ gateway: gatewayOf({ workloadNamespace }), entries })
        .map(({ path, property, value, problem, remedy }) => ({ path, property, value, problem, remedy }));
    expect(check('finance')).toEqual([]);
    expect(check('mcp')).toMatchInlineSnapshot(`
     [
       {
         "path": "app/crm",
         "problem": "the pods of the gateway cannot read the Secret of a server's credential or authority in another namespace than their own: those of "app/gw" run in "mcp"",
         "property": "credentials[0]",
         "remedy": "Keep the Secret in the namespace of the gateway (refer to it in a chart of that namespace), or serve the server by a gateway of its namespace",
         "value": "finance/crm",
       },
       {
         "path": "app/crm",
         "problem": "the pods of the gateway cannot read the Secret of a server's credential or authority in another namespace than their own: those of "app/gw" run in "mcp"",
         "property": "credentials[1]",
         "remedy": "Keep the Secret in the namespace of the gateway (refer to it in a chart of that namespace), or serve the server by a gateway of its namespace",
         "value": "finance/crm-tls",
       },
     ]
    `);
  });
});
