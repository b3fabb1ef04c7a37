import { clusterServer, findingsInShort, gateway, route, server, topology } from './literals';
import { gatewayKey } from '../../src/model/route';
import { Server } from '../../src/model/server';
import { indexTopology, isDiagnostic, mayUse, resolveGateway, resolveServer } from '../../src/passes/references';

const index = (rest: Parameters<typeof topology>[0]) => indexTopology(topology(rest));

describe('the gateway of a route', () => {
  const a = gateway('a');
  const b = gateway('b');

  it('is the one it names', () => {
    expect(resolveGateway(route({ gateway: b }), index({ gateways: [a, b] }))).toBe(b);
  });

  it('is the only one of the app', () => {
    expect(resolveGateway(route(), index({ gateways: [a] }))).toBe(a);
  });

  it('is told apart by kind and namespace', () => {
    const other = gateway('a', { kind: 'ClusterMCPGateway', namespace: undefined });
    expect(resolveGateway(route({ gateway: other }), index({ gateways: [a, other] }))).toBe(other);
    expect(resolveGateway(route({ gateway: { ...a, namespace: 'elsewhere' } }), index({ gateways: [a] }))).toMatchObject({
      property: 'gateway', value: 'MCPGateway elsewhere/a', problem: 'no such gateway in this app',
    });
  });

  it('must be named when there are several, and be there', () => {
    expect([[], [b, a]].map((gateways) => resolveGateway(route(), index({ gateways })))).toMatchObject([
      { path: 'app/smart', property: 'gateway', problem: 'the app has no gateway to serve the route' },
      { problem: 'the app has several gateways (MCPGateway mcp-system/a, MCPGateway mcp-system/b)' },
    ]);
    expect(gatewayKey(a)).not.toBe(gatewayKey(b));
  });
});

describe('a server may be used', () => {
  const none = { all: false, namespaces: [] };
  const selecting = (labels: Record<string, string>) => ({ ...none, namespaceSelector: { matchLabels: labels, matchExpressions: [] } });
  const namespaces = [{ name: 'finance', labels: { team: 'money' } }];

  it.each<[string, Server, boolean]>([
    ['by its own namespace', server('a'), true],
    ['not by another', server('a', { namespace: 'research' }), false],
    ['by all', clusterServer('a', { all: true, namespaces: [] }), true],
    ['by name', clusterServer('a', { all: false, namespaces: ['research', 'finance'] }), true],
    ['not by other names', clusterServer('a', { all: false, namespaces: ['research'] }), false],
    ['by labels of the namespace', clusterServer('a', selecting({ team: 'money' })), true],
    ['not by other labels', clusterServer('a', selecting({ team: 'science' })), false],
    ['by the label that every namespace has', clusterServer('a', selecting({ 'kubernetes.io/metadata.name': 'finance' })), true],
    ['not when nobody is allowed', clusterServer('a', none), false],
  ])('%s', (_, target, allowed) => {
    expect(mayUse('finance', target, index({ servers: [target], namespaces }))).toBe(allowed);
  });

  it('by no labels when the namespace is not declared', () => {
    expect(mayUse('finance', clusterServer('a', selecting({ team: 'money' })), index({}))).toBe(false);
  });
});

it('says why a server can not be used', () => {
  const servers = [server('a', { namespace: 'research' }), clusterServer('b', { all: false, namespaces: ['research'] })];
  const findings = [
    resolveServer({ kind: 'MCPServer', name: 'nobody', namespace: 'finance' }, route(), 'backends[0].server', index({ servers })),
    ...servers.map((target, i) => resolveServer(target, route(), `backends[${i + 1}].server`, index({ servers }))),
  ];
  expect(findings.every(isDiagnostic)).toBe(true);
  expect(findingsInShort(findings.filter(isDiagnostic))).toEqual([
    'error app/smart backends[0].server: no such server in this app',
    'error app/smart backends[1].server: the server is in namespace "research", and a route refers to servers of its own namespace "finance" only',
    'error app/smart backends[2].server: the ClusterMCPServer does not consent to namespace "finance"',
  ]);
});
