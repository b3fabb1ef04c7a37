import { App, Chart, Duration } from 'cdk8s';
import { parse } from 'yaml';
import {
  Authentication,
  ClusterEgressProxy,
  ClusterProfile,
  McpGateway,
  McpGatewayOptions,
  McpRoute,
  McpRouteProps,
  McpServer,
  McpServerSource,
} from '../../src';
import { NetworkPolicies, Party, podOfWorkload, stranger } from '../support/network-policy';
import { find, messageOf, objectsOf } from '../support/synth';

const PROXY: ClusterEgressProxy = { url: 'http://proxy.infra.svc:3128', noProxy: ['.acme.internal'] };

function app(
  options: McpGatewayOptions = {},
  route: Partial<McpRouteProps> = {},
  url = 'https://mcp.crm.example.com/mcp',
): App {
  const root = new App();
  new ClusterProfile({ proxy: PROXY }).applyTo(root);
  const chart = new Chart(root, 'sales', { namespace: 'sales' });
  const gateway = new McpGateway(chart, 'gateway', options);
  const crm = new McpServer(chart, 'crm', { source: McpServerSource.remote(url) });
  const own = new McpServer(chart, 'own', { source: McpServerSource.image('acme/own:1') });
  new McpRoute(chart, 'crm-route', { gateway, backends: [{ server: crm }], ...route });
  new McpRoute(chart, 'own-route', { gateway, backends: [{ server: own }] });
  return root;
}

/** Proxies in the configuration of the gateway. */
function proxies(root: App): unknown[] {
  const found: unknown[] = [];
  JSON.stringify(
    parse(find(objectsOf(root), 'ConfigMap', 'gateway-gateway-config').data['config.yaml']),
    (key, value) => {
      if (key === 'backendTunnel') {
        found.push(value);
      }
      return value;
    },
  );
  return found;
}

it('stands between a gateway and the servers outside the cluster, and no others', () => {
  const root = app();
  expect(proxies(root)).toEqual([{ proxy: { host: 'proxy.infra.svc:3128' } }]);
  const objects = objectsOf(root);
  const cluster = new NetworkPolicies(objects);
  const gateway = podOfWorkload(find(objects, 'Deployment', 'gateway'));
  const passes = (party: Party, port: number) => cluster.mayConnect(gateway, party, port);
  expect([
    passes(stranger('infra'), 3128),
    passes('203.0.113.7', 443),
    passes(podOfWorkload(find(objects, 'Deployment', 'own')), 8080),
  ]).toEqual([true, false, true]);
});

it('is on the last of several hops', () => {
  expect(proxies(app({}, { timeouts: { request: Duration.seconds(30) } }))).toHaveLength(2);
});

it.each(['https://mcp.acme.internal/mcp', 'https://10.20.0.7/mcp'])(
  'is not asked for %s, which is reached without it',
  url => {
    expect(proxies(app({ allowedRemoteHosts: ['mcp.acme.internal', '10.20.0.7'] }, {}, url))).toEqual([]);
  },
);

it('cannot bring keys, which the gateway fetches itself', () => {
  const jwt = (jwksUri: string) => Authentication.jwt({ issuer: 'https://auth.acme.dev', audiences: ['mcp'], jwksUri });
  expect(messageOf(() => objectsOf(app({ authentication: [jwt('https://auth.acme.dev/jwks.json')] })))).toContain(
    '[sales/gateway] authentication[0]: got "auth.acme.dev": is outside the cluster, and is not called through its proxy (http://proxy.infra.svc:3128). ' +
      'Give what is inside the cluster, or the keys themselves (jwks); list it in noProxy of the proxy if it can be reached without',
  );
  expect(() => objectsOf(app({ authentication: [jwt('https://auth.acme.internal/jwks.json')] }))).not.toThrow();
  expect(
    messageOf(() => objectsOf(app({ observability: { tracing: { endpoint: 'https://traces.example.com' } } }))),
  ).toContain('observability.tracing.endpoint: got "traces.example.com": is outside the cluster, and is not called');
});
