import type { Expr } from '@cedar-policy/cedar-wasm/nodejs';
import { EntityUid, RecordRoot } from './vocabulary';

/** Cedar's JSON form of an expression. */
export type CedarExpression = Expr;

/** The parts of an operation, as Cedar's JSON form names them. */
export interface Operands {
  readonly left: CedarExpression;
  readonly right: CedarExpression;
  readonly arg: CedarExpression;
  readonly attr: string | readonly string[];
  readonly pattern: readonly ('Wildcard' | { readonly Literal: string })[];
  readonly entity_type: string;
  readonly in?: CedarExpression;
  readonly if: CedarExpression;
  readonly then: CedarExpression;
  readonly else: CedarExpression;
}

/** The operator of an expression and what stands under it. The form is an object with one property: the operator's name. */
export function operation(expression: CedarExpression): { readonly operator: string; readonly body: unknown } {
  const [operator, body] = Object.entries(expression)[0];
  return { operator, body };
}

/** What a literal holds. */
export function literalEntity(value: unknown): EntityUid | undefined {
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  const entity = (value as { __entity?: EntityUid }).__entity;
  return entity && { type: entity.type, id: entity.id };
}

/** The variable of an attribute access and the attributes that follow: `principal.claims.level` is `principal`, `[claims, level]`. */
export function accessPath(
  expression: CedarExpression,
): { readonly variable: string; readonly attributes: readonly string[] } | undefined {
  const attributes: string[] = [];
  let current = expression;
  for (;;) {
    const { operator, body } = operation(current);
    if (operator === 'Var') {
      return { variable: body as string, attributes: attributes.reverse() };
    }
    if (operator !== '.') {
      return undefined;
    }
    attributes.push((body as Operands).attr as string);
    current = (body as Operands).left;
  }
}

/** The record and the fields of an access to one of the records of a request. */
export function recordPath(
  expression: CedarExpression,
): { readonly root: RecordRoot; readonly fields: readonly string[] } | undefined {
  const path = accessPath(expression);
  if (path === undefined || path.attributes.length === 0) {
    return undefined;
  }
  const [first, ...fields] = path.attributes;
  if (path.variable === 'principal' && first === 'claims') {
    return { root: 'claims', fields };
  }
  return path.variable === 'context' && (first === 'arguments' || first === 'headers')
    ? { root: first, fields }
    : undefined;
}
