import { App, Chart, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  GatewayDataPlane,
  McpGateway,
  McpGatewayOptions,
  McpRoute,
  McpServer,
  McpServerSource,
  RateLimit,
  RateLimitUnit,
} from '../../src';
import { find, messageOf, synth } from '../support/synth';
import { Manifest } from '../support/validate';

/** What a gateway emits whose calls are counted. */
function limited(optionsOf: (chart: Chart) => McpGatewayOptions): Manifest[] {
  const app = new App();
  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const gateway = new McpGateway(platform, 'gateway', {
    rateLimits: [RateLimit.perNamespace(100, RateLimitUnit.HOUR)],
    ...optionsOf(platform),
  });
  const team = new Chart(app, 'team', { namespace: 'team' });
  const server = new McpServer(team, 'a', { source: McpServerSource.image('x/y:1') });
  new McpRoute(team, 'r', { gateway, backends: [{ server }] });
  return synth(platform);
}

const COMPANIONS = ['gateway-rate-limit', 'gateway-rate-limit-store'];
const placed = ({ spec: { template } }: Manifest) => {
  const { imagePullSecrets, nodeSelector, priorityClassName, tolerations } = template.spec;
  return { label: template.metadata.labels.team, imagePullSecrets, nodeSelector, priorityClassName, tolerations };
};

it.each([GatewayDataPlane.agentgateway(), GatewayDataPlane.envoy()])(
  'the rate-limit service and its store are where the gateway is, and pulled as it is ($name)',
  dataPlane => {
    const objects = limited(chart => ({
      dataPlane,
      podLabels: { team: 'mcp' },
      imagePullSecrets: [kplus.Secret.fromSecretName(chart, 'pull', 'regcred')],
      nodeSelector: { pool: 'mcp' },
      priorityClass: 'high',
      tolerations: [kplus.NodeTaintQuery.is('dedicated', 'mcp')],
    }));
    const expected = {
      label: 'mcp',
      imagePullSecrets: [{ name: 'regcred' }],
      nodeSelector: { pool: 'mcp' },
      priorityClassName: 'high',
      tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'mcp' }],
    };
    expect(['gateway', ...COMPANIONS].map(name => placed(find(objects, 'Deployment', name)))).toEqual(
      Array(3).fill(expected),
    );
  },
);

it('what a template says of the gateway holds for them, and its containers do not', () => {
  const objects = limited(() => ({
    podTemplate: {
      metadata: { labels: { team: 'mcp' }, annotations: { 'vault.hashicorp.com/agent-inject': 'true' } },
      spec: {
        nodeSelector: { pool: 'mcp' },
        tolerations: [{ operator: 'Exists' }],
        containers: [{ name: 'sidecar', image: 'acme/sidecar:1.0.0' }],
      },
    },
  }));
  for (const name of COMPANIONS) {
    const deployment = find(objects, 'Deployment', name);
    expect(placed(deployment)).toEqual({
      label: 'mcp',
      nodeSelector: { pool: 'mcp' },
      tolerations: [{ operator: 'Exists' }],
    });
    expect(deployment.spec.template.spec.containers).toHaveLength(1);
    expect(deployment.spec.template.metadata.annotations).toBeUndefined();
    expect(deployment.spec.template.metadata.labels).toMatchObject(deployment.spec.selector.matchLabels);
  }
});

it('has its own resources, and the store room for two thirds of its memory', () => {
  const objects = limited(() => ({
    rateLimitService: {
      resources: { memory: { limit: Size.mebibytes(300) } },
      storeResources: { cpu: { request: kplus.Cpu.millis(10) }, memory: { limit: Size.gibibytes(3) } },
    },
  }));
  const [service, store] = COMPANIONS.map(name => find(objects, 'Deployment', name).spec.template.spec.containers[0]);
  expect(service.resources).toEqual({ limits: { memory: '300Mi' } });
  expect(store.resources).toEqual({ requests: { cpu: '10m' }, limits: { memory: '3Gi' } });
  expect(store.command).toEqual(expect.arrayContaining(['--maxmemory', String(2 * 2 ** 30)]));
});

it('refuses resources of a store that it does not run, and sizes that nobody can write', () => {
  const storeResources = { memory: { limit: Size.kibibytes(1.5) } };
  const error = messageOf(() =>
    limited(() => ({ rateLimitService: { store: { host: 'redis.acme.dev' }, storeResources } })),
  );
  expect(error).toMatch(/rateLimitService\.storeResources: .*is about the store beside the service.* Drop one of them/);
  expect(error).toMatch(/rateLimitService\.storeResources\.memory\.limit: got .*is not a whole number of mebibytes/);
});
