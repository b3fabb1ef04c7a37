import type { Expr } from '@cedar-policy/cedar-wasm/nodejs';
import { primary, Term } from '../cel/terms';

/** What may be done with a tool, as Cedar's actions are called here. */
export type CedarAction = 'call_tool' | 'list_tools';

/** All actions. */
export const CEDAR_ACTIONS: readonly CedarAction[] = ['call_tool', 'list_tools'];

/** Types of entities. */
export type EntityType = 'User' | 'Group' | 'Tool' | 'Server';

/** An entity by its type and id. */
export interface EntityUid {
  readonly type: string;
  readonly id: string;
}

/** The entity as a policy writes it; no two entities are written alike. */
export function formatUid(uid: EntityUid): string {
  return `${uid.type}::${JSON.stringify(uid.id)}`;
}

/** Types of scalars that tokens, arguments and entities may hold. */
export type ScalarType = 'String' | 'Long' | 'Boolean';

/** A scalar, or a set of scalars. */
export interface ValueType {
  readonly scalar: ScalarType;
  readonly set: boolean;
}

/** The type as Cedar's schemas write it. */
export function formatType(type: ValueType): string {
  const scalar = type.scalar === 'Boolean' ? 'Bool' : type.scalar;
  return type.set ? `Set<${scalar}>` : scalar;
}

/** Names that Cedar's JSON form, or JavaScript, gives a meaning of their own: a field cannot be called so. */
const RESERVED_FIELDS: ReadonlySet<string> = new Set(['__entity', '__extn', '__expr', '__proto__']);

export function isReservedField(name: string): boolean {
  return RESERVED_FIELDS.has(name);
}

/** What a record such as the claims of a token is known to hold. Every field may be missing. */
export type Shape =
  | { readonly kind: 'record'; readonly fields: ReadonlyMap<string, Shape> }
  | { readonly kind: 'value'; readonly type: ValueType }
  /** Policies ask only whether it is there. */
  | { readonly kind: 'presence' };

/** A record whose fields are known. */
export type RecordShape = Extract<Shape, { kind: 'record' }>;

/** The records of a request whose fields policies may use. */
export type RecordRoot = 'claims' | 'arguments' | 'headers';

/** The records as a policy writes them. */
export const RECORD_EXPRESSIONS: Readonly<Record<RecordRoot, string>> = {
  claims: 'principal.claims',
  arguments: 'context.arguments',
  headers: 'context.headers',
};

/** The fields of all records of a request that the policies use. */
export type RequestShape = Readonly<Record<RecordRoot, RecordShape>>;

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

/**
 * Where the parts of a request stand, as CEL expressions of the place that enforces the policies.
 * Each must yield its type for every request; one that errs denies. They may use the variables of the gateway, none of which has a
 * name of these.
 */
export interface CedarBindings {
  /** String: the user. Empty, or an error, when the caller proved no name: such a caller is denied. */
  readonly user: string;
  /** List of strings: the groups; empty when there are none. */
  readonly groups: string;
  /** Map: the claims of the token; empty when the caller proved itself otherwise. */
  readonly claims: string;
  /** String: the tool. */
  readonly tool: string;
  /** List of strings: the servers that serve the tool, each as `namespace/name`. */
  readonly servers: string;
  /** Map: the arguments of the call; empty when it has none. Not used in the expression for `list_tools`. */
  readonly arguments: string;
  /** Map of strings: the headers of the request, names in lower case, several of one name joined. */
  readonly headers: string;
  /** Timestamp, in UTC: when the request came. */
  readonly time: string;
  /** Boolean: whether the address of the caller is in a range (CIDR). No operator stands in it outside of brackets. */
  readonly isFrom: (range: string) => string;
}

/** Bindings that are expressions. */
type Name = Exclude<keyof CedarBindings, 'isFrom'>;

/** The bindings, ready to stand in an expression. */
export type BoundTerms = Readonly<Record<Name, Term>> & { readonly isFrom: (range: string) => Term };

const NAMES: readonly Name[] = ['user', 'groups', 'claims', 'tool', 'servers', 'arguments', 'headers', 'time'];

/** A variable and its fields, or a list of texts. */
const SIMPLE = /^(?:[A-Za-z_][\w.]*|\[(?:"(?:[^"\\]|\\.)*"(?:, ?)?)*\])$/;

/** Simple bindings as they are; the others are variables of their own, which `withBindings` defines. */
export function boundTerms(bindings: CedarBindings): BoundTerms {
  return {
    ...(Object.fromEntries(
      NAMES.map(name => [name, primary(SIMPLE.test(bindings[name]) ? bindings[name] : name)]),
    ) as Record<Name, Term>),
    isFrom: range => primary(bindings.isFrom(range)),
  };
}

/** Terms that stand for themselves, for an expression that nobody evaluates. */
export function unboundTerms(): BoundTerms {
  const named = Object.fromEntries(NAMES.map(name => [name, name])) as Record<Name, string>;
  return boundTerms({ ...named, isFrom: () => 'isFrom' });
}

/** An expression with the variables it uses: evaluated once each, for one may parse the body of the request. */
export function withBindings(expression: string, bindings: CedarBindings): string {
  const withoutTexts = expression.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  return NAMES.filter(
    name => !SIMPLE.test(bindings[name]) && new RegExp(`(?<![\\w.])${name}\\b`).test(withoutTexts),
  ).reduce((body, name) => `[${bindings[name]}].exists(${name}, ${body})`, expression);
}
