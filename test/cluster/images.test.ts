import { App, Chart } from 'cdk8s';
import {
  Authentication,
  ClusterImages,
  ClusterProfile,
  EgressTarget,
  GatewayDataPlane,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  OidcConfig,
  RateLimit,
  RateLimitUnit,
} from '../../src';
import { DEFAULT_IMAGES } from '../../src/model/images';
import { messageOf } from '../support/synth';

/** Images of all pods of an app that runs everything that the library runs by itself. */
function imagesOf(images?: ClusterImages): string[] {
  const app = new App();
  if (images !== undefined) {
    new ClusterProfile({ images }).applyTo(app);
  }
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const jwt = Authentication.jwt({
    issuer: 'https://auth.acme.dev',
    audiences: ['mcp'],
    jwksUri: 'https://auth.acme.dev/jwks.json',
  });
  const servers = [
    new McpServer(chart, 'npx', { source: McpServerSource.npx('kubernetes-mcp-server@0.0.50') }),
    new McpServer(chart, 'uvx', { source: McpServerSource.uvx('mcp-server-git@2025.9.25') }),
    new McpServer(chart, 'guarded', {
      source: McpServerSource.image('acme/ledger:1', { port: 9000 }),
      egress: [EgressTarget.publicInternet()],
      oidcConfig: OidcConfig.inline({
        issuer: 'https://auth.acme.dev',
        audiences: ['mcp'],
        jwksUri: 'https://auth.acme.dev/jwks.json',
      }),
    }),
  ];
  for (const [id, dataPlane] of Object.entries({
    a: undefined,
    b: GatewayDataPlane.envoy(),
    c: GatewayDataPlane.agentgateway(),
  })) {
    const gateway = new McpGateway(chart, id, { dataPlane, authentication: [jwt] });
    new McpRoute(chart, `r${id}`, {
      gateway,
      backends: [{ server: servers[2] }],
      rateLimits: [RateLimit.perUser(10, RateLimitUnit.HOUR)],
    });
  }
  const pods: any[] = (chart.toJson() as any[]).flatMap(({ spec }) => spec?.template?.spec ?? []);
  return [
    ...new Set(
      pods
        .flatMap(({ initContainers = [], containers }) => [...initContainers, ...containers])
        .map(({ image }): string => image),
    ),
  ].sort();
}

it('runs exact versions unless it is told otherwise', () => {
  expect(imagesOf()).toEqual([...Object.values(DEFAULT_IMAGES), 'acme/ledger:1'].sort());
  const moving = Object.values(DEFAULT_IMAGES).filter(image => !/:v?(\d+\.\d+\.\d+|[0-9a-f]{8})(-|$)/.test(image));
  expect(moving).toEqual([]);
});

it('runs what the cluster names instead, each of them', () => {
  const mirrored = Object.fromEntries(
    Object.entries(DEFAULT_IMAGES).map(([role, image]) => [role, `registry.acme.dev/mirror/${image.split('/').pop()}`]),
  );
  expect(imagesOf(mirrored)).toEqual([...Object.values(mirrored), 'acme/ledger:1'].sort());
});

it('leaves alone what was named at a construct', () => {
  const app = new App();
  new ClusterProfile({ images: { envoy: 'mirror/envoy:1', npx: 'mirror/node:1' } }).applyTo(app);
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const server = new McpServer(chart, 's', { source: McpServerSource.npx('a@1.0.0', { image: DEFAULT_IMAGES.npx }) });
  const dataPlane = GatewayDataPlane.envoy({ image: DEFAULT_IMAGES.envoy });
  const gateway = new McpGateway(chart, 'g', { dataPlane });
  new McpRoute(chart, 'r', { gateway, backends: [{ server }] });
  const images = (chart.toJson() as any[])
    .filter(({ kind }) => kind === 'Deployment')
    .map(({ spec }) => spec.template.spec.containers[0].image);
  expect(images.sort()).toEqual([DEFAULT_IMAGES.envoy, DEFAULT_IMAGES.npx].sort());
  const { dataPlane: written } = (chart.toJson() as any[]).find(({ kind }) => kind === 'MCPGateway').spec;
  expect(written).toEqual({ type: 'envoy', image: DEFAULT_IMAGES.envoy });
});

it('refuses what is no image', () => {
  expect(messageOf(() => new ClusterProfile({ images: { envoy: 'an image', uvx: '' } }))).toMatch(
    /\[ClusterProfile\] images\.envoy: got "an image": is not an image reference[^]*images\.uvx: got ""/,
  );
});
