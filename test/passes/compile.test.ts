import { backend, findingsInShort, gateway, route, server, topology } from './literals';
import { gatewayKey } from '../../src/model/route';
import { compile } from '../../src/passes/compile';

const discovery = { servers: [], selector: { matchLabels: {}, matchExpressions: [] }, skipUnavailable: true };
const a = gateway('a', { namespace: 'finance', discovery });
const b = gateway('b');

it('plans for each gateway the routes that name it and what it discovers, by path', () => {
  const { plans, diagnostics, gatewayOfRoute } = compile(topology({
    servers: [server('ledger', { exposes: 'x' })],
    gateways: [a, b],
    routes: ['z', 'm'].map((name) => route({ name, path: `app/${name}`, gateway: name === 'z' ? a : b, backends: [backend('ledger')] })),
  }));
  expect(plans.map(({ gateway: { name }, entries }) => [name, entries.map(({ path }) => path)])).toEqual([['a', ['/mcp', '/routes/finance/z']], ['b', ['/routes/finance/m']]]);
  expect(gatewayOfRoute.get('app/m')).toBe(b);
  expect(diagnostics).toEqual([]);
});

it('plans nothing for a gateway that nothing names', () => {
  expect(compile(topology({ gateways: [b] })).plans).toEqual([{ gateway: b, entries: [] }]);
});

it('collects the findings of all', () => {
  const { diagnostics } = compile(topology({
    servers: [server('ledger', { exposes: 'x', toolsFilter: [{ kind: 'exact', value: 'y' }] })],
    routes: [route({ path: 'app/1' }), route({ path: 'app/2', name: 'other', backends: [backend('nobody')] })],
  }));
  expect(findingsInShort(diagnostics).sort()).toEqual([
    'error app/1 backends: a route needs at least one backend',
    'error app/1 gateway: the app has no gateway to serve the route',
    'error app/2 backends[0].server: no such server in this app',
    'error app/2 gateway: the app has no gateway to serve the route',
    'error app/ledger toolsFilter[0]: matches none of the declared tools (x)',
  ]);
});

it('asks for no gateway where an operator reconciles the route', () => {
  expect(compile(topology({ servers: [server('ledger')], routes: [route({ rendered: false, backends: [backend('ledger')] })] })).diagnostics).toEqual([]);
});

it('does not depend on the order of servers, routes and gateways', () => {
  const parts = {
    servers: ['x', 'y'].map((name) => server(name, { exposes: name })),
    routes: ['r', 's'].map((name) => route({ name, path: `app/${name}`, gateway: a, backends: [backend('x'), backend('y')] })),
    gateways: [a, b],
  };
  const reversed = { servers: [...parts.servers].reverse(), routes: [...parts.routes].reverse(), gateways: [...parts.gateways].reverse() };
  const entriesOf = (rest: Parameters<typeof topology>[0]) => new Map(compile(topology(rest)).plans.map((plan) => [gatewayKey(plan.gateway), plan.entries]));
  expect(entriesOf(reversed)).toEqual(entriesOf(parts));
});
