import { App, Chart } from 'cdk8s';
import {
  ClusterProfile,
  EgressTarget,
  GatewayDataPlane,
  McpDiagnostics,
  McpGateway,
  McpGatewayProps,
  McpRoute,
  McpServer,
  McpServerSource,
  NetworkEnforcement,
  Reconciliation,
} from '../../src';
import { find, messageOf, newChart, objectsOf } from '../support/synth';
import { Manifest } from '../support/validate';

/** Who a gateway of a remote server may connect to. */
function egressOf(props: Partial<McpGatewayProps>, add: (gateway: McpGateway) => void = () => {}): Manifest[] {
  const app = new App();
  const gateway = new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway', props);
  const team = new Chart(app, 'team', { namespace: 'team' });
  const source = McpServerSource.remote('https://mcp.corp.internal/mcp');
  new McpRoute(team, 'books', { gateway, backends: [{ server: new McpServer(team, 'corp', { source }) }] });
  add(gateway);
  return find(objectsOf(app), 'NetworkPolicy', 'gateway').spec.egress;
}

const PRIVATE = expect.objectContaining({
  to: expect.arrayContaining([{ ipBlock: { cidr: '10.20.0.0/16' } }]),
  ports: [{ port: 443, protocol: 'TCP' }],
});

it.each([GatewayDataPlane.agentgateway(), GatewayDataPlane.envoy()])(
  'reaches private addresses that it is told, and those alone',
  dataPlane => {
    const target = EgressTarget.cidr('10.20.0.0/16', { ports: [443] });
    expect(egressOf({ dataPlane })).not.toContainEqual(PRIVATE);
    expect(egressOf({ dataPlane, egress: [target] })).toContainEqual(PRIVATE);
    expect(egressOf({ dataPlane }, gateway => gateway.allowEgress(target))).toContainEqual(PRIVATE);
  },
);

it('says that a host outside the cluster may be at a private address, and what then to do', () => {
  const app = new App();
  const chart = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const source = McpServerSource.remote('https://mcp.corp.internal/mcp');
  const gateway = new McpGateway(chart, 'gateway');
  new McpRoute(chart, 'books', { gateway, backends: [{ server: new McpServer(chart, 'corp', { source }) }] });
  const [warning] = McpDiagnostics.of(app).warnings.filter(({ property }) => property === 'network');
  expect(warning.text).toContain('and to no private one');
  // The remedy as it is written there.
  const remedy = "gateway.allowEgress(EgressTarget.cidr('10.20.0.0/16'))";
  expect(warning.remedy).toContain(remedy);
  gateway.allowEgress(EgressTarget.cidr('10.20.0.0/16'));
  expect(JSON.stringify(find(objectsOf(app), 'NetworkPolicy', 'gateway').spec.egress)).toContain('10.20.0.0/16');
});

it('opens nobody else’s pods', () => {
  const app = new App();
  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const team = new Chart(app, 'team', { namespace: 'team' });
  const ledger = new McpServer(team, 'ledger', { source: McpServerSource.image('acme/ledger:1.0.0') });
  new McpGateway(platform, 'gateway', { egress: [EgressTarget.server(ledger)] });
  expect(messageOf(() => app.synthYaml())).toContain(
    '[platform/gateway] egress[0]: got "MCPServer team/ledger": is of another namespace and does not let connections from "mcp-system" in',
  );
});

it('is nothing that an operator sees', () => {
  const chart = newChart();
  Reconciliation.CONTROLLER.applyTo(chart);
  expect(messageOf(() => new McpGateway(chart, 'gateway', { egress: [EgressTarget.anywhere()] }))).toContain(
    'gateway] egress[0]: got',
  );
});

it.each<[string, number | undefined, number]>([
  ['8080 unless it is said', undefined, 8080],
  ['another', 3000, 3000],
])('reaches the pods of an imported server on their port: %s', (_, podPort, port) => {
  const app = new App();
  const gateway = new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway');
  const team = new Chart(app, 'team', { namespace: 'team' });
  const server = McpServer.fromMcpServerName(team, 'ledger', 'ledger', { podPort });
  new McpRoute(team, 'books', { gateway, backends: [{ server }] });
  expect(find(objectsOf(app), 'NetworkPolicy', 'gateway').spec.egress).toContainEqual(
    expect.objectContaining({ ports: [{ port, protocol: 'TCP' }] }),
  );
});

it('refuses a port that is none', () => {
  expect(messageOf(() => McpServer.fromMcpServerName(newChart(), 'a', 'a', { podPort: 0 }))).toContain(
    'podPort: got 0: is not a port',
  );
});

it.each([
  ['where it is not known', {}, 1],
  ['unless it is', { apiServerCidrs: ['10.0.0.10/32'] }, 0],
  ['unless a plane knows it', { network: NetworkEnforcement.cilium() }, 0],
])('warns of every address for the API server %s, whoever names it and however often', (_, props, count) => {
  const app = new App();
  new ClusterProfile(props).applyTo(app);
  const server = new McpServer(new Chart(app, 'team', { namespace: 'team' }), 'tools', {
    source: McpServerSource.image('acme/tools:1.0.0'),
    egress: [EgressTarget.host('kubernetes.default.svc'), EgressTarget.host('kubernetes.default.svc', 443)],
  });
  const warnings = McpDiagnostics.of(server).warnings.filter(({ property }) => property === 'profile.apiServerCidrs');
  expect(warnings.map(({ path }) => path)).toEqual(Array.from({ length: count }, () => 'team/tools'));
});

it.each([
  ['cidr', EgressTarget.cidr('10.20.0.0/16', { ports: [443] }), true],
  ['cidr, of all ports', EgressTarget.cidr('10.20.0.0/16'), true],
  ['publicInternet', EgressTarget.publicInternet(), true],
  ['anywhere', EgressTarget.anywhere(), true],
  ['cidr, on another port', EgressTarget.cidr('10.20.0.0/16', { ports: [8443] }), false],
])('takes what the error of a registry proposes: %s', (_, target, enough) => {
  const app = new App();
  const source = McpServerSource.npx('@acme/docs@1.0.0', { registry: 'https://npm.acme.internal/' });
  new McpServer(new Chart(app, 'team', { namespace: 'team' }), 'docs', { source, egress: [target] });
  const errors = McpDiagnostics.of(app).errors.map(({ property }) => property);
  expect(errors).toEqual(enough ? [] : ['source.registry']);
});
