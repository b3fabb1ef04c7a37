import { AttributeTypes, isWithin, membersOf, StaticEntity } from './entities';
import {
  BoundTerms,
  CedarAction,
  EntityUid,
  formatUid,
  RECORD_EXPRESSIONS,
  RecordRoot,
  RecordShape,
  RequestShape,
  ScalarType,
} from './vocabulary';
import { and, exists, FALSE, list, or, relation, Term, text, TRUE } from '../cel/terms';

/** What expressions are translated for. */
export interface Scope {
  readonly action: CedarAction;
  readonly entities: readonly StaticEntity[];
  readonly attributes: AttributeTypes;
  readonly shape: RequestShape;
  readonly bound: BoundTerms;
}

/** A construct of Cedar that has no translation. */
export class UnsupportedConstruct extends Error {
  constructor(
    readonly construct: string,
    readonly remedy: string,
  ) {
    super(`${construct} is not supported`);
  }
}

/** What to do instead of a construct, by Cedar's name of its operator. */
const REMEDIES: Readonly<Record<string, readonly [construct: string, remedy: string]>> = {
  '+': [
    'arithmetic (+)',
    'Compare with the number that results; arithmetic can overflow, and an error must not decide',
  ],
  '-': [
    'arithmetic (-)',
    'Compare with the number that results; arithmetic can overflow, and an error must not decide',
  ],
  '*': [
    'arithmetic (*)',
    'Compare with the number that results; arithmetic can overflow, and an error must not decide',
  ],
  neg: [
    'arithmetic (unary -)',
    'Compare with a negative number; arithmetic can overflow, and an error must not decide',
  ],
  Record: ['a record literal', 'Compare the fields one by one'],
  Slot: ['a template (?principal, ?resource)', 'Write the entity itself'],
  getTag: ['tags (getTag)', 'Use an attribute: entities have no tags here'],
  hasTag: ['tags (hasTag)', 'Use an attribute: entities have no tags here'],
  decimal: ['decimal', 'Use whole numbers'],
  lessThan: ['decimal (lessThan)', 'Use whole numbers'],
  lessThanOrEqual: ['decimal (lessThanOrEqual)', 'Use whole numbers'],
  greaterThan: ['decimal (greaterThan)', 'Use whole numbers'],
  greaterThanOrEqual: ['decimal (greaterThanOrEqual)', 'Use whole numbers'],
  offset: [
    'offset',
    'Compare with a datetime that has the offset in it, or context.time.toTime() with a time of day in UTC',
  ],
  durationSince: ['durationSince', 'Compare context.time with a datetime'],
  toDate: ['toDate', 'Compare context.time with a datetime'],
  toMilliseconds: ['toMilliseconds', 'Compare with a duration'],
  toSeconds: ['toSeconds', 'Compare with a duration'],
  toMinutes: ['toMinutes', 'Compare with a duration'],
  toHours: ['toHours', 'Compare with a duration'],
  toDays: ['toDays', 'Compare with a duration'],
};

/** The error for an operator that has no translation. */
export function unsupportedOperator(operator: string): UnsupportedConstruct {
  const [construct, remedy] = REMEDIES[operator] ?? [
    operator,
    'Write the condition with comparisons, in, has, like, contains and is',
  ];
  return new UnsupportedConstruct(construct, remedy);
}

/** An entity in a policy: a variable of the request, or one by name. */
export type EntityOperand = { readonly variable: 'principal' | 'resource' } | EntityUid;

/** The type, which is known for both: principals are users, resources are tools. */
export function entityType(entity: EntityOperand): string {
  if ('variable' in entity) {
    return entity.variable === 'principal' ? 'User' : 'Tool';
  }
  return entity.type;
}

/** The name of the user or tool that a variable stands for. */
export function nameOf(variable: 'principal' | 'resource', bound: BoundTerms): Term {
  return variable === 'principal' ? bound.user : bound.tool;
}

/** Whether two are the same entity. */
export function sameEntity(left: EntityOperand, right: EntityOperand, bound: BoundTerms): Term {
  if (entityType(left) !== entityType(right)) {
    return FALSE;
  }
  if ('variable' in left) {
    // Of equal types, two variables are one.
    return 'variable' in right ? TRUE : relation(nameOf(left.variable, bound), '==', text(right.id));
  }
  return 'variable' in right ? sameEntity(right, left, bound) : constant(formatUid(left) === formatUid(right));
}

/** Whether an entity is another or is below it. */
export function isIn(
  left: EntityOperand,
  right: EntityOperand,
  entities: readonly StaticEntity[],
  bound: BoundTerms,
): Term {
  if ('variable' in right) {
    // Nothing is below a user or a tool.
    return sameEntity(left, right, bound);
  }
  if ('variable' in left) {
    return left.variable === 'principal' ? userIsIn(right, entities, bound) : toolIsIn(right, entities, bound);
  }
  if (isWithin(entities, left, right)) {
    return TRUE;
  }
  // The named user or tool may be that of the request, which says more of it than the entities do.
  const variable = left.type === 'User' ? 'principal' : left.type === 'Tool' ? 'resource' : undefined;
  return variable === undefined
    ? FALSE
    : and([sameEntity({ variable }, left, bound), isIn({ variable }, right, entities, bound)]);
}

function userIsIn(ancestor: EntityUid, entities: readonly StaticEntity[], bound: BoundTerms): Term {
  const users = membersOf(entities, ancestor, 'User');
  const groups = membersOf(entities, ancestor, 'Group');
  return or([...isOneOf(bound.user, users), ...hasOneOf(bound.groups, groups)]);
}

function toolIsIn(ancestor: EntityUid, entities: readonly StaticEntity[], bound: BoundTerms): Term {
  const tools = membersOf(entities, ancestor, 'Tool');
  const servers = membersOf(entities, ancestor, 'Server');
  return or([...isOneOf(bound.tool, tools), ...hasOneOf(bound.servers, servers)]);
}

function isOneOf(name: Term, names: readonly string[]): readonly Term[] {
  return names.length < 2
    ? names.map(other => relation(name, '==', text(other)))
    : [relation(name, 'in', list(names.map(text)))];
}

/** `exists` rather than `in`: some evaluators look with `in` for a part of a text, should the groups be one. */
function hasOneOf(names: Term, wanted: readonly string[]): readonly Term[] {
  return wanted.length === 0 ? [] : [exists(names, item => or(isOneOf(item, wanted)))];
}

function constant(value: boolean): Term {
  return value ? TRUE : FALSE;
}

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
