import { agentgateway } from './agentgateway';
import { DataPlane, Refusal } from './data-plane';
import { envoy } from './envoy';
import { Diagnostic } from '../model/diagnostic';
import { Entry, GatewayPlan } from '../model/plan';
import { Server } from '../model/server';
import { Enforcement } from '../passes/access/enforcement';
import { planGuard } from '../passes/guard-plan';
import { listOr } from '../passes/policy/words';

/** All data planes, the default one first. */
export const PLANES: readonly DataPlane[] = [agentgateway, envoy];

/** Names of all data planes. */
export const PLANE_NAMES: readonly string[] = PLANES.map(({ name }) => name);

/** The data plane of a name. */
export function dataPlane(name: string): DataPlane {
  const plane = PLANES.find(candidate => candidate.name === name);
  if (plane === undefined) {
    throw new Error(`unknown data plane "${name}"`);
  }
  return plane;
}

/** What the data plane of a plan cannot do of it, and which planes can. */
export function checkPlan(plan: GatewayPlan): readonly Diagnostic[] {
  return dataPlane(plan.gateway.plane)
    .check(plan)
    .map(refusal => withPlanes(refusal, plan));
}

/** What is enforced at an entry of a plan, and by the servers behind it. */
export function enforcementAt({ gateway }: GatewayPlan, entry: Entry): Enforcement {
  return dataPlane(gateway.plane).enforcement(entry, enforcementBy);
}

/** What stands in front of a server has a plane of its own, whichever the gateway's is. */
function enforcementBy(server: Server): Enforcement | undefined {
  const guard = planGuard(server);
  return guard && enforcementAt(guard.plan, guard.plan.entries[0]);
}

function withPlanes(refusal: Refusal, plan: GatewayPlan): Diagnostic {
  const { feature, ...finding } = refusal;
  const able = PLANES.filter(plane =>
    feature === undefined ? admits(plane, refusal, plan) : plane.standing(feature).supported,
  ).map(({ name }) => name);
  const none = feature === undefined ? '' : '; no data plane of this library can';
  return { ...finding, problem: `${finding.problem}${able.length === 0 ? none : `; ${listOr(able)} can`}` };
}

/** Whether a plane has nothing against what another one refused for a limit of its own. */
function admits(plane: DataPlane, { path, property }: Refusal, plan: GatewayPlan): boolean {
  return (
    plane.name !== plan.gateway.plane &&
    !plane
      .check({ ...plan, gateway: { ...plan.gateway, plane: plane.name } })
      .some(other => other.path === path && other.property === property)
  );
}
