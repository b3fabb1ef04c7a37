import { attribute, has } from './attributes';
import { compare, contained, containsAll, containsAny, containsOne, equal, like, setOf } from './comparisons';
import { extension } from './extensions';
import {
  bool,
  describe,
  entityType,
  Operand,
  scalar,
  Scope,
  UnsupportedConstruct,
  unsupportedOperator,
} from './operands';
import { CedarExpression, literalEntity, operation, Operands } from './vocabulary';
import { and, call, conditional, FALSE, list, not, or, relation, Term, text, TRUE, whole } from '../cel/terms';

/** A condition as a boolean expression of CEL. */
export function translateCondition(expression: CedarExpression, scope: Scope): Term {
  const operand = translate(expression, scope);
  if (operand.kind !== 'scalar') {
    throw new UnsupportedConstruct(`${describe(operand)} as a condition`, 'Write a condition that is true or false');
  }
  return operand.term;
}

function translate(expression: CedarExpression, scope: Scope): Operand {
  const { operator, body } = operation(expression);
  const { left, right, arg } = (body ?? {}) as Operands;
  switch (operator) {
    case 'Value':
      return literal(body);
    case 'Var':
      return variable(body as string, scope);
    case '!':
      return bool(not(translateCondition(arg, scope)));
    case '&&':
      return bool(conjunction(left, right, scope));
    case '||':
      return bool(disjunction(left, right, scope));
    case '==':
      return bool(equal(translate(left, scope), translate(right, scope), scope));
    case '!=':
      return bool(not(equal(translate(left, scope), translate(right, scope), scope)));
    case '<':
    case '<=':
    case '>':
    case '>=':
      return bool(compare(operator, translate(left, scope), translate(right, scope)));
    case 'in':
      return bool(contained(translate(left, scope), translate(right, scope), scope));
    case 'is':
      return bool(isOfType(body as Operands, scope));
    case '.':
      return attribute(translate(left, scope), (body as Operands).attr as string, scope);
    case 'has':
      return bool(has(translate(left, scope), (body as Operands).attr, scope));
    case 'like':
      return bool(like(scalar(translate(left, scope), 'like'), (body as Operands).pattern));
    case 'Set':
      return setLiteral(body as readonly CedarExpression[], scope);
    case 'contains':
      return bool(containsOne(translate(left, scope), translate(right, scope), scope));
    case 'containsAll':
      return bool(containsAll(translate(left, scope), translate(right, scope), scope));
    case 'containsAny':
      return bool(containsAny(translate(left, scope), translate(right, scope), scope));
    case 'isEmpty':
      return bool(relation(call(setOf(translate(arg, scope), 'isEmpty').term, 'size'), '==', whole(0)));
    case 'if-then-else':
      return choice(body as Operands, scope);
    case 'neg':
      return negative(arg);
    default:
      return extension(operator, Array.isArray(body) ? (body as readonly CedarExpression[]) : [], scope, translate);
  }
}

function literal(value: unknown): Operand {
  const uid = literalEntity(value);
  if (uid !== undefined) {
    return { kind: 'entity', entity: uid };
  }
  switch (typeof value) {
    case 'string':
      return { kind: 'scalar', type: 'String', term: text(value) };
    case 'boolean':
      return bool(value ? TRUE : FALSE);
    case 'number':
    case 'bigint':
      return wholeNumber(Number(value));
    default:
      throw unsupportedOperator('Record');
  }
}

function wholeNumber(value: number): Operand {
  if (!Number.isSafeInteger(value)) {
    throw new UnsupportedConstruct(
      'a number beyond 2^53',
      'Use a smaller number: tokens and arguments are JSON, which holds no larger one exactly',
    );
  }
  return { kind: 'scalar', type: 'Long', term: whole(value) };
}

function negative(arg: CedarExpression): Operand {
  const { operator, body } = operation(arg);
  if (operator === 'Value' && typeof body === 'number') {
    return wholeNumber(-body);
  }
  throw unsupportedOperator('neg');
}

function variable(name: string, scope: Scope): Operand {
  switch (name) {
    case 'principal':
    case 'resource':
      return { kind: 'entity', entity: { variable: name } };
    case 'action':
      return { kind: 'entity', entity: { type: 'Action', id: scope.action } };
    default:
      return { kind: 'context' };
  }
}

/** Like Cedar's validator, it does not look at what follows a condition that is known to be false. */
function conjunction(left: CedarExpression, right: CedarExpression, scope: Scope): Term {
  const first = translateCondition(left, scope);
  return first === FALSE ? FALSE : and([first, translateCondition(right, scope)]);
}

function disjunction(left: CedarExpression, right: CedarExpression, scope: Scope): Term {
  const first = translateCondition(left, scope);
  return first === TRUE ? TRUE : or([first, translateCondition(right, scope)]);
}

function choice(body: Operands, scope: Scope): Operand {
  const condition = translateCondition(body.if, scope);
  if (condition === TRUE || condition === FALSE) {
    return translate(condition === TRUE ? body.then : body.else, scope);
  }
  const then = translate(body.then, scope);
  const otherwise = translate(body.else, scope);
  if ((then.kind === 'scalar' || then.kind === 'set') && then.kind === otherwise.kind && then.type === otherwise.type) {
    return { kind: then.kind, type: then.type, term: conditional(condition, then.term, otherwise.term) };
  }
  throw new UnsupportedConstruct(
    `if-then-else of ${describe(then)} and ${describe(otherwise)}`,
    'Move the comparison into both branches',
  );
}

function isOfType(body: Operands, scope: Scope): Term {
  const operand = translate(body.left, scope);
  if (operand.kind !== 'entity') {
    throw new UnsupportedConstruct(`is on ${describe(operand)}`, 'Use is with principal, action or resource');
  }
  if (entityType(operand.entity) !== body.entity_type) {
    return FALSE;
  }
  return body.in === undefined ? TRUE : contained(operand, translate(body.in, scope), scope);
}

function setLiteral(items: readonly CedarExpression[], scope: Scope): Operand {
  const operands = items.map(item => translate(item, scope));
  if (operands.every(operand => operand.kind === 'entity')) {
    return { kind: 'entities', entities: operands.map(operand => operand.entity) };
  }
  const [first] = operands;
  if (first.kind === 'scalar' && operands.every(operand => operand.kind === 'scalar')) {
    return { kind: 'set', type: first.type, term: list(operands.map(operand => operand.term)) };
  }
  throw new UnsupportedConstruct(
    `a set of ${operands.map(describe).join(' and ')}`,
    'Use sets of text, numbers, booleans or entities',
  );
}
