import { limit } from './refusal';
import { Diagnostic } from '../../model/diagnostic';
import { GatewayPlan } from '../../model/plan';
import { HeaderFilter } from '../../model/traffic-policy';
import { sizeLimit } from '../../passes/size-limit';
import { Json } from '../../values/json';

/** The longest body that is parsed, unless the gateway says otherwise, and the longest that can be, in bytes. */
const DEFAULT_BODY_LIMIT = 2 * 1024 * 1024;
const MAX_BODY_LIMIT = 10 * 1024 * 1024;

/** The longest body that is parsed, in bytes. */
export function bodyLimit({ gateway }: GatewayPlan): number {
  const filtering = gateway.traffic?.requestFiltering;
  return (filtering && sizeLimit(filtering)) ?? DEFAULT_BODY_LIMIT;
}

/** Headers that a gateway takes out of requests and of answers. */
export function removedHeaders({ gateway }: GatewayPlan): Json {
  const { requestFiltering, responseFiltering } = gateway.traffic ?? {};
  return {
    ...removed('request', requestFiltering?.headerFilters),
    ...removed('response', responseFiltering?.headerFilters),
  };
}

function removed(side: 'request' | 'response', filters: readonly HeaderFilter[] = []): Json {
  const names = [...new Set(filters.filter(isRemoval).map(({ name }) => name))];
  return names.length === 0 ? {} : { [`${side}_headers_to_remove`]: names };
}

function isRemoval({ action, pattern }: HeaderFilter): boolean {
  return action === 'Remove' && pattern === undefined;
}

/** What Envoy cannot do of what a gateway asks of its traffic. */
export function checkTraffic(plan: GatewayPlan): Diagnostic[] {
  const { path, traffic } = plan.gateway;
  const longest = bodyLimit(plan);
  return [
    ...(traffic?.audit?.metadata === true ? [limit(path, 'audit.metadata', 'audit.includeMetadata', true)] : []),
    ...(longest > MAX_BODY_LIMIT
      ? [limit(path, 'requestFiltering.sizeLimit', 'requestFiltering.sizeLimit', longest)]
      : []),
    ...changesOf(path, 'requestFiltering', traffic?.requestFiltering?.headerFilters),
    ...changesOf(path, 'responseFiltering', traffic?.responseFiltering?.headerFilters),
  ];
}

/** Changes of headers that depend on their value. */
function changesOf(path: string, property: string, filters: readonly HeaderFilter[] = []): Diagnostic[] {
  return filters.flatMap((filter, i) =>
    isRemoval(filter) || filter.action === 'Deny' || filter.action === 'Allow'
      ? []
      : [limit(path, 'headerFilters.value', `${property}.headerFilters[${i}]`, `${filter.action} ${filter.name}`)],
  );
}
