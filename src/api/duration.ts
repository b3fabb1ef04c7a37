import { checkRule, Codec, codec, Rule, ruleFor, WithDefault } from './codec';
import { Constraints } from './schema';
import { because, errorKind } from '../model/findings';
import { durationMilliseconds, formatDuration, formatLongDuration, wholeDurationProblem } from '../values/quantities';

const NOT_A_DURATION = errorKind('field-duration', '{problem}', 'Write it as 30s or 1m30s');

/** What a duration of Go holds: it counts nanoseconds in 64 bits. */
const LONGEST = Math.floor(2 ** 63 / 1e6);
/** What a duration of the Gateway API holds: five digits of hours. */
const LONGEST_EXACT = 99_999 * 3_600_000;

const DURATION_TOO_LONG = errorKind(
  'field-duration-long',
  'is more milliseconds than {most}, the most that can be written',
  'Give a shorter time',
);

/** Adds that a duration has an end. */
const bounded =
  (rule: Rule<number> | undefined, most: number): Codec<number>['check'] =>
  (value, place) => {
    checkRule(rule)(value, place);
    place.report(DURATION_TOO_LONG, value, value > most ? { most } : undefined);
  };

/** A duration in milliseconds, in the form of Go. Upstream's are free text, so that the schema takes any. */
export function duration<const C extends Constraints>(
  description: string,
  constraints?: C,
  rule?: Rule<number>,
): Codec<number> & WithDefault<number, C> {
  return codec({ type: 'string', description }, constraints, {
    decode: (json, place) => {
      const problem = wholeDurationProblem(json);
      place.report(NOT_A_DURATION, json, because(problem));
      return problem === undefined ? durationMilliseconds(json) : undefined;
    },
    encode: formatDuration,
    check: bounded(rule, LONGEST),
  });
}

const EXACT_DURATION = /^([0-9]{1,5}(h|m|s|ms)){1,4}$/;

/** The Gateway API's duration: `30s`, `1h30m`, `250ms`. Only for fields of ours. */
export const exactDuration = (description: string, rule?: Rule<number>): Codec<number> => ({
  ...duration(description, { pattern: EXACT_DURATION.source }),
  encode: milliseconds => {
    const short = formatDuration(milliseconds);
    return EXACT_DURATION.test(short) ? short : formatLongDuration(milliseconds);
  },
  check: bounded(rule, LONGEST_EXACT),
});

/** A duration that takes some time. */
export const LONGER: Rule<number> = ruleFor(
  'field-duration-zero',
  milliseconds => (milliseconds > 0 ? undefined : 'is not above 0'),
  'Give a longer time',
);
