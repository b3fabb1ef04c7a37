import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  Authentication,
  EgressTarget,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  PermissionReport,
} from '../../src';
import { messageOf } from '../support/synth';

function program(): Chart {
  const chart = new Chart(new App(), 'finance', { namespace: 'finance' });
  const secret = kplus.Secret.fromSecretName(chart, 'database', 'database');
  const gateway = new McpGateway(chart, 'gateway', {
    authentication: [
      Authentication.jwt({
        issuer: 'https://auth.acme.dev',
        audiences: ['mcp'],
        jwksUri: 'https://auth.acme.dev/jwks.json',
      }),
    ],
  });
  const ledger = new McpServer(chart, 'ledger', {
    source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0'),
    env: { DATABASE_URI: kplus.EnvValue.fromSecretValue({ secret, key: 'uri' }) },
    fileSystem: { write: ['/var/cache/ledger'] },
  });
  ledger.allowEgress(EgressTarget.cidr('10.20.0.0/16', { ports: [5432] }));
  ledger.allowKubernetes({ resources: [kplus.ApiResource.PODS], verbs: ['get', 'list'] });
  const route = new McpRoute(chart, 'books', { gateway, backends: [{ server: ledger }] });
  route.connect(new kplus.Job(chart, 'assistant', { containers: [{ image: 'ghcr.io/acme/assistant:1.0.0' }] }));
  new McpServer(chart, 'crm', { source: McpServerSource.remote('https://mcp.crm.example.com/mcp') });
  return chart;
}

it('says what each workload may do', () => {
  expect(PermissionReport.of(program()).toMarkdown().split('\n')).toEqual([
    '## MCPGateway finance/gateway',
    '',
    '- connects to: DNS (UDP 53, TCP 53)',
    '- connects to: MCPServer finance/ledger (TCP 8080)',
    '- connects to: auth.acme.dev:443 (TCP 443, at any public address)',
    expect.stringMatching(/^- is connected to by: client finance\/finance-assistant-[0-9a-z]+ \(TCP 8080\)$/),
    '- Secrets: gateway-session-key/key',
    '',
    '## MCPServer finance/ledger',
    '',
    '- Kubernetes: get, list pods in finance',
    '- connects to: 10.20.0.0/16 (TCP 5432)',
    '- connects to: DNS (UDP 53, TCP 53)',
    '- connects to: the API server (TCP 443, TCP 6443)',
    '- is connected to by: gateway finance/gateway (TCP 8080)',
    '- writes: /var/cache/ledger',
    '- Secrets: database/uri',
    '',
  ]);
});

it('says the same as JSON', () => {
  const report = PermissionReport.of(program());
  expect(JSON.parse(report.toJson())).toEqual(report.workloads);
  expect(report.workloads.map(({ workload }) => workload)).toEqual([
    'MCPGateway finance/gateway',
    'MCPServer finance/ledger',
  ]);
});

it('is not made of an app with errors', () => {
  const chart = program();
  new McpRoute(chart, 'broken');
  expect(messageOf(() => PermissionReport.of(chart))).toContain('[finance/broken]');
});
