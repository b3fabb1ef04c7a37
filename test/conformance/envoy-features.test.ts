import { connect } from 'tls';
import { App, Chart, Size } from 'cdk8s';
import { Authority } from './end-to-end/certificates';
import { describeWithEnvoy } from './end-to-end/describe';
import { exchange } from './end-to-end/http-exchange';
import { McpCaller } from './end-to-end/mcp-caller';
import { callerOf, oneRoute, secretOf, urlOf } from './end-to-end/one-route';
import { OUTSIDE_PORT, OutsideServer } from './end-to-end/outside-server';
import { until } from './end-to-end/until';
import {
  ClusterMcpGateway,
  FilterAction,
  GatewayDataPlane,
  GatewayTls,
  McpGateway,
  McpServer,
  McpServerSource,
  McpSessions,
} from '../../src';
import { objectsOf } from '../support/synth';

/* What a gateway and its route change and bound, what is served at `/mcp`, and HTTPS, on a real Envoy. */

const HOST = 'crm.example.com';
const CRM = {
  source: McpServerSource.remote(`http://${HOST}:${OUTSIDE_PORT}/mcp`, { insecure: true }),
  sessions: McpSessions.STATELESS,
};

describeWithEnvoy('headers', envoy => {
  it('of requests and answers are set, added and taken out, whatever stands in them', async () => {
    const server = await OutsideServer.start({
      headers: { 'x-set': 'of the server', 'x-added': 'of the server', 'x-build': '7', 'x-kept': 'yes' },
    });
    const running = await envoy().start(
      oneRoute({
        servers: { crm: CRM },
        route: {
          requestHeaders: {
            set: { 'x-set': '100% %REQUEST_HEADER(x-kept)%', 'x-empty': '' },
            add: { 'x-added': '50%' },
            remove: ['x-removed'],
          },
          responseHeaders: { set: { 'x-set': '100% %RESPONSE_CODE%' }, add: { 'x-added': '%%' }, remove: ['x-build'] },
        },
      }),
      { hosts: { [HOST]: server.address } },
    );
    const caller = callerOf(running, {
      'x-set': 'of the client',
      'x-added': 'of the client',
      'x-removed': 'secret',
      'x-kept': 'yes',
    });
    const { status, headers } = await caller.post('tools/call', { name: 'query', arguments: {} });
    expect(status).toBe(200);
    expect(server.calls[0].headers).toMatchObject({
      'x-set': '100% %REQUEST_HEADER(x-kept)%',
      'x-empty': '',
      'x-added': 'of the client, 50%',
      'x-kept': 'yes',
    });
    expect(server.calls[0].headers).not.toHaveProperty('x-removed');
    expect(headers).toMatchObject({ 'x-set': '100% %RESPONSE_CODE%', 'x-added': 'of the server, %%', 'x-kept': 'yes' });
    expect(headers).not.toHaveProperty('x-build');
    caller.close();
    await running.stop();
    await server.stop();
  });

  it('are taken out by the gateway, in requests and in answers', async () => {
    const server = await OutsideServer.start({ headers: { 'x-build': '7', 'x-kept': 'yes' } });
    const removing = (name: string) => ({ headerFilters: [{ name, action: FilterAction.REMOVE }] });
    const running = await envoy().start(
      oneRoute({
        servers: { crm: CRM },
        gateway: {
          requestFiltering: removing('X-Internal'),
          responseFiltering: { ...removing('X-Build'), removeInternalHeaders: false },
        },
        // The gateway's word is the last.
        rules: route => {
          route.modifyRequestHeaders({ set: { 'x-internal': 'of the route' } });
          route.modifyResponseHeaders({ set: { 'x-build': 'of the route' } });
        },
      }),
      { hosts: { [HOST]: server.address } },
    );
    const caller = callerOf(running, { 'x-internal': 'secret', 'x-kept': 'yes' });
    const { headers } = await caller.post('tools/call', { name: 'query', arguments: {} });
    expect([server.calls[0].headers['x-internal'], server.calls[0].headers['x-kept']]).toEqual([undefined, 'yes']);
    expect([headers['x-build'], headers['x-kept']]).toEqual([undefined, 'yes']);
    caller.close();
    await running.stop();
    await server.stop();
  });
});

describeWithEnvoy('the size of bodies', envoy => {
  const bodyOf = (bytes: number): string => {
    const message = (pad: string): string =>
      JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'query', arguments: { pad } } });
    return message('x'.repeat(bytes - message('').length));
  };

  it.each<[string, number, Size | undefined]>([
    ['as a gateway says', 4096, Size.kibibytes(4)],
    ['as ever', 2 * 1024 * 1024, undefined],
    ['as much as there can be', 10 * 1024 * 1024, Size.mebibytes(10)],
  ])('is bounded: %s', async (_, bytes, sizeLimit) => {
    const running = await envoy().start(
      oneRoute({
        gateway: { requestFiltering: { sizeLimit } },
        servers: { ledger: { sessions: McpSessions.STATELESS } },
      }),
    );
    const caller = callerOf(running);
    expect((await caller.send(bodyOf(bytes))).status).toBe(200);
    expect((await caller.send(bodyOf(bytes + 1))).status).toBe(400);
    expect(await running.server('ledger').executed()).toHaveLength(1);
    caller.close();
    await running.stop();
  });
});

describeWithEnvoy('/mcp', envoy => {
  it.each<[string, (chart: Chart, server: McpServer) => unknown]>([
    [
      'a gateway',
      (chart, server) =>
        new McpGateway(chart, 'gateway', { dataPlane: GatewayDataPlane.envoy(), discovery: { servers: [server] } }),
    ],
    [
      'a gateway of the cluster',
      (chart, server) =>
        new ClusterMcpGateway(chart, 'gateway', {
          dataPlane: GatewayDataPlane.envoy(),
          workloadNamespace: 'mcp-system',
          discovery: { servers: [server] },
        }),
    ],
  ])('serves the one server that %s discovers, and nothing else is served', async (_, define) => {
    const app = new App();
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    define(
      chart,
      new McpServer(chart, 'ledger', { source: McpServerSource.image('ghcr.io/acme/ledger:1.0.0'), tools: ['query'] }),
    );
    const running = await envoy().start(objectsOf(app));
    const caller = new McpCaller(`${running.gateway().url}/mcp`);
    const places = [await caller.call('query'), await caller.call('query')].map(({ status, answer }) => [
      status,
      answer?.server,
      answer?.session,
    ]);
    expect(places).toEqual([
      [200, 'finance/ledger', expect.any(String)],
      [200, 'finance/ledger', places[0][2]],
    ]);
    for (const path of ['/', '/mcp/', '/routes/finance/books', '/sse']) {
      const other = new McpCaller(`${running.gateway().url}${path}`);
      expect((await other.call('query')).status).toBe(404);
      other.close();
    }
    expect((await running.executed()).filter(({ method }) => method === 'tools/call')).toHaveLength(2);
    caller.close();
    await running.stop();
  });
});

describeWithEnvoy('HTTPS', envoy => {
  it('with a certificate that is renewed while sessions go on', async () => {
    const authority = new Authority('gateway-ca');
    const issued = [1, 2].map(() => authority.issue({ commonName: 'gateway', dnsNames: ['gateway.test'] }));
    const [first, second] = issued.map(({ cert, key }) => ({ 'tls.crt': cert, 'tls.key': key }));
    const running = await envoy().start(
      oneRoute({ gateway: { tls: GatewayTls.fromSecret(secretOf('gateway-tls')) } }),
      { secrets: { 'finance/gateway-tls': first } },
    );
    const tls = { ca: authority.cert, servername: 'gateway.test' };
    const { hostname, port } = new URL(urlOf(running));
    const presented = (): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = connect({ host: hostname, port: Number(port), ...tls }, () => {
          resolve(
            `-----BEGIN CERTIFICATE-----\n${socket
              .getPeerCertificate()
              .raw.toString('base64')
              .replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`,
          );
          socket.destroy();
        });
        socket.on('error', reject);
      });
    const caller = new McpCaller(urlOf(running), { tls });
    const { answer } = await caller.call('query');
    expect(answer?.session).toEqual(expect.any(String));
    expect(await presented()).toBe(issued[0].cert);

    running.replaceSecret('finance/gateway-tls', second);
    await until('the renewed certificate is shown', async () => (await presented()) === issued[1].cert);
    expect((await caller.call('query')).answer?.session).toBe(answer?.session);
    await expect(exchange({ url: urlOf(running).replace('https:', 'http:'), body: '{}' })).rejects.toThrow();
    await expect(
      exchange({ url: urlOf(running), body: '{}', tls: { ...tls, ca: new Authority('gateway-ca').cert } }),
    ).rejects.toThrow();
    caller.close();
    await running.stop();
  });
});
