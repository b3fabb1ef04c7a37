import { Predicate } from '../../../cel/predicates';
import { celString } from '../../../cel/terms';
import { FIRST_YEAR, LAST_YEAR, RequestTime, TimeOfDay, withinSpan } from '../../../passes/policy/time-of-day';

const NOW = 'now';

/** As text, which sorts like the instants. agentgateway takes the name of a zone for `getHours` and ignores it. */
const TIME: RequestTime = {
  minutes: `timestamp(${NOW}).getHours() * 60 + timestamp(${NOW}).getMinutes()`,
  isKnown: [`${NOW} >= ${celString(`${FIRST_YEAR}`)}`, `${NOW} < ${celString(`${LAST_YEAR + 1}`)}`],
  isBefore: instant => `${NOW} < ${celString(formatInstant(instant))}`,
};

/** CEL that holds when a request starts within a span of the day. */
export function timeOfDayExpression(condition: TimeOfDay): Predicate {
  // Bound once as text, which is in UTC, whatever the machine's own zone.
  return `[string(request.startTime)].exists(${NOW}, ${withinSpan(condition, TIME)})`;
}

/** Without the `Z`: text of the same second, with a fraction or without, is not below it then. */
function formatInstant(instant: number): string {
  return new Date(instant).toISOString().slice(0, 19);
}
