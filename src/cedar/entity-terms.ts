import { BoundTerms } from './bindings';
import { isWithin, membersOf, StaticEntity } from './entities';
import { EntityUid, formatUid } from './vocabulary';
import { and, exists, FALSE, list, or, relation, Term, text, TRUE } from '../cel/terms';

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
