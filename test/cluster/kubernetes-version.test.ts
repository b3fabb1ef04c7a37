import { App, Chart, Size } from 'cdk8s';
import {
  Authentication,
  ClusterProfile,
  GatewayDataPlane,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  McpSessions,
  OidcConfig,
  RateLimit,
  RateLimitUnit,
} from '../../src';
import { messageOf, objectsOf } from '../support/synth';
import { Manifest } from '../support/validate';

/* What is emitted is what the cluster's version of Kubernetes knows: API servers drop a field that they do not know without a word. */

const KEYS =
  '{"keys":[{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","use":"sig","kid":"acme-1","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}';
const SOURCE = McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0');

/** Everything of which the form depends on the version, or might. */
function emitted(minor: number, guarded: boolean): readonly Manifest[] {
  const app = new App();
  new ClusterProfile({ kubernetesVersion: `1.${minor}` }).applyTo(app);
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const gateways = [GatewayDataPlane.envoy(), GatewayDataPlane.agentgateway()].map(
    (dataPlane, i) =>
      new McpGateway(chart, `gateway-${i}`, {
        dataPlane,
        replicas: 2,
        authentication: [Authentication.jwt({ issuer: 'https://auth.acme.dev', audiences: ['mcp'], jwks: KEYS })],
        rateLimits: [RateLimit.perUser(100, RateLimitUnit.HOUR)],
      }),
  );
  const servers = [
    new McpServer(chart, 'one', { source: SOURCE }),
    new McpServer(chart, 'stateless', { source: SOURCE, sessions: McpSessions.STATELESS, replicas: 2 }),
    new McpServer(chart, 'stateful', {
      source: SOURCE,
      replicas: 2,
      volumeClaimTemplates: [{ path: '/data', storage: Size.gibibytes(1) }],
    }),
    new McpServer(chart, 'program', { source: McpServerSource.command('ghcr.io/acme/files-mcp:0.9.1', ['files-mcp']) }),
  ];
  if (guarded) {
    new McpServer(chart, 'guarded', {
      source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0', { port: 9000 }),
      oidcConfig: OidcConfig.inline({ issuer: 'https://auth.acme.dev', audiences: ['ledger'], jwks: KEYS }),
    });
  }
  for (const [i, gateway] of gateways.entries()) {
    servers.forEach(server => new McpRoute(chart, `${server.node.id}-${i}`, { gateway, backends: [{ server }] }));
  }
  return objectsOf(app);
}

/** Fields that Kubernetes has had for few versions without a gate, the version since which it has, and whether an object uses it. */
const FIELDS: Readonly<Record<string, readonly [number, (object: Manifest) => boolean]>> = {
  'containers that start before others': [
    29,
    ({ spec }) => containersOf(spec).some(c => c.restartPolicy !== undefined),
  ],
  'preStop.sleep': [30, ({ spec }) => containersOf(spec).some(c => c.lifecycle?.preStop?.sleep !== undefined)],
  trafficDistribution: [31, ({ spec }) => spec?.trafficDistribution !== undefined],
  'matchLabelKeys of affinities': [31, ({ spec }) => JSON.stringify(spec ?? {}).includes('"matchLabelKeys"')],
  'lifecycle.stopSignal': [33, ({ spec }) => containersOf(spec).some(c => c.lifecycle?.stopSignal !== undefined)],
  hostUsers: [33, ({ spec }) => spec?.template?.spec?.hostUsers !== undefined],
  'volumes of images': [33, ({ spec }) => (spec?.template?.spec?.volumes ?? []).some((v: Manifest) => v.image)],
  'resources of pods': [34, ({ spec }) => spec?.template?.spec?.resources !== undefined],
};

function containersOf(spec: Manifest | undefined): Manifest[] {
  const pod = spec?.template?.spec ?? {};
  return [...(pod.initContainers ?? []), ...(pod.containers ?? [])];
}

/** The fields of the table that something has. */
function usedBy(objects: readonly Manifest[]): string[] {
  return Object.keys(FIELDS).filter(name => objects.some(FIELDS[name][1]));
}

it.each([
  [34, ['containers that start before others', 'preStop.sleep']],
  [31, ['containers that start before others', 'preStop.sleep']],
  [30, ['containers that start before others', 'preStop.sleep']],
  [29, ['containers that start before others']],
])('emits what Kubernetes 1.%s knows', (minor, used) => {
  const found = usedBy(emitted(minor, true));
  expect(found).toEqual(used);
  expect(found.filter(name => FIELDS[name][0] > minor)).toEqual([]);
});

it('refuses before 1.29 what has no other form, and emits the rest', () => {
  expect(usedBy(emitted(28, false))).toEqual([]);
  expect(messageOf(() => emitted(28, true))).toContain(
    'what protects the server is a sidecar container, which Kubernetes 1.28 does not know. Use Kubernetes 1.29 or later',
  );
});

it('ends pods of gateways without a field that old versions drop', () => {
  const handlers = (minor: number): unknown[] =>
    emitted(minor, false)
      .filter(({ metadata }) => /^gateway-\d$/.test(metadata.name))
      .flatMap(({ spec }) => containersOf(spec).map(({ lifecycle }) => lifecycle?.preStop));
  // Envoy waits by a program of its image.
  expect(handlers(28)).toContainEqual({ exec: { command: expect.any(Array) } });
  expect(handlers(28)).toEqual(handlers(34));
});
