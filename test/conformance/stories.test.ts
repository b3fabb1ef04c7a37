import { existsSync, readdirSync } from 'fs';
import { join } from 'path';
import { App, Chart, Testing } from 'cdk8s';
import { parse } from 'yaml';
import { Authentication, IngressSource, McpGateway, McpManifest, OtherKinds } from '../../src';
import { formatDiagnostic } from '../../src/model/findings';
import { Synthesis } from '../../src/synthesis/synthesis';
import { Manifest, validateObjects } from '../support/validate';

/*
 * OME's own stories, as upstream wrote them, through McpManifest. They lie outside of this repository; their essence is
 * inline in the unit tests.
 */

const STORIES = join(__dirname, '..', '..', '..', 'shared', 'upstream', 'ome', 'stories');
const suite = existsSync(STORIES) ? describe : describe.skip;

interface Read {
  readonly manifest: McpManifest;
  readonly objects: readonly Manifest[];
  readonly gatewayObjects: readonly Manifest[];
  readonly findings: readonly string[];
}

const JWT = Authentication.jwt({
  issuer: 'https://auth.acme.dev',
  audiences: ['mcp'],
  jwksUri: 'https://auth.acme.dev/jwks.json',
});

function read(story: string): Read {
  const app = new App();
  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const gateway = new McpGateway(platform, 'gateway', {
    authentication: [JWT],
    ingress: [IngressSource.namespaces('my-app', 'my-team')],
  });
  const chart = new Chart(app, 'story');
  const manifest = McpManifest.fromFile(chart, 'manifest', join(STORIES, story), {
    source: `stories/${story}`,
    gateway,
    otherKinds: OtherKinds.PASS_THROUGH,
  });
  return {
    manifest,
    objects: Testing.synth(chart),
    gatewayObjects: Testing.synth(platform),
    findings: Synthesis.of(app).diagnostics().map(formatDiagnostic),
  };
}

function names(objects: readonly Manifest[]): string[] {
  return objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`).sort();
}

/** Kinds that have a schema here; InferenceService is upstream's own. */
function ours(objects: readonly Manifest[]): Manifest[] {
  return objects.filter(({ kind }) => kind !== 'InferenceService');
}

suite('upstream stories', () => {
  test('all of them are read here', () => {
    expect(readdirSync(STORIES).sort()).toEqual(['canary.yaml', 'database-tools.yaml', 'kubernetes-tools.yaml']);
  });

  test('canary', () => {
    const { manifest, objects, gatewayObjects, findings } = read('canary.yaml');
    expect(validateObjects(ours([...objects, ...gatewayObjects]))).toEqual([]);
    expect(names(objects)).toEqual([
      'Deployment my-app/analytics-v2',
      'InferenceService my-app/analytics-llm',
      'MCPRoute my-app/analytics-canary',
      'MCPServer my-app/analytics-v1',
      'MCPServer my-app/analytics-v2',
      'NetworkPolicy my-app/analytics-v1',
      'NetworkPolicy my-app/analytics-v2',
      'PodDisruptionBudget my-app/analytics-v1',
      'Service my-app/analytics-v1',
      'Service my-app/analytics-v1-replicas',
      'Service my-app/analytics-v2',
      'ServiceAccount my-app/analytics-v1',
      'ServiceAccount my-app/analytics-v2',
      'StatefulSet my-app/analytics-v1',
    ]);
    expect(manifest.route('analytics-canary').url).toBe('http://gateway.mcp-system/routes/my-app/analytics-canary');
    const route = objects.find(({ kind }) => kind === 'MCPRoute')!;
    expect(route.spec).toEqual({
      gatewayRef: { kind: 'MCPGateway', name: 'gateway', namespace: 'mcp-system' },
      backendRefs: [
        { serverRef: { name: 'analytics-v1' }, weight: 90 },
        { serverRef: { name: 'analytics-v2' }, weight: 10 },
      ],
      rateLimit: { limits: [{ dimension: 'user', requests: 100, unit: 'hour' }] },
    });
    expect(findings).toEqual([
      expect.stringContaining('[platform/gateway] network: got ["auth.acme.dev:443"]: are outside the cluster'),
    ]);
    expect(names(gatewayObjects)).toContain('Deployment mcp-system/gateway-rate-limit');
    const config = gatewayObjects.find(({ kind }) => kind === 'ConfigMap')!;
    expect(parse(config.data['config.yaml']).binds[0].listeners[0].routes.length).toBeGreaterThan(0);
    expect(objects.find(({ kind }) => kind === 'InferenceService')!.spec).toEqual({
      model: { name: 'llama-3-70b' },
      runtime: { name: 'vllm' },
      engine: {
        runner: {
          name: 'ome-container',
          env: [{ name: 'MCP_GATEWAY_URL', value: manifest.route('analytics-canary').url }],
        },
      },
    });
  });

  test('canary, on a gateway that does not know its users', () => {
    const app = new App();
    const gateway = new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway');
    McpManifest.fromFile(new Chart(app, 'story'), 'manifest', join(STORIES, 'canary.yaml'), {
      gateway,
      otherKinds: OtherKinds.PASS_THROUGH,
    });
    expect(() => app.synthYaml()).toThrow(
      'MCPRoute.my-app.analytics-canary] rateLimits[0]: got "100 per hour for each user": a limit for each user needs to know the user, and callers are not authenticated. ' +
        'Add an authentication to the gateway or the route',
    );
  });

  test('database tools', () => {
    const { objects, findings } = read('database-tools.yaml');
    expect(validateObjects(ours(objects))).toEqual([]);
    const server = objects.find(({ kind }) => kind === 'MCPServer')!;
    expect(server.spec.permissionProfile).toEqual({
      inline: { allow: [{ network: { allowHost: ['postgres.my-team.svc.cluster.local'] } }] },
    });
    const workload = objects.find(({ kind }) => kind === 'StatefulSet')!;
    expect(workload.spec.replicas).toBe(2);
    expect(workload.spec.template.spec.containers[0].env).toEqual([
      { name: 'DATABASE_URI', valueFrom: { secretKeyRef: { name: 'db-credentials', key: 'uri' } } },
    ]);
    expect(findings).toEqual([
      expect.stringContaining('[platform/gateway] network: got ["auth.acme.dev:443"]: are outside the cluster'),
      expect.stringContaining(
        'permissionProfile.inline.allow[0].network.allowHost[0]: got "postgres.my-team.svc.cluster.local": Service my-team/postgres is not one of this app',
      ),
    ]);
    expect(objects.find(({ kind }) => kind === 'NetworkPolicy')!.spec.egress).toContainEqual({
      to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'my-team' } } }],
    });
  });

  test('kubernetes tools', () => {
    const { objects, findings } = read('kubernetes-tools.yaml');
    expect(validateObjects(ours(objects))).toEqual([]);
    const server = objects.find(({ kind }) => kind === 'MCPServer')!;
    expect(server.spec.permissionProfile).toEqual({
      inline: {
        allow: [{ kubeResources: { apiGroups: [''], resources: ['pods', 'services'], verbs: ['get', 'list'] } }],
      },
    });
    expect(findings).toEqual([
      expect.stringContaining('[platform/gateway] network: got ["auth.acme.dev:443"]: are outside the cluster'),
      expect.stringContaining(
        'MCPServer.my-team.k8s-tools] profile.apiServerCidrs: got nothing: the address of the API server is not known',
      ),
    ]);
    expect(objects.find(({ kind }) => kind === 'Role')!.rules).toEqual([
      { apiGroups: [''], resources: ['pods', 'services'], verbs: ['get', 'list'] },
    ]);
  });

  test('the models get routes of their own', () => {
    const { manifest, objects } = read('kubernetes-tools.yaml');
    expect(manifest.inferenceServices.map(({ name, route }) => `${name} ${route?.name}`)).toEqual([
      'my-llm my-llm-route',
    ]);
    expect(names(objects)).toContain('MCPRoute my-team/my-llm-route');
  });
});
