import { askedAt } from '../../../../src/backends/envoy/dialect/evaluate';
import { scopeChallenges } from '../../../../src/backends/envoy/dialect/scope-challenges';
import { ItemRequest } from '../../../../src/model/items';
import { toolGlob } from '../../../../src/model/tool-pattern';
import { present } from '../../../../src/passes/access/caller';
import { effectivePolicy } from '../../../../src/passes/policy/merge';
import { jwt, level, rule } from '../../../passes/policy/fixtures';
import { entryOf, groupOf, serverOf } from '../../../support/literals';

it('challenges for what a rule would grant of prompts and resources, and of no others', () => {
  const route = level('route', {
    authentication: [jwt()],
    rules: [
      rule({
        permissions: [
          {
            prompts: [toolGlob('report_*')],
            resources: [toolGlob('file:///reports/*')],
            actions: ['prompts/get', 'resources/read'],
          },
        ],
        conditions: [{ kind: 'scope', scope: 'reports' }],
      }),
    ],
  });
  const { policy } = effectivePolicy([route]);
  const challenges = scopeChallenges(policy, policy.levels[0]);
  expect(Object.keys(challenges)).toEqual(['reports']);
  const asked = askedAt(entryOf([groupOf('default', [serverOf('ledger')])], { policy }))({ policies: challenges });
  const isChallenged = (request: ItemRequest, scope: string): boolean => {
    const verified = present(policy.authentication, { user: 'alice', claims: { scope } });
    expect(typeof verified).toBe('object');
    const outcome = asked.holds({ request, headers: {}, verified: verified as Exclude<typeof verified, string> });
    return outcome.kind === 'value' && outcome.value;
  };
  expect(isChallenged({ prompt: 'report_sales', action: 'prompts/get' }, 'other')).toBe(true);
  expect(isChallenged({ prompt: 'report_sales', action: 'prompts/get' }, 'reports')).toBe(false);
  expect(isChallenged({ prompt: 'summary', action: 'prompts/get' }, 'other')).toBe(false);
  expect(isChallenged({ resource: 'file:///reports/sales', action: 'resources/read' }, 'other')).toBe(true);
  expect(isChallenged({ resource: 'file:///reports/../secret', action: 'resources/read' }, 'other')).toBe(false);
  expect(isChallenged({ tool: 'report_sales', action: 'tools/call' }, 'other')).toBe(false);
});
