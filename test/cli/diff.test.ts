import { Chart } from 'cdk8s';
import { Workplace } from './support';
import {
  Authentication,
  EgressTarget,
  McpApp,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  Principal,
} from '../../src';

const place = new Workplace();

interface Change {
  readonly image?: string;
  readonly tools?: string[];
  readonly egress?: boolean;
}

function report(name: string, { egress, image = '1.0.0', tools = ['db_query'] }: Change = {}): string {
  const app = new McpApp();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const jwt = Authentication.jwt({ issuer: 'https://a.dev', audiences: ['mcp'], jwksUri: 'https://a.dev/jwks' });
  const gateway = new McpGateway(chart, 'gateway', { authentication: [jwt] });
  const ledger = new McpServer(chart, 'ledger', {
    source: McpServerSource.image(`ghcr.io/acme/ledger:${image}`),
    tools: ['db_query', 'db_drop'],
  });
  if (egress) {
    ledger.allowEgress(EgressTarget.cidr('10.20.0.0/16', { ports: [5432] }));
  }
  new McpRoute(chart, 'books', { gateway, backends: [{ server: ledger }] }).allow(Principal.group('admins'), { tools });
  return place.report(name, app);
}

const base = report('base.json');
const changed = (change: Change): string => place.run('diff', base, report('head.json', change)).out;

it('of the same is nothing', () => {
  expect(place.run('diff', base, report('same.json'), '--exit-code')).toEqual({
    code: 0,
    out: 'Nothing that is emitted differs.\n',
    err: '',
  });
});

it('says who gained and who lost which tool, and that no pod restarts', () => {
  const gained = changed({ tools: ['db_*'] });
  expect(gained).toContain('+ group:admins calls db_drop of finance/books');
  expect(gained).not.toContain('- group:admins');
  expect(gained).toContain("ConfigMap finance/gateway-gateway-config: read anew within the kubelet's sync period");
  expect(gained).not.toContain('pods are replaced');
  expect(changed({ tools: ['db_drop'] })).toContain('- group:admins calls db_query of finance/books');
});

it('says which connections are new', () => {
  expect(changed({ egress: true })).toContain('+ MCPServer finance/ledger connects to 10.20.0.0/16 (TCP 5432)');
});

it('says which pods are replaced, and what ends with them', () => {
  expect(changed({ image: '1.1.0' })).toMatch(
    /### When it is applied\n\n[^]*- (StatefulSet|Deployment) finance\/ledger: pods are replaced one by one/,
  );
});

it('as JSON, and by its exit code', () => {
  const head = report('head.json', { egress: true });
  const { code, out } = place.run('diff', base, head, '--format', 'json', '--exit-code');
  expect(code).toBe(1);
  expect(JSON.parse(out).permissions.gained).toEqual(['MCPServer finance/ledger connects to 10.20.0.0/16 (TCP 5432)']);
});
