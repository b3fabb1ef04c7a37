import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Chart, Testing, YamlOutputType } from 'cdk8s';
import { Construct } from 'constructs';
import { McpGateway, McpRoute, McpServer, McpServerSource, ToolMatch } from '../../src';
import { find, messageOf, namesOf, objectsOf } from '../support/synth';

const source = McpServerSource.image('acme/x:1');

let outdir: string;
beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), 'cdk8s-mcp-'));
});
afterEach(() => rmSync(outdir, { recursive: true }));

/** A platform and two teams, each in a chart of its own. */
function organization(app = new App({ outdir })): {
  app: App;
  platform: Chart;
  teams: Chart[];
  servers: McpServer[];
  routes: McpRoute[];
} {
  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const gateway = new McpGateway(platform, 'gateway');
  const teams = ['finance', 'research'].map(namespace => new Chart(app, namespace, { namespace }));
  const servers = teams.map(team => new McpServer(team, 'ledger', { source }));
  const routes = teams.map((team, i) => new McpRoute(team, 'smart', { gateway, backends: [{ server: servers[i] }] }));
  return { app, platform, teams, servers, routes };
}

const written = (): string =>
  readdirSync(outdir)
    .sort()
    .map(file => `--- ${file}\n${readFileSync(join(outdir, file), 'utf8')}`)
    .join('');

describe('an app of several charts', () => {
  it('is written whole by app.synth, and each chart by Testing.synth', () => {
    const { app, platform, teams } = organization();
    app.synth();
    expect(readdirSync(outdir).sort()).toEqual(['finance.k8s.yaml', 'platform.k8s.yaml', 'research.k8s.yaml']);
    expect(namesOf([platform, ...teams].flatMap(chart => Testing.synth(chart)))).toEqual(namesOf(objectsOf(app)));
  });

  it('is the same however it is written', () => {
    const first = organization();
    first.app.synth();
    const text = written();
    first.app.synth();
    expect(written()).toBe(text);
    organization().app.synth();
    expect(written()).toBe(text);
    expect(objectsOf(organization().app)).toEqual(objectsOf(first.app));
  });

  it('is written one resource a file, too', () => {
    const { app } = organization(
      new App({ outdir, yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE }),
    );
    app.synth();
    expect(readdirSync(join(outdir, 'platform')).sort()).toContain('MCPGateway.gateway.k8s.yaml');
  });
});

describe('what is changed after a synth', () => {
  it('counts in the next', () => {
    const { app, teams, routes } = organization();
    const before = find(objectsOf(app), 'ConfigMap').data;
    routes[0].addBackend(new McpServer(teams[0], 'late', { source }));
    const after = find(objectsOf(app), 'ConfigMap').data;
    expect(after).not.toEqual(before);
    expect(after['config.yaml']).toContain('late.finance.svc');
  });

  it('can make a good app bad, and a bad one good', () => {
    const { app, teams, servers } = organization();
    expect(() => app.synthYaml()).not.toThrow();
    const route = new McpRoute(teams[0], 'late');
    expect(messageOf(() => app.synthYaml())).toContain('a route needs at least one backend');
    route.addBackend(servers[0]);
    expect(() => app.synthYaml()).not.toThrow();
  });

  it('also when it is taken out of the tree', () => {
    const { app, teams } = organization();
    new McpRoute(teams[0], 'late');
    expect(() => app.synthYaml()).toThrow();
    teams[0].node.tryRemoveChild('late');
    expect(find(objectsOf(app), 'ConfigMap').data['config.yaml']).not.toContain('/routes/finance/late');
  });

  it('also when a scope above it is, and another takes its place', () => {
    const { app, teams, servers } = organization();
    new McpRoute(new Construct(teams[0], 'group'), 'late');
    expect(() => app.synthYaml()).toThrow();
    teams[0].node.tryRemoveChild('group');
    new McpRoute(new Construct(teams[0], 'group'), 'late', { backends: [{ server: servers[0] }] });
    expect(
      find(objectsOf(app), 'ConfigMap').data['config.yaml'].match(/exact: \/routes\/finance\/late\n/g),
    ).toHaveLength(1);
  });
});

describe('errors', () => {
  /** Five mistakes in two charts. */
  function mistaken(): App {
    const { app, teams, servers, routes } = organization();
    routes[0].addMatch({ tools: ToolMatch.exact('x'), backends: [{ server: servers[0], weight: 0 }] });
    new McpRoute(teams[0], 'empty');
    new McpRoute(teams[1], 'foreign', {
      backends: [{ server: servers[0] }, { server: servers[1] }, { server: servers[1] }],
    });
    new McpServer(teams[1], 'again', { name: 'ledger', source });
    return app;
  }

  it('are all reported in one run, each once and where it stands', () => {
    const lines = messageOf(() => mistaken().synth()).split('\n');
    expect(lines[0]).toBe('Validation failed with the following errors:');
    expect(lines.slice(1).map(line => line.slice(0, 80))).toMatchInlineSnapshot(`
[
  "  [finance/smart] matches[0].backends: got [0]: every weight is 0, so no server ",
  "  [finance/empty] backends: got nothing: a route needs at least one backend. Cal",
  "  [research/foreign] backends[0].server: got "MCPServer finance/ledger": the ser",
  "  [research/foreign] backends[2].server: got "MCPServer research/ledger": the se",
  "  [research/again] name: got "ledger": "research/ledger" emits objects of the sa",
]
`);
  });

  it('are the same by whatever way the app is written, and however often', () => {
    const app = mistaken();
    const messages = [
      () => app.synth(),
      () => app.synthYaml(),
      () => Testing.synth(app.charts[0]),
      () => Testing.synth(app.charts[2]),
      () => app.synth(),
    ].map(messageOf);
    expect(new Set(messages).size).toBe(1);
  });

  it('keep any file from being written', () => {
    expect(() => mistaken().synth()).toThrow();
    expect(written()).toBe('');
  });

  it('leave what was written before', () => {
    organization().app.synth();
    const before = written();
    expect(() => mistaken().synth()).toThrow();
    expect(written()).toBe(before);
  });

  it('are reported by what is rendered by hand, too', () => {
    const { app, teams, platform } = organization();
    new McpRoute(teams[0], 'empty');
    const gateway = platform.node.findChild('gateway') as McpGateway;
    expect(messageOf(() => gateway.config!.toJson())).toContain(
      '[finance/empty] backends: got nothing: a route needs at least one backend.',
    );
    expect(app).toBeDefined();
  });
});

it('warns of nothing by failing', () => {
  const { app, platform } = organization();
  new McpGateway(platform, 'other', { discovery: { labels: { no: 'one' } } });
  expect(() => app.synth()).not.toThrow();
});

it('keeps apps apart', () => {
  const one = organization();
  const other = new App();
  const chart = new Chart(other, 'finance', { namespace: 'finance' });
  new McpRoute(chart, 'stray');
  expect(() => one.app.synthYaml()).not.toThrow();
  expect(messageOf(() => other.synthYaml())).toContain('the app has no gateway to serve the route');
  // Though this app may have a server of that name.
  expect(messageOf(() => new McpRoute(chart, 'other', { backends: [{ server: one.servers[0] }] }))).toContain(
    'backends[0].server: got "finance/ledger": is of another app',
  );
});
