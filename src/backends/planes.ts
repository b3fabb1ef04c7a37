import { agentgateway } from './agentgateway';
import { AGENTGATEWAY, DataPlane, ENVOY } from './interface/data-plane';
import { PlaneFeature, refusal, Standing } from './interface/standing';
import { Diagnostic } from '../model/findings';
import { Entry, GatewayPlan } from '../model/plan';
import { Server } from '../model/server';
import { Enforcement } from '../passes/access/enforcement';
import { Demand, demandsOf } from '../passes/demands';
import { planGuard } from '../passes/entries/guards';
import { listOr } from '../passes/policy/words';
import { entryOf } from '../values/json';

/** Configurations of what stands in front of servers (server-proxies.ts) that ask something of their callers. */
export { renderGuard, renderStdioGuard } from './agentgateway/render';

/** All data planes, the default one first. Any other is loaded when a gateway has it, or when it is asked what it could do. */
const LOADERS: Readonly<Record<string, () => DataPlane>> = {
  [AGENTGATEWAY]: () => agentgateway,
  [ENVOY]: () => (envoy ??= (require('./envoy') as typeof import('./envoy')).envoy),
};
let envoy: DataPlane | undefined;

/** Names of all data planes. */
export const PLANE_NAMES: readonly string[] = Object.keys(LOADERS);

/** All data planes, the default one first. */
export function planes(): readonly DataPlane[] {
  return PLANE_NAMES.map(dataPlane);
}

/** The data plane of a name. */
export function dataPlane(name: string): DataPlane {
  const load = entryOf(LOADERS, name);
  if (load === undefined) {
    throw new Error(`unknown data plane "${name}"`);
  }
  return load();
}

/** What the data plane of a plan cannot do of it, and which planes can. */
export function checkPlan(plan: GatewayPlan): readonly Diagnostic[] {
  const plane = dataPlane(plan.gateway.plane);
  return [
    ...plane
      .check(plan)
      .map(finding =>
        finding.severity === 'error' ? withPlanes(finding, planesAdmitting(finding, plan), '') : finding,
      ),
    ...refusedDemands(plane, plan).map(({ finding, demand }) =>
      withPlanes(
        finding,
        planes().filter(other => standingTo(other, demand).supported),
        '; no data plane of this library can',
      ),
    ),
  ];
}

/** How a data plane stands to what is demanded: its table has every feature. */
function standingTo({ features }: DataPlane, { feature }: Demand): Standing {
  return features[feature as PlaneFeature];
}

/** A demand that a data plane does not support, and what is said of it. */
export interface RefusedDemand {
  readonly demand: Demand;
  readonly finding: Diagnostic;
}

/** What a plan demands and a data plane does not support: whatever is in the list of demands, there is no third state. */
export function refusedDemands(plane: DataPlane, plan: GatewayPlan): readonly RefusedDemand[] {
  return demandsOf(plan).flatMap(demand => {
    const standing = standingTo(plane, demand);
    return standing.supported
      ? []
      : [{ demand, finding: refusal(standing, demand.path, demand.property, demand.value) }];
  });
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

/** Other planes that have nothing against what one found beyond a limit of its own. */
function planesAdmitting({ path, property }: Diagnostic, plan: GatewayPlan): DataPlane[] {
  return planes().filter(plane => {
    const other = { ...plan, gateway: { ...plan.gateway, plane: plane.name } };
    const found = () => [...refusedDemands(plane, other).map(({ finding }) => finding), ...plane.check(other)];
    return plane.name !== plan.gateway.plane && !found().some(one => one.path === path && one.property === property);
  });
}

function withPlanes(finding: Diagnostic, able: readonly DataPlane[], otherwise: string): Diagnostic {
  const can = able.length === 0 ? otherwise : `; ${listOr(able.map(({ name }) => name))} can`;
  return { ...finding, problem: `${finding.problem}${can}` };
}
