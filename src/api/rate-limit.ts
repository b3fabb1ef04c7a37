import { choice, integer, list, own, Rule, ruled, textList, ValueOf, ruleFor } from './codec';
import { TOOL_GLOB } from './common';
import { object, sole } from './object';
import { RateLimit } from '../model/policy';
import { toolGlob } from '../model/tool-pattern';
import { wholeNumberProblem } from '../model/validation';

/** How often a route or gateway may be used: shapes of upstream's pr526. */

/** Envoy's service and the resource both hold the figure in 32 bits. */
const CALLS: Rule<number> = ruleFor(
  'rate-limit-calls',
  value => wholeNumberProblem(value, 1, 2147483647),
  'Give a whole number of calls',
);

/** One limit. */
export const limit = object(
  'One limit.',
  {
    burst: own(ruled(integer('Requests let through at once.', { minimum: 1 }), CALLS)),
    dimension: choice('What is counted separately.', [
      'user',
      'ip',
      'tool',
      'principal',
      'namespace',
      'server',
      'global',
    ]),
    requests: ruled(integer('Requests allowed per unit.', { minimum: 1 }), CALLS),
    tools: textList('Tools the limit holds for; all when empty.', {}, TOOL_GLOB),
    unit: choice('Unit of time.', ['second', 'minute', 'hour', 'day']),
  },
  { required: ['dimension', 'requests', 'unit'] },
);

/** One limit. */
export type LimitValue = ValueOf<typeof limit>;

export const rateLimit = sole(
  'How often callers may use the route.',
  'limits',
  list('Limits, all of which hold.', limit, { minItems: 1 }),
);

/** A limit as a data plane has to hold it. */
export function limitModel({ dimension, requests, unit, burst, tools = [] }: LimitValue): Omit<RateLimit, 'origin'> {
  return { dimension, requests, unit, tools: tools.length === 0 ? undefined : tools.map(toolGlob), burst };
}
