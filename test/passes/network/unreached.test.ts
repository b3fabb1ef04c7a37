import { App, Chart } from 'cdk8s';
import {
  IngressSource,
  McpDiagnostics,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerProps,
  McpServerSource,
} from '../../../src';

const IMAGE = McpServerSource.image('ghcr.io/acme/ledger:1.0.0');

/** Servers that nothing reaches, of an app with a gateway. */
function unreached(add: (chart: Chart, gateway: McpGateway) => void): string[] {
  const app = new App();
  const chart = new Chart(app, 'team', { namespace: 'team' });
  add(chart, new McpGateway(chart, 'gateway', { discovery: { labels: { served: 'true' } } }));
  return McpDiagnostics.of(app)
    .warnings.filter(({ id }) => id === 'server-unreached')
    .map(({ path }) => path);
}
const serverOf = (chart: Chart, options: Partial<McpServerProps> = {}) =>
  new McpServer(chart, 'ledger', { source: IMAGE, ...options });

describe('a server that nothing reaches', () => {
  it('is warned of', () => {
    expect(unreached(chart => serverOf(chart))).toEqual(['team/ledger']);
  });

  it('is none that lets in those who monitor it alone', () => {
    const monitored = (chart: Chart) =>
      serverOf(chart).allowIngress(IngressSource.namespaces('monitoring'), { ports: [9090] });
    expect(unreached(monitored)).toEqual(['team/ledger']);
  });

  it.each<[string, (chart: Chart, gateway: McpGateway) => void]>([
    ['a route', (chart, gateway) => new McpRoute(chart, 'r', { gateway, backends: [{ server: serverOf(chart) }] })],
    ['a discovery', chart => serverOf(chart, { labels: { served: 'true' } })],
    ['whom it lets in', chart => serverOf(chart).allowIngress(IngressSource.namespaces('agents'))],
  ])('is not one that is reached by %s', (_, add) => {
    expect(unreached(add)).toEqual([]);
  });
});
