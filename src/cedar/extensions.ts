import { addressTest, ADDRESS_TESTS, inRange } from './addresses';
import { CedarExpression, operation } from './expression';
import { millisecondsOf, timestampOf } from './instants';
import { bool, describe, Operand } from './operands';
import { Scope } from './scope';
import { unsupportedOperator, UnsupportedConstruct } from './unsupported';
import { call, primary, Rank, Term, whole, within } from '../cel/terms';

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
