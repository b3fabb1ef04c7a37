import { planes, checkPlan, dataPlane } from '../../src/backends/planes';
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
  const demand = { feature: 'policy.sampling.enabled', property: 'sampling', value: { enabled: true } } as const;
  const traffic = { path: 'app/gw', demands: [demand], sampling: { enabled: true } };
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
  expect(Object.keys(finding).sort()).toEqual(['id', 'path', 'problem', 'property', 'remedy', 'severity', 'value']);
});

test.each(planes())('$name has a reason for everything, and a remedy for what it refuses', ({ features, details }) => {
  const said = [...Object.entries(features), ...details.map(detail => [detail.name, detail] as const)];
  const poor = said.filter(([, standing]) => standing.reason === '' || (!standing.supported && standing.remedy === ''));
  expect(poor.map(([name]) => name)).toEqual([]);
});

test('an unknown plane is an error', () => {
  expect(() => dataPlane('nginx')).toThrow('unknown data plane "nginx"');
});
