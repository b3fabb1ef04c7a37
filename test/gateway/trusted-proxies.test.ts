import { App, Chart } from 'cdk8s';
import {
  AccessMatrix,
  Authentication,
  Condition,
  GatewayDataPlane,
  GatewayExposure,
  IngressSource,
  McpDiagnostics,
  McpGateway,
  McpGatewayOptions,
  McpRoute,
  McpServer,
  McpServerSource,
  Principal,
  Reconciliation,
  ToolAction,
} from '../../src';
import { messageOf, newChart, objectsOf } from '../support/synth';

/* Proxies in front of a gateway that say where a caller is; what Envoy makes of their headers is asked of a real one. */

function appWith(options: McpGatewayOptions, when: Condition): { readonly app: App; readonly route: McpRoute } {
  const app = new App();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const gateway = new McpGateway(chart, 'gateway', {
    dataPlane: GatewayDataPlane.envoy(),
    authentication: [
      Authentication.jwt({
        issuer: 'https://auth.acme.dev',
        audiences: ['mcp'],
        jwksUri: 'https://auth.acme.dev/keys',
      }),
    ],
    ...options,
  });
  const server = new McpServer(chart, 'ledger', {
    source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0'),
    tools: ['db_query'],
  });
  const route = new McpRoute(chart, 'books', { gateway, backends: [{ server }] });
  route.allow(Principal.anyAuthenticated(), { tools: ['*'], actions: [ToolAction.CALL], when: [when] });
  return { app, route };
}

describe('what the matrix says of callers by address', () => {
  const trustedProxies = ['10.1.0.7', '10.2.3.4/16'];
  const allowed = (when: Condition, ...addresses: string[]): boolean[] => {
    const { app, route } = appWith({ trustedProxies }, when);
    const matrix = AccessMatrix.of(app);
    return addresses.map(
      sourceIp => matrix.decide({ route, tool: 'db_query', principal: Principal.user('alice'), sourceIp }).allowed,
    );
  };

  it('a rule is met by callers in its ranges, and by no proxy', () => {
    expect(allowed(Condition.sourceIp('203.0.113.0/24'), '203.0.113.9', '198.51.100.1')).toEqual([true, false]);
    expect(allowed(Condition.sourceIp('10.0.0.0/8'), '10.9.0.1', '10.1.0.7', '10.2.200.1')).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('one about who is not there either: of what a proxy does not name nothing is known', () => {
    expect(
      allowed(Condition.notSourceIp('203.0.113.0/24'), '198.51.100.1', '203.0.113.9', '10.1.0.7', '10.2.0.1'),
    ).toEqual([true, false, false, false]);
  });

  it('nor by what a proxy writes as an address of the other family', () => {
    expect(allowed(Condition.notSourceIp('203.0.113.0/24'), '::ffff:203.0.113.9', '2001:db8::1')).toEqual([
      false,
      true,
    ]);
  });
});

it('takes the place of the warning that proxies hide addresses', () => {
  const exposures = [
    GatewayExposure.ingress({ hosts: ['mcp.acme.dev'], https: true, from: [IngressSource.namespaces('ingress')] }),
  ];
  const warnings = (options: McpGatewayOptions): number => {
    const { app } = appWith({ exposures, ...options }, Condition.sourceIp('203.0.113.0/24'));
    return McpDiagnostics.of(app).warnings.filter(({ problem }) => /^is that of the pods in front/.test(problem))
      .length;
  };
  expect([warnings({}), warnings({ trustedProxies: ['10.1.0.0/24'] })]).toEqual([1, 0]);
});

it('an empty list trusts nobody, as none does', () => {
  const emitted = (options: McpGatewayOptions) => objectsOf(appWith(options, Condition.sourceIp('10.0.0.0/8')).app);
  const ofEnvoy = (options: McpGatewayOptions) => emitted(options).filter(({ kind }) => kind !== 'MCPGateway');
  expect(ofEnvoy({ trustedProxies: [] })).toEqual(ofEnvoy({}));
});

it.each<[string, McpGatewayOptions, string]>([
  [
    'no address',
    { trustedProxies: ['ingress-nginx'] },
    'trustedProxies[0]: got "ingress-nginx": is not an address or a range of addresses',
  ],
  [
    'one twice',
    { trustedProxies: ['10.1.0.7', '10.1.0.7/32'] },
    'trustedProxies[1]: got "10.1.0.7/32": is there twice',
  ],
  [
    'everyone',
    { trustedProxies: ['0.0.0.0/0'] },
    'trustedProxies[0]: got "0.0.0.0/0": trusts every caller to say where he calls from',
  ],
  ['everyone of IPv6', { trustedProxies: ['::/0'] }, 'trustedProxies[0]: got "::/0": trusts every caller'],
])('refuses %s', (_, options, message) => {
  expect(messageOf(() => appWith(options, Condition.sourceIp('10.0.0.0/8')))).toContain(`[finance/gateway] ${message}`);
});

it('is refused where nothing reads it', () => {
  const trustedProxies = ['10.1.0.0/24'];
  const { app } = appWith(
    { trustedProxies, dataPlane: GatewayDataPlane.agentgateway() },
    Condition.sourceIp('10.0.0.0/8'),
  );
  expect(messageOf(() => app.synthYaml())).toContain('[finance/gateway] trustedProxies: got ["10.1.0.0/24"]');
  const operated = newChart();
  Reconciliation.CONTROLLER.applyTo(operated);
  expect(messageOf(() => new McpGateway(operated, 'gateway', { trustedProxies }))).toContain(
    '/gateway] trustedProxies: got ["10.1.0.0/24"]',
  );
});
