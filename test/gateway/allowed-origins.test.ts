import { App, Chart } from 'cdk8s';
import {
  AccessMatrix,
  GatewayDataPlane,
  McpGateway,
  McpGatewayOptions,
  McpManifest,
  McpRoute,
  McpServer,
  McpServerSource,
  Reconciliation,
} from '../../src';
import { messageOf, newChart } from '../support/synth';

/* Web pages that may ask; what a real Envoy does with their requests is asked of one. */

const CHAT = 'https://chat.acme.dev';
const LOCAL = 'http://localhost:6274';

function appWith(dataPlane: GatewayDataPlane, gateway?: string[], route?: string[]): [App, McpRoute] {
  const app = new App();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const server = new McpServer(chart, 'ledger', { source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0') });
  return [
    app,
    new McpRoute(chart, 'books', {
      gateway: new McpGateway(chart, 'gateway', { dataPlane, allowedOrigins: gateway }),
      backends: [{ server }],
      allowedOrigins: route,
    }),
  ];
}

describe.each([
  ['agentgateway', GatewayDataPlane.agentgateway()],
  ['envoy', GatewayDataPlane.envoy()],
])('who may ask on %s', (_, dataPlane) => {
  const allowed = (gateway: string[] | undefined, route: string[] | undefined): (string | undefined)[] => {
    const [app, books] = appWith(dataPlane, gateway, route);
    const matrix = AccessMatrix.of(app);
    return [undefined, CHAT, LOCAL, 'https://evil.example', 'null', '', `${CHAT}.evil.example`].filter(
      origin =>
        matrix.decide({ route: books, tool: 'query', headers: origin === undefined ? {} : { Origin: origin } }).allowed,
    );
  };

  it.each<[string[] | undefined, string[] | undefined, string[]]>([
    [undefined, undefined, []],
    [[], [], []],
    [[CHAT, LOCAL], undefined, [CHAT, LOCAL]],
    [[CHAT, LOCAL], [LOCAL], [LOCAL]],
    [undefined, [CHAT], [CHAT]],
  ])('programs, and of pages, where the gateway names %j and the route %j, %j', (gateway, route, pages) => {
    expect(allowed(gateway, route)).toEqual([undefined, ...pages]);
  });

  it('a reason names what was asked', () => {
    const [app, route] = appWith(dataPlane);
    const { reasons } = AccessMatrix.of(app).decide({ route, tool: 'query', headers: { origin: CHAT } });
    expect(reasons.map(({ words }) => words).join()).toContain('finance/books: allowedOrigins');
  });
});

it('a route cannot allow what its gateway does not', () => {
  const [app] = appWith(GatewayDataPlane.envoy(), [CHAT], [CHAT, LOCAL]);
  expect(messageOf(() => app.synth())).toContain(
    '[finance/books] allowedOrigins[1]: got "http://localhost:6274": is none of those that the gateway finance/gateway allows',
  );
});

it.each([
  '*',
  'null',
  '',
  'chat.acme.dev',
  'https://*.acme.dev',
  'https://chat.acme.dev/',
  'https://chat.acme.dev:443',
  'http://localhost:80',
  'HTTPS://chat.acme.dev',
  'https://Chat.acme.dev',
  'https://chat.acme.dev?x',
  'ftp://chat.acme.dev',
  'http://[::1]:6274',
  'https://chat.acme.dev:99999',
  'https://a..b:',
])('%j is no origin', origin => {
  const props: McpGatewayOptions = { allowedOrigins: [CHAT, origin] };
  expect(messageOf(() => new McpGateway(newChart(), 'gateway', props))).toContain(
    `[finance/gateway] allowedOrigins[1]: got ${JSON.stringify(origin)}: is no origin of web pages`,
  );
  expect(messageOf(() => new McpRoute(newChart(), 'books', { allowedOrigins: [origin] }))).toContain(
    '[finance/books] allowedOrigins[0]',
  );
});

it('none stands there twice', () => {
  expect(messageOf(() => new McpGateway(newChart(), 'gateway', { allowedOrigins: [CHAT, CHAT] }))).toContain(
    `[finance/gateway] allowedOrigins[1]: got "${CHAT}": is there twice`,
  );
});

it('an operator would not see them', () => {
  const chart = newChart();
  Reconciliation.CONTROLLER.applyTo(chart);
  expect(messageOf(() => new McpGateway(chart, 'gateway', { allowedOrigins: [CHAT] }))).toContain('allowedOrigins');
  expect(messageOf(() => new McpRoute(chart, 'books', { allowedOrigins: [CHAT] }))).toContain('allowedOrigins');
});

it('documents say them, too', () => {
  const app = new App();
  McpManifest.fromYaml(
    new Chart(app, 'finance', { namespace: 'finance' }),
    'manifest',
    [
      'apiVersion: ome.io/v1alpha1\nkind: MCPServer\nmetadata: {name: ledger}\nspec: {remote: {url: "https://mcp.acme.dev/mcp"}}',
      `apiVersion: ome.io/v1alpha1\nkind: MCPGateway\nmetadata: {name: gateway}\nspec: {allowedOrigins: ["${CHAT}"]}`,
      `apiVersion: ome.io/v1alpha1\nkind: MCPRoute\nmetadata: {name: books}\nspec: {backendRefs: [{serverRef: {name: ledger}}], allowedOrigins: ["${LOCAL}"]}`,
    ].join('\n---\n'),
  );
  expect(messageOf(() => app.synth())).toContain('is none of those that the gateway');
});
