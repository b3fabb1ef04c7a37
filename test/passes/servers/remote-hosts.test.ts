import { Server } from '../../../src/model/server';
import { compile } from '../../../src/passes/compile';
import { backendOf, findingsInShort, gatewayOf, matchOf, routeOf, serverOf, topologyOf } from '../../support/literals';

const crm = serverOf('crm', {
  endpoints: [{ host: 'mcp.crm.example.com', port: 443, path: '/mcp' }],
  workloadNamespace: undefined,
});
const ledger = serverOf('ledger');
const routed = (allowedRemoteHosts: readonly string[] | undefined, servers: readonly Server[] = [crm]) =>
  findingsInShort(
    compile(
      topologyOf({
        servers,
        gateways: [gatewayOf({ allowedRemoteHosts })],
        routes: [routeOf({ backends: servers.map(({ name }) => backendOf(name)) })],
      }),
    ).diagnostics,
  );

it('lets servers be where the gateway allows it, or anywhere where it does not say', () => {
  expect(routed(undefined)).toEqual([]);
  expect(routed(['mcp.crm.example.com'])).toEqual([]);
  expect(routed(['*.example.com'])).toEqual([]);
});

it('stops a server elsewhere, and names server, host and gateway', () => {
  const problem = (allowed: string) =>
    `error app/smart backends: MCPServer finance/crm is at a host that the gateway "app/gw" does not allow (allowedRemoteHosts: ${allowed})`;
  expect(routed(['example.com', '*.other.com'])).toEqual([problem('example.com, *.other.com')]);
  expect(routed([])).toEqual([problem('none')]);
});

it('asks about servers of the cluster no more than about their names', () => {
  expect(routed([], [ledger])).toEqual([]);
});

it('stops a server of a match, and a discovered one', () => {
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
