import { App } from 'cdk8s';
import { parse } from 'yaml';
import { exampleNames, loadExample } from '../../scripts/demo/examples';
import { checkPlan, enforcementAt, PLANE_NAMES, planes } from '../../src/backends/planes';
import { Entry, GatewayPlan } from '../../src/model/plan';
import { cellsOf, computeMatrix } from '../../src/passes/access/matrix';
import { defaultPrincipals, toolsOf } from '../../src/reports/access-library';
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

const TIME = new Date('2026-03-02T10:00:00Z');

function matrixAt(plan: GatewayPlan, entry: Entry) {
  const matrix = computeMatrix(
    [{ enforcement: enforcementAt(plan, entry), tools: [...toolsOf(entry), 'another'] }],
    defaultPrincipals(plan.entries),
    { sourceIp: '10.1.2.3', time: TIME },
  );
  return [...cellsOf(matrix)];
}

describe.each(exampleNames())('%s', name => {
  const plans = plansOf(name);

  it.each(planes())('is enforced by $name, or refused with a remedy', plane => {
    for (const plan of plans.map(each => on(plane.name, each))) {
      const refused = checkPlan(plan);
      if (refused.length > 0) {
        expect(refused.filter(({ severity, remedy }) => severity !== 'error' || remedy === '')).toEqual([]);
      } else {
        expect(Object.values(plane.configure(plan).files).map(text => typeof parse(text))).not.toContain('string');
      }
    }
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
