import { App, Chart } from 'cdk8s';
import { McpApp, McpDiagnostics, McpGateway, McpRoute, McpServer, McpServerSource } from '../../src';
import { messageOf } from '../support/synth';

/* What a loop gets wrong, it gets wrong everywhere. */

function routesWithoutServers(app: App, count: number): App {
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const gateway = new McpGateway(chart, 'gateway');
  for (let i = 0; i < count; i++) {
    new McpRoute(chart, `r${String(i).padStart(4, '0')}`, { gateway });
  }
  return app;
}

describe.each([
  ['App', () => new App()],
  ['McpApp', () => new McpApp()],
])('under %s', (_, newApp) => {
  const linesOf = (app: App): string[] =>
    messageOf(() => app.synthYaml())
      .split('\n')
      .filter(line => line.includes('backends: '));

  it('a mistake that is made ten times is said ten times', () => {
    expect(linesOf(routesWithoutServers(newApp(), 10))).toHaveLength(10);
  });

  it('one that is made two hundred times is said three times, and counted', () => {
    const lines = linesOf(routesWithoutServers(newApp(), 200));
    expect(lines).toHaveLength(3);
    expect(lines[0]).not.toContain('The same');
    expect(lines[2]).toMatch(/The same is wrong at 197 more, the last of them finance\/r0199\.$/);
  });

  it('is there at each construct for programs', () => {
    expect(McpDiagnostics.of(routesWithoutServers(newApp(), 200)).errors).toHaveLength(200);
  });
});

it('another mistake among them is not lost', () => {
  const app = routesWithoutServers(new McpApp(), 50);
  const hr = new Chart(app, 'hr', { namespace: 'hr' });
  const people = new McpServer(hr, 'people', { source: McpServerSource.image('ghcr.io/acme/people:1.0.0') });
  new McpRoute(app.node.findChild('finance') as Chart, 'alone', { backends: [{ server: people }] });
  const message = messageOf(() => app.synthYaml());
  expect(message).toContain('[finance/alone] backends[0]');
});
