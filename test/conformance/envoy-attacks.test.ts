import { connect as connectHttp2 } from 'http2';
import { App, Chart } from 'cdk8s';
import { ATTACKS, callOf, Target } from './end-to-end/attacks';
import { describeWithEnvoy } from './end-to-end/describe';
import { ISSUER, KEYS, OTHER_ISSUER, secretsIn, sha256 } from './end-to-end/identities';
import { McpCaller } from './end-to-end/mcp-caller';
import { Executed } from './end-to-end/mcp-server';
import { OUTSIDE_PORT, OutsideServer } from './end-to-end/outside-server';
import { rawExchange, statusesIn } from './end-to-end/raw-exchange';
import { RunningApp } from './end-to-end/running-app';
import { TokenFaults } from './end-to-end/token-issuer';
import { until } from './end-to-end/until';
import {
  ApiKey,
  Authentication,
  Condition,
  GatewayDataPlane,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  McpSessions,
  Principal,
  ToolAction,
} from '../../src';
import { objectsOf } from '../support/synth';

/*
 * Callers who try to do what they may not, on a real Envoy. What counts is what servers executed, whatever the answer was.
 */

const AT_ONCE = 20;
const PERMITTED = 'k8s_get';
const FORBIDDEN = 'db_drop_table';
const TOOLS = [PERMITTED, FORBIDDEN];
const INTERN = { aud: 'mcp', sub: 'bob', groups: ['interns'] };
const ADMIN = { aud: 'mcp', sub: 'alice', groups: ['finance-admins'] };

/** Routes by what they ask: one for servers that keep sessions and one for others, one for addresses, and one for everyone who is known. */
const ROUTES = ['kept', 'stateless', 'inside', 'open'] as const;
type RouteName = (typeof ROUTES)[number];

function attackedApp(): App {
  const app = new App();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const server = (id: string, sessions: McpSessions): McpServer =>
    new McpServer(chart, `${id}-server`, {
      name: id,
      source: McpServerSource.image('ghcr.io/acme/tools:1.0.0'),
      sessions,
      tools: TOOLS,
    });
  const gateway = new McpGateway(chart, 'gateway', {
    dataPlane: GatewayDataPlane.envoy(),
    authentication: [Authentication.jwt({ issuer: ISSUER.issuer, audiences: ['mcp'], jwks: ISSUER.jwks })],
  });
  const servers: Record<RouteName, McpServer> = {
    kept: server('kept', McpSessions.STATEFUL),
    stateless: server('stateless', McpSessions.STATELESS),
    inside: server('inside', McpSessions.STATELESS),
    open: server('open', McpSessions.STATEFUL),
  };
  for (const name of ROUTES) {
    const route = new McpRoute(chart, name, { gateway, backends: [{ server: servers[name] }] });
    if (name !== 'open') {
      route.allow(Principal.group('interns'), {
        tools: [PERMITTED],
        actions: [ToolAction.CALL],
        when: name === 'inside' ? [Condition.sourceIp('10.0.0.0/8')] : undefined,
      });
      route.allow(Principal.group('finance-admins'), { tools: ['*'], actions: [ToolAction.CALL] });
      route.allow(Principal.group('finance-admins'), { tools: ['*'], actions: [ToolAction.LIST] });
    }
  }
  return app;
}

describeWithEnvoy('attacks on a real Envoy', envoy => {
  let running: RunningApp;
  let sessions: Record<RouteName, string | undefined>;
  let ofAdmin: Record<RouteName, string | undefined>;
  const seen = new Map<RouteName, number>();

  const urlOf = (name: string): string => `${running.gateway().url}/routes/finance/${name}`;
  const bearer = (claims: object, faults?: TokenFaults): string => `Bearer ${ISSUER.token({ ...claims }, faults)}`;

  /** What servers executed since this was asked last. */
  const executed = async (): Promise<Executed[]> =>
    (
      await Promise.all(
        ROUTES.map(async name => {
          const all = await running.server(name).executed();
          const fresh = all.slice(seen.get(name) ?? 0);
          seen.set(name, all.length);
          return fresh;
        }),
      )
    ).flat();
  /** What of that no intern may do. */
  const damage = async (): Promise<string[]> =>
    (await executed())
      .filter(({ method, name }) => method !== 'tools/call' || name !== PERMITTED)
      .map(({ method, name }) => `${method} ${name}`);

  async function openSessions(claims: object): Promise<Record<RouteName, string | undefined>> {
    const opened = await Promise.all(
      ROUTES.map(async name => {
        const caller = new McpCaller(urlOf(name), { headers: { authorization: bearer(claims) } });
        expect((await caller.open()).status).toBe(200);
        caller.close();
        return [name, caller.session];
      }),
    );
    return Object.fromEntries(opened);
  }

  function target(name: RouteName, headers: readonly string[]): Target {
    return {
      host: new URL(running.gateway().url).host,
      path: `/routes/finance/${name}`,
      permitted: PERMITTED,
      forbidden: FORBIDDEN,
      headers,
    };
  }
  const internHeaders = (name: RouteName, session = sessions[name]): string[] => [
    `Authorization: ${bearer(INTERN)}`,
    ...(session === undefined ? [] : [`Mcp-Session-Id: ${session}`]),
  ];

  beforeAll(async () => {
    running = await envoy().start(objectsOf(attackedApp()));
    sessions = await openSessions(INTERN);
    ofAdmin = await openSessions(ADMIN);
  }, 60_000);
  afterAll(async () => running?.stop());
  beforeEach(executed);

  it.each(['kept', 'stateless'] as const)('lets pass what may pass: route %s', async name => {
    const call = async (claims: object, tool: string, session: string | undefined): Promise<number> => {
      const caller = new McpCaller(urlOf(name), { headers: { authorization: bearer(claims) } });
      caller.session = session ?? '';
      const { status } = await caller.call(tool);
      caller.close();
      return status;
    };
    expect([
      await call(INTERN, PERMITTED, sessions[name]),
      await call(INTERN, FORBIDDEN, sessions[name]),
      await call(ADMIN, FORBIDDEN, ofAdmin[name]),
    ]).toEqual([200, 403, 200]);
    expect((await executed()).map(item => item.name)).toEqual([PERMITTED, FORBIDDEN]);
  });

  describe.each(Object.entries(ATTACKS))('%s', (_, attacks) => {
    it.each(Object.keys(attacks))('%s', async attack => {
      await Promise.all(
        [
          ...(['kept', 'stateless'] as const).flatMap(name => [target(name, internHeaders(name)), target(name, [])]),
          // Here the tool is permitted, and the address is not.
          { ...target('inside', internHeaders('inside')), forbidden: PERMITTED },
        ].map(one => rawExchange(running.gateway().url, attacks[attack](one))),
      );
      const inside = (await running.server('inside').executed()).length;
      expect({ damage: await damage(), inside }).toEqual({ damage: [], inside: 0 });
    });
  });

  it('has attacks that a server without a gateway falls for', async () => {
    const server = running.server('stateless');
    const url = `http://${server.address}:8080`;
    const attacks = Object.values(ATTACKS).flatMap(kind => Object.values(kind));
    const before = (await server.executed()).length;
    for (let i = 0; i < attacks.length; i += AT_ONCE) {
      await Promise.all(attacks.slice(i, i + AT_ONCE).map(attack => rawExchange(url, attack(target('stateless', [])))));
    }
    const fallenFor = (await server.executed()).length - before;
    expect(fallenFor).toBeGreaterThan(80);
  });

  const TOKENS: Readonly<Record<string, () => readonly string[]>> = {
    'without a token': () => [],
    'an expired one': () => [`Authorization: ${bearer({ ...ADMIN, exp: Math.floor(Date.now() / 1000) - 600 })}`],
    'one of the future': () => [`Authorization: ${bearer({ ...ADMIN, nbf: Math.floor(Date.now() / 1000) + 600 })}`],
    'for another audience': () => [`Authorization: ${bearer({ ...ADMIN, aud: 'other' })}`],
    'for no audience': () => [`Authorization: ${bearer({ ...ADMIN, aud: undefined })}`],
    'for audiences like ours': () => [`Authorization: ${bearer({ ...ADMIN, aud: ['mcp2', 'MCP', 'mc', ' mcp'] })}`],
    'of another issuer': () => [`Authorization: Bearer ${OTHER_ISSUER.token(ADMIN)}`],
    'of another issuer who says he is ours': () => [
      `Authorization: Bearer ${OTHER_ISSUER.token({ ...ADMIN, iss: ISSUER.issuer })}`,
    ],
    "of another issuer with our key's name": () => [
      `Authorization: Bearer ${OTHER_ISSUER.token({ ...ADMIN, iss: ISSUER.issuer }, { kid: `${ISSUER.issuer}#1` })}`,
    ],
    'of ours who says he is another': () => [`Authorization: ${bearer({ ...ADMIN, iss: 'https://evil.example.com' })}`],
    'of no issuer': () => [`Authorization: ${bearer({ ...ADMIN, iss: undefined })}`],
    'with a broken signature': () => [`Authorization: ${bearer(ADMIN, { forged: true })}`],
    'without a signature': () => [`Authorization: ${bearer(ADMIN).replace(/[^.]*$/, '')}`],
    'of no algorithm': () => [`Authorization: ${bearer(ADMIN, { algorithm: 'none' })}`],
    'signed with the public key': () => [`Authorization: ${bearer(ADMIN, { algorithm: 'HS256' })}`],
    'of an unknown key': () => [`Authorization: ${bearer(ADMIN, { kid: '../../etc/passwd', forged: true })}`],
    'of an intern, with other claims put in': () => {
      const [head, , signature] = bearer(INTERN).split('.');
      return [`Authorization: ${head}.${bearer(ADMIN).split('.')[1]}.${signature}`];
    },
    'of two parts': () => [`Authorization: ${bearer(ADMIN).split('.').slice(0, 2).join('.')}`],
    'of nothing': () => ['Authorization: Bearer '],
    'without Bearer': () => [`Authorization: ${bearer(ADMIN).slice('Bearer '.length)}`],
    'as a password': () => [
      `Authorization: Basic ${Buffer.from(`alice:${bearer(ADMIN).slice(7)}`).toString('base64')}`,
    ],
    'in another header': () => [`X-Authorization: ${bearer(ADMIN)}`, `Proxy-Authorization: ${bearer(ADMIN)}`],
    'in a cookie': () => [`Cookie: access_token=${bearer(ADMIN).slice(7)}`],
    'an API key that others accept': () => [`X-API-Key: ${KEYS[1].key}`],
    "an intern's and a forged one": () => [
      `Authorization: ${bearer(INTERN)}`,
      `Authorization: ${bearer(ADMIN, { forged: true })}`,
    ],
    "a forged one and an intern's": () => [
      `Authorization: ${bearer(ADMIN, { forged: true })}`,
      `Authorization: ${bearer(INTERN)}`,
    ],
    "an intern's and another issuer's": () => [
      `Authorization: ${bearer(INTERN)}`,
      `X-Partner-Token: ${OTHER_ISSUER.token(ADMIN)}`,
    ],
    'both in one header': () => [`Authorization: ${bearer(INTERN)}, ${bearer(ADMIN, { forged: true })}`],
    "an intern's whose groups are text": () => [
      `Authorization: ${bearer({ ...INTERN, groups: '["finance-admins"]' })}`,
    ],
    "an intern's with groups like ours": () => [
      `Authorization: ${bearer({ ...INTERN, groups: ['finance-admins ', 'Finance-Admins', 'finance-admins,interns'] })}`,
    ],
    "an intern's whose groups are an object": () => [
      `Authorization: ${bearer({ ...INTERN, groups: { 'finance-admins': true, '0': 'finance-admins' } })}`,
    ],
    "an intern's with the claim within another": () => [
      `Authorization: ${bearer({ ...INTERN, realm: { groups: ['finance-admins'] }, 'x.groups': ['finance-admins'] })}`,
    ],
  };
  it.each(Object.keys(TOKENS))('a token: %s', async token => {
    // The intern may use the open route, whatever else he sends.
    await Promise.all(
      (['kept', 'stateless', 'open'] as const)
        .filter(name => name !== 'open' || !/intern/.test(token))
        .map(name => {
          const session = ofAdmin[name];
          return rawExchange(running.gateway().url, [
            requestOf(
              target(name, [...TOKENS[token](), ...(session === undefined ? [] : [`Mcp-Session-Id: ${session}`])]),
            ),
          ]);
        }),
    );
    expect(await damage()).toEqual([]);
  });

  it.each(ROUTES)('the session of someone else, from route %s', async name => {
    for (const other of ['kept', 'stateless'] as const) {
      for (const session of [
        ofAdmin[name],
        sessions[name],
        encoded(`${running.server('open').address}:8080`, ofAdmin.open),
        `${ofAdmin[name]}x`,
      ]) {
        await rawExchange(running.gateway().url, [requestOf(target(other, internHeaders(other, session)))]);
      }
    }
    expect(await damage()).toEqual([]);
  });

  it('reaches no server of another route by a session that names it', async () => {
    const session = encoded(`${running.server('open').address}:8080`, 'x');
    await rawExchange(running.gateway().url, [
      requestOf({ ...target('stateless', internHeaders('stateless', session)), forbidden: PERMITTED }),
    ]);
    expect(await running.server('open').executed()).toEqual([]);
  });

  it('HTTP/2 without an upgrade', async () => {
    for (const path of [
      '/routes/finance/stateless',
      '/routes/finance/open/../stateless',
      '//routes/finance/stateless',
      '/routes/finance%2fstateless',
    ]) {
      for (const authorization of [bearer(INTERN), undefined]) {
        const headers = {
          ':method': 'POST',
          ':path': path,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...(authorization && { authorization }),
        };
        await overHttp2(running.gateway().url, headers, callOf(FORBIDDEN));
        await overHttp2(running.gateway().url, headers, `[${callOf(FORBIDDEN)}]`);
      }
    }
    expect(await damage()).toEqual([]);
  });

  it('still serves whoever may, after all that', async () => {
    const caller = new McpCaller(urlOf('kept'), { headers: { authorization: bearer(INTERN) } });
    expect((await caller.call(PERMITTED)).status).toBe(200);
    caller.close();
    expect(running.gateway().running).toBe(true);
  });
});

describeWithEnvoy('attacks on API keys and passwords', envoy => {
  it('takes a key for nothing but a key', async () => {
    const app = new App();
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    const gateway = new McpGateway(chart, 'gateway', {
      dataPlane: GatewayDataPlane.envoy(),
      authentication: [
        Authentication.apiKey({
          keys: KEYS.map(({ key, user, groups }) =>
            ApiKey.sha256(sha256(key), { user, groups: groups && [...groups] }),
          ),
        }),
      ],
    });
    const server = new McpServer(chart, 'tools', {
      source: McpServerSource.image('ghcr.io/acme/tools:1.0.0'),
      sessions: McpSessions.STATELESS,
      tools: TOOLS,
    });
    new McpRoute(chart, 'open', { gateway, backends: [{ server }] }).allow(Principal.user('alice'), {
      tools: ['*'],
      actions: [ToolAction.CALL],
    });
    const running = await envoy().start(objectsOf(app), { secrets: secretsIn('finance') });
    const [{ key: ofCi }, { key }] = KEYS;
    const send = async (...headers: string[]): Promise<number[]> =>
      statusesIn(
        await rawExchange(running.gateway().url, [
          requestOf({
            host: 'gateway',
            path: '/routes/finance/open',
            permitted: PERMITTED,
            forbidden: PERMITTED,
            headers,
          }),
        ]),
      );
    const attacks = [
      [],
      ['X-API-Key: '],
      [`X-API-Key: ${sha256(key)}`],
      [`X-API-Key: ${key}x`],
      [`X-API-Key: ${key.slice(0, -1)}`],
      [`X-API-Key: ${key.toUpperCase()}`],
      [`Authorization: Bearer ${key}`],
      [`X-API-Key: Bearer ${key}`],
      [`X-API-Key: ${ofCi}`],
      [`X-API-Key: ${ofCi},${key}`],
      [`X-API-Key: ${ofCi}`, `X-API-Key: ${key}`],
      [`X-API-Key: ${key}`, `X-API-Key: ${ofCi}`],
      [`X_API_Key: ${key}`],
      [`Cookie: X-API-Key=${key}`],
      [`X-API-Key: ${ofCi}`, 'X-User: alice'],
      [`X-API-Key: ${'x'.repeat(20_000)}`],
      [`X-API-Key: %(), ${key}`],
    ];
    for (const headers of attacks) {
      await send(...headers);
    }
    expect(await running.server('tools').executed()).toEqual([]);
    expect(await send(`X-API-Key: ${key}`)).toEqual([200]);
    expect(await running.server('tools').executed()).toHaveLength(1);
    await running.stop();
  });
});

describeWithEnvoy('attacks on the URL of a server', envoy => {
  it('adds no query of a caller to it', async () => {
    const outside = await OutsideServer.start();
    const app = new App();
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    const gateway = new McpGateway(chart, 'gateway', { dataPlane: GatewayDataPlane.envoy() });
    const urls: Readonly<Record<string, string>> = {
      tenant: `http://crm.example.com:${OUTSIDE_PORT}/mcp?tenant=acme`,
      plain: `http://crm.example.com:${OUTSIDE_PORT}/mcp`,
    };
    for (const [name, url] of Object.entries(urls)) {
      const server = new McpServer(chart, `${name}-server`, {
        source: McpServerSource.remote(url, { insecure: true }),
        sessions: McpSessions.STATELESS,
      });
      new McpRoute(chart, name, { gateway, backends: [{ server }] });
    }
    const running = await envoy().start(objectsOf(app), { hosts: { 'crm.example.com': outside.address } });
    const queries = [
      '',
      '?',
      '?tenant=evil',
      '?&tenant=evil',
      '?x',
      '?#',
      '#x',
      '?tenant=evil#',
      '?a=/../?b',
      '?%26tenant=evil',
    ];
    for (const [name, url] of Object.entries(urls)) {
      for (const verb of ['POST', 'GET', 'DELETE']) {
        for (const query of queries) {
          const path = `/routes/finance/${name}${query}`;
          const request = requestOf({ host: 'gateway', path, permitted: PERMITTED, forbidden: PERMITTED, headers: [] });
          await rawExchange(running.gateway().url, [verb === 'POST' ? request : withoutBody(request, verb)]);
        }
      }
      const { pathname, search } = new URL(url);
      // Those with a fragment are refused.
      expect(outside.received.length).toBeGreaterThanOrEqual(2 * queries.filter(query => !query.includes('#')).length);
      expect([...new Set(outside.received.splice(0).map(({ path }) => path))]).toEqual([`${pathname}${search}`]);
    }
    await running.stop();
    await outside.stop();
  });
});

describeWithEnvoy('attacks on the gateway itself', envoy => {
  it('has nothing for a server whose name leads to it', async () => {
    const app = new App();
    const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
    const gateway = new McpGateway(platform, 'gateway', { dataPlane: GatewayDataPlane.envoy() });
    const chart = new Chart(app, 'evil', { namespace: 'evil' });
    const places = [15000, 15001, 15020, 15021].flatMap(port =>
      [
        '/config_dump',
        '/stats/prometheus',
        '/ready',
        '/live',
        '/quitquitquit',
        '/healthcheck/fail',
        '/drain_listeners',
      ].map((path, i) => ({ name: `s${port}-${i}`, url: `http://self.example.com:${port}${path}` })),
    );
    for (const { name, url } of places) {
      const server = new McpServer(chart, `${name}-server`, {
        source: McpServerSource.remote(url, { insecure: true }),
        sessions: McpSessions.STATELESS,
      });
      new McpRoute(chart, name, { gateway, backends: [{ server }] });
    }
    const running = await envoy().start(objectsOf(app), { hosts: { 'self.example.com': 'mcp-system/gateway-0' } });
    const process = running.gateway();
    const found: string[] = [];
    for (const { name, url } of places) {
      const path = `/routes/evil/${name}`;
      const request = requestOf({ host: 'gateway', path, permitted: PERMITTED, forbidden: PERMITTED, headers: [] });
      for (const attack of [request, withoutBody(request, 'GET')]) {
        const [status = 0] = statusesIn(await rawExchange(process.url, [attack]));
        if (status < 400) {
          found.push(`${attack.slice(0, 4)} ${url}: ${status}`);
        }
      }
    }
    expect(found).toEqual([]);
    expect(process.running).toBe(true);
    // They are there for whoever calls the pod by its address.
    const { address } = process.pod;
    const asked = [`${address}:15020/stats/prometheus`, `${address}:15021/live`].map(url => fetch(`http://${url}`));
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200]);
    await until('the pod is ready', () => process.isReady());
    await running.stop();
  }, 60_000);
});

function withoutBody(request: string, verb: string): string {
  return `${request.slice(0, request.indexOf('\r\nContent-Type'))}\r\nAccept: text/event-stream\r\n\r\n`.replace(
    /^POST/,
    verb,
  );
}

function requestOf({ host, path, forbidden, headers }: Target): string {
  const body = callOf(forbidden);
  return [
    `POST ${path} HTTP/1.1`,
    `Host: ${host}`,
    'Content-Type: application/json',
    'Accept: application/json, text/event-stream',
    ...headers,
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}

/** A session as Envoy would write one for an address. */
function encoded(address: string, session: string | undefined): string {
  return `${Buffer.from(session ?? '').toString('base64')}.${Buffer.from(address).toString('base64')}`;
}

function overHttp2(url: string, headers: Record<string, string>, body: string): Promise<void> {
  return new Promise(resolve => {
    const session = connectHttp2(url);
    const finish = (): void => {
      session.destroy();
      resolve();
    };
    session.on('error', finish);
    const stream = session.request(headers);
    stream.on('error', finish);
    stream.on('close', finish);
    stream.resume();
    stream.end(body);
  });
}
