import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiObject, App, Chart, YamlOutputType } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import {
  AccessMatrix,
  Authentication,
  ClusterProfile,
  McpApp,
  McpCluster,
  McpDiagnostics,
  McpGateway,
  McpGatewayOptions,
  McpReport,
  McpRoute,
  McpServer,
  McpServerSource,
  NetworkEnforcement,
  ObjectHooks,
  PermissionReport,
  Principal,
} from '../../src';
import { messageOf } from '../support/synth';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'clusters-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** A gateway, and a team with a server and a route at it, by the same names wherever they are. */
function company(scope: Construct, image = 'acme/ledger:1.0.0', options: McpGatewayOptions = {}) {
  const platform = new Chart(scope, 'platform', { namespace: 'mcp-system' });
  const gateway = new McpGateway(platform, 'gateway', options);
  const team = new Chart(scope, 'team', { namespace: 'team' });
  const server = new McpServer(team, 'ledger', { source: McpServerSource.image(image), tools: ['read'] });
  const route = new McpRoute(team, 'books', { gateway, backends: [{ server }] });
  return { platform, gateway, team, server, route };
}

function twoClusters(app: App = new McpApp({ outdir: root })) {
  const staging = new McpCluster(app, 'staging');
  const production = new McpCluster(app, 'production', {
    profile: new ClusterProfile({ network: NetworkEnforcement.cilium() }),
  });
  return { app, staging, production };
}

const files = () =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1))
    .sort();

it('names repeat in several clusters, each for its profile and in its folder', () => {
  const { app, staging, production } = twoClusters();
  company(staging, 'acme/ledger:2.0.0');
  company(production);
  new ApiObject(new Chart(app, 'shared'), 'n', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } });
  app.synth();
  expect(files()).toEqual([
    'production/platform.k8s.yaml',
    'production/team.k8s.yaml',
    'shared.k8s.yaml',
    'staging/platform.k8s.yaml',
    'staging/team.k8s.yaml',
  ]);
  const [one, other] = ['staging', 'production'].map(name => readFileSync(join(root, name, 'team.k8s.yaml'), 'utf8'));
  expect(one).toContain('image: acme/ledger:2.0.0');
  expect(one).toContain('kind: NetworkPolicy');
  expect(other).toContain('image: acme/ledger:1.0.0');
  expect(other).toContain('kind: CiliumNetworkPolicy');
});

it.each(Object.values(YamlOutputType).filter(type => typeof type === 'number'))(
  'each has a folder of its own, whatever the type of output (%s)',
  yamlOutputType => {
    const { app, staging, production } = twoClusters(
      new McpApp({ outdir: root, yamlOutputType: yamlOutputType as YamlOutputType }),
    );
    company(staging);
    company(production);
    app.synth();
    const folders = files().map(file => file.split('/')[0]);
    expect([...new Set(folders)]).toEqual(['production', 'staging']);
    expect(folders.filter(folder => folder === 'staging')).toHaveLength(folders.length / 2);
  },
);

it('names are unique within a cluster, and the error says how clusters are told apart', () => {
  const { app, staging } = twoClusters();
  company(staging);
  company(new Construct(staging, 'again'));
  expect(messageOf(() => app.synth())).toMatch(/staging\/again\/team\/ledger.*emits objects of the same name/);
  const alone = new McpApp({ outdir: root });
  ['dev', 'prod'].forEach(id => company(new Construct(alone, id)));
  expect(messageOf(() => alone.synth())).toMatch(/where they are for different clusters, an McpCluster around each/);
});

it('references do not leave a cluster', () => {
  const { app, staging, production } = twoClusters();
  const here = company(staging);
  const there = company(production);
  const agent = new kplus.Deployment(here.team, 'agent', {
    metadata: { namespace: 'team' },
    containers: [{ image: 'acme/agent:1.0.0' }],
  });
  const actions = [
    () => new McpRoute(there.team, 'a', { gateway: here.gateway }),
    () => there.route.addBackend(here.server),
    () => new McpGateway(there.platform, 'b', { discovery: { servers: [here.server] } }),
    () => there.route.connect(agent),
    () => new McpRoute(new Chart(app, 'outside', { namespace: 'x' }), 'c', { gateway: here.gateway }),
  ];
  for (const action of actions) {
    expect(messageOf(action)).toMatch(
      /: got "staging\/.*": is not in the same cluster \("staging"\).*Create it in this cluster/,
    );
  }
});

describe('reports', () => {
  it('are of one cluster', () => {
    const { app, staging, production } = twoClusters();
    const authentication = [
      Authentication.jwt({ issuer: 'https://a.dev', audiences: ['m'], jwksUri: 'https://a.dev/k' }),
    ];
    const here = company(staging, undefined, { authentication });
    const there = company(production, undefined, { authentication });
    here.route.allow(Principal.group('testers'), { tools: ['read'] });
    there.route.allow(Principal.group('finance'), { tools: ['read'] });
    const asked = (route: McpRoute, scope: Construct) =>
      AccessMatrix.of(scope).decide({ route, principal: Principal.group('testers'), tool: 'read' }).allowed;
    expect([asked(here.route, staging), asked(there.route, production)]).toEqual([true, false]);
    expect(AccessMatrix.of(staging).toMarkdown()).not.toBe(AccessMatrix.of(production).toMarkdown());
    expect(PermissionReport.of(here.team).toMarkdown()).not.toContain('production/');
    expect(McpReport.of(production).toText()).toContain(`${root}/production`);
    for (const report of [AccessMatrix, PermissionReport, McpReport]) {
      expect(messageOf(() => report.of(app))).toMatch(
        /\[App\] scope: got \["staging","production"\]: are clusters of the app, and a report is of one\. Give the McpCluster/,
      );
    }
  });

  it('findings are of one cluster, or of all', () => {
    const { app, staging, production } = twoClusters();
    company(staging, 'acme/ledger');
    company(production, 'acme/ledger:latest');
    const floating = (scope: Construct) =>
      McpDiagnostics.of(scope)
        .warnings.filter(({ id }) => id === 'image-floating')
        .map(({ path }) => path);
    expect(floating(staging)).toEqual(['staging/team/ledger']);
    expect(floating(app).sort()).toEqual(['production/team/ledger', 'staging/team/ledger']);
    McpDiagnostics.acknowledgeWarning(app, 'image-floating', 'an admission webhook pins them');
    expect(floating(app)).toEqual([]);
    expect(McpDiagnostics.of(app).acknowledged).toHaveLength(2);
    const unused = McpDiagnostics.of(app).warnings.filter(({ id }) => id === 'acknowledgement-unused');
    expect(unused).toEqual([]);
    McpDiagnostics.acknowledgeWarning(staging, 'metrics-closed', 'not so here');
    expect(McpDiagnostics.of(production).warnings.map(({ id }) => id)).not.toContain('acknowledgement-unused');
    expect(McpDiagnostics.of(staging).warnings.map(({ id }) => id)).toContain('acknowledgement-unused');
  });
});

it('hooks of an app see every cluster, those of a cluster its own', () => {
  const { app, staging, production } = twoClusters();
  company(staging);
  company(production);
  const seen: Record<string, string[]> = { app: [], staging: [] };
  const hook = (list: string[]) => ({ visit: (object: ApiObject) => void list.push(object.node.path) });
  ObjectHooks.of(app).add(hook(seen.app));
  ObjectHooks.of(staging).add(hook(seen.staging));
  app.synth();
  expect(new Set(seen.app).size).toBe(seen.app.length);
  expect(seen.app.filter(path => path.startsWith('production/')).length).toBeGreaterThan(5);
  expect(seen.staging).toEqual(seen.app.filter(path => path.startsWith('staging/')));
});

it('App of cdk8s writes all into one folder, which is a warning', () => {
  const { app, staging, production } = twoClusters(new App({ outdir: root }));
  company(staging);
  company(production);
  app.synth();
  expect(McpDiagnostics.of(app).warnings.map(({ id, path }) => `${id} ${path}`)).toEqual(
    expect.arrayContaining(['clusters-in-one-folder staging', 'clusters-in-one-folder production']),
  );
});

it('tells which cluster a construct is for', () => {
  const { app, staging } = twoClusters();
  const { server } = company(staging);
  expect(McpCluster.of(server)?.name).toBe('staging');
  expect(McpCluster.of(new Chart(app, 'shared'))).toBeUndefined();
});

it('refuses clusters in clusters, names that are no folder, and one name twice', () => {
  const { app, staging } = twoClusters();
  expect(messageOf(() => new McpCluster(staging, 'inner'))).toMatch(/is in the cluster "staging"/);
  expect(messageOf(() => new McpCluster(app, 'Not a name'))).toMatch(/id: got "Not a name"/);
  expect(messageOf(() => new McpCluster(new Construct(app, 'eu'), 'staging'))).toMatch(
    /is the name of another cluster of the app \("staging"\)/,
  );
});
