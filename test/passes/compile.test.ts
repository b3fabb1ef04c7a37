import { gatewayKey } from '../../src/model/route';
import { compile } from '../../src/passes/compile';
import { backendOf, findingsInShort, gatewayOf, routeOf, serverOf, topologyOf } from '../support/literals';

const discovery = { servers: [], selector: { matchLabels: {}, matchExpressions: [] }, skipUnavailable: true };
const a = gatewayOf({ name: 'a', namespace: 'finance', discovery });
const b = gatewayOf({ name: 'b' });

it('plans for each gateway the routes that name it and what it discovers, by path', () => {
  const { plans, diagnostics, gatewayOfRoute } = compile(
    topologyOf({
      servers: [serverOf('ledger', { exposes: 'x' })],
      gateways: [a, b],
      routes: ['z', 'm'].map(name =>
        routeOf({ name, path: `app/${name}`, gateway: name === 'z' ? a : b, backends: [backendOf('ledger')] }),
      ),
    }),
  );
  expect(plans.map(({ gateway: { name }, entries }) => [name, entries.map(({ path }) => path)])).toEqual([
    ['a', ['/mcp', '/routes/finance/z']],
    ['b', ['/routes/finance/m']],
  ]);
  expect(gatewayOfRoute.get('app/m')).toBe(b);
  expect(diagnostics).toEqual([]);
});

it('plans nothing for a gateway that nothing names', () => {
  expect(compile(topologyOf({ gateways: [b] })).plans).toEqual([{ gateway: b, entries: [] }]);
});

it('collects the findings of all', () => {
  const { diagnostics } = compile(
    topologyOf({
      servers: [serverOf('ledger', { exposes: 'x', toolsFilter: [{ kind: 'exact', value: 'y' }] })],
      routes: [routeOf({ path: 'app/1' }), routeOf({ path: 'app/2', name: 'other', backends: [backendOf('nobody')] })],
    }),
  );
  expect(findingsInShort(diagnostics).sort()).toEqual([
    'error app/1 backends: a route needs at least one backend',
    'error app/1 gateway: the app has no gateway to serve the route',
    'error app/2 backends[0].server: no such server in this app',
    'error app/2 gateway: the app has no gateway to serve the route',
    'error app/ledger toolsFilter[0]: matches none of the declared tools (x)',
  ]);
});

it('asks for no gateway where an operator reconciles the route', () => {
  expect(
    compile(
      topologyOf({
        servers: [serverOf('ledger')],
        routes: [routeOf({ rendered: false, backends: [backendOf('ledger')] })],
      }),
    ).diagnostics,
  ).toEqual([]);
});

it('does not depend on the order of servers, routes and gateways', () => {
  const parts = {
    servers: ['x', 'y'].map(name => serverOf(name, { exposes: name })),
    routes: ['r', 's'].map(name =>
      routeOf({ name, path: `app/${name}`, gateway: a, backends: [backendOf('x'), backendOf('y')] }),
    ),
    gateways: [a, b],
  };
  const reversed = {
    servers: [...parts.servers].reverse(),
    routes: [...parts.routes].reverse(),
    gateways: [...parts.gateways].reverse(),
  };
  const entriesOf = (rest: Parameters<typeof topologyOf>[0]) =>
    new Map(compile(topologyOf(rest)).plans.map(plan => [gatewayKey(plan.gateway), plan.entries]));
  expect(entriesOf(reversed)).toEqual(entriesOf(parts));
});
