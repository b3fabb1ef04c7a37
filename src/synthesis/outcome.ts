import { compiler } from './compiler';
import { PlaneConfiguration, PlaneSecrets } from '../backends/interface/data-plane';
import { Diagnostic } from '../model/findings';
import { WorkloadNetwork } from '../model/network';
import { Compiled, GatewayPlan } from '../model/plan';
import { gatewayKey } from '../model/route';
import { Json } from '../values/json';

/** The compiled topology with what the data planes made of it. */
export interface Outcome extends Compiled {
  /** What each gateway's pods get, by gateway key; absent while there are errors. */
  readonly rendered: ReadonlyMap<string, RenderedGateway>;
  /** Who may connect to whom. */
  readonly network: readonly WorkloadNetwork[];
}

/** What a data plane made of the plan of one gateway. */
export interface RenderedGateway extends PlaneConfiguration {
  readonly secrets: PlaneSecrets;
  /** Objects that exist only because the plan asks for them, by the id of the construct that holds them. */
  readonly objects: Readonly<Record<string, readonly Json[]>>;
}

/** What data planes make of a compiled topology, and who may connect to whom in it. */
export function toOutcome(compiled: Compiled): Outcome {
  const { checkConfigSize, checkPlan, checkRateLimitNames, dataPlane, network } = compiler();
  const hosted = compiled.plans.filter(plan => !plan.gateway.imported);
  const guards = [...compiled.guards.values()];
  const connections = network(compiled, gateway => dataPlane(gateway.plane).container(gateway).metrics.port);
  const diagnostics = [
    ...compiled.diagnostics,
    ...[...hosted, ...guards].flatMap(checkPlan),
    ...hosted.flatMap(checkRateLimitNames),
    ...connections.diagnostics,
  ];
  const outcome = { ...compiled, network: connections.workloads };
  if (diagnostics.some(isError)) {
    return { ...outcome, diagnostics, rendered: new Map() };
  }
  const gateways = hosted.map(plan => ({ plan, made: renderGateway(plan) }));
  const sizes = gateways.flatMap(({ plan, made }) => [...checkConfigSize(plan, made.files), ...made.findings]);
  const rendered = sizes.some(isError)
    ? new Map()
    : new Map(gateways.map(({ plan, made }) => [gatewayKey(plan.gateway), made]));
  return { ...outcome, diagnostics: [...diagnostics, ...sizes], rendered };
}

/** Whether a finding fails the synthesis. */
export function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}

function renderGateway(plan: GatewayPlan): RenderedGateway {
  const { authorityCertificates, dataPlane, moreConfigMaps, rateLimitObjects } = compiler();
  const plane = dataPlane(plan.gateway.plane);
  const configuration = plane.configure(plan);
  return {
    ...configuration,
    secrets: plane.secrets(plan),
    objects: {
      Configuration: moreConfigMaps(plan.gateway, configuration.files),
      RateLimit: rateLimitObjects(plan),
      ClientAuthority: authorityCertificates(plan),
    },
  };
}
