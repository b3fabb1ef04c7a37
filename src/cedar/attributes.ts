import { isPresent } from './conformance';
import { AttributeValue, isRequestAttribute, scalarTypeOf } from './entities';
import { describe, EntityOperand, entityType, nameOf, Operand, Scope, UnsupportedConstruct } from './operands';
import { formatUid, RecordRoot, ScalarType, Shape } from './vocabulary';
import { and, at, FALSE, list, map, relation, Term, text, TRUE, whole } from '../cel/terms';

/** `.` of Cedar. */
export function attribute(operand: Operand, name: string, scope: Scope): Operand {
  switch (operand.kind) {
    case 'context':
      return contextAttribute(name, scope);
    case 'record':
      return fieldOf(operand, name);
    case 'entity':
      return entityAttribute(operand.entity, name, scope);
    default:
      throw new UnsupportedConstruct(
        `.${name} on ${describe(operand)}`,
        'Use attributes of principal, resource and context',
      );
  }
}

function contextAttribute(name: string, scope: Scope): Operand {
  if (name === 'sourceIp') {
    return { kind: 'sourceIp' };
  }
  if (name === 'time') {
    return { kind: 'datetime', term: scope.bound.time };
  }
  return requestRecord(name as RecordRoot, scope);
}

function requestRecord(root: RecordRoot, scope: Scope): Operand {
  return { kind: 'record', root, shape: scope.shape[root], term: scope.bound[root] };
}

function fieldOf(record: Extract<Operand, { kind: 'record' }>, name: string): Operand {
  const shape: Shape = record.shape.fields.get(name) ?? { kind: 'presence' };
  const value = at(record.term, text(name));
  switch (shape.kind) {
    case 'record':
      return { kind: 'record', root: record.root, shape, term: value };
    case 'value':
      return shape.type.set
        ? { kind: 'set', type: shape.type.scalar, term: value }
        : scalarField(shape.type.scalar, value);
    case 'presence':
      throw new UnsupportedConstruct(`.${name} on ${describe(record)}`, 'Use it in a comparison that shows its type');
  }
}

function scalarField(type: ScalarType, value: Term): Operand {
  // Evaluators differ in what they take for a condition when it comes out of JSON; a comparison yields a boolean in all of them.
  return { kind: 'scalar', type, term: type === 'Boolean' ? relation(value, '==', TRUE) : value };
}

function entityAttribute(entity: EntityOperand, name: string, scope: Scope): Operand {
  if ('variable' in entity && name === 'name') {
    return { kind: 'scalar', type: 'String', term: nameOf(entity.variable, scope.bound) };
  }
  if ('variable' in entity && entity.variable === 'principal' && name === 'claims') {
    return requestRecord('claims', scope);
  }
  const type = scope.attributes.get(entityType(entity))?.get(name);
  const holders = attributeHolders(entityType(entity), name, scope);
  if (type === undefined || holders.length === 0) {
    throw new UnsupportedConstruct(
      `the attribute ${name} of ${describe({ kind: 'entity', entity })}`,
      'Give it to an entity of that type in the entities',
    );
  }
  const kind = type.set ? 'set' : 'scalar';
  if ('variable' in entity) {
    return {
      kind,
      type: type.scalar,
      term: at(map(holders.map(([id, value]) => [id, valueTerm(value)])), nameOf(entity.variable, scope.bound)),
    };
  }
  const held = holders.find(([id]) => id === entity.id);
  if (held === undefined) {
    throw new UnsupportedConstruct(
      `the attribute ${name} of ${formatUid(entity)}, which lacks it`,
      'Give it the attribute in the entities, or ask principal or resource',
    );
  }
  return { kind, type: type.scalar, term: valueTerm(held[1]) };
}

/** The entities of a type that have an attribute, with its value. */
function attributeHolders(type: string, name: string, scope: Scope): readonly (readonly [string, AttributeValue])[] {
  return scope.entities.flatMap(({ uid, attributes }) => {
    const value = attributes.get(name);
    return uid.type === type && value !== undefined ? [[uid.id, value] as const] : [];
  });
}

function valueTerm(value: AttributeValue): Term {
  if (typeof value === 'object') {
    return list(value.map(valueTerm));
  }
  switch (scalarTypeOf(value)) {
    case 'String':
      return text(value as string);
    case 'Boolean':
      return value ? TRUE : FALSE;
    case 'Long':
      return whole(value as number);
  }
}

/** `has` of Cedar, which may ask for a path: `principal.claims has realm_access.roles`. */
export function has(operand: Operand, attr: string | readonly string[], scope: Scope): Term {
  const [name, ...deeper] = typeof attr === 'string' ? [attr] : attr;
  const present = hasOne(operand, name, scope);
  return deeper.length === 0 || present === FALSE
    ? present
    : and([present, has(attribute(operand, name, scope), deeper, scope)]);
}

function hasOne(operand: Operand, name: string, scope: Scope): Term {
  switch (operand.kind) {
    case 'context':
      return ['sourceIp', 'time', 'headers', ...(scope.action === 'call_tool' ? ['arguments'] : [])].includes(name)
        ? TRUE
        : FALSE;
    case 'record':
      return isPresent(operand.term, name);
    case 'entity':
      return entityHas(operand.entity, name, scope);
    default:
      throw new UnsupportedConstruct(
        `has on ${describe(operand)}`,
        'Use has with principal, resource, context and the records in them',
      );
  }
}

function entityHas(entity: EntityOperand, name: string, scope: Scope): Term {
  if ('variable' in entity && (name === 'name' || (name === 'claims' && entity.variable === 'principal'))) {
    return TRUE;
  }
  if (!('variable' in entity) && isRequestAttribute(entity.type, name)) {
    throw new UnsupportedConstruct(`has ${name} of ${formatUid(entity)}`, 'Ask principal or resource');
  }
  const ids = attributeHolders(entityType(entity), name, scope).map(([id]) => id);
  if ('variable' in entity) {
    return ids.length === 0 ? FALSE : relation(nameOf(entity.variable, scope.bound), 'in', list(ids.map(text)));
  }
  return ids.includes(entity.id) ? TRUE : FALSE;
}
