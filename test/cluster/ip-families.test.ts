import { App, Chart } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import {
  ClusterProfile,
  EgressTarget,
  GatewayDataPlane,
  IpFamily,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  OidcConfig,
  RateLimit,
  RateLimitUnit,
} from '../../src';
import { messageOf, objectsOf } from '../support/synth';

/* What runs in pods listens on both families of addresses, unless the cluster has no IPv6. */

/** Objects of an app with everything that listens in its pods. */
function objects(ipFamilies?: IpFamily[]) {
  const app = new App();
  new ClusterProfile({ ipFamilies }).applyTo(app);
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const egress = [EgressTarget.publicInternet()];
  const oidcConfig = OidcConfig.inline({
    issuer: 'https://auth.acme.dev',
    audiences: ['mcp'],
    jwksUri: 'https://auth.acme.dev/jwks.json',
  });
  const image = McpServerSource.image('acme/ledger:1', { port: 9000 });
  const stdio = McpServerSource.npx('kubernetes-mcp-server@0.0.50');
  const servers = [
    new McpServer(chart, 'plain', { source: stdio }),
    new McpServer(chart, 'guarded', { source: image, egress, oidcConfig }),
    new McpServer(chart, 'both', { source: stdio, egress, oidcConfig }),
  ];
  const planes = { agentgateway: GatewayDataPlane.agentgateway(), envoy: GatewayDataPlane.envoy() };
  for (const [id, dataPlane] of Object.entries(planes)) {
    const gateway = new McpGateway(chart, id, { dataPlane });
    new McpRoute(chart, `${id}-route`, {
      gateway,
      backends: [{ server: servers[0] }],
      rateLimits: [RateLimit.perIp(10, RateLimitUnit.HOUR)],
    });
  }
  return objectsOf(app);
}

/** Addresses that anything is configured to listen on, and what agentgateway is told of families. */
function listening(ipFamilies?: IpFamily[]) {
  const files = objects(ipFamilies)
    .filter(({ kind }) => kind === 'ConfigMap')
    .flatMap(({ data }) => Object.values<string>(data))
    .flatMap(text => parseAllDocuments(text).map(document => document.toJSON()));
  const envoy = files
    .flatMap(file => [...(file.static_resources?.listeners ?? []), ...(file.resources ?? [])])
    .flatMap(({ address }) => (address?.socket_address === undefined ? [] : [address.socket_address]));
  const agentgateway = files.filter(({ binds }) => binds !== undefined).map(({ config }) => config);
  return { envoy, agentgateway };
}

it('both, where nobody says otherwise', () => {
  for (const families of [undefined, [IpFamily.IPV6], [IpFamily.IPV4, IpFamily.IPV6]]) {
    const { envoy, agentgateway } = listening(families);
    expect(envoy).toHaveLength(3);
    expect(envoy.filter(({ address, ipv4_compat }) => address !== '::' || ipv4_compat !== true)).toEqual([]);
    expect(agentgateway).toHaveLength(5);
    expect(agentgateway.filter(config => 'enableIpv6' in config)).toEqual([]);
    expect(agentgateway.flatMap(({ readinessAddr }) => readinessAddr ?? [])).toEqual(['[::]:15081', '[::]:15081']);
  }
});

it('IPv4 alone, where the cluster has no other', () => {
  const { envoy, agentgateway } = listening([IpFamily.IPV4]);
  expect(envoy.map(({ address, ipv4_compat }) => [address, ipv4_compat])).toEqual(
    Array.from({ length: 3 }, () => ['0.0.0.0', undefined]),
  );
  expect(agentgateway.map(({ enableIpv6 }) => enableIpv6)).toEqual(agentgateway.map(() => false));
  expect(agentgateway.flatMap(({ readinessAddr }) => readinessAddr ?? [])).toEqual(['0.0.0.0:15081', '0.0.0.0:15081']);
});

it("the rate-limit service whatever there is, which is not its own default's IPv4", () => {
  const [service] = objects().filter(
    ({ kind, metadata }) => kind === 'Deployment' && /ratelimit|rate-limit/.test(metadata.name),
  );
  const { env } = service.spec.template.spec.containers[0];
  // Empty, in the way the API server stores it.
  expect(env).toEqual(expect.arrayContaining([{ name: 'HOST' }, { name: 'GRPC_HOST' }]));
});

it('refuses a cluster without addresses', () => {
  expect(messageOf(() => new ClusterProfile({ ipFamilies: [] }))).toContain('[ClusterProfile] ipFamilies: got []');
});
