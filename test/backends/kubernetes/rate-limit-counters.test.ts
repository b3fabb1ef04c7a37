import { needsRateLimitService } from '../../../src/backends/kubernetes/rate-limit-counters';
import { entryOf, gatewayOf, groupOf, serverOf } from '../../support/literals';
import { jwtOf, LevelOptions, limitOf, policyOf } from '../agentgateway/policy-fixtures';

const groups = [groupOf('default', [serverOf('ledger')])];

it('needs the service for a limit, and for nothing else', () => {
  const plan = (policy?: LevelOptions) => ({
    gateway: gatewayOf(),
    entries: [entryOf(groups, { policy: policy && policyOf(policy) })],
  });
  expect(
    [plan(), plan({ authentication: [jwtOf()] }), plan({ rateLimits: [limitOf('global', 1)] })].map(
      needsRateLimitService,
    ),
  ).toEqual([false, false, true]);
});
