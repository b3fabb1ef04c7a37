import { responseText } from './body-filters';
import { capability, Feature, REWRITTEN_HEADERS } from './capabilities';
import { POLICY_CAPABILITIES } from './policy-capabilities';
import { tellsServers } from './rate-limits';
import { HELD_BY_DEFAULT } from './traffic';
import { Gateway } from '../../model/gateway';
import { Entry, GatewayPlan } from '../../model/plan';
import { HeaderFilter } from '../../model/traffic-policy';
import { alternatives } from '../../passes/policy/alternatives';
import { headerOf } from '../../passes/policy/credential-header';
import { describeRate } from '../../passes/policy/words';
import { sizeLimit } from '../../passes/size-limit';
import { distinct } from '../../values/lists';
import { Standing } from '../capability';
import { Refusal } from '../data-plane';
import { PlaneFeature, PolicyFeature } from '../features';
import { policyDemands } from '../policy-demands';

/** What agentgateway cannot do of what a gateway asks of its traffic. */
export function checkTraffic(plan: GatewayPlan): Refusal[] {
  const found = [
    ...policyDemands(plan).flatMap(({ feature, path, property, value }): Refusal[] => {
      const { supported, reason, remedy } = standing(feature);
      return supported ? [] : [{ severity: 'error', path, property, value, problem: reason, remedy: remedy!, feature }];
    }),
    ...checkHeaderFilters(plan),
    ...checkLongAnswers(plan.gateway),
    ...plan.entries.flatMap(checkServerLimits),
  ];
  return distinct(found);
}

/** How agentgateway stands to a feature. */
export function standing(feature: PlaneFeature): Standing {
  return isPolicyFeature(feature) ? POLICY_CAPABILITIES[feature] : capability(feature);
}

function isPolicyFeature(feature: PlaneFeature): feature is PolicyFeature {
  return feature in POLICY_CAPABILITIES;
}

/** Filters of headers that are not there to be filtered, or have to stay. */
function checkHeaderFilters({ gateway, entries }: GatewayPlan): Refusal[] {
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
    feature: Feature,
    concerns: (filter: HeaderFilter) => boolean,
  ): Refusal[] =>
    filters.flatMap((filter, i) =>
      concerns(filter) ? [refusal(gateway.path, feature, `${property}.headerFilters[${i}].name`, filter.name)] : [],
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
function checkLongAnswers({ path, traffic }: Gateway): Refusal[] {
  const limit = traffic?.responseFiltering && sizeLimit(traffic.responseFiltering);
  return traffic === undefined || limit === undefined || limit <= HELD_BY_DEFAULT || responseText(traffic) === undefined
    ? []
    : [refusal(path, 'responseFiltering.sizeLimit', 'responseFiltering.sizeLimit', limit)];
}

/** Limits for each server where a call does not tell which server it goes to. */
function checkServerLimits(entry: Entry): Refusal[] {
  const limits =
    entry.policy?.levels.flatMap(({ rateLimits }) => rateLimits).filter(({ dimension }) => dimension === 'server') ??
    [];
  return tellsServers(entry)
    ? []
    : limits.map(limit =>
        refusal(
          limit.origin.path,
          'rateLimits.server',
          limit.origin.property,
          `${describeRate(limit)}, at ${entry.path}`,
        ),
      );
}

function refusal(path: string, feature: Feature, property: string, value: unknown): Refusal {
  const { reason, remedy } = capability(feature);
  return { severity: 'error', path, property, value, problem: reason, remedy: remedy! };
}
