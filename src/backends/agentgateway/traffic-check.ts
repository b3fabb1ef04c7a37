import { responseText } from './body-filters';
import { Limit, limitOf, REWRITTEN_HEADERS } from './capabilities';
import { tellsServers } from './rate-limits';
import { HELD_BY_DEFAULT } from './traffic';
import { Diagnostic } from '../../model/diagnostic';
import { Gateway } from '../../model/gateway';
import { Entry, GatewayPlan } from '../../model/plan';
import { HeaderFilter } from '../../model/traffic-policy';
import { alternatives } from '../../passes/policy/alternatives';
import { headerOf } from '../../passes/policy/credential-header';
import { describeRate } from '../../passes/policy/words';
import { sizeLimit } from '../../passes/size-limit';
import { distinct } from '../../values/lists';
import { refusal } from '../standing';

/** What of a gateway's traffic policy, and of its limits, is beyond agentgateway. */
export function checkTraffic(plan: GatewayPlan): Diagnostic[] {
  const found = [
    ...checkHeaderFilters(plan),
    ...checkLongAnswers(plan.gateway),
    ...plan.entries.flatMap(checkServerLimits),
  ];
  return distinct(found);
}

/** Filters of headers that are not there to be filtered, or have to stay. */
function checkHeaderFilters({ gateway, entries }: GatewayPlan): Diagnostic[] {
  const { requestFiltering, responseFiltering } = gateway.traffic ?? {};
  const credentials = new Set(
    entries
      .flatMap(({ policy }) => policy?.authentication ?? [])
      .flatMap(({ method }) => alternatives(method))
      .flatMap(method => headerOf(method)?.name ?? []),
  );
  const refused = (
    property: string,
    filters: readonly HeaderFilter[],
    limit: Limit,
    concerns: (filter: HeaderFilter) => boolean,
  ): Diagnostic[] =>
    filters.flatMap((filter, i) =>
      concerns(filter)
        ? [refusal(limitOf(limit), gateway.path, `${property}.headerFilters[${i}].name`, filter.name)]
        : [],
    );
  const own = ({ action, name }: HeaderFilter): boolean =>
    (action === 'Remove' || action === 'Redact') && REWRITTEN_HEADERS.includes(name);
  return [
    ...refused('requestFiltering', requestFiltering?.headerFilters ?? [], 'headerFilters.credential', ({ name }) =>
      credentials.has(name),
    ),
    ...refused('requestFiltering', requestFiltering?.headerFilters ?? [], 'headerFilters.rewritten', own),
    ...refused('responseFiltering', responseFiltering?.headerFilters ?? [], 'headerFilters.rewritten', own),
  ];
}

/** Answers that are longer than what can be looked through. */
function checkLongAnswers({ path, traffic }: Gateway): Diagnostic[] {
  const limit = traffic?.responseFiltering && sizeLimit(traffic.responseFiltering);
  return traffic === undefined || limit === undefined || limit <= HELD_BY_DEFAULT || responseText(traffic) === undefined
    ? []
    : [refusal(limitOf('responseFiltering.sizeLimit'), path, 'responseFiltering.sizeLimit', limit)];
}

/** Limits for each server where a call does not tell which server it goes to. */
function checkServerLimits(entry: Entry): Diagnostic[] {
  const limits =
    entry.policy?.levels.flatMap(({ rateLimits }) => rateLimits).filter(({ dimension }) => dimension === 'server') ??
    [];
  return tellsServers(entry)
    ? []
    : limits.map(limit =>
        refusal(
          limitOf('rateLimits.server'),
          limit.origin.path,
          limit.origin.property,
          `${describeRate(limit)}, at ${entry.path}`,
        ),
      );
}
