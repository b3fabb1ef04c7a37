import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Testing } from 'cdk8s';
import {
  chartOf,
  documentOf,
  documents,
  faults,
  gatewayOf,
  only,
  POD,
  readInto,
  serverOf,
  synthesize,
} from './support';
import { McpDiagnostics, McpManifest, McpRoute, OtherKinds, ToolMatch } from '../../src';
import { messageOf } from '../support/synth';

const TOPOLOGY = documents(
  documentOf(
    'MCPRoute',
    'tools',
    '{backendRefs: [{name: ledger}, {serverRef: {kind: ClusterMCPServer, name: search}}], gatewayRef: {name: gw}}',
  ),
  serverOf('ledger'),
  serverOf('reports', '', 'namespace: other'),
  documentOf(
    'ClusterMCPServer',
    'search',
    `{transport: streamable-http, hosted: {${POD}}, allowedNamespaces: {all: true}}`,
  ),
  gatewayOf(),
  gatewayOf('', 'ClusterMCPGateway').replace('name: gw', 'name: edge'),
);

test('documents become constructs, whatever their order, with ids that do not depend on it', () => {
  const manifest = readInto(chartOf(), TOPOLOGY);
  expect(manifest.node.children.map(({ node }) => node.id)).toEqual([
    'MCPServer.finance.ledger',
    'MCPServer.other.reports',
    'ClusterMCPServer.search',
    'MCPGateway.finance.gw',
    'ClusterMCPGateway.edge',
    'MCPRoute.finance.tools',
  ]);
  expect(manifest.servers.map(({ name }) => name)).toEqual(['ledger', 'reports']);
  expect(manifest.clusterServers.map(({ name }) => name)).toEqual(['search']);
  expect(manifest.routes.map(({ name }) => name)).toEqual(['tools']);
  expect(manifest.gateways.map(({ name }) => name)).toEqual(['gw']);
  expect(manifest.clusterGateways.map(({ name }) => name)).toEqual(['edge']);
  expect(manifest.others).toEqual([]);
});

test('the constructs are those of code: one can go on from them', () => {
  const chart = chartOf();
  const manifest = readInto(chart, TOPOLOGY);
  manifest
    .route('tools')
    .addMatch({ tools: ToolMatch.prefix('search_'), backends: [{ server: manifest.clusterServer('search') }] });
  manifest.server('ledger').deployment!.scheduling.separate(manifest.server('ledger').deployment!);
  const objects = Testing.synth(chart);
  expect(only(objects, 'MCPRoute').spec.matches).toHaveLength(1);
  expect(
    objects.find(({ kind, metadata }) => kind === 'MCPServer' && metadata.name === 'ledger').spec.hosted.podSpec.spec
      .affinity,
  ).toBeDefined();
});

test('findings about them say where they were read; those about constructs of code have no such place', () => {
  const chart = chartOf();
  const manifest = readInto(
    chart,
    documents(
      gatewayOf(),
      `${documentOf('MCPRoute', 'tools', '')}  backendRefs:\n  - name: ledger\n    weight: 0\n`,
      serverOf('ledger'),
    ),
  );
  new McpRoute(chart, 'other', { backends: [{ server: manifest.server('ledger'), weight: 0 }] });
  expect(McpDiagnostics.of(chart).errors.map(({ path, property, source }) => ({ path, property, source }))).toEqual([
    {
      path: 'chart/manifest/MCPRoute.finance.tools',
      property: 'backends',
      source: 'f.yaml:10 (document 2, MCPRoute finance/tools)',
    },
    { path: 'chart/other', property: 'backends', source: undefined },
  ]);
  expect(messageOf(() => Testing.synth(chart)).match(/ From .*/g)).toEqual([
    ' From f.yaml:10 (document 2, MCPRoute finance/tools).',
  ]);
});

describe('lookups', () => {
  const manifest = readInto(chartOf(), documents(TOPOLOGY, serverOf('ledger', '', 'namespace: other')));

  test('by name, and by namespace where a name is not enough', () => {
    expect(manifest.server('reports').namespace).toBe('other');
    expect(manifest.server('ledger', 'other').namespace).toBe('other');
    expect(manifest.clusterServer('search').name).toBe('search');
    expect(manifest.gateway('gw').url).toBe('http://gw.finance');
    expect(manifest.clusterGateway('edge').url).toBe('http://edge.finance');
    expect(manifest.route('tools', 'finance').url).toBe('http://gw.finance/routes/finance/tools');
  });

  test('what is not there, or more than once', () => {
    expect(() => manifest.server('crm')).toThrow(
      '[chart/manifest] server: got "crm": the manifest has no such MCPServer, only finance/ledger, other/ledger, other/reports. Correct the name.',
    );
    expect(() => manifest.server('reports', 'finance')).toThrow(
      'server: got "finance/reports": the manifest has no such MCPServer, only finance/ledger, other/ledger, other/reports. Correct the name.',
    );
    expect(() => manifest.server('ledger')).toThrow(
      '[chart/manifest] server: got "ledger": the manifest has several (finance/ledger, other/ledger). Give the namespace too.',
    );
    expect(() => manifest.clusterServer('x')).toThrow(
      'clusterServer: got "x": the manifest has no such ClusterMCPServer, only search. Correct the name.',
    );
    expect(() => readInto(chartOf(), serverOf('a')).route('x')).toThrow(
      'route: got "x": the manifest has no such MCPRoute, and none at all. Correct the name.',
    );
  });
});

describe('files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'manifest-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('are read from the working directory on, and named in errors as given', () => {
    const path = join(folder, 'ledger.yaml');
    writeFileSync(path, serverOf('ledger'));
    expect(McpManifest.fromFile(chartOf(), 'manifest', path).server('ledger').name).toBe('ledger');
    writeFileSync(path, 'kind: MCPServer\n');
    expect(() => McpManifest.fromFile(chartOf(), 'manifest', path)).toThrow(
      `[${path}:1 (document 1, MCPServer)] apiVersion: got nothing: is missing.`,
    );
    expect(() => McpManifest.fromFile(chartOf(), 'manifest', path, { source: 'the file' })).toThrow(
      '[the file:1 (document 1, MCPServer)] apiVersion',
    );
  });

  test('that are not there', () => {
    expect(() => McpManifest.fromFile(chartOf(), 'manifest', 'nowhere.yaml')).toThrow(
      new Error(
        'Invalid input:\n  [nowhere.yaml] path: got "nowhere.yaml": cannot be read (ENOENT). Give the path of a file, from the working directory.',
      ),
    );
  });
});

test('a text without a name is called manifest', () => {
  expect(() => McpManifest.fromYaml(chartOf(), 'm', 'kind: MCPServer\n')).toThrow(
    '[manifest:1 (document 1, MCPServer)] apiVersion',
  );
});

test('JSON, and lists', () => {
  const server = (name: string) => ({
    apiVersion: 'ome.io/v1alpha1',
    kind: 'MCPServer',
    metadata: { name },
    spec: { remote: { url: 'https://x.example.com/mcp' } },
  });
  const manifest = readInto(
    chartOf(),
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      metadata: { resourceVersion: '' },
      items: [server('a'), server('b')],
    }),
  );
  expect(manifest.servers.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(
    faults(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [server('a'), { ...server('b'), spec: {} }] })),
  ).toEqual([
    '[f.yaml:1 (document 1, item 2, MCPServer finance/b)] spec: got nothing: has neither hosted nor remote, so there is no server. Add hosted.podSpec or remote.url.',
  ]);
});

test('what an API server wrote says nothing of what is wanted', () => {
  const dump = `
apiVersion: ome.io/v1alpha1
kind: MCPServer
metadata:
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: "{}"
    owner: alice
  creationTimestamp: "2025-06-18T00:00:00Z"
  generation: 2
  labels: {team: money}
  managedFields:
  - manager: kubectl
  name: ledger
  namespace: finance
  resourceVersion: "42"
  selfLink: /x
  uid: 0d6f0a7a-0000-0000-0000-000000000000
spec:
  transport: streamable-http
  hosted: {${POD}}
status:
  conditions: []
  replicas: 1
`;
  expect(synthesize(dump)).toEqual(
    synthesize(serverOf('ledger', '', 'labels: {team: money}, annotations: {owner: alice}')),
  );
});

describe('documents of other kinds', () => {
  const secret =
    'apiVersion: v1\nkind: Secret\nmetadata: {name: db, uid: abc, finalizers: [x]}\nstringData: {uri: "x"}\nstatus: {a: 1}\n';
  const role = 'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: "system:x"}\nrules: []\n';
  const service =
    'apiVersion: ome.io/v1beta1\nkind: InferenceService\nmetadata: {name: llm, namespace: ml}\nspec: {model: {name: llama}}\n';
  const foreign =
    'apiVersion: toolhive.stacklok.dev/v1alpha1\nkind: MCPServer\nmetadata: {name: ledger}\nspec: {image: x}\n';

  test('are emitted as they are where the caller says so', () => {
    const chart = chartOf();
    const manifest = readInto(chart, documents(secret, serverOf('ledger'), role, service, foreign), {
      otherKinds: OtherKinds.PASS_THROUGH,
    });
    expect(manifest.others.map(({ kind }) => kind)).toEqual(['Secret', 'ClusterRole', 'InferenceService', 'MCPServer']);
    const objects = Testing.synth(chart);
    expect(only(objects, 'Secret')).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'db', finalizers: ['x'] },
      stringData: { uri: 'x' },
    });
    // Nothing says that these kinds have namespaces, so none is put on them.
    expect(only(objects, 'ClusterRole').metadata).toEqual({ name: 'system:x' });
    expect(only(objects, 'InferenceService')).toEqual({
      apiVersion: 'ome.io/v1beta1',
      kind: 'InferenceService',
      metadata: { name: 'llm', namespace: 'ml' },
      spec: { model: { name: 'llama' } },
    });
    expect(
      objects
        .filter(({ kind }) => kind === 'MCPServer')
        .map(({ apiVersion }) => apiVersion)
        .sort(),
    ).toEqual(['ome.io/v1alpha1', 'toolhive.stacklok.dev/v1alpha1']);
  });

  test('are errors where the caller says nothing', () => {
    expect(faults(documents(secret, service))).toHaveLength(2);
  });

  test('need a name, and one of their own', () => {
    const options = { otherKinds: OtherKinds.PASS_THROUGH };
    expect(faults('apiVersion: v1\nkind: Secret\n', options)).toEqual([
      '[f.yaml:1 (document 1, Secret)] metadata: got nothing: is missing. Write metadata.name.',
    ]);
    expect(faults('apiVersion: v1\nkind: Secret\nmetadata: {generateName: a-}\n', options)).toEqual([
      '[f.yaml:3 (document 1, Secret)] metadata.name: got nothing: is not a name. Write metadata.name.',
    ]);
    expect(faults(documents(role, secret, role), options)).toEqual([
      '[f.yaml:14 (document 3, ClusterRole system:x)] metadata.name: got "system:x": is the name of an earlier document of this kind (document 1, line 3). Remove one of them, or give it another name.',
    ]);
  });

  test('kinds of the API in a wrong version are errors all the same', () => {
    expect(
      faults('apiVersion: ome.io/v1\nkind: MCPRoute\nmetadata: {name: a}\n', {
        otherKinds: OtherKinds.PASS_THROUGH,
      }),
    ).toHaveLength(1);
    expect(
      faults('apiVersion: ome.io/v1\nkind: McpRoute\nmetadata: {name: a}\n', {
        otherKinds: OtherKinds.PASS_THROUGH,
      }),
    ).toHaveLength(1);
  });
});

test('one app reads several manifests', () => {
  const chart = chartOf();
  const first = McpManifest.fromYaml(chart, 'first', documents(serverOf('ledger'), gatewayOf()));
  McpManifest.fromYaml(
    chart,
    'second',
    documentOf('MCPRoute', 'tools', '{backendRefs: [{name: ledger}], gatewayRef: {name: gw}}'),
    { servers: first.servers },
  );
  expect(only(Testing.synth(chart), 'MCPRoute').spec.backendRefs).toEqual([
    { serverRef: { name: 'ledger' }, weight: 1 },
  ]);
});
