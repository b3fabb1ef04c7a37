import { DEFAULT_PROFILE } from '../../../src/model/cluster';
import { Gateway } from '../../../src/model/gateway';
import { Server } from '../../../src/model/server';
import { compile } from '../../../src/passes/compile';
import { jwtOf, levelOf } from '../../backends/agentgateway/policy-fixtures';
import {
  backendOf,
  clusterServerOf,
  findingsInShort,
  gatewayOf,
  matchOf,
  routeOf,
  serverOf,
  topologyOf,
} from '../../support/literals';

const remoteAt = (host: string, options: Partial<Server> = {}): Server =>
  serverOf('crm', { endpoints: [{ host, port: 443, path: '/mcp' }], workloadNamespace: undefined, ...options });
const crm = remoteAt('mcp.crm.example.com');
const ledger = serverOf('ledger');

/** What is found of servers that a route of their namespace leads to. */
const routed = (
  gateway: Partial<Gateway>,
  servers: readonly Server[] = [crm],
  others: readonly Server[] = [],
): string[] =>
  findingsInShort(
    compile(
      topologyOf({
        servers: [...servers, ...others],
        gateways: [gatewayOf(gateway)],
        routes: [routeOf({ backends: servers.map(({ name }) => backendOf(name)) })],
      }),
    ).diagnostics,
  );

describe('hosts outside the cluster', () => {
  it('are allowed by name, and all of them where the gateway does not say', () => {
    expect(routed({})).toEqual([]);
    expect(routed({ allowedRemoteHosts: ['mcp.crm.example.com'] })).toEqual([]);
    expect(routed({ allowedRemoteHosts: ['*.example.com'] })).toEqual([]);
    expect(routed({}, [remoteAt('8.8.8.8'), remoteAt('2606:4700::1111', { name: 'dns' })])).toEqual([]);
  });

  it('are refused elsewhere, with server, host and gateway', () => {
    const problem = (allowed: string) =>
      `error app/smart backends: MCPServer finance/crm is at a host that the gateway "app/gw" does not allow (allowedRemoteHosts: ${allowed})`;
    expect(routed({ allowedRemoteHosts: ['example.com', '*.other.com'] })).toEqual([
      problem('example.com, *.other.com'),
    ]);
    expect(routed({ allowedRemoteHosts: [] })).toEqual([problem('none')]);
  });

  it('are asked of servers of the cluster no more than their names', () => {
    expect(routed({ allowedRemoteHosts: [] }, [ledger])).toEqual([]);
  });

  it('are asked of a server of a match, and of a discovered one', () => {
    const matched = compile(
      topologyOf({
        servers: [crm, ledger],
        gateways: [gatewayOf({ allowedRemoteHosts: [] })],
        routes: [routeOf({ backends: [backendOf('ledger')], matches: [matchOf('crm_*', [backendOf('crm')])] })],
      }),
    );
    expect(matched.diagnostics.map(({ property, value }) => [property, value])).toEqual([
      ['backends', 'mcp.crm.example.com'],
    ]);
    const discovered = compile(
      topologyOf({
        servers: [crm],
        gateways: [gatewayOf({ allowedRemoteHosts: [], discovery: { servers: [crm], skipUnavailable: true } })],
      }),
    );
    expect(discovered.diagnostics.map(({ path, property }) => [path, property])).toEqual([['app/gw', 'discovery']]);
  });
});

describe('hosts inside the cluster', () => {
  const victim = serverOf('vault', { namespace: 'treasury', workloadNamespace: 'treasury' });
  const inCluster = (host: string, gateway: Partial<Gateway> = {}, others: readonly Server[] = [victim]) =>
    routed(gateway, [remoteAt(host)], others);
  const refused = (what: string) => [
    `error app/smart backends: MCPServer finance/crm is at ${what}, which nobody has shared with it`,
  ];

  it.each([
    'vault.treasury.svc',
    'vault.treasury.svc.',
    'vault.treasury.svc.cluster.local',
    'vault.treasury.svc.cluster.local.',
    'vault.treasury',
    'vault-0.vault-replicas.treasury.svc',
  ])('are refused in another namespace, spelled %s', host => {
    expect(inCluster(host)).toEqual([
      expect.stringMatching(/is at the Service vault(-replicas)? of the namespace treasury,/),
    ]);
  });

  it('are refused as the short name of a replica', () => {
    expect(inCluster('vault-0.vault-replicas.treasury')).toEqual(
      refused('the Service vault-replicas of the namespace treasury'),
    );
    expect(inCluster('mcp.crm.dev', {}, [serverOf('a', { namespace: 'dev', workloadNamespace: 'dev' })])).toEqual([]);
  });

  it("are refused by names that the gateway's own namespace completes", () => {
    expect(inCluster('redis')).toEqual(refused('the Service redis of the namespace mcp-system'));
    expect(inCluster('gw.mcp-system.svc')).toEqual(refused('the Service gw of the namespace mcp-system'));
    expect(inCluster('kubernetes.default.svc')).toEqual(refused('the Service kubernetes of the namespace default'));
  });

  it('are refused whatever the domain of the cluster', () => {
    const profile = { ...DEFAULT_PROFILE, clusterDomain: 'k8s.acme.dev' };
    expect(inCluster('vault.treasury.svc.k8s.acme.dev', { profile })).toEqual(
      refused('the Service vault of the namespace treasury'),
    );
    expect(inCluster('10-0-0-7.treasury.pod.k8s.acme.dev', { profile })).toEqual(
      refused("a name of the cluster's domain"),
    );
  });

  it.each(['10.3.4.5', '172.20.0.1', '192.168.1.1', '100.64.0.9', 'fd00::1', '::ffff:a03:405'])(
    'are refused by the address %s',
    host => {
      expect(inCluster(host)).toEqual(refused("an address of the cluster (the profile's clusterCidrs)"));
      expect(inCluster(host, { allowedRemoteHosts: [host] })).toEqual([]);
    },
  );

  it('are those that the profile says', () => {
    const profile = { ...DEFAULT_PROFILE, clusterCidrs: ['203.0.113.0/24'] };
    expect(inCluster('203.0.113.9', { profile })).toHaveLength(1);
    expect(inCluster('10.3.4.5', { profile })).toEqual([]);
  });

  it("are allowed in the server's own namespace", () => {
    expect(inCluster('api.finance.svc')).toEqual([]);
    expect(inCluster('api.finance')).toEqual([]);
    expect(inCluster('ledger-0.ledger-replicas.finance.svc')).toEqual([]);
  });

  it('are allowed where a ClusterMcpServer is shared with its namespace', () => {
    const shared = (namespace: string) => [clusterServerOf('fetch', { all: false, namespaces: [namespace] })];
    expect(inCluster('fetch.mcp-system.svc', {}, shared('finance'))).toEqual([]);
    expect(inCluster('fetch.mcp-system.svc', {}, shared('sales'))).toHaveLength(1);
    expect(inCluster('other.mcp-system.svc', {}, shared('finance'))).toHaveLength(1);
  });

  it.each(['vault.treasury.svc', 'vault.treasury.svc.cluster.local', '*.treasury.svc'])(
    'are allowed where the gateway names them as %s',
    pattern => {
      for (const host of ['vault.treasury.svc', 'vault.treasury.svc.cluster.local', 'vault.treasury']) {
        expect(inCluster(host, { allowedRemoteHosts: [pattern] })).toEqual([]);
      }
      expect(inCluster('vault.other.svc', { allowedRemoteHosts: [pattern] })).toHaveLength(1);
    },
  );

  it('are no hosts of a domain that a pattern names', () => {
    expect(inCluster('vault.treasury', { allowedRemoteHosts: ['*.treasury'] })).toHaveLength(1);
    expect(inCluster('vault.treasury', { allowedRemoteHosts: ['vault.treasury'] })).toEqual([]);
  });

  it('belong to no team where the server itself is of no namespace', () => {
    const server = remoteAt('api.finance.svc', {
      kind: 'ClusterMCPServer',
      namespace: undefined,
      consent: { all: true, namespaces: [] },
    });
    const findings = (gateway: Partial<Gateway>) =>
      compile(
        topologyOf({
          servers: [server, ledger],
          gateways: [gatewayOf(gateway)],
          routes: [routeOf({ backends: [{ server: { kind: 'ClusterMCPServer', name: 'crm' }, weight: 1 }] })],
        }),
      ).diagnostics;
    expect(findingsInShort(findings({}))).toEqual([
      'error app/smart backends: ClusterMCPServer crm is at the Service api of the namespace finance, which nobody has shared with it',
    ]);
    expect(findings({ allowedRemoteHosts: ['api.finance.svc'] })).toEqual([]);
  });
});

it.each([
  ['localhost', "is the gateway's own pod"],
  ['a.localhost.', "is the gateway's own pod"],
  ['127.0.0.1', "is the gateway's own pod"],
  ['127.8.9.1', "is the gateway's own pod"],
  ['0.0.0.0', "is the gateway's own pod"],
  ['::1', "is the gateway's own pod"],
  ['::', "is the gateway's own pod"],
  ['::ffff:7f00:1', "is the gateway's own pod"],
  ['169.254.169.254', "is of the gateway's own node (link-local)"],
  ['fe80::1', "is of the gateway's own node (link-local)"],
  ['::ffff:a9fe:a9fe', "is of the gateway's own node (link-local)"],
])('%s is never a remote server, whoever allows it', (host, what) => {
  for (const allowedRemoteHosts of [undefined, [host]]) {
    expect(routed({ allowedRemoteHosts }, [remoteAt(host)])).toEqual([
      `error app/crm url: ${what}: whoever calls the server would reach what serves the gateway itself`,
    ]);
  }
});

describe('keys of issuers', () => {
  const found = (url: string, level: 'gateway' | 'route'): string[] => {
    const policy = levelOf({ authentication: [jwtOf({ keys: { kind: 'url', url } })] });
    return findingsInShort(
      compile(
        topologyOf({
          servers: [ledger],
          gateways: [gatewayOf(level === 'gateway' ? { policy } : {})],
          routes: [routeOf({ backends: [backendOf('ledger')], ...(level === 'route' ? { policy } : {}) })],
        }),
      ).diagnostics,
    );
  };

  it.each(['gateway', 'route'] as const)('are not fetched from the pod or the node: %s', level => {
    for (const [url, what] of [
      ['http://127.0.0.1:15100/jwks', "is the gateway's own pod"],
      ['https://[::1]/jwks', "is the gateway's own pod"],
      ['http://localhost/jwks', "is the gateway's own pod"],
      ['http://169.254.169.254/jwks', "is of the gateway's own node (link-local)"],
    ]) {
      const findings = found(url, level).filter(text => text.includes(what));
      expect(findings).toHaveLength(1);
      expect(findings[0]).toMatch(/^error .* whatever answers there would say whose tokens are good/);
    }
  });

  it.each(['gateway', 'route'] as const)('are fetched from elsewhere: %s', level => {
    expect(found('https://auth.acme.dev/jwks', level).filter(text => text.includes('tokens are good'))).toEqual([]);
  });
});
