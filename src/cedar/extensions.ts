import { bool, describe, Operand, Scope, UnsupportedConstruct, unsupportedOperator } from './operands';
import { BoundTerms, CedarExpression, operation } from './vocabulary';
import { call, FALSE, or, primary, Rank, Term, whole, within } from '../cel/terms';

/** A call of one of Cedar's extension functions, as function or method. */
export function extension(
  name: string,
  args: readonly CedarExpression[],
  scope: Scope,
  translate: (expression: CedarExpression, scope: Scope) => Operand,
): Operand {
  switch (name) {
    case 'ip':
      return { kind: 'ipLiteral', text: literalText(args[0], name) };
    case 'datetime': {
      const timestamp = timestampOf(literalText(args[0], name));
      if (timestamp === undefined) {
        throw new UnsupportedConstruct('a datetime outside the years 1 to 9999', 'Use another datetime');
      }
      return { kind: 'datetime', term: primary(`timestamp("${timestamp}")`) };
    }
    case 'duration': {
      const milliseconds = millisecondsOf(literalText(args[0], name));
      if (milliseconds === undefined) {
        throw new UnsupportedConstruct('a duration beyond 2^53 milliseconds', 'Use a shorter duration');
      }
      return { kind: 'duration', term: whole(milliseconds) };
    }
    case 'toTime':
      return { kind: 'duration', term: timeOfDay(translate(args[0], scope)) };
    case 'isInRange': {
      const [address, range] = args.map(arg => translate(arg, scope));
      if (address.kind === 'sourceIp' && range.kind === 'ipLiteral') {
        return bool(inRange(range.text, scope.bound));
      }
      throw new UnsupportedConstruct(
        `isInRange of ${describe(address)} and ${describe(range)}`,
        'Write context.sourceIp.isInRange(ip("10.0.0.0/8"))',
      );
    }
    default:
      if (ADDRESS_TESTS.includes(name)) {
        const address = translate(args[0], scope);
        if (address.kind === 'sourceIp') {
          return bool(addressTest(name, scope.bound));
        }
        throw new UnsupportedConstruct(`${name} of ${describe(address)}`, `Write context.sourceIp.${name}()`);
      }
      throw unsupportedOperator(name);
  }
}

function literalText(expression: CedarExpression, name: string): string {
  const { operator, body } = operation(expression);
  if (operator !== 'Value' || typeof body !== 'string') {
    throw new UnsupportedConstruct(`${name}() of a computed text`, 'Write the text as a literal');
  }
  return body;
}

/** Milliseconds since midnight, UTC. */
function timeOfDay(operand: Operand): Term {
  if (operand.kind !== 'datetime') {
    throw new UnsupportedConstruct(`toTime of ${describe(operand)}`, 'Write context.time.toTime()');
  }
  const part = (getter: string, milliseconds: number) => `${call(operand.term, getter).text} * ${milliseconds}`;
  const sum = [
    part('getHours', 3_600_000),
    part('getMinutes', 60_000),
    part('getSeconds', 1000),
    call(operand.term, 'getMilliseconds').text,
  ].join(' + ');
  return primary(within({ text: sum, rank: Rank.SUM }, Rank.PRIMARY));
}

/*
 * Cedar's functions of IP addresses, as ranges. An address of one family is in no range of the other.
 */

const RANGES: Readonly<Record<string, readonly string[]>> = {
  isIpv4: ['0.0.0.0/0'],
  isIpv6: ['::/0'],
  isLoopback: ['127.0.0.0/8', '::1/128'],
  isMulticast: ['224.0.0.0/4', 'ff00::/8'],
};

/** Names of the functions that take an address alone. */
const ADDRESS_TESTS: readonly string[] = Object.keys(RANGES);

/** Whether the caller's address is what a function asks for. */
function addressTest(name: string, bound: BoundTerms): Term {
  return or(RANGES[name].map(range => inRange(range, bound)));
}

/** Whether the caller's address is in a range, which may be one address. */
function inRange(literal: string, bound: BoundTerms): Term {
  const range = literal.includes('/') ? literal : `${literal}/${addressBits(literal)}`;
  return bound.isFrom(range);
}

/** Whether the caller's address is the literal. A range is no address, even though both are of one type to Cedar. */
export function isAddress(literal: string, bound: BoundTerms): Term {
  const [address, bits] = literal.split('/');
  return bits === undefined || Number(bits) === addressBits(address) ? inRange(literal, bound) : FALSE;
}

function addressBits(address: string): number {
  return address.includes(':') ? 128 : 32;
}

/*
 * Cedar's literals of time. The syntax is checked by Cedar; here they are only read.
 */

const DATETIME = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2}(?:\.\d{3})?)(Z|[+-]\d{4}))?$/;
const DURATION = /^(-)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** `2024-10-15T11:35:00+0100` as an RFC 3339 timestamp in UTC; undefined outside the years that timestamps have. */
function timestampOf(datetime: string): string | undefined {
  const [, date, time = '00:00:00', offset = 'Z'] = DATETIME.exec(datetime) ?? [];
  const instant = new Date(`${date}T${time}${offset.replace(/(\d{2})(\d{2})$/, '$1:$2')}`);
  const year = Number.isNaN(instant.getTime()) ? 0 : instant.getUTCFullYear();
  return year >= 1 && year <= 9999 ? instant.toISOString() : undefined;
}

/** `1d2h3m4s5ms` in milliseconds. */
function millisecondsOf(duration: string): number | undefined {
  const match = DURATION.exec(duration);
  if (match === null) {
    return undefined;
  }
  const [days, hours, minutes, seconds, milliseconds] = match.slice(2).map(part => Number(part ?? 0));
  const total = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;
  return Number.isSafeInteger(total) ? (match[1] === '-' && total !== 0 ? -total : total) : undefined;
}
