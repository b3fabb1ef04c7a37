import { EntityOperand } from './entity-terms';
import { UnsupportedConstruct } from './unsupported';
import { formatUid, RECORD_EXPRESSIONS, RecordRoot, RecordShape, ScalarType } from './vocabulary';
import { Term } from '../cel/terms';

/** What an expression of a policy translates to. Only some of Cedar's values are values of CEL. */
export type Operand =
  | { readonly kind: 'scalar'; readonly type: ScalarType; readonly term: Term }
  /** A list, compared without regard to order and repetition. */
  | { readonly kind: 'set'; readonly type: ScalarType; readonly term: Term }
  | { readonly kind: 'entity'; readonly entity: EntityOperand }
  | { readonly kind: 'entities'; readonly entities: readonly EntityOperand[] }
  /** One of the records of a request, or a record in it. */
  | { readonly kind: 'record'; readonly root: RecordRoot; readonly shape: RecordShape; readonly term: Term }
  | { readonly kind: 'context' }
  /** The address of the caller. */
  | { readonly kind: 'sourceIp' }
  | { readonly kind: 'ipLiteral'; readonly text: string }
  | { readonly kind: 'datetime'; readonly term: Term }
  /** Milliseconds. */
  | { readonly kind: 'duration'; readonly term: Term };

/** A boolean. */
export function bool(term: Term): Operand {
  return { kind: 'scalar', type: 'Boolean', term };
}

/** The value of an operand that has to be one. */
export function scalar(operand: Operand, operator: string): Term {
  if (operand.kind !== 'scalar') {
    throw new UnsupportedConstruct(`${operator} on ${describe(operand)}`, 'Compare text, numbers or booleans');
  }
  return operand.term;
}

/** The operand in words, for messages. */
export function describe(operand: Operand): string {
  switch (operand.kind) {
    case 'scalar':
      return operand.type === 'String' ? 'text' : operand.type === 'Long' ? 'a number' : 'a boolean';
    case 'set':
      return 'a set';
    case 'entity':
      return 'variable' in operand.entity ? operand.entity.variable : formatUid(operand.entity);
    case 'entities':
      return 'a set of entities';
    case 'record':
      return `the record ${RECORD_EXPRESSIONS[operand.root]}`;
    case 'context':
      return 'the record context';
    case 'sourceIp':
      return 'context.sourceIp';
    case 'ipLiteral':
      return `ip("${operand.text}")`;
    case 'datetime':
      return 'a datetime';
    case 'duration':
      return 'a duration';
  }
}
