import { gatewayKey } from '../../../src/model/route';
import { Server } from '../../../src/model/server';
import { indexTopology, mayUse } from '../../../src/model/topology';
import { isDiagnostic, resolveGateway, resolveServer } from '../../../src/passes/entries/references';
import { clusterServerOf, findingsInShort, gatewayOf, routeOf, serverOf, topologyOf } from '../../support/literals';

const index = (rest: Parameters<typeof topologyOf>[0]) => indexTopology(topologyOf(rest));

describe('the gateway of a route', () => {
  const a = gatewayOf({ name: 'a' });
  const b = gatewayOf({ name: 'b' });

  it('is the one it names', () => {
    expect(resolveGateway(routeOf({ gateway: b }), index({ gateways: [a, b] }))).toBe(b);
  });

  it('is the only one of the app', () => {
    expect(resolveGateway(routeOf(), index({ gateways: [a] }))).toBe(a);
  });

  it('is told apart by kind and namespace', () => {
    const other = gatewayOf({ name: 'a', kind: 'ClusterMCPGateway', namespace: undefined });
    expect(resolveGateway(routeOf({ gateway: other }), index({ gateways: [a, other] }))).toBe(other);
    expect(
      resolveGateway(routeOf({ gateway: { ...a, namespace: 'elsewhere' } }), index({ gateways: [a] })),
    ).toMatchObject({
      property: 'gateway',
      value: 'MCPGateway elsewhere/a',
      problem: 'no such gateway in this app',
    });
  });

  it('must be named when there are several, and be there', () => {
    expect([[], [b, a]].map(gateways => resolveGateway(routeOf(), index({ gateways })))).toMatchObject([
      { path: 'app/smart', property: 'gateway', problem: 'the app has no gateway to serve the route' },
      { problem: 'the app has several gateways (MCPGateway mcp-system/a, MCPGateway mcp-system/b)' },
    ]);
    expect(gatewayKey(a)).not.toBe(gatewayKey(b));
  });
});

describe('a server may be used', () => {
  const none = { all: false, namespaces: [] };
  const selecting = (labels: Record<string, string>) => ({
    ...none,
    namespaceSelector: { matchLabels: labels, matchExpressions: [] },
  });
  const namespaces = [{ name: 'finance', labels: { team: 'money' } }];

  it.each<[string, Server, boolean]>([
    ['by its own namespace', serverOf('a'), true],
    ['not by another', serverOf('a', { namespace: 'research' }), false],
    ['by all', clusterServerOf('a', { all: true, namespaces: [] }), true],
    ['by name', clusterServerOf('a', { all: false, namespaces: ['research', 'finance'] }), true],
    ['not by other names', clusterServerOf('a', { all: false, namespaces: ['research'] }), false],
    ['by labels of the namespace', clusterServerOf('a', selecting({ team: 'money' })), true],
    ['not by other labels', clusterServerOf('a', selecting({ team: 'science' })), false],
    [
      'by the label that every namespace has',
      clusterServerOf('a', selecting({ 'kubernetes.io/metadata.name': 'finance' })),
      true,
    ],
    ['not when nobody is allowed', clusterServerOf('a', none), false],
  ])('%s', (_, target, allowed) => {
    expect(mayUse('finance', target, index({ servers: [target], namespaces }))).toBe(allowed);
  });

  it('by no labels when the namespace is not declared', () => {
    expect(mayUse('finance', clusterServerOf('a', selecting({ team: 'money' })), index({}))).toBe(false);
  });
});

it('says why a server can not be used', () => {
  const servers = [
    serverOf('a', { namespace: 'research' }),
    clusterServerOf('b', { all: false, namespaces: ['research'] }),
  ];
  const findings = [
    resolveServer(
      { kind: 'MCPServer', name: 'nobody', namespace: 'finance' },
      routeOf(),
      'backends[0].server',
      index({ servers }),
    ),
    ...servers.map((target, i) => resolveServer(target, routeOf(), `backends[${i + 1}].server`, index({ servers }))),
  ];
  expect(findings.every(isDiagnostic)).toBe(true);
  expect(findingsInShort(findings.filter(isDiagnostic))).toEqual([
    'error app/smart backends[0].server: no such server in this app',
    'error app/smart backends[1].server: the server is in namespace "research", and a route refers to servers of its own namespace "finance" only',
    'error app/smart backends[2].server: the ClusterMCPServer does not consent to namespace "finance"',
  ]);
});
