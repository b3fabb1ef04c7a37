import { App } from 'cdk8s';
import * as fc from 'fast-check';
import { exampleNames, loadExample } from '../../../../scripts/demo/examples';
import { envoy } from '../../../../src/backends/envoy';
import { GatewayPlan } from '../../../../src/model/plan';
import { Synthesis } from '../../../../src/synthesis/synthesis';
import { ASKED_FEATURES } from '../../../golden/features';
import { planOf } from '../../../golden/folders';
import { envoyFindings } from '../../../support/validate-envoy';
import { envoyPlans } from '../plan-arbitrary';

/* What is emitted is what Envoy's own API says it can be. A real Envoy is asked in the conformance tests. */

const enforced = (plans: readonly GatewayPlan[]) => plans.filter(plan => envoy.check(plan).length === 0);

it.each(['plain', ...ASKED_FEATURES.filter(feature => envoy.features[feature].supported)])(
  'knows each message and field: %s',
  folder => expect(envoyFindings(envoy.configure(planOf(folder, envoy.name)).files)).toEqual([]),
);

/** The plans of an example, on Envoy. */
function plansOf(example: string): GatewayPlan[] {
  const app = new App();
  loadExample(example).build(app);
  const { plans } = Synthesis.of(app).compile();
  return plans.map(plan => ({ ...plan, gateway: { ...plan.gateway, plane: 'envoy', affinity: {} } }));
}

it('knows each message and field of the examples', () => {
  const plans = enforced(exampleNames().flatMap(plansOf));
  expect(plans.length).toBeGreaterThan(5);
  expect(plans.flatMap(plan => envoyFindings(envoy.configure(plan).files))).toEqual([]);
});

/** Another one on each run, and printed: set it to repeat a run. */
const seed = Number(process.env.PLAN_SEED ?? Math.floor(Math.random() * 0x7fffffff));
const PLANS = 20;

test(`${PLANS} random plans (PLAN_SEED=${seed})`, () => {
  fc.assert(
    fc.property(envoyPlans, plan => {
      expect(envoyFindings(envoy.configure(plan).files)).toEqual([]);
    }),
    { seed, numRuns: PLANS },
  );
}, 120_000);
