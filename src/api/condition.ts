import { choice, text } from './codec';
import { mapped, object } from './object';
import { Place } from './place';
import { because, errorKind } from '../model/findings';
import { Condition, ConditionOperator, ScopeCondition } from '../model/policy';
import { HEADER_NAME_INVALID, HEADER_VALUE_INVALID, isHeaderName, isHeaderValue, isScope } from '../model/validation';
import { asCidr } from '../values/cidr';
import { regexProblem } from '../values/regex';
import { isTimeZone } from '../values/time-zones';

/** What must hold besides principal and permission: in the API four texts, in code what they mean. */

const KEY_MISSING = errorKind('condition-key-missing', 'is missing', 'Name the header');
const KEY_OF_ADDRESS = errorKind('condition-key-of-address', 'is given, but an address has no name', 'Remove it');
const OPERATOR_OF_TYPE = errorKind(
  'condition-operator-of-type',
  'does not go with type {type}',
  'Write Equal, NotEqual, In or NotIn',
);
const OPERATOR_OF_ONE = errorKind(
  'condition-operator-of-one',
  'compares with one value, and there are several',
  'Write {operator}',
);
const OPERATOR_OF_SCOPE = errorKind(
  'condition-operator-of-scope',
  'does not go with type OAuthScope',
  'Write Equal, and a condition for each scope',
);
const SCOPE_INVALID = errorKind(
  'scope-invalid',
  'is no scope of OAuth',
  'Give one scope, without spaces, quotation marks and backslashes, and a condition for each',
);
const SCOPE_ISSUER_EMPTY = errorKind('scope-issuer-empty', 'is empty', 'Give the issuer as tokens have it (iss)');
const SPANS_SEVERAL = errorKind('condition-spans-several', 'is several spans of time', 'Write a rule for each span');
const SPAN_INVALID = errorKind('condition-span-invalid', 'is not a span of time', 'Write it as 08:00-18:00');
const HEADER_VALUES_EMPTY = errorKind(
  'header-values-empty',
  'does not fit the operator {operator}',
  'Give at least one value',
);
const HEADER_VALUES_SEVERAL = errorKind(
  'header-values-several',
  'does not fit the operator {operator}',
  'Give one value',
);
const HEADER_REGEX_INVALID = errorKind('header-regex-invalid', '{problem}', 'Write it in RE2 syntax');
const HEADER_VALUE_WITH_COMMA = errorKind(
  'header-value-with-comma',
  'contains a comma, which separates values in the resource',
  'Use HeaderOperator.MATCHES',
);
const IP_RANGES_EMPTY = errorKind('ip-ranges-empty', 'is empty', 'Give at least one address or CIDR');
const IP_RANGE_INVALID = errorKind(
  'ip-range-invalid',
  'is not an address or CIDR',
  'Write it as 10.0.0.0/8 or 10.1.2.3',
);
const TIME_FROM_INVALID = errorKind('time-from-invalid', 'is not a time of day', 'Write it as 08:00');
const TIME_TO_INVALID = errorKind('time-to-invalid', 'is not a time of day', 'Write it as 18:00');
const TIME_SPAN_EMPTY = errorKind(
  'time-span-empty',
  'is the start too, so the span is empty',
  'Give a later end, or drop the condition',
);
const TIME_ZONE_INVALID = errorKind('time-zone-invalid', 'is not an IANA time zone', 'Write it as Europe/Berlin');

/** A condition as it is said, by the names that parameters have. */
export type ConditionValue =
  | { readonly kind: 'sourceIp'; readonly negated: boolean; readonly ranges: readonly string[] }
  | {
      readonly kind: 'timeOfDay';
      readonly negated: boolean;
      readonly from: string;
      readonly to: string;
      readonly timeZone: string;
    }
  | {
      readonly kind: 'header';
      readonly name: string;
      readonly operator: ConditionOperator;
      readonly values: readonly string[];
    }
  | ScopeCondition;

/** Time zone of spans that name none. */
export const DEFAULT_TIME_ZONE = 'UTC';

interface ConditionJson {
  readonly type: 'IPAddress' | 'TimeOfDay' | 'RequestHeader' | 'OAuthScope';
  readonly key?: string;
  readonly operator: ConditionOperator;
  readonly value: string;
}

/** Parts that stand in the key. */
const KEYS: readonly unknown[] = ['name', 'timeZone', 'issuer'];

/** One condition of a rule. */
export const condition = mapped(
  object(
    'One condition on the request.',
    {
      key: text('Name of the header, for RequestHeader; issuer of the token, for OAuthScope.'),
      operator: choice(
        "How the request's value is compared.",
        ['Equal', 'NotEqual', 'In', 'NotIn', 'Matches', 'NotMatches'],
        { default: 'Equal' },
      ),
      type: choice('What is compared.', ['IPAddress', 'TimeOfDay', 'RequestHeader', 'OAuthScope']),
      value: text('Value to compare with; several are separated by commas.'),
    },
    { required: ['operator', 'type', 'value'] },
  ),
  {
    read: readCondition,
    write: writeCondition,
    check: checkCondition,
    // What the value says is the value's fault, whichever part of it.
    place: ([part]) => (part === undefined ? [] : [KEYS.includes(part) ? 'key' : 'value']),
  },
);

function readCondition(json: ConditionJson, place: Place): ConditionValue | undefined {
  const { type, key, operator = 'Equal', value } = json;
  if (type === 'RequestHeader') {
    place.at('key').report(KEY_MISSING, key, key === undefined);
    const values = isSeveral(operator) ? partsOf(value) : [value];
    return key === undefined ? undefined : { kind: 'header', name: key, operator, values };
  }
  if (type === 'OAuthScope') {
    place.at('operator').report(OPERATOR_OF_SCOPE, operator, operator !== 'Equal');
    return { kind: 'scope', scope: value, ...(key === undefined ? {} : { issuer: key }) };
  }
  if (operator === 'Matches' || operator === 'NotMatches') {
    place.at('operator').report(OPERATOR_OF_TYPE, operator, { type });
    return undefined;
  }
  return type === 'IPAddress' ? readAddress(json, operator, place) : readTime(json, operator, place);
}

function readAddress(
  { key, value }: ConditionJson,
  operator: ConditionOperator,
  place: Place,
): ConditionValue | undefined {
  const negated = operator.startsWith('Not');
  const wrong = !isSeveral(operator) && value.includes(',');
  place.at('key').report(KEY_OF_ADDRESS, key, key !== undefined);
  place.at('operator').report(OPERATOR_OF_ONE, operator, wrong ? { operator: negated ? 'NotIn' : 'In' } : undefined);
  return wrong ? undefined : { kind: 'sourceIp', negated, ranges: isSeveral(operator) ? partsOf(value) : [value] };
}

function readTime(
  { key, value }: ConditionJson,
  operator: ConditionOperator,
  place: Place,
): ConditionValue | undefined {
  const [, from, to] = /^([^-,]+)-([^-,]+)$/.exec(value) ?? [];
  if (from === undefined) {
    place.at('value').report(value.includes(',') ? SPANS_SEVERAL : SPAN_INVALID, value, true);
    return undefined;
  }
  return {
    kind: 'timeOfDay',
    negated: operator.startsWith('Not'),
    from: from.trim(),
    to: to.trim(),
    timeZone: key ?? DEFAULT_TIME_ZONE,
  };
}

const isSeveral = (operator: ConditionOperator): boolean => operator === 'In' || operator === 'NotIn';

const partsOf = (value: string): readonly string[] => value.split(',').map(part => part.trim());

function writeCondition(value: ConditionValue): ConditionJson {
  switch (value.kind) {
    case 'sourceIp': {
      const operator = value.ranges.length === 1 ? 'Equal' : 'In';
      return {
        type: 'IPAddress',
        operator: value.negated ? (operator === 'In' ? 'NotIn' : 'NotEqual') : operator,
        value: value.ranges.join(','),
      };
    }
    case 'timeOfDay':
      return {
        type: 'TimeOfDay',
        key: value.timeZone,
        operator: value.negated ? 'NotEqual' : 'Equal',
        value: `${value.from}-${value.to}`,
      };
    case 'header':
      return { type: 'RequestHeader', key: value.name, operator: value.operator, value: value.values.join(',') };
    case 'scope':
      return {
        type: 'OAuthScope',
        ...(value.issuer === undefined ? {} : { key: value.issuer }),
        operator: 'Equal',
        value: value.scope,
      };
  }
}

function checkCondition(value: ConditionValue, place: Place): void {
  switch (value.kind) {
    case 'sourceIp':
      place.at('ranges').report(IP_RANGES_EMPTY, value.ranges, value.ranges.length === 0);
      value.ranges.forEach((range, i) =>
        place.at('ranges', i).report(IP_RANGE_INVALID, range, asCidr(range) === undefined),
      );
      return;
    case 'timeOfDay': {
      const { from, to, timeZone } = value;
      place.at('from').report(TIME_FROM_INVALID, from, minutesOf(from) === undefined || from === '24:00');
      place.at('to').report(TIME_TO_INVALID, to, minutesOf(to) === undefined);
      place.at('to').report(TIME_SPAN_EMPTY, to, from === to);
      place.at('timeZone').report(TIME_ZONE_INVALID, timeZone, !isTimeZone(timeZone));
      return;
    }
    case 'header':
      checkHeader(value, place);
      return;
    case 'scope':
      place.at('scope').report(SCOPE_INVALID, value.scope, !isScope(value.scope));
      place.at('issuer').report(SCOPE_ISSUER_EMPTY, value.issuer, value.issuer === '');
  }
}

function checkHeader({ name, operator, values }: Extract<ConditionValue, { kind: 'header' }>, place: Place): void {
  const several = isSeveral(operator);
  const regex = operator === 'Matches' || operator === 'NotMatches';
  place.at('name').report(HEADER_NAME_INVALID, name, !isHeaderName(name));
  place.at('values').report(HEADER_VALUES_EMPTY, values, several && values.length === 0 ? { operator } : undefined);
  place.at('values').report(HEADER_VALUES_SEVERAL, values, !several && values.length !== 1 ? { operator } : undefined);
  values.forEach((value, i) => {
    const at = place.at('values', i);
    if (regex) {
      at.report(HEADER_REGEX_INVALID, value, because(regexProblem(value)));
    } else {
      at.report(HEADER_VALUE_INVALID, value, !isHeaderValue(value));
    }
    at.report(HEADER_VALUE_WITH_COMMA, value, several && value.includes(','));
  });
}

/** A condition as a data plane has to hold it. */
export function conditionModel(value: ConditionValue): Condition {
  switch (value.kind) {
    case 'sourceIp':
      return { kind: 'sourceIp', negated: value.negated, cidrs: value.ranges.map(range => asCidr(range) ?? range) };
    case 'timeOfDay':
      return {
        kind: 'timeOfDay',
        negated: value.negated,
        // A text that is no time is a finding.
        from: minutesOf(value.from) ?? 0,
        to: minutesOf(value.to) ?? 0,
        timeZone: value.timeZone,
      };
    case 'header':
      return { ...value, name: value.name.toLowerCase() };
    case 'scope':
      return value;
  }
}

/** Minutes since midnight; undefined when it is no time of day. */
function minutesOf(time: string): number | undefined {
  const match = /^([01][0-9]|2[0-3]):([0-5][0-9])$/.exec(time);
  return time === '24:00' ? 24 * 60 : match === null ? undefined : Number(match[1]) * 60 + Number(match[2]);
}
