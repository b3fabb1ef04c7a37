import { POLICY_FEATURES, ROUTING_FEATURES } from '../../src/backends/features';
import { PLANE_NAMES, checkPlan, dataPlane } from '../../src/backends/planes';
import { gatewayOf } from '../support/literals';

test('a refusal names the planes that have what is refused', () => {
  const plan = { gateway: gatewayOf({ circuitBreaker: { consecutiveFailures: 3, ejection: '30s' }, port: 15020 }), entries: [] };
  expect(checkPlan(plan).map(({ property, problem }) => `${property}: ${problem}`)).toEqual([
    // A limit of the plane's own: no other is compared by it.
    'port: agentgateway cannot listen there: the port is taken inside its own pod',
    'circuitBreaker: agentgateway cannot leave out a server that fails: eviction removes nothing from MCP backends; no data plane of this library can',
  ]);
});

test('a finding shows nothing but what a finding has', () => {
  const [finding] = checkPlan({ gateway: gatewayOf({ healthCheck: { interval: '10s', timeout: '1s', healthyThreshold: 1, unhealthyThreshold: 3 } }), entries: [] });
  expect(Object.keys(finding).sort()).toEqual(['path', 'problem', 'property', 'remedy', 'severity', 'value']);
});

test.each(PLANE_NAMES)('%s says of every feature how it stands to it', (name) => {
  const plane = dataPlane(name);
  expect([...ROUTING_FEATURES, ...POLICY_FEATURES].filter((feature) => typeof plane.supports(feature) !== 'boolean')).toEqual([]);
});

test('an unknown plane is an error', () => {
  expect(() => dataPlane('nginx')).toThrow('unknown data plane "nginx"');
});
