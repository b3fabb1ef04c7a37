import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiObject, App, AppProps, Chart, JsonPatch, Lazy, YamlOutputType } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { exampleNames, loadExample } from '../../scripts/demo/examples';
import { McpApp, McpGateway, McpRoute, McpServer, McpServerSource, McpTenant } from 'cdk8s-mcp';

const source = McpServerSource.image('ghcr.io/acme/ledger:1.0.0');

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mcp-app-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** Files of a folder by their paths, and its folders with nothing. */
function contents(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true })
      .map(String)
      .sort()
      .map(path => [path, statSync(join(folder, path)).isDirectory() ? '' : readFileSync(join(folder, path), 'utf8')]),
  );
}

/** What an app of cdk8s writes of something, and what an McpApp does. */
function bothOf(build: (app: App) => void, props: AppProps = {}): Record<'usual' | 'ours', Record<string, string>> {
  const [usual, ours] = [App, McpApp].map((Type, i) => {
    const outdir = join(root, String(i));
    const app = new Type({ ...props, outdir });
    build(app);
    app.synth();
    return contents(outdir);
  });
  return { usual, ours };
}

function platform(app: App): void {
  const platformChart = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const gateway = new McpGateway(platformChart, 'gateway', { replicas: 2 });
  for (const team of ['finance', 'hr']) {
    const chart = new Chart(app, team, { namespace: team, labels: { team } });
    const server = new McpServer(chart, `${team}-ledger`, { source });
    server.allowKubernetes({ resources: [kplus.ApiResource.PODS], verbs: ['get'] });
    new McpRoute(chart, `${team}-tools`, { gateway, backends: [{ server }] });
  }
}

/** Everything of cdk8s by which order, names or texts differ. */
function foreign(app: App): void {
  const numbered = ['b', '10', '2', 'a'].map(id => new Chart(app, id, { namespace: `ns-${id}` }));
  for (const chart of numbered) {
    new ApiObject(chart, 'settings', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `settings-${chart.node.id}` },
      data: { 'a.conf': 'x = 1\n\n# ${y}\n', blank: 'a \n\n', yes: 'no', number: '0x1f', long: 'word '.repeat(300) },
    });
  }
  const patched = new kplus.Deployment(numbered[0], 'web', { containers: [{ image: 'nginx:1.27' }] });
  ApiObject.of(patched).addJsonPatch(JsonPatch.add('/metadata/annotations', { 'acme.dev/on': 'off' }));
  new ApiObject(numbered[1], 'lazy', {
    apiVersion: 'acme.dev/v1',
    kind: 'Thing',
    metadata: { name: 'lazy.thing' },
    spec: { share: Lazy.any({ produce: () => 0.25 }), none: [], empty: {}, nothing: null },
  });
  new Chart(app, 'without-objects');
}

function dependent(app: App): void {
  foreign(app);
  platform(app);
  const parent = new Chart(app, 'parent', { namespace: 'parent' });
  const object = (scope: Construct, name: string) =>
    new ApiObject(scope, name, { apiVersion: 'v1', kind: 'Secret', metadata: { name } });
  const [first, second] = [object(parent, 'first'), object(parent, 'second')];
  first.addDependency(second);
  const child = new Chart(parent, 'child', { namespace: 'child' });
  object(child, 'third');
  const [finance, platformChart] = ['finance', 'platform'].map(id => app.node.findChild(id) as Chart);
  platformChart.node.findChild('gateway').node.addDependency(finance.node.findChild('finance-ledger'));
  second.addDependency(platformChart);
}

const OUTPUTS = [
  YamlOutputType.FILE_PER_APP,
  YamlOutputType.FILE_PER_CHART,
  YamlOutputType.FILE_PER_RESOURCE,
  YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE,
];

describe.each(OUTPUTS.map(yamlOutputType => ({ type: YamlOutputType[yamlOutputType], yamlOutputType })))(
  'an McpApp that writes $type',
  ({ yamlOutputType }) => {
    it.each([
      { of: 'nothing', build: () => undefined },
      { of: 'a platform', build: platform },
      { of: 'constructs of others', build: foreign },
      { of: 'charts that depend on each other', build: dependent },
    ])('writes of $of what App does', ({ build }) => {
      const { usual, ours } = bothOf(build, { yamlOutputType });
      expect(ours).toEqual(usual);
    });

    it('writes it again, with another extension and the paths of constructs', () => {
      const props = { yamlOutputType, outputFileExtension: '.yml', recordConstructMetadata: true };
      const build = (app: App) => {
        dependent(app);
        app.synth();
      };
      const { usual, ours } = bothOf(build, props);
      expect(ours).toEqual(usual);
      expect(Object.keys(ours)).toContain('construct-metadata.json');
    });
  },
);

it('gives what App gives as one text', () => {
  const [usual, ours] = [new App(), new McpApp()].map(app => {
    dependent(app);
    return app.synthYaml();
  });
  expect(ours).toBe(usual);
});

it.each(exampleNames())('gives of the example %s what App gives', name => {
  const [usual, ours] = [new App(), new McpApp()].map(app => {
    loadExample(name).build(app);
    return app.synthYaml();
  });
  expect(ours).toBe(usual);
});

it('can have its paths of constructs asked for by the environment', () => {
  process.env.CDK8S_RECORD_CONSTRUCT_METADATA = 'true';
  try {
    expect(Object.keys(bothOf(platform).ours)).toContain('construct-metadata.json');
  } finally {
    delete process.env.CDK8S_RECORD_CONSTRUCT_METADATA;
  }
});

it('validates once, however many charts there are', () => {
  const app = new McpApp({ outdir: join(root, 'out') });
  let asked = 0;
  platform(app);
  app.node.addValidation({ validate: () => (asked++, []) });
  app.synth();
  expect(asked).toBe(1);
});

describe('what fails', () => {
  it('is said as App says it', () => {
    const messages = [App, McpApp].map(Type => {
      const app = new Type({ outdir: join(root, 'out') });
      platform(app);
      new McpRoute(app.node.findChild('finance') as Chart, 'empty');
      app.node.addValidation({ validate: () => ['is not finished'] });
      try {
        app.synth();
        return 'nothing was thrown';
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(messages[1]).toBe(messages[0]);
    expect(messages[1]).toContain('is not finished');
    expect(messages[1]).toContain('finance/empty');
  });

  it('leaves nothing written, and names every object that cannot be', () => {
    const outdir = join(root, 'out');
    const app = new McpApp({ outdir });
    platform(app);
    for (const id of ['one', 'two']) {
      new ApiObject(new Chart(app, id), 'bad', {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: id },
        data: { since: new Date(0) },
      });
    }
    expect(() => app.synth()).toThrow(
      /Validation failed.*\n {2}\[one\/bad\] Secret: got "one": cannot be written.*\n {2}\[two\/bad\] Secret: got "two"/,
    );
    expect(existsSync(outdir)).toBe(false);
  });
});

describe('objects of one kind and name', () => {
  const tenants = (app: App) => {
    const chart = new Chart(app, 'tenants');
    for (const team of ['finance', 'sales']) {
      new McpTenant(chart, team, { members: [kplus.Group.fromName(chart, `${team}-group`, team)] });
    }
  };
  const files = (outdir: string) =>
    Object.keys(contents(outdir))
      .map(path => path.replace('tenants/', '').replace(/\.k8s\.yaml$/, ''))
      .sort();

  it.each([YamlOutputType.FILE_PER_RESOURCE, YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE])(
    'of several namespaces have files with them, and are refused by App (%d)',
    yamlOutputType => {
      const outdir = join(root, 'out');
      const app = new McpApp({ outdir, yamlOutputType });
      tenants(app);
      app.synth();
      const roles = files(outdir).filter(path => path.startsWith('Role.'));
      expect(roles).toHaveLength(2);
      expect(roles.map(path => path.split('.').at(-1)).sort()).toEqual(['finance', 'sales']);
      const documents = Object.values(contents(outdir)).filter(text => text !== '');
      expect(documents.join('---\n').split('---\n').sort()).toEqual(app.synthYaml().split('---\n').sort());

      const usual = new App({ outdir: join(root, 'usual'), yamlOutputType });
      tenants(usual);
      expect(() => usual.synth()).toThrow(
        /\[tenants\/sales\] Role: got "mcp-members": would be written to the file of "tenants\/finance\/.*Use McpApp/,
      );
    },
  );

  it('are no matter where a file has more than one of them', () => {
    const { usual, ours } = bothOf(tenants);
    expect(ours).toEqual(usual);
  });

  it('are told apart by their API where namespaces do not, and by a number at last', () => {
    const outdir = join(root, 'out');
    const app = new McpApp({ outdir, yamlOutputType: YamlOutputType.FILE_PER_RESOURCE });
    const chart = new Chart(app, 'team', { namespace: 'team' });
    const object = (id: string, apiVersion: string, name: string, namespace?: string) =>
      new ApiObject(chart, id, { apiVersion, kind: 'Service', metadata: { name, namespace } });
    object('a', 'v1', 'web');
    object('b', 'serving.knative.dev/v1', 'web');
    object('c', 'serving.knative.dev/v1', 'web');
    object('d', 'v1', 'web', 'other');
    object('e', 'v1', 'web.other');
    object('f', 'v1', 'alone');
    app.synth();
    expect(files(outdir)).toEqual([
      'Service.alone',
      'Service.web.other',
      'Service.web.other.2',
      'Service.web.team',
      'Service.web.team.serving.knative.dev',
      'Service.web.team.serving.knative.dev.2',
    ]);
  });
});
