import { POLICY_FEATURES, ROUTING_FEATURES } from '../../src/backends/features';
import { PLANE_NAMES, checkPlan, dataPlane } from '../../src/backends/planes';
import { gatewayOf, groupOf, planOf, serverOf } from '../support/literals';

const problems = (plan: Parameters<typeof checkPlan>[0]) =>
  checkPlan(plan).map(({ property, problem }) => `${property}: ${problem}`);

test('a refusal names the planes that have what is refused', () => {
  const gateway = gatewayOf({ circuitBreaker: { consecutiveFailures: 3, ejection: '30s' }, port: 15020 });
  expect(problems({ gateway, entries: [] })).toEqual([
    'port: agentgateway cannot listen there: the port is taken inside its own pod',
    'circuitBreaker: agentgateway cannot leave out a server that fails: eviction removes nothing from MCP backends; envoy can',
  ]);
});

test('a refusal says when no plane can', () => {
  const traffic = { path: 'app/gw', sampling: { enabled: true } };
  expect(problems({ gateway: gatewayOf({ traffic }), entries: [] })).toEqual([
    expect.stringMatching(/^sampling: agentgateway cannot .*; no data plane of this library can$/),
  ]);
});

test('a limit of one plane names the planes that have no such limit', () => {
  const credentials = serverOf('crm', { credentials: [{ kind: 'callerToken' }] });
  const plan = planOf([groupOf('default', [credentials, serverOf('ledger')])], {}, { plane: 'envoy' });
  expect(problems(plan)).toEqual([
    expect.stringMatching(/^backends: Envoy cannot share requests between servers .*; agentgateway can$/),
  ]);
});

test('a finding shows nothing but what a finding has', () => {
  const [finding] = checkPlan({
    gateway: gatewayOf({ healthCheck: { interval: '10s', timeout: '1s', healthyThreshold: 1, unhealthyThreshold: 3 } }),
    entries: [],
  });
  expect(Object.keys(finding).sort()).toEqual(['path', 'problem', 'property', 'remedy', 'severity', 'value']);
});

describe.each(PLANE_NAMES)('%s', name => {
  const plane = dataPlane(name);

  it('says of every feature of routes how it stands to it', () => {
    const said = plane.capabilities.map(({ feature }) => feature);
    expect(ROUTING_FEATURES.filter(feature => !said.includes(feature))).toEqual([]);
  });

  it('has a reason for everything, and a remedy for what it refuses', () => {
    const standings = [...ROUTING_FEATURES, ...POLICY_FEATURES].map(feature => ({
      feature,
      ...plane.standing(feature),
    }));
    const poor = [...standings, ...plane.capabilities].filter(
      ({ supported, reason, remedy }) => reason === '' || (!supported && remedy === undefined),
    );
    expect(poor.map(({ feature }) => feature)).toEqual([]);
  });
});

test('an unknown plane is an error', () => {
  expect(() => dataPlane('nginx')).toThrow('unknown data plane "nginx"');
});
