import { Entry } from '../../../src/model/plan';
import { AuthenticationMethod, JwtMethod } from '../../../src/model/policy';
import { Server } from '../../../src/model/server';
import { planGuard } from '../../../src/passes/entries/guards';
import { effectivePolicy } from '../../../src/passes/policy/merge';
import { checkGuardedServers, contradictoryReferences, demandedCredentials } from '../../../src/passes/servers/demands';
import { findingsInShort, serverOf } from '../../support/literals';
import { apiKeys, basic, jwt, level } from '../policy/fixtures';

const token = (rest: Partial<JwtMethod> = {}): JwtMethod => jwt(rest);

function asking(name: string, method: JwtMethod = token(), rest: Partial<Server> = {}): Server {
  return serverOf(name, {
    workloadNamespace: 'finance',
    podPort: 15080,
    guardedPort: 9000,
    credentials: [{ kind: 'callerToken' }],
    policy: {
      ...level('server'),
      path: `app/${name}`,
      authentication: [{ method, origin: { path: `app/${name}`, property: 'oidcConfig' } }],
    },
    ...rest,
  });
}

function findings(
  servers: readonly Server[],
  methods: readonly AuthenticationMethod[],
  rest: Partial<Entry> = {},
): string[] {
  const { policy } = effectivePolicy([level('gateway', { authentication: [...methods] })]);
  const entry: Entry = {
    origin: 'app/books',
    id: 'finance/books',
    path: '/routes/finance/books',
    groups: servers.map((one, i) => ({ id: `match-${i}`, unless: [], servers: [{ server: one, weight: 1 }] })),
    skipUnavailable: false,
    counters: [],
    policy,
    ...rest,
  };
  return findingsInShort(checkGuardedServers(entry));
}

describe('servers that ask for a token of their own', () => {
  const other = token({ issuer: 'https://other.dev' });
  test.each<[string, Server[], AuthenticationMethod[]]>([
    ['behind a gateway that asks nothing', [asking('a')], []],
    [
      'behind one that asks for a token of the same issuer, for another audience',
      [asking('a', token({ audiences: ['a'] }))],
      [token()],
    ],
    ['behind one that takes several issuers', [asking('a')], [{ kind: 'anyOf', methods: [other, token()] }]],
    ['behind one that reads a key from another header', [asking('a')], [apiKeys([{ user: 'ci' }])]],
    ['beside others that ask for the same', [asking('a'), asking('b', token({ audiences: ['b'] }))], []],
    ['beside one that asks nothing, where the gateway asks for the token', [asking('a'), serverOf('b')], [token()]],
  ])('are served %s', (_, servers, methods) => {
    expect(findings(servers, methods)).toEqual([]);
  });

  test.each<[string, Server[], AuthenticationMethod[], RegExp]>([
    [
      "of another issuer than the gateway's",
      [asking('a', other)],
      [token()],
      /^error app\/books backends: MCPServer finance\/a asks its callers for a token of https:\/\/other.dev .* is passed on$/,
    ],
    [
      'of two issuers on one route',
      [asking('a', other), asking('b')],
      [],
      /another server does not, but a session is opened with all of them/,
    ],
    [
      'where others ask nothing, and so does the gateway',
      [asking('a'), serverOf('b')],
      [],
      /another server does not, but a session is opened with all of them/,
    ],
    [
      'beside another credential in its header',
      [
        asking('a', token(), {
          credentials: [
            { kind: 'callerToken' },
            { kind: 'basic', username: 'u', password: { secretName: 's', key: 'k' } },
          ],
        }),
      ],
      [token()],
      /^error app\/books credentials: comes in the header of a token of .*, which MCPServer finance\/a asks its callers for$/,
    ],
  ])('cannot be served %s', (_, servers, methods, expected) => {
    expect(findings(servers, methods)).toEqual([expect.stringMatching(expected)]);
  });

  test('are left out of a discovery for those who have none', () => {
    expect(findings([asking('a'), serverOf('b')], [], { skipUnavailable: true })).toEqual([]);
  });

  test('get the token, whatever else a gateway proves to them', () => {
    expect([demandedCredentials(asking('a')), demandedCredentials(serverOf('b'))]).toEqual([
      [{ kind: 'callerToken' }],
      [],
    ]);
  });

  test('are no matter of passwords here: a caller who comes with one has no token', () => {
    expect(findings([asking('a')], [basic])).toEqual([]);
  });
});

describe('the guard of a server', () => {
  test('is a gateway of one entry, which leads to the program on loopback and asks what the server asks', () => {
    const {
      plan: { gateway, entries },
      diagnostics,
    } = planGuard(asking('a'))!;
    expect([gateway.port, gateway.path, gateway.workloadNamespace, diagnostics]).toEqual([
      15080,
      'app/a',
      'finance',
      [],
    ]);
    expect(entries).toHaveLength(1);
    const [{ groups, path, policy }] = entries;
    expect([path, groups[0].servers[0].server.endpoints]).toEqual([
      '/mcp',
      [{ host: '127.0.0.1', port: 9000, path: '/mcp' }],
    ]);
    expect(groups[0].servers[0].server).not.toHaveProperty('credentials');
    expect(policy!.levels.map(({ level: name }) => name)).toEqual(['server']);
  });

  test.each<[string, Server]>([
    ['asks nothing', serverOf('a', { workloadNamespace: 'finance' })],
    ['is remote', asking('a', token(), { workloadNamespace: undefined })],
    ['exists elsewhere', asking('a', token(), { imported: true })],
  ])('is none where the server %s', (_, one) => {
    expect(planGuard(one)).toBeUndefined();
  });
});

const created = serverOf('ledger', { path: 'app/created' });
const reference = serverOf('ledger', { path: 'app/reference', imported: true });

it.each([
  ['before it is created', [reference, created]],
  ['after it is created', [created, reference]],
])('a reference to a server of the app, made %s, is an error', (_, servers) => {
  expect(findingsInShort(contradictoryReferences(servers))).toEqual([
    'error app/reference name: refers to a server as if it were outside this app, but "app/created" creates it',
  ]);
});

it('references with different options are an error', () => {
  const other = serverOf('ledger', { path: 'app/other', imported: true, sessions: 'stateless' });
  expect(findingsInShort(contradictoryReferences([reference, other]))).toEqual([
    'error app/other name: refers to the same server as "app/reference" with other options',
  ]);
});

it('references that agree are none, nor are other servers', () => {
  expect(
    contradictoryReferences([
      reference,
      serverOf('ledger', { path: 'app/again', imported: true }),
      serverOf('ledger', { namespace: 'research' }),
      serverOf('other'),
    ]),
  ).toEqual([]);
});

it('servers that are created twice collide as objects, not here', () => {
  expect(contradictoryReferences([created, serverOf('ledger', { path: 'app/again' })])).toEqual([]);
});
