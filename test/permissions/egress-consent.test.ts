import { App, Chart } from 'cdk8s';
import {
  AllowedNamespaces,
  Authentication,
  ClusterMcpServer,
  ClusterProfile,
  EgressTarget,
  IngressSource,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerProps,
  McpServerSource,
  NetworkEnforcement,
} from '../../src';
import { NetworkPolicies, podOfWorkload } from '../support/network-policy';
import { find, messageOf, objectsOf } from '../support/synth';

/* Who declares a connection opens its own end. Pods of another namespace are opened by whose they are. */

const source = McpServerSource.image('acme/a:1');

interface Teams {
  readonly app: App;
  readonly finance: Chart;
  readonly probe: McpServer;
}

/** A server of one team that wants to connect to what another has. */
function teams(egress: EgressTarget[], ledger: Partial<McpServerProps> = {}, profile = new ClusterProfile()): Teams {
  const app = new App();
  profile.applyTo(app);
  const finance = new Chart(app, 'finance', { namespace: 'finance' });
  new McpServer(finance, 'ledger', { source, ...ledger });
  const probe = new McpServer(new Chart(app, 'evil', { namespace: 'evil' }), 'probe', { source, egress });
  return { app, finance, probe };
}

const LEDGER = [EgressTarget.host('ledger.finance.svc', 8080)];
const REFUSED =
  '[evil/probe] egress[0]: got "MCPServer finance/ledger": is of another namespace and does not let connections from "evil" in. ' +
  "Whose it is says allowIngress(IngressSource.namespaces('evil')), or shares the server as a ClusterMcpServer with that namespace.";

it.each([
  ['a host', LEDGER],
  ['a Service', [EgressTarget.serviceName('ledger', { namespace: 'finance' })]],
])('does not open another team by %s', (_, egress) => {
  expect(messageOf(() => objectsOf(teams(egress).app))).toContain(REFUSED);
});

it.each([
  ['its namespace', IngressSource.namespaces('evil')],
  ['its pods', IngressSource.pods({ namespaces: ['evil'] })],
  ['everyone', IngressSource.anywhere()],
])('reaches a server that lets in %s', (_, letIn) => {
  const objects = objectsOf(teams(LEDGER, { ingress: [letIn] }).app);
  const podOf = (name: string) => podOfWorkload(find(objects, 'Deployment', name));
  expect(new NetworkPolicies(objects).mayConnect(podOf('probe'), podOf('ledger'), 8080)).toBe(true);
});

it.each([
  ['another namespace', IngressSource.namespaces('sales')],
  ['other pods', IngressSource.pods({ namespaces: ['evil'], labels: { app: 'other' } })],
  ['addresses, whoever has them', IngressSource.cidr('10.0.0.0/8')],
])('does not reach one that lets in %s', (_, letIn) => {
  expect(messageOf(() => objectsOf(teams(LEDGER, { ingress: [letIn] }).app))).toContain(REFUSED);
});

it('reaches a shared server, by consent to its namespace', () => {
  const shared = (namespace: string) => {
    const { app } = teams([EgressTarget.host('fetch.mcp-system.svc', 8080)]);
    new ClusterMcpServer(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'fetch', {
      source,
      allowedNamespaces: AllowedNamespaces.names(namespace),
    });
    return app;
  };
  expect(objectsOf(shared('evil'))).not.toEqual([]);
  expect(messageOf(() => objectsOf(shared('sales')))).toContain(
    'got "ClusterMCPServer fetch": is of another namespace',
  );
});

it('opens what is of the same namespace', () => {
  const { app, finance } = teams([]);
  new McpServer(finance, 'reports', { source, egress: LEDGER });
  expect(objectsOf(app)).not.toEqual([]);
});

it('does not open another team for the keys of a route, which its gateway would fetch there', () => {
  const { app } = teams([]);
  const evil = new Chart(app, 'evil-routes', { namespace: 'evil' });
  const gateway = new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway');
  new McpRoute(evil, 'r', {
    gateway,
    backends: [{ server: new McpServer(evil, 'own', { source }) }],
    authentication: [
      Authentication.jwt({ issuer: 'a', audiences: ['m'], jwksUri: 'http://ledger.finance.svc:8080/keys' }),
    ],
  });
  expect(messageOf(() => objectsOf(app))).toContain(
    '[evil-routes/r] authentication[0]: got "MCPServer finance/ledger": is of another namespace and does not let connections from "mcp-system" in.',
  );
});

it('is no matter where nothing is enforced', () => {
  const open = new ClusterProfile({ network: NetworkEnforcement.none({ acknowledgement: 'a test cluster' }) });
  expect(objectsOf(teams(LEDGER, {}, open).app)).not.toEqual([]);
});
