import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  Authentication,
  ClusterImages,
  ClusterProfile,
  ClusterProfileProps,
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
function imagesOf(images?: ClusterImages, props: ClusterProfileProps = {}): string[] {
  const app = new App();
  if (images !== undefined) {
    new ClusterProfile({ images, ...props }).applyTo(app);
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

describe('a registry of the cluster', () => {
  it('has the images of all containers, whoever named them, under their paths', () => {
    const found = imagesOf({}, { imageRegistry: 'registry.acme.dev:5000/mirror' });
    expect(found).toEqual(
      [
        'registry.acme.dev:5000/mirror/acme/ledger:1',
        'registry.acme.dev:5000/mirror/agentgateway:v1.4.1',
        'registry.acme.dev:5000/mirror/astral-sh/uv:0.9.30-python3.13-trixie-slim',
        'registry.acme.dev:5000/mirror/envoyproxy/envoy:v1.40.0',
        'registry.acme.dev:5000/mirror/envoyproxy/ratelimit:3fb70258',
        'registry.acme.dev:5000/mirror/library/node:22.23.1-trixie-slim',
        'registry.acme.dev:5000/mirror/valkey/valkey:8.1.9-alpine',
      ].sort(),
    );
  });

  it('is not asked for what the cluster names by itself, or has elsewhere', () => {
    const envoy = `harbor.acme.dev/envoy@sha256:${'a'.repeat(64)}`;
    const found = imagesOf({ envoy }, { imageRegistry: 'registry.acme.dev', directRegistries: ['ghcr.io'] });
    expect(found).toContain(envoy);
    expect(found).toContain(DEFAULT_IMAGES.uvx);
    expect(found).toContain('registry.acme.dev/acme/ledger:1');
  });

  it('is in containers of a template, volumes of images and the resource, too, and a digest stays', () => {
    const app = new App();
    new ClusterProfile({ imageRegistry: 'registry.acme.dev' }).applyTo(app);
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    new McpServer(chart, 's', {
      source: McpServerSource.image(`ghcr.io/acme/ledger:1.0.0@sha256:${'b'.repeat(64)}`),
      podTemplate: {
        spec: {
          containers: [{ name: 'proxy', image: 'localhost/proxy:1.0.0' }],
          volumes: [{ name: 'model', image: { reference: 'quay.io/acme/model:1.0.0' } }],
        },
      },
    });
    const gateway = new McpGateway(chart, 'g', {});
    const objects = chart.toJson() as any[];
    const pod = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 's').spec.template.spec;
    const written = [...pod.containers.map(({ image }: any) => image), pod.volumes[0].image.reference];
    expect(written).toEqual([
      `registry.acme.dev/acme/ledger:1.0.0@sha256:${'b'.repeat(64)}`,
      'registry.acme.dev/proxy:1.0.0',
      'registry.acme.dev/acme/model:1.0.0',
    ]);
    const resource = objects.find(({ kind }) => kind === 'MCPServer').spec.hosted.podSpec.spec;
    expect(resource.containers[0].image).toBe(written[0]);
    const said = objects.find(({ kind }) => kind === gateway.kind).spec.dataPlane.image;
    expect(said).toBe('registry.acme.dev/agentgateway:v1.4.1');
  });

  it('is pulled from with the Secrets of the cluster and of the construct, in all pods', () => {
    const app = new App();
    new ClusterProfile({ imagePullSecrets: ['regcred', 'own'] }).applyTo(app);
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    const own = kplus.Secret.fromSecretName(chart, 'own', 'own');
    const server = new McpServer(chart, 's', {
      source: McpServerSource.image('acme/ledger:1', { port: 9000 }),
      imagePullSecrets: [own],
    });
    const gateway = new McpGateway(chart, 'g', { rateLimits: [RateLimit.perNamespace(10, RateLimitUnit.HOUR)] });
    new McpRoute(chart, 'r', { gateway, backends: [{ server }] });
    const secrets = Object.fromEntries(
      (chart.toJson() as any[])
        .filter(({ kind }) => kind === 'Deployment')
        .map(({ metadata, spec }) => [
          metadata.name,
          spec.template.spec.imagePullSecrets.map(({ name }: { name: string }) => name),
        ]),
    );
    expect(secrets).toEqual({
      s: ['own', 'regcred'],
      g: ['regcred', 'own'],
      'g-rate-limit': ['regcred', 'own'],
      'g-rate-limit-store': ['regcred', 'own'],
    });
  });

  it.each(['https://registry.acme.dev', 'registry', 'registry.acme.dev/mirror:1', 'registry.acme.dev/', 'a b.dev'])(
    'is no registry: %s',
    imageRegistry => {
      expect(messageOf(() => new ClusterProfile({ imageRegistry }))).toMatch(
        /\[ClusterProfile\] imageRegistry: got ".+": is not the name of a registry\. Write its host/,
      );
    },
  );

  it('has exceptions by host, where there is one', () => {
    const error = messageOf(
      () => new ClusterProfile({ directRegistries: ['https://a.dev'], imagePullSecrets: ['Not a name'] }),
    );
    expect(error).toMatch(/directRegistries\[0\]: got "https:\/\/a\.dev": is not the host of a registry/);
    expect(error).toMatch(/directRegistries: got .*: are exceptions from imageRegistry, which is not given/);
    expect(error).toMatch(/imagePullSecrets\[0\]: got "Not a name": is not the name of a Secret/);
  });
});
