import type { CelInput } from '@bufbuild/cel';
import { celLibrary } from '../../passes/access/cel-library';

/*
 * Expressions of CEL as their syntax trees, which is how Envoy's RBAC takes them: as the JSON of google.api.expr.v1alpha1.Expr.
 * Only what emitted expressions are made of is known here: names, fields, calls and integers.
 */

/** A syntax tree. */
export type Expr =
  | { readonly ident_expr: { readonly name: string } }
  | { readonly select_expr: { readonly operand: Expr; readonly field: string } }
  | { readonly call_expr: { readonly function: string; readonly args: readonly Expr[] } }
  /** A number of 64 bits is text in JSON. */
  | { readonly const_expr: { readonly int64_value: string } };

type Tree = NonNullable<ReturnType<typeof import('@bufbuild/cel')['parse']>['expr']>;

/** Parses an expression. */
export function parseExpr(text: string): Expr {
  return toJson(celLibrary().parse(text).expr!, text);
}

function toJson({ exprKind }: Tree, text: string): Expr {
  switch (exprKind.case) {
    case 'identExpr': return { ident_expr: { name: exprKind.value.name } };
    case 'selectExpr': return { select_expr: { operand: toJson(exprKind.value.operand!, text), field: exprKind.value.field } };
    case 'callExpr': return { call_expr: { function: exprKind.value.function, args: exprKind.value.args.map((arg) => toJson(arg, text)) } };
    case 'constExpr':
      if (exprKind.value.constantKind.case === 'int64Value') {
        return { const_expr: { int64_value: String(exprKind.value.constantKind.value) } };
      }
  }
  throw new Error(`not among the expressions that are emitted: ${text}`);
}

/** Evaluates a syntax tree. */
export function evaluateExpr(expr: Expr, variables: Readonly<Record<string, CelInput>>): unknown {
  const { celEnv, plan } = celLibrary();
  return plan(celEnv(), fromJson(expr))(variables);
}

const MESSAGE = 'cel.expr.Expr';

function fromJson(expr: Expr): Tree {
  return { $typeName: MESSAGE, id: 0n, exprKind: kindOf(expr) } as Tree;
}

function kindOf(expr: Expr): object {
  if ('ident_expr' in expr) {
    return { case: 'identExpr', value: { $typeName: `${MESSAGE}.Ident`, ...expr.ident_expr } };
  }
  if ('select_expr' in expr) {
    const { field, operand } = expr.select_expr;
    return { case: 'selectExpr', value: { $typeName: `${MESSAGE}.Select`, operand: fromJson(operand), field, testOnly: false } };
  }
  if ('call_expr' in expr) {
    return { case: 'callExpr', value: { $typeName: `${MESSAGE}.Call`, function: expr.call_expr.function, args: expr.call_expr.args.map(fromJson) } };
  }
  const constant = { $typeName: 'cel.expr.Constant', constantKind: { case: 'int64Value', value: BigInt(expr.const_expr.int64_value) } };
  return { case: 'constExpr', value: constant };
}
