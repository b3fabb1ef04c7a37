import { refusal } from './refusal';
import { Entry, GatewayPlan } from '../../model/plan';
import { Refusal } from '../data-plane';
import { Json } from '../kubernetes/pod-template';
import { policyDemands } from '../policy-demands';
import { standing } from './standing';

/** The longest body that is parsed, unless the gateway says otherwise: 2 MiB. */
const DEFAULT_BODY_LIMIT = 2 * 1024 * 1024;

/** The longest body that is parsed, in bytes. */
export function bodyLimit({ gateway }: GatewayPlan): number {
  return gateway.traffic?.requestFiltering?.sizeLimit ?? DEFAULT_BODY_LIMIT;
}

/** What a gateway filters, before requests are read. */
export function trafficFilters(_plan: GatewayPlan): Json[] {
  return [];
}

/** What it filters at an entry. */
export function trafficPerRoute(_plan: GatewayPlan, _entry: Entry): Json {
  return {};
}

/** What Envoy cannot do of what a gateway asks of its traffic. */
export function checkTraffic(plan: GatewayPlan): Refusal[] {
  return policyDemands(plan).flatMap(({ feature, path, property, value }) => standing(feature).supported ? [] : [refusal(path, feature, property, value)]);
}
