import { Authority } from './end-to-end/certificates';
import { describeWithEnvoy, EnvoyTests } from './end-to-end/describe';
import { ISSUER, KEYS, sha256 } from './end-to-end/identities';
import { callerOf, OneRoute, oneRoute, secretOf } from './end-to-end/one-route';
import { OUTSIDE_PORT, OutsideOptions, OutsideServer } from './end-to-end/outside-server';
import { RunningApp, Surroundings } from './end-to-end/running-app';
import { until } from './end-to-end/until';
import { ApiKey, Authentication, BackendCredential, McpServerTls, McpServerSource, McpSessions } from '../../src';

/* Servers elsewhere, behind a real Envoy: whom it connects to, what it proves to them, and what it keeps back of its callers. */

type Headers = Readonly<Record<string, string>>;

const HOST = 'crm.example.com';
const authority = new Authority('servers-ca');
const certificate = authority.issue({ commonName: HOST, dnsNames: [HOST] });

const [{ key: API_KEY }] = KEYS;
const keys = Authentication.apiKey({ keys: [ApiKey.sha256(sha256(API_KEY), { user: 'ci' })] });
const jwt = Authentication.jwt({ issuer: ISSUER.issuer, audiences: ['mcp'], jwks: ISSUER.jwks });
const bearer = `Bearer ${ISSUER.token({ aud: 'mcp', sub: 'alice' })}`;

/** A remote server, and an app that has a route to it. */
interface Remote {
  readonly server?: OutsideOptions;
  readonly tls?: McpServerTls;
  readonly hostHeader?: string;
  readonly credentials?: BackendCredential[];
  readonly authentication?: Authentication[];
  readonly secrets?: Surroundings['secrets'];
}

interface Running {
  readonly running: RunningApp;
  readonly server: OutsideServer;
  /** Status of a call with some headers. */
  call(headers?: Headers): Promise<number>;
  stop(): Promise<void>;
}

async function run(
  envoy: EnvoyTests,
  { server: options, tls = { caBundle: authority.cert }, hostHeader, credentials, authentication, secrets }: Remote,
): Promise<Running> {
  const server = await OutsideServer.start({ tls: certificate, ...options });
  const app: OneRoute = {
    gateway: { authentication },
    servers: {
      crm: {
        source: McpServerSource.remote(`https://${HOST}:${OUTSIDE_PORT}/mcp?tenant=a`, { tls, credentials }),
        sessions: McpSessions.STATELESS,
        hostHeader,
      },
    },
  };
  const running = await envoy.start(oneRoute(app), { hosts: { [HOST]: server.address }, secrets });
  return {
    running,
    server,
    call: async headers => {
      const caller = callerOf(running, headers);
      const { status } = await caller.call('query');
      caller.close();
      return status;
    },
    stop: async () => {
      await running.stop();
      await server.stop();
    },
  };
}

describeWithEnvoy('TLS towards servers', envoy => {
  it.each<[string, Remote]>([
    ['of an authority that is given', {}],
    [
      'by a name that is given',
      {
        server: { tls: authority.issue({ commonName: 'x', dnsNames: ['inner.crm.test'] }) },
        tls: { caBundle: authority.cert, serverName: 'inner.crm.test' },
      },
    ],
  ])('%s', async (_, remote) => {
    const { server, call, stop } = await run(envoy(), remote);
    expect(await call()).toBe(200);
    expect(server.calls.map(({ method, path, headers }) => [method, path, headers.host])).toEqual([
      ['POST', '/mcp?tenant=a', `${HOST}:${OUTSIDE_PORT}`],
    ]);
    await stop();
  });

  it.each<[string, Remote]>([
    ['of another authority with the same name', { tls: { caBundle: new Authority('servers-ca').cert } }],
    ['of no authority of the system', { tls: {} }],
    ['of another name', { server: { tls: authority.issue({ commonName: HOST, dnsNames: ['other.example.com'] }) } }],
    ['of a common name alone', { server: { tls: authority.issue({ commonName: HOST }) } }],
    ['that has expired', { server: { tls: authority.issue({ commonName: HOST, dnsNames: [HOST], expired: true }) } }],
    ['without TLS', { server: { tls: undefined } }],
  ])('refuses a server %s', async (_, remote) => {
    const { server, call, stop } = await run(envoy(), remote);
    expect(await call()).toBe(503);
    expect(server.received).toEqual([]);
    await stop();
  });
});

describeWithEnvoy('an authority in a Secret', envoy => {
  const tls = { caSecret: { secret: secretOf('authority'), key: 'ca.crt' } };

  it('vouches for a server, and for none of another', async () => {
    const right = await run(envoy(), { tls, secrets: { 'finance/authority': { 'ca.crt': authority.cert } } });
    expect(await right.call()).toBe(200);
    await right.stop();
    const other = new Authority('servers-ca').cert;
    const wrong = await run(envoy(), { tls, secrets: { 'finance/authority': { 'ca.crt': other } } });
    expect(await wrong.call()).toBe(503);
    expect(wrong.server.received).toEqual([]);
    await wrong.stop();
  });
});

describeWithEnvoy('what a server is asked for', envoy => {
  it('is the host that it says', async () => {
    const { server, call, stop } = await run(envoy(), { hostHeader: 'localhost:8000' });
    expect(await call({ host: 'mcp.example.com' })).toBe(200);
    expect(server.calls.map(({ headers }) => headers.host)).toEqual(['localhost:8000']);
    await stop();
  });
});

describeWithEnvoy('what callers send for a server', envoy => {
  const credentials = [BackendCredential.callerHeader('X-Crm-Token')];

  it('reaches it under the name that it reads, beside a token for the gateway', async () => {
    const { server, call, stop } = await run(envoy(), { credentials, authentication: [jwt] });
    expect(await call({ authorization: bearer, 'x-crm-token': 'ghp_1' })).toBe(200);
    const [{ headers }] = server.calls;
    expect(headers.authorization).toBe('Bearer ghp_1');
    expect(headers['x-crm-token']).toBeUndefined();
    await stop();
  });

  it('is nothing where they send nothing, whatever they send to the gateway', async () => {
    const { server, call, stop } = await run(envoy(), { credentials, authentication: [jwt] });
    expect(await call({ authorization: bearer })).toBe(200);
    expect(server.calls[0].headers.authorization).toBeUndefined();
    await stop();
  });
});

describeWithEnvoy('credentials of the gateway', envoy => {
  const secrets = { 'finance/crm': { token: 's3cret\n', username: 'reports', password: 'p:4%ss' } };
  const token = { secret: secretOf('crm'), key: 'token' };

  it.each<[string, BackendCredential[], Headers]>([
    ['a header', [BackendCredential.header('X-Crm-Key', token, { prefix: 'Token ' })], { 'x-crm-key': 'Token s3cret' }],
    ['a token', [BackendCredential.bearer(token)], { authorization: 'Bearer s3cret' }],
    [
      'a user with a password',
      [
        BackendCredential.basic({
          username: { secret: secretOf('crm'), key: 'username' },
          password: { secret: secretOf('crm'), key: 'password' },
        }),
      ],
      { authorization: `Basic ${Buffer.from('reports:p:4%ss').toString('base64')}` },
    ],
    [
      'two headers',
      [BackendCredential.bearer(token), BackendCredential.header('x-crm-key', token)],
      { authorization: 'Bearer s3cret', 'x-crm-key': 's3cret' },
    ],
  ])('%s, in place of what a caller says there', async (_, credentials, expected) => {
    const { server, call, stop } = await run(envoy(), { credentials, secrets });
    expect(await call({ authorization: 'Bearer mine', 'x-crm-key': 'mine' })).toBe(200);
    const [{ headers }] = server.calls;
    expect(headers).toMatchObject(expected);
    await stop();
  });

  it('count at once when a Secret changes, and let nothing through while they cannot be read', async () => {
    const { running, server, call, stop } = await run(envoy(), {
      credentials: [BackendCredential.header('x-crm-key', token)],
      secrets,
    });
    expect(await call()).toBe(200);
    running.replaceSecret('finance/crm', { ...secrets['finance/crm'], token: 'renewed' });
    expect(await call()).toBe(200);
    expect(server.calls.map(({ headers }) => headers['x-crm-key'])).toEqual(['s3cret', 'renewed']);
    for (const unusable of ['', 'two\nlines']) {
      running.replaceSecret('finance/crm', { ...secrets['finance/crm'], token: unusable });
      expect(await call()).toBe(503);
    }
    expect(server.calls).toHaveLength(2);
    await stop();
  });

  const clients = new Authority('clients-ca');
  const asTls = (commonName: string, from = clients) => {
    const { cert, key } = from.issue({ commonName });
    return { 'tls.crt': cert, 'tls.key': key };
  };
  const server = { tls: { ...certificate, ca: clients.cert, requestCert: true } };
  const credentials = [BackendCredential.clientCertificate(secretOf('gateway-client'))];

  it('a certificate, also a renewed one', async () => {
    const started = await run(envoy(), {
      server,
      credentials,
      secrets: { 'finance/gateway-client': asTls('gateway-1') },
    });
    expect(await started.call()).toBe(200);
    expect(started.server.calls.map(({ client }) => client)).toEqual(['gateway-1']);
    started.running.replaceSecret('finance/gateway-client', asTls('gateway-2'));
    await until('new connections show the renewed certificate', async () => {
      started.server.disconnect();
      await started.call();
      return started.server.calls[started.server.calls.length - 1].client === 'gateway-2';
    });
    await started.stop();
  });

  it.each<[string, Remote]>([
    ['none', {}],
    [
      'that of another authority',
      { credentials, secrets: { 'finance/gateway-client': asTls('gateway-1', new Authority('clients-ca')) } },
    ],
  ])('no certificate that its server asks for: %s', async (_, remote) => {
    const started = await run(envoy(), { server, ...remote });
    expect(await started.call()).toBe(503);
    expect(started.server.received).toEqual([]);
    await started.stop();
  });
});

describeWithEnvoy('credentials of callers', envoy => {
  const KNOWN = ['authorization', 'proxy-authorization', 'cookie', 'x-api-key'];
  const sent = {
    authorization: bearer,
    'proxy-authorization': 'Basic eDp5',
    cookie: 'session=1',
    'x-api-key': API_KEY,
  };
  const arrived = async (remote: Remote): Promise<Record<string, unknown>> => {
    const { server, call, stop } = await run(envoy(), remote);
    expect(await call(sent)).toBe(200);
    const [{ headers }] = server.calls;
    // Nor under any other name.
    const copies = Object.entries(headers).filter(
      ([name, value]) => !KNOWN.includes(name) && Object.values(sent).some(secret => String(value).includes(secret)),
    );
    expect(copies).toEqual([]);
    await stop();
    return Object.fromEntries(Object.entries(headers).filter(([name]) => KNOWN.includes(name)));
  };

  it.each<[string, Authentication[]]>([
    ['a key', [keys]],
    ['a token', [jwt]],
    ['both', [jwt, keys]],
    ['either', [Authentication.anyOf(jwt, keys)]],
  ])('do not reach a remote server: %s', async (_, authentication) => {
    const asksForKey = authentication.length > 1 || authentication[0] !== jwt;
    expect(await arrived({ authentication })).toEqual(asksForKey ? {} : { 'x-api-key': API_KEY });
  });

  it('but for those that nobody is asked for here', async () => {
    expect(await arrived({})).toEqual({ 'x-api-key': API_KEY });
  });

  it.each<[string, Authentication[]]>([
    ['verified', [jwt, keys]],
    ['as it comes', [keys]],
  ])('the token alone reaches a server that asks for it: %s', async (_, authentication) => {
    expect(await arrived({ authentication, credentials: [BackendCredential.callerToken()] })).toEqual({
      authorization: bearer,
    });
  });
});
