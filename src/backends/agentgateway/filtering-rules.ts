import { ruleAt, StagedRule } from './dialect/rule';
import { Predicate } from '../../cel/predicates';
import { TrafficPolicy } from '../../model/traffic-policy';

/** What a field of a gateway's traffic policy asks of requests. */
export interface TrafficRule {
  readonly property: string;
  /** Undefined where there is nothing to refuse. */
  readonly expression: Predicate | undefined;
}

/** What a traffic policy asks of requests, whoever sends them, as rules; none where there is no policy. */
export function filteringRules(
  traffic: TrafficPolicy | undefined,
  rulesOf: (traffic: TrafficPolicy) => readonly TrafficRule[],
): StagedRule[] {
  return traffic === undefined
    ? []
    : rulesOf(traffic).flatMap(({ property, expression }) =>
        expression === undefined
          ? []
          : [ruleAt('request', { level: 'filtering', expression, origins: [{ path: traffic.path, property }] })],
      );
}
