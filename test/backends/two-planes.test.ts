import { App } from 'cdk8s';
import { exampleNames, loadExample } from '../../scripts/demo/examples';
import { defaultPrincipals, toolsOf } from '../../src/access/access-library';
import { dataPlane, checkPlan, enforcementAt, PLANE_NAMES } from '../../src/backends/planes';
import { Entry, GatewayPlan } from '../../src/model/plan';
import { computeMatrix } from '../../src/passes/access/matrix';
import { Synthesis } from '../../src/synthesis/synthesis';

/*
 * Each example on each data plane, whichever it was written for: its policies are enforced there, or refused by name. And what
 * two planes enforce means the same.
 */

function plansOf(name: string): readonly GatewayPlan[] {
  const app = new App();
  loadExample(name).build(app);
  return Synthesis.of(app)
    .compile()
    .plans.filter(({ gateway }) => !gateway.imported);
}

function on(plane: string, plan: GatewayPlan): GatewayPlan {
  // What asks for one plane by its nature is left behind.
  return { ...plan, gateway: { ...plan.gateway, plane, affinity: {} } };
}

function outcome(plan: GatewayPlan): string[] {
  const refused = checkPlan(plan).map(({ path, property, problem }) => `refused: ${path} ${property}: ${problem}`);
  return refused.length > 0 ? refused.sort() : Object.keys(dataPlane(plan.gateway.plane).render(plan)).sort();
}

const TIME = new Date('2026-03-02T10:00:00Z');

function matrixAt(plan: GatewayPlan, entry: Entry) {
  return computeMatrix(
    [{ enforcement: enforcementAt(plan, entry), tools: [...toolsOf(entry), 'another'] }],
    defaultPrincipals(plan.entries),
    { sourceIp: '10.1.2.3', time: TIME },
  ).cells;
}

describe.each(exampleNames())('%s', name => {
  const plans = plansOf(name);

  it.each(PLANE_NAMES)('on %s', plane => {
    expect(plans.map(plan => ({ gateway: plan.gateway.path, outcome: outcome(on(plane, plan)) }))).toMatchSnapshot();
  });

  it('means the same wherever it is enforced', () => {
    for (const plan of plans) {
      const enforced = PLANE_NAMES.map(plane => on(plane, plan)).filter(candidate => checkPlan(candidate).length === 0);
      for (const entry of plan.entries) {
        const [first, ...others] = enforced.map(candidate => matrixAt(candidate, entry));
        others.forEach(other => expect(other).toEqual(first));
      }
    }
  });
});

it('compares something', () => {
  const shared = exampleNames()
    .flatMap(plansOf)
    .filter(plan => PLANE_NAMES.every(plane => checkPlan(on(plane, plan)).length === 0));
  expect(shared.length).toBeGreaterThan(3);
});
