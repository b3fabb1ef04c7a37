import * as kplus from 'cdk8s-plus-28';
import {
  AllowedNamespaces,
  ClusterMcpServer,
  ClusterMcpServerProps,
  McpRoute,
  McpServerSource,
  Reconciliation,
} from '../../src';
import { find, messageOf, namesOf, newChart, synth } from '../support/synth';
import { Manifest, validateObjects } from '../support/validate';

function share(rest: Partial<ClusterMcpServerProps> = {}): {
  objects: Manifest[];
  server: ClusterMcpServer;
  resource: Manifest;
} {
  const chart = newChart('mcp-system');
  const server = new ClusterMcpServer(chart, 'search', {
    source: McpServerSource.image('acme/search:2'),
    allowedNamespaces: AllowedNamespaces.names('finance', 'research'),
    ...rest,
  });
  const objects = synth(chart);
  expect(validateObjects(objects)).toEqual([]);
  return { objects, server, resource: find(objects, 'ClusterMCPServer') };
}

it('is a resource of the cluster, with a workload in the namespace it names', () => {
  const { objects, server, resource } = share({ workloadNamespace: 'tools' });
  expect(namesOf(objects)).toEqual([
    'ClusterMCPServer search',
    'Deployment search',
    'NetworkPolicy search',
    'Service search',
    'ServiceAccount search',
  ]);
  expect(resource.metadata).not.toHaveProperty('namespace');
  expect(new Set(objects.filter(object => object !== resource).map(({ metadata }) => metadata.namespace))).toEqual(
    new Set(['tools']),
  );
  expect([server.kind, server.name, server.namespace, server.workloadNamespace, server.url]).toEqual([
    'ClusterMCPServer',
    'search',
    undefined,
    'tools',
    'http://search.tools.svc:8080/mcp',
  ]);
  expect(resource.spec).toMatchObject({
    workloadNamespace: 'tools',
    allowedNamespaces: { names: ['finance', 'research'] },
  });
});

it('runs in the namespace of its chart by default', () => {
  expect(share().server.workloadNamespace).toBe('mcp-system');
});

it('carries the template that runs', () => {
  const { objects, resource } = share();
  expect(resource.spec.hosted.podSpec).toEqual(find(objects, 'Deployment').spec.template);
});

it('runs nowhere when it is remote', () => {
  const { objects, server, resource } = share({ source: McpServerSource.remote('https://search.example.com/mcp') });
  expect(namesOf(objects)).toEqual(['ClusterMCPServer search']);
  expect(resource.spec).not.toHaveProperty('workloadNamespace');
  expect([server.namespace, server.workloadNamespace]).toEqual([undefined, undefined]);
  expect(
    messageOf(() =>
      share({ source: McpServerSource.remote('https://search.example.com/mcp'), workloadNamespace: 'tools' }),
    ),
  ).toContain(
    '[mcp-system/search] workloadNamespace: got "tools": is given for a remote server, for which nothing runs in the cluster. Drop it.',
  );
});

it('needs no namespace when it is remote', () => {
  const chart = newChart(undefined);
  new ClusterMcpServer(chart, 'search', {
    source: McpServerSource.remote('https://search.example.com/mcp'),
    allowedNamespaces: AllowedNamespaces.all(),
  });
  expect(validateObjects(synth(chart))).toEqual([]);
});

it.each<[string, AllowedNamespaces, object]>([
  ['all', AllowedNamespaces.all(), { all: true }],
  ['names', AllowedNamespaces.names('a'), { names: ['a'] }],
  ['labels', AllowedNamespaces.labels({ 'acme.dev/a': 'b' }), { selector: { matchLabels: { 'acme.dev/a': 'b' } } }],
])('consents to %s', (_, allowedNamespaces, json) => {
  expect(share({ allowedNamespaces }).resource.spec.allowedNamespaces).toEqual(json);
});

it.each<[string, () => AllowedNamespaces, string]>([
  ['no name', () => AllowedNamespaces.names(), '[AllowedNamespaces.names] names: got []: names no namespace'],
  [
    'a name that is none',
    () => AllowedNamespaces.names('a', 'B'),
    '[AllowedNamespaces.names] names[1]: got "B": is not a namespace name',
  ],
  [
    'no label',
    () => AllowedNamespaces.labels({}),
    '[AllowedNamespaces.labels] labels: got {}: is empty, which would allow every namespace. Say AllowedNamespaces.all() if that is meant.',
  ],
  [
    'a key that is none',
    () => AllowedNamespaces.labels({ 'a b': 'c' }),
    '[AllowedNamespaces.labels] labels[a b]: got "a b": is not a label key',
  ],
  [
    'a value that is none',
    () => AllowedNamespaces.labels({ a: '-' }),
    '[AllowedNamespaces.labels] labels[a]: got "-": is not a label value',
  ],
])('refuses %s', (_, action, message) => {
  expect(messageOf(action)).toContain(message);
});

it('takes everything that a server takes', () => {
  const { objects, server } = share({
    replicas: 2,
    disruptionBudget: { minAvailable: kplus.PercentOrAbsolute.absolute(1) },
  });
  expect(namesOf(objects)).toEqual([
    'ClusterMCPServer search',
    'NetworkPolicy search',
    'PodDisruptionBudget search',
    'Service search',
    'Service search-replicas',
    'ServiceAccount search',
    'StatefulSet search',
  ]);
  expect(server.statefulSet).toBeDefined();
});

describe('in controller mode', () => {
  function controlled() {
    const chart = newChart('mcp-system');
    Reconciliation.CONTROLLER.applyTo(chart);
    return chart;
  }

  it("is a resource of upstream's schema alone", () => {
    const chart = controlled();
    new ClusterMcpServer(chart, 'search', {
      source: McpServerSource.image('acme/search:2'),
      allowedNamespaces: AllowedNamespaces.all(),
    });
    const objects = synth(chart);
    expect(namesOf(objects)).toEqual(['ClusterMCPServer search']);
    expect(Object.keys(objects[0].spec).sort()).toEqual(['hosted', 'transport']);
  });

  it('refuses what upstream has no field for', () => {
    const message = messageOf(
      () =>
        new ClusterMcpServer(controlled(), 'search', {
          source: McpServerSource.image('acme/search:2'),
          workloadNamespace: 'tools',
          allowedNamespaces: AllowedNamespaces.names('finance'),
        }),
    );
    expect(message).toContain(
      '[mcp-system/search] workloadNamespace: got "tools": has no field in the ClusterMCPServer resource, so an operator would never see it. Drop it, or use Reconciliation.RENDERED.',
    );
    expect(message).toContain(
      '[mcp-system/search] allowedNamespaces: got {"names":["finance"]}: has no field in the ClusterMCPServer resource, so an operator would never see it. Allow all, or',
    );
  });

  it('cannot be used by a route, which could only be taken for one to an MCPServer', () => {
    const chart = controlled();
    const search = new ClusterMcpServer(chart, 'search', {
      source: McpServerSource.image('acme/search:2'),
      allowedNamespaces: AllowedNamespaces.all(),
    });
    new McpRoute(chart, 'all', { backends: [{ server: search }] });
    expect(messageOf(() => synth(chart))).toContain(
      '[mcp-system/all] backends[0].server: got "ClusterMCPServer search": the MCPRoute resource refers to MCPServers only',
    );
  });
});
