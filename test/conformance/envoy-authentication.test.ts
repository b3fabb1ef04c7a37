import { createServer, Server } from 'http';
import {
  auth,
  discoverOAuthProtectedResourceMetadata,
  extractWWWAuthenticateParams,
  OAuthClientProvider,
} from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { nextAddress } from './end-to-end/addresses';
import { Authority } from './end-to-end/certificates';
import { describeWithEnvoy, EnvoyTests } from './end-to-end/describe';
import { HttpRequest } from './end-to-end/http-exchange';
import { basicCredentials, ISSUER, KEYS, OTHER_ISSUER, secretsIn, sha256 } from './end-to-end/identities';
import { McpCaller } from './end-to-end/mcp-caller';
import { OUTSIDE_PORT, OutsideServer } from './end-to-end/outside-server';
import { RunningApp } from './end-to-end/running-app';
import { TokenIssuer } from './end-to-end/token-issuer';
import { until } from './end-to-end/until';
import {
  ApiKey,
  Authentication,
  CertificateAuthority,
  GatewayDataPlane,
  GatewayTls,
  McpGateway,
  McpGatewayProps,
  McpRoute,
  McpServer,
  McpServerSource,
  Principal,
  ToolAction,
} from '../../src';
import { objectsOf } from '../support/synth';
import { Manifest } from '../support/validate';

/* Each way to authenticate, at a real Envoy: what lets pass, who that is, and what does not. */

type Headers = Readonly<Record<string, string>>;

const TOKEN = { aud: 'mcp', sub: 'alice', groups: ['interns'] };
const bearer = (claims: object = TOKEN, issuer = ISSUER): Headers => ({
  authorization: `Bearer ${issuer.token({ ...claims })}`,
});
const [CI, , , NOBODY] = KEYS;

interface Asked {
  readonly gateway?: readonly Authentication[];
  readonly route?: readonly Authentication[];
  readonly allow?: Principal;
  readonly options?: Partial<McpGatewayProps>;
}

const chart = new Chart(new App(), 'finance', { namespace: 'finance' });
const secret = (name: string): kplus.ISecret => kplus.Secret.fromSecretName(chart, name, name);
const keysSecret = secret('api-keys');
const usersSecret = secret('users');

const jwt = (): Authentication => Authentication.jwt({ issuer: ISSUER.issuer, audiences: ['mcp'], jwks: ISSUER.jwks });
const partner = (): Authentication =>
  Authentication.jwt({
    issuer: OTHER_ISSUER.issuer,
    audiences: ['mcp'],
    jwks: OTHER_ISSUER.jwks,
    header: 'X-Partner-Token',
  });
const keys = (): Authentication =>
  Authentication.apiKey({
    keys: KEYS.map(({ key, user, groups }) => ApiKey.sha256(sha256(key), { user, groups: groups && [...groups] })),
  });
const secretKeys = (): Authentication =>
  Authentication.apiKey({
    header: 'X-Key',
    keys: KEYS.map(({ user }, i) => ApiKey.fromSecret({ secret: keysSecret, key: `key-${i}` }, { user })),
  });
const basic = (): Authentication => Authentication.basic({ secret: usersSecret, key: 'htpasswd' });

function objectsFor({ gateway: methods = [], route: own = [], allow, options }: Asked): Manifest[] {
  const app = new App();
  const scope = new Chart(app, 'finance', { namespace: 'finance' });
  const gateway = new McpGateway(scope, 'gateway', {
    dataPlane: GatewayDataPlane.envoy(),
    authentication: [...methods],
    ...options,
  });
  const route = new McpRoute(scope, 'books', {
    gateway,
    backends: [
      {
        server: new McpServer(scope, 'ledger', {
          source: McpServerSource.image('ghcr.io/acme/ledger:1.0.0'),
          tools: ['db_query'],
        }),
      },
    ],
  });
  own.forEach(method => route.addAuthentication(method));
  if (allow !== undefined) {
    route.allow(allow, { tools: ['*'], actions: [ToolAction.CALL] });
  }
  return objectsOf(app);
}

async function run(
  envoy: EnvoyTests,
  asked: Asked,
  surroundings: Parameters<EnvoyTests['start']>[1] = {},
): Promise<RunningApp> {
  return envoy.start(objectsFor(asked), {
    ...surroundings,
    secrets: { ...secretsIn('finance'), ...surroundings.secrets },
  });
}

const urlOf = (running: RunningApp): string => `${running.gateway().url}/routes/finance/books`;

/** What a call gets that carries some headers. */
async function statusOf(running: RunningApp, headers: Headers, tls?: HttpRequest['tls']): Promise<number | string> {
  const caller = new McpCaller(urlOf(running), { headers, tls });
  try {
    return (await caller.call('db_query')).status;
  } catch (error) {
    return `refused: ${(error as NodeJS.ErrnoException).code}`;
  } finally {
    caller.close();
  }
}

describeWithEnvoy('ways to authenticate', envoy => {
  const TABLE: readonly (readonly [string, Asked, readonly Headers[], readonly Headers[]])[] = [
    ['a token', { gateway: [jwt()] }, [bearer()], [{}, bearer({ ...TOKEN, aud: 'x' }), bearer(TOKEN, OTHER_ISSUER)]],
    [
      'a token of a user',
      { gateway: [jwt()], allow: Principal.user('alice') },
      [bearer()],
      [bearer({ ...TOKEN, sub: 'bob' }), bearer({ ...TOKEN, sub: undefined })],
    ],
    [
      'a token of a group',
      { gateway: [jwt()], allow: Principal.group('interns') },
      [bearer(), bearer({ ...TOKEN, groups: 'interns' })],
      [bearer({ ...TOKEN, groups: [] }), bearer({ ...TOKEN, groups: undefined })],
    ],
    [
      'a token of a service account',
      { gateway: [jwt()], allow: Principal.serviceAccount('assistant', 'agents') },
      [bearer({ ...TOKEN, sub: 'system:serviceaccount:agents:assistant' })],
      [bearer(), bearer({ ...TOKEN, sub: 'system:serviceaccount:other:assistant' })],
    ],
    [
      'a token in a header of its own',
      { gateway: [partner()] },
      [{ 'x-partner-token': OTHER_ISSUER.token(TOKEN) }],
      [bearer(TOKEN, OTHER_ISSUER), { 'x-partner-token': ISSUER.token(TOKEN) }],
    ],
    [
      'a key',
      { gateway: [keys()], allow: Principal.user('ci') },
      [{ 'x-api-key': CI.key }],
      [{}, { 'x-api-key': 'x' }, { 'x-api-key': NOBODY.key }, { 'x-api-key': sha256(CI.key) }],
    ],
    [
      'a key of a group',
      { gateway: [keys()], allow: Principal.group('jobs') },
      [{ 'x-api-key': CI.key }],
      [{ 'x-api-key': NOBODY.key }],
    ],
    [
      'a key of a Secret',
      { gateway: [secretKeys()], allow: Principal.user('ci') },
      [{ 'x-key': CI.key }],
      [{}, { 'x-key': 'key-0' }, { 'x-api-key': CI.key }],
    ],
    [
      'a password',
      { gateway: [basic()], allow: Principal.user('alice') },
      [{ authorization: basicCredentials('alice') }],
      [
        {},
        { authorization: basicCredentials('bob') },
        { authorization: basicCredentials('alice', 'wrong') },
        { authorization: basicCredentials('nobody') },
      ],
    ],
    [
      'a token and another',
      { gateway: [jwt()], route: [partner()] },
      [{ ...bearer(), 'x-partner-token': OTHER_ISSUER.token(TOKEN) }],
      [bearer(), { 'x-partner-token': OTHER_ISSUER.token(TOKEN) }],
    ],
    [
      'a token and a key',
      { gateway: [jwt(), keys()], allow: Principal.user('alice', { issuer: ISSUER.issuer }) },
      [{ ...bearer(), 'x-api-key': NOBODY.key }],
      [
        bearer(),
        { 'x-api-key': KEYS[1].key },
        { ...bearer({ ...TOKEN, sub: 'bob' }), 'x-api-key': NOBODY.key },
        // The key is that of alice, and the rule asks for her token.
        { ...bearer({ ...TOKEN, sub: 'bob' }), 'x-api-key': KEYS[1].key },
      ],
    ],
    [
      'alice of one of two issuers',
      {
        gateway: [
          Authentication.anyOf(
            jwt(),
            Authentication.jwt({ issuer: OTHER_ISSUER.issuer, audiences: ['mcp'], jwks: OTHER_ISSUER.jwks }),
          ),
        ],
        allow: Principal.user('alice', { issuer: ISSUER.issuer }),
      },
      [bearer()],
      [bearer(TOKEN, OTHER_ISSUER), bearer({ ...TOKEN, sub: 'bob' })],
    ],
    [
      'a password and a key',
      { gateway: [secretKeys()], route: [basic()] },
      [{ authorization: basicCredentials('bob'), 'x-key': CI.key }],
      [{ authorization: basicCredentials('bob') }, { 'x-key': CI.key }],
    ],
    [
      'a token or a key',
      { gateway: [Authentication.anyOf(jwt(), keys())] },
      [bearer(), { 'x-api-key': CI.key }, { ...bearer(), 'x-api-key': CI.key }],
      [{}, { 'x-api-key': 'x' }, bearer(TOKEN, OTHER_ISSUER)],
    ],
    [
      'a token or a password',
      { gateway: [Authentication.anyOf(jwt(), basic())] },
      [bearer(), { authorization: basicCredentials('alice') }],
      [{}, { authorization: basicCredentials('alice', 'x') }],
    ],
    [
      'a token or a key, and a password of the route',
      { gateway: [Authentication.anyOf(partner(), keys())], route: [basic()] },
      [
        { authorization: basicCredentials('bob'), 'x-api-key': CI.key },
        { authorization: basicCredentials('bob'), 'x-partner-token': OTHER_ISSUER.token(TOKEN) },
      ],
      [{ authorization: basicCredentials('bob') }, { 'x-api-key': CI.key }],
    ],
    [
      'a key of the route that names whom the gateway trusts in a token',
      {
        gateway: [jwt()],
        route: [keys()],
        options: {
          authorization: [
            { principals: [Principal.user('ci')], permissions: [{ tools: ['*'], actions: [ToolAction.CALL] }] },
          ],
        },
      },
      [{ ...bearer({ ...TOKEN, sub: 'ci' }), 'x-api-key': NOBODY.key }],
      [{ ...bearer(), 'x-api-key': CI.key }],
    ],
  ];
  it.each(TABLE)('%s', async (_, asked, admitted, refused) => {
    const running = await run(envoy(), asked);
    expect(await Promise.all(admitted.map(headers => statusOf(running, headers)))).toEqual(admitted.map(() => 200));
    const statuses = await Promise.all(refused.map(headers => statusOf(running, headers)));
    expect(statuses.filter(status => status !== 401 && status !== 403)).toEqual([]);
    expect((await running.executed()).filter(({ method }) => method === 'tools/call')).toHaveLength(admitted.length);
    await running.stop();
  });

  it('keys in a Secret that change count at once, and those that went no more', async () => {
    const running = await run(envoy(), { gateway: [secretKeys()] });
    expect(await statusOf(running, { 'x-key': 'a-new-key' })).toBe(401);
    running.replaceSecret('finance/api-keys', { ...secretsIn('finance')['finance/api-keys'], 'key-0': 'a-new-key' });
    await until('the new key is known', async () => (await statusOf(running, { 'x-key': 'a-new-key' })) === 200);
    expect([await statusOf(running, { 'x-key': CI.key }), await statusOf(running, { 'x-key': KEYS[1].key })]).toEqual([
      401, 200,
    ]);
    await running.stop();
  });
});

describeWithEnvoy('tokens that are remembered', envoy => {
  it('are good until they expire, and for as long as their keys stand in the configuration', async () => {
    const running = await run(envoy(), { gateway: [jwt()], allow: Principal.user('alice') });
    const lasting = bearer();
    const exp = Math.floor(Date.now() / 1000) + 15;
    const brief = bearer({ ...TOKEN, exp });
    for (const headers of [lasting, lasting, brief, brief]) {
      expect(await statusOf(running, headers)).toBe(200);
    }
    // Envoy takes a token for a minute longer than it says, for clocks that differ.
    await until('the token expires', async () => (await statusOf(running, brief)) === 401, { timeoutMs: 120_000 });
    expect(Date.now() / 1000).toBeGreaterThanOrEqual(exp);
    expect(await statusOf(running, lasting)).toBe(200);

    const others = new TokenIssuer(ISSUER.issuer);
    await running.apply(
      objectsFor({
        gateway: [Authentication.jwt({ issuer: ISSUER.issuer, audiences: ['mcp'], jwks: others.jwks })],
        allow: Principal.user('alice'),
      }),
    );
    expect([await statusOf(running, lasting), await statusOf(running, bearer(TOKEN, others))]).toEqual([401, 200]);
    await running.stop();
  }, 180_000);
});

describeWithEnvoy('client certificates', envoy => {
  const server = new Authority('server-ca');
  const clients = new Authority('clients-ca');
  const own = server.issue({ commonName: 'gateway', dnsNames: ['gateway.test'] });
  const as = (commonName: string, authority = clients, expired = false): HttpRequest['tls'] => ({
    ca: server.cert,
    servername: 'gateway.test',
    ...authority.issue({ commonName, expired }),
  });

  it('lets pass whom the authority knows, by his common name', async () => {
    const running = await run(
      envoy(),
      {
        gateway: [
          Authentication.clientCertificate(
            CertificateAuthority.fromSecret({ secret: secret('clients-ca'), key: 'ca.crt' }),
          ),
        ],
        allow: Principal.user('report-agent'),
        options: { tls: GatewayTls.fromSecret(secret('gateway-tls')) },
      },
      {
        secrets: {
          'finance/gateway-tls': { 'tls.crt': own.cert, 'tls.key': own.key },
          'finance/clients-ca': { 'ca.crt': clients.cert },
        },
      },
    );
    expect(await statusOf(running, {}, as('report-agent'))).toBe(200);
    expect(await statusOf(running, {}, as('other-agent'))).toBe(403);
    const strangers = [
      { ca: server.cert, servername: 'gateway.test' },
      as('report-agent', new Authority('clients-ca')),
      as('report-agent', server),
      as('report-agent', clients, true),
    ];
    const statuses = await Promise.all(strangers.map(tls => statusOf(running, {}, tls)));
    expect(statuses.filter(status => typeof status === 'number' && status !== 401)).toEqual([]);
    expect((await running.executed()).filter(({ method }) => method === 'tools/call')).toHaveLength(1);
    await running.stop();
  });
});

describeWithEnvoy('protected resources (RFC 9728)', envoy => {
  let issuer: Server;
  let issuerUrl: string;
  let running: RunningApp;
  let asked: string[];

  beforeAll(async () => {
    asked = [];
    const address = nextAddress();
    issuer = createServer((request, response) => {
      asked.push(request.url!);
      const bodies: Readonly<Record<string, unknown>> = {
        '/.well-known/oauth-authorization-server': {
          issuer: issuerUrl,
          authorization_endpoint: `${issuerUrl}/authorize`,
          token_endpoint: `${issuerUrl}/token`,
          response_types_supported: ['code'],
          code_challenge_methods_supported: ['S256'],
        },
        '/jwks.json': JSON.parse(ISSUER.jwks),
      };
      const found = bodies[request.url!];
      response
        .writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' })
        .end(JSON.stringify(found ?? {}));
    });
    await new Promise<void>(resolve => issuer.listen(8765, address, resolve));
    issuerUrl = `http://${address}:8765`;
    // Keys are fetched by the name of a host of the cluster's.
    running = await run(
      envoy(),
      {
        gateway: [
          Authentication.oidc({
            issuer: issuerUrl,
            audiences: ['mcp'],
            jwksUri: 'http://auth.test:8765/jwks.json',
            scopes: ['tools'],
          }),
        ],
        options: {
          authorization: [
            {
              principals: [Principal.group('interns')],
              permissions: [
                { tools: ['*'], actions: [ToolAction.CALL] },
                { tools: ['*'], actions: [ToolAction.LIST] },
              ],
            },
          ],
        },
      },
      { hosts: { 'auth.test': address } },
    );
  }, 60_000);
  afterAll(async () => {
    await running?.stop();
    issuer.closeAllConnections();
    await new Promise(resolve => issuer.close(resolve));
  });

  it('tells a client without a token where to get one, as an SDK finds it', async () => {
    const response = await fetch(urlOf(running), {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: '{"jsonrpc":"2.0","id":1,"method":"ping"}',
    });
    expect(response.status).toBe(401);
    const { resourceMetadataUrl } = extractWWWAuthenticateParams(response);
    const metadata = await discoverOAuthProtectedResourceMetadata(urlOf(running), { resourceMetadataUrl });
    expect(metadata).toEqual({
      resource: urlOf(running),
      authorization_servers: [issuerUrl],
      bearer_methods_supported: ['header'],
      scopes_supported: ['tools'],
    });
  });

  it('sends a client of the SDK to the authorization server', async () => {
    let sentTo: URL | undefined;
    const provider: OAuthClientProvider = {
      redirectUrl: 'http://localhost/callback',
      clientMetadata: { redirect_uris: ['http://localhost/callback'] },
      clientInformation: () => ({ client_id: 'test' }),
      tokens: () => undefined,
      saveTokens: () => undefined,
      saveCodeVerifier: () => undefined,
      codeVerifier: () => 'x',
      redirectToAuthorization: url => {
        sentTo = url;
      },
    };
    expect(await auth(provider, { serverUrl: urlOf(running) })).toBe('REDIRECT');
    expect(`${sentTo!.origin}${sentTo!.pathname}`).toBe(`${issuerUrl}/authorize`);
    expect(sentTo!.searchParams.get('resource')).toBe(urlOf(running));
  });

  it('lets pass who has a token, whose keys it fetched', async () => {
    const client = new Client({ name: 'test', version: '1' });
    const headers = { authorization: `Bearer ${ISSUER.token({ ...TOKEN, iss: issuerUrl })}` };
    await until('the keys are fetched', async () => (await statusOf(running, headers)) === 200);
    await client.connect(new StreamableHTTPClientTransport(new URL(urlOf(running)), { requestInit: { headers } }));
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['db_query']);
    expect((await client.callTool({ name: 'db_query', arguments: {} })).isError).toBeFalsy();
    await client.close();
    expect(asked).toContain('/jwks.json');
  });

  it('fetches keys from a server of an authority that is given, and from none of another', async () => {
    const authority = new Authority('issuer-ca');
    const server = await OutsideServer.start({
      tls: authority.issue({ commonName: 'sso.test', dnsNames: ['sso.test'] }),
      answer: () => ({ status: 200, body: ISSUER.jwks }),
    });
    const started = (caBundle: string) =>
      run(
        envoy(),
        {
          gateway: [
            Authentication.jwt({
              issuer: ISSUER.issuer,
              audiences: ['mcp'],
              jwksUri: `https://sso.test:${OUTSIDE_PORT}/keys`,
              caBundle,
            }),
          ],
        },
        { hosts: { 'sso.test': server.address } },
      );
    const right = await started(authority.cert);
    await until('the keys are fetched', async () => (await statusOf(right, bearer(TOKEN))) === 200);
    await right.stop();
    const before = server.received.length;
    const wrong = await started(new Authority('issuer-ca').cert);
    expect(await statusOf(wrong, bearer(TOKEN))).toBe(401);
    expect(server.received).toHaveLength(before);
    await wrong.stop();
    await server.stop();
  });

  it('refuses everybody while no keys can be had', async () => {
    const without = await run(envoy(), {
      gateway: [
        Authentication.jwt({ issuer: issuerUrl, audiences: ['mcp'], jwksUri: 'http://nowhere.test:8765/jwks.json' }),
      ],
    });
    expect(await statusOf(without, bearer({ ...TOKEN, iss: issuerUrl }))).not.toBe(200);
    expect(await without.executed()).toEqual([]);
    await without.stop();
  });
});
