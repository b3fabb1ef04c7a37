import { celLibrary, Parsed } from '../../../cel/evaluate';

type Expr = NonNullable<Parsed['expr']>;

/**
 * Rewrites agentgateway's `default(value, otherwise)`, which catches what is missing: an ordinary function is never called
 * with an argument that errs. CEL has an operator of its own for that, which its macros are made of.
 */
export function withoutDefault(parsed: Parsed): Parsed {
  if (parsed.expr !== undefined) {
    rewrite(parsed.expr);
  }
  return parsed;
}

function rewrite(expr: Expr): void {
  children(expr).forEach(rewrite);
  const { exprKind } = expr;
  if (
    exprKind.case === 'callExpr' &&
    exprKind.value.function === 'default' &&
    exprKind.value.target === undefined &&
    exprKind.value.args.length === 2
  ) {
    const [value, otherwise] = exprKind.value.args;
    expr.exprKind = template({ VALUE: value, OTHERWISE: otherwise }).exprKind;
  }
}

/** `errs ? otherwise : value`. The name that stands for the operator is one that cannot be written. */
function template(parts: Readonly<Record<string, Expr>>): Expr {
  const { expr } = celLibrary().parse('errs(size([VALUE]) == 0) || VALUE == null ? OTHERWISE : VALUE') as {
    expr: Expr;
  };
  const fill = (item: Expr): void => {
    const { exprKind } = item;
    if (exprKind.case === 'identExpr' && parts[exprKind.value.name] !== undefined) {
      item.exprKind = parts[exprKind.value.name].exprKind;
      return;
    }
    children(item).forEach(fill);
    if (exprKind.case === 'callExpr' && exprKind.value.function === 'errs') {
      exprKind.value.function = '@not_strictly_false';
    }
  };
  fill(expr);
  return expr;
}

function children({ exprKind }: Expr): Expr[] {
  switch (exprKind.case) {
    case 'callExpr':
      return defined([exprKind.value.target, ...exprKind.value.args]);
    case 'selectExpr':
      return defined([exprKind.value.operand]);
    case 'listExpr':
      return exprKind.value.elements;
    case 'structExpr':
      return defined(
        exprKind.value.entries.flatMap(({ keyKind, value }) => [
          keyKind.case === 'mapKey' ? keyKind.value : undefined,
          value,
        ]),
      );
    case 'comprehensionExpr': {
      const { iterRange, accuInit, loopCondition, loopStep, result } = exprKind.value;
      return defined([iterRange, accuInit, loopCondition, loopStep, result]);
    }
    default:
      return [];
  }
}

function defined(items: readonly (Expr | undefined)[]): Expr[] {
  return items.filter((item): item is Expr => item !== undefined);
}
