import { COUNTER_KEY, countersByDomain } from './rate-limit-counters';
import { GatewayPlan } from '../../model/plan';
import { Counter } from '../../model/policy';
import { blockYaml } from '../../values/yaml';

/** The most requests that the service can count to: its numbers have 32 bits. */
const MAX_REQUESTS = 2 ** 32 - 1;

/**
 * The configuration of Envoy's rate-limit service: a file for each gateway that has limits, with its domain.
 *
 * It holds a descriptor for every counter, and below it one for every value of the counter's dimension. The service passes
 * what it finds no descriptor for, so that this and what gateways ask for come from the same counters.
 */
export function rateLimitServiceConfig(plans: readonly GatewayPlan[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...countersByDomain(plans)].map(([domain, counters]) => [
      `${domain.replace('/', '.')}.yaml`,
      blockYaml({ domain, descriptors: counters.map(descriptor) }),
    ]),
  );
}

function descriptor({ id, dimension, requests, unit }: Counter): object {
  const rate = { rate_limit: { unit, requests_per_unit: Math.min(requests, MAX_REQUESTS) } };
  return {
    key: COUNTER_KEY,
    value: id,
    ...(dimension === 'global' ? rate : { descriptors: [{ key: dimension, ...rate }] }),
  };
}
