import * as kplus from 'cdk8s-plus-28';
import {
  Authentication,
  McpDiagnostics,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerProps,
  McpServerSource,
  OidcConfig,
  RateLimit,
  RateLimitUnit,
} from '../../src';
import { restrictedFindings } from '../../src/backends/kubernetes/pod-security';
import { find, newChart, podOf, synth } from '../support/synth';
import { Manifest } from '../support/validate';

const source = McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0');
const RESTRICTED = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};

const breachesOf = (objects: readonly Manifest[]): string[] =>
  objects
    .filter(({ spec }) => spec?.template !== undefined)
    .flatMap(({ metadata, spec }) => restrictedFindings(spec.template).map(({ field }) => `${metadata.name} ${field}`));

function warningsOf(rest: Partial<McpServerProps>, change: (server: McpServer) => void = () => {}): string[] {
  const chart = newChart();
  change(new McpServer(chart, 'ledger', { source, ...rest }));
  return McpDiagnostics.of(chart).warnings.map(({ property, problem }) => `${property}: ${problem}`);
}

it('is passed by every pod of the library: servers, adapters, guards, gateways, rate limits and their store', () => {
  const chart = newChart();
  const jwks = JSON.stringify({
    keys: [
      {
        kty: 'EC',
        crv: 'P-256',
        kid: 'a',
        use: 'sig',
        alg: 'ES256',
        x: 'WbbXwVQpNcx4JYQ5v8kIZ4x3-Hu0ewvmPBc_xxKtfVs',
        y: 'A0mJt9Zt7kNrkPdkGzyIyHkkF5cHVOn3Hqr7pgmt-2w',
      },
    ],
  });
  const gateway = new McpGateway(chart, 'gateway', {
    replicas: 2,
    authentication: [
      Authentication.jwt({
        issuer: 'https://a.example.com',
        audiences: ['mcp'],
        jwksUri: 'https://a.example.com/jwks',
      }),
    ],
  });
  const servers = [
    new McpServer(chart, 'http', {
      source,
      replicas: 2,
      kubernetes: [{ resources: [kplus.ApiResource.PODS], verbs: ['get'] }],
      fileSystem: { write: ['/tmp'] },
    }),
    new McpServer(chart, 'stdio', { source: McpServerSource.npx('a@1.0.0') }),
    new McpServer(chart, 'guarded', {
      source,
      oidcConfig: OidcConfig.inline({ issuer: 'https://a.example.com', audiences: ['mcp'], jwks }),
    }),
  ];
  servers.forEach(
    server =>
      new McpRoute(chart, `${server.name}-route`, {
        gateway,
        backends: [{ server }],
        rateLimits: [RateLimit.perUser(1, RateLimitUnit.HOUR)],
      }),
  );
  const objects = synth(chart);
  expect(
    objects
      .filter(({ spec }) => spec?.template !== undefined)
      .map(({ metadata }) => metadata.name)
      .sort(),
  ).toEqual(['gateway', 'gateway-rate-limit', 'gateway-rate-limit-store', 'guarded', 'http', 'stdio']);
  expect(breachesOf(objects)).toEqual([]);
});

it('is passed by containers that users add without a word about security', () => {
  const chart = newChart();
  const server = new McpServer(chart, 'ledger', {
    source,
    podTemplate: {
      spec: {
        initContainers: [{ name: 'migrate', image: 'acme/migrate:1' }],
        containers: [{ name: 'proxy', image: 'acme/proxy:1' }],
      },
    },
  });
  server.deployment!.addContainer({ name: 'logger', image: 'acme/logger:1' });
  const gateway = new McpGateway(chart, 'gateway', {
    podTemplate: { spec: { containers: [{ name: 'waf', image: 'acme/waf:1' }] } },
  });
  gateway.deployment.addInitContainer({ name: 'wait', image: 'acme/wait:1' });
  const objects = synth(chart);
  expect(breachesOf(objects)).toEqual([]);
  expect(McpDiagnostics.of(chart).warnings.filter(({ property }) => property.startsWith('pods.'))).toEqual([]);
  const { containers, initContainers } = podOf(find(objects, 'Deployment', 'ledger'));
  expect(containers.map(({ name }: Manifest) => name)).toEqual(['mcp-server', 'logger', 'proxy']);
  [...containers, ...initContainers].forEach(({ securityContext }: Manifest) =>
    expect(securityContext).toMatchObject(RESTRICTED),
  );
  expect(find(objects, 'MCPServer').spec.hosted.podSpec.spec).toEqual(podOf(find(objects, 'Deployment', 'ledger')));
});

it.each<[string, Partial<McpServerProps>, string]>([
  [
    'hostNetwork',
    { podTemplate: { spec: { hostNetwork: true } } },
    'pods.hostNetwork: shares what belongs to the node: a namespace that enforces Pod Security restricted refuses the pods',
  ],
  [
    'root',
    { podTemplate: { spec: { containers: [{ name: 'proxy', image: 'a', securityContext: { runAsUser: 0 } }] } } },
    'pods.containers[proxy].securityContext.runAsUser: is root',
  ],
  [
    'a privileged init container',
    {
      podTemplate: {
        spec: { initContainers: [{ name: 'sysctl', image: 'a', securityContext: { privileged: true } }] },
      },
    },
    'pods.initContainers[sysctl].securityContext.privileged: gives it the node',
  ],
  [
    'capabilities of its own container',
    {
      podTemplate: {
        spec: {
          containers: [
            { name: 'mcp-server', securityContext: { capabilities: { drop: ['ALL'], add: ['SYS_PTRACE'] } } },
          ],
        },
      },
    },
    'pods.containers[mcp-server].securityContext.capabilities.add: are capabilities of root',
  ],
])('is broken by %s, with a warning', (_, rest, expected) => {
  expect(warningsOf(rest)).toContainEqual(expect.stringContaining(expected));
});

it('is broken by what is done to the workload, with a warning', () => {
  expect(
    warningsOf({}, server =>
      server.deployment!.addContainer({
        name: 'agent',
        image: 'a',
        securityContext: { privileged: true, allowPrivilegeEscalation: true },
      }),
    ),
  ).toContainEqual(expect.stringContaining('pods.containers[agent].securityContext.privileged'));
  const chart = newChart();
  const host = kplus.Volume.fromHostPath(chart, 'host', 'host', { path: '/var/log' });
  new McpServer(chart, 'logs', { source, volumeMounts: [{ path: '/logs', volume: host }] });
  new McpGateway(chart, 'gateway', { podTemplate: { spec: { hostPID: true } } });
  expect(
    McpDiagnostics.of(chart)
      .warnings.filter(({ property }) => property.startsWith('pods.'))
      .map(({ path, property }) => `${path} ${property}`),
  ).toEqual(['finance/gateway pods.hostPID', 'finance/logs pods.volumes[host]']);
});
