import { App, Chart, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  Authentication,
  CertManagerIssuer,
  ClusterAddOn,
  ClusterProfile,
  GatewayDataPlane,
  GatewayExposure,
  GatewayTls,
  IngressSource,
  McpGateway,
  McpGatewayOptions,
  McpRoute,
  McpServer,
  McpServerSource,
} from '../../src';
import { Manifest, validateObjects } from '../support/validate';

function synth(dataPlane: GatewayDataPlane, options: Partial<McpGatewayOptions> = {}): Manifest[] {
  const app = new App();
  new ClusterProfile({ addOns: [ClusterAddOn.CERT_MANAGER] }).applyTo(app);
  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const gateway = new McpGateway(platform, 'gateway', {
    dataPlane,
    tls: GatewayTls.fromIssuer(CertManagerIssuer.clusterIssuer('ca')),
    authentication: [
      Authentication.jwt({
        issuer: 'https://auth.acme.dev',
        audiences: ['mcp'],
        jwksUri: 'https://auth.acme.dev/jwks.json',
      }),
    ],
    autoscaling: { minReplicas: 2, maxReplicas: 5 },
    exposures: [
      GatewayExposure.ingress({
        hosts: ['mcp.acme.dev'],
        from: [IngressSource.namespaces('ingress-nginx')],
        annotations: { 'nginx.ingress.kubernetes.io/backend-protocol': 'HTTPS' },
      }),
    ],
    ...options,
  });
  const team = new Chart(app, 'team', { namespace: 'finance' });
  new McpRoute(team, 'smart', { gateway }).addBackend(
    new McpServer(team, 'ledger', { source: McpServerSource.image('acme/ledger:1') }),
  );
  return app.charts.flatMap(chart => chart.toJson());
}

const byKind = (objects: readonly Manifest[], kind: string) =>
  objects.find(object => object.kind === kind && object.metadata.name.startsWith('gateway'))!;
const agentgateway = synth(GatewayDataPlane.agentgateway());
const envoy = synth(GatewayDataPlane.envoy());

it('puts the same around either data plane', () => {
  const rest = (objects: readonly Manifest[]) =>
    objects.filter(
      ({ kind, metadata }) =>
        !(metadata.name.startsWith('gateway') && ['Deployment', 'ConfigMap', 'MCPGateway'].includes(kind)),
    );
  expect(rest(envoy)).toEqual(rest(agentgateway));
  expect(rest(envoy).map(({ kind }) => kind)).toEqual(
    expect.arrayContaining([
      'Service',
      'PodDisruptionBudget',
      'HorizontalPodAutoscaler',
      'NetworkPolicy',
      'Ingress',
      'Certificate',
      'ServiceAccount',
    ]),
  );
  expect(validateObjects(envoy)).toEqual([]);
});

it('runs Envoy, which drains before it ends, as nobody and on a root that it cannot write', () => {
  const { spec } = byKind(envoy, 'Deployment').spec.template;
  const [container] = spec.containers;
  expect(container.image).toBe('docker.io/envoyproxy/envoy:v1.40.0');
  expect(container.lifecycle.preStop.exec.command.slice(0, 2)).toEqual(['sh', '-c']);
  expect(container.volumeMounts).toContainEqual({ name: 'scratch', mountPath: '/run/envoy' });
  expect(spec.volumes).toContainEqual({ name: 'scratch', emptyDir: { sizeLimit: '1Mi' } });
  expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(20);
  expect(container.securityContext).toMatchObject({
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    allowPrivilegeEscalation: false,
  });
  expect([container.readinessProbe.httpGet.path, container.livenessProbe.httpGet.path]).toEqual(['/ready', '/live']);
  expect(container.env ?? []).toEqual([]);
  expect(byKind(envoy, 'MCPGateway').spec.dataPlane).toEqual({
    type: 'envoy',
    image: 'docker.io/envoyproxy/envoy:v1.40.0',
  });
});

it('takes an image of your own, and nothing that is none', () => {
  expect(
    byKind(synth(GatewayDataPlane.envoy({ image: 'registry.acme.dev/envoy:v1.40.0' })), 'Deployment').spec.template.spec
      .containers[0].image,
  ).toBe('registry.acme.dev/envoy:v1.40.0');
  expect(() => GatewayDataPlane.envoy({ image: 'no image' })).toThrow(
    '[GatewayDataPlane.envoy] image: got "no image": is not an image reference. Name an image with its tag.',
  );
});

describe('the key of sessions', () => {
  it("is not Envoy's", () => {
    const gateway = new McpGateway(new Chart(new App(), 'platform', { namespace: 'mcp-system' }), 'gateway', {
      dataPlane: GatewayDataPlane.envoy(),
    });
    expect(gateway.sessionKey).toBeUndefined();
  });

  it('is refused where it would protect nothing', () => {
    const chart = new Chart(new App(), 'platform', { namespace: 'mcp-system' });
    const sessionKey = { secret: kplus.Secret.fromSecretName(chart, 'Key', 'key'), key: 'key' };
    expect(() => new McpGateway(chart, 'gateway', { dataPlane: GatewayDataPlane.envoy(), sessionKey })).toThrow(
      '[platform/gateway] sessionKey: got "(given)": the data plane envoy has no key for sessions. Drop it, or choose a data plane that protects session ids.',
    );
  });
});

it('shapes pods of either the same way', () => {
  const resources = { memory: { request: Size.mebibytes(64), limit: Size.mebibytes(256) } };
  const [one, other] = [GatewayDataPlane.agentgateway(), GatewayDataPlane.envoy()].map(
    plane => byKind(synth(plane, { resources }), 'Deployment').spec.template.spec,
  );
  expect(other.containers[0].resources).toEqual(one.containers[0].resources);
  expect([other.affinity, other.topologySpreadConstraints]).toEqual([one.affinity, one.topologySpreadConstraints]);
});
