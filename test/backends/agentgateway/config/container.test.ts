import { agentgateway } from '../../../../src/backends/agentgateway';
import { DRAIN_MAX_SECONDS } from '../../../../src/backends/agentgateway/config/container';
import { gatewayOf } from '../../../support/literals';

it('reads a folder, and is ready and measured beside its traffic', () => {
  const { args, configDirectory, ports, readiness, metrics } = agentgateway.container(gatewayOf({ port: 80 }));
  expect(args).toEqual(['-f', `${configDirectory}/config.yaml`]);
  expect(ports).toEqual([
    { name: 'http', port: 80 },
    { name: 'metrics', port: 15020 },
    { name: 'readiness', port: 15021 },
  ]);
  expect([readiness, metrics]).toEqual([
    { path: '/healthz/ready', port: 15021 },
    { path: '/metrics', port: 15020 },
  ]);
});

it('is given more time than it takes to drain', () => {
  expect(agentgateway.container(gatewayOf()).terminationGraceSeconds).toBeGreaterThan(DRAIN_MAX_SECONDS);
});
