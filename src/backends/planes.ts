import { agentgateway } from './agentgateway';
import { DataPlane, Refusal } from './data-plane';
import { Diagnostic } from '../model/diagnostic';
import { GatewayPlan } from '../model/plan';
import { listOr } from '../passes/policy/words';

const PLANES: readonly DataPlane[] = [agentgateway];

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
  return dataPlane(plan.gateway.plane).check(plan).map(withPlanes);
}

function withPlanes({ feature, ...finding }: Refusal): Diagnostic {
  if (feature === undefined) {
    return finding;
  }
  const able = PLANES.filter(plane => plane.supports(feature)).map(({ name }) => name);
  return { ...finding, problem: `${finding.problem}; ${able.length === 0 ? 'no data plane of this library can' : `${listOr(able)} can`}` };
}
