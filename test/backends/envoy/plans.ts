import { EnvoyPlan, envoyPlan } from '../../../src/backends/envoy/config/plan';
import { Part, RouteKind } from '../../../src/backends/envoy/parts/part';
import { Gateway } from '../../../src/model/gateway';
import { Entry } from '../../../src/model/plan';
import { gatewayOf, planOf } from '../../support/literals';

/* Plans with what follows from them, and what one part has of them. */

/** Messages as whoever reads the files gets them: of any depth, and without their types. */
export function emitted(messages: unknown): any {
  return messages;
}

/** A plan of one entry. */
export function envoyPlanOf(...plan: Parameters<typeof planOf>): EnvoyPlan {
  return envoyPlan(planOf(...plan));
}

/** A plan of some entries. */
export function planOfEntries(entries: readonly Entry[], gateway: Partial<Gateway> = {}): EnvoyPlan {
  return envoyPlan({ gateway: gatewayOf(gateway), entries });
}

/** What the filters of a part do on the routes of each entry. */
export function entryFilters(part: Part, { entries }: EnvoyPlan): any[] {
  return entries.map(entry => part.entry!(entry).filters ?? {});
}

/** What a part has on the route to the first group of a plan. */
export function routeOf(part: Part, plan: EnvoyPlan, kind: RouteKind = 'request'): any {
  const [entry] = plan.entries;
  return part.route!({ plan, entry, group: entry.groups[0], kind });
}

/** What a part finds wrong with a plan. */
export function foundBy(part: Part, plan: EnvoyPlan): string[] {
  return part.check!(plan).map(({ path, property, problem }) => `${path} ${property}: ${problem}`);
}
