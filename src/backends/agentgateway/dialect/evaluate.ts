import type { CelFunc, CelInput, CelMap } from '@bufbuild/cel';
import { Stage, variablesAt } from './variables';
import { celEvaluator, celLibrary, fromJson, Parsed, toJson } from '../../../cel/evaluate';
import { Predicate } from '../../../cel/predicates';
import { EnforcedExpression } from '../../../passes/access/enforcement';
import { addressCidr, AddressRange, familyOf, parseCidr, rangeContains } from '../../../values/cidr';

/*
 * The functions that agentgateway adds to CEL, as far as emitted expressions use them: `json`, `toJson`,
 * `cidr(…).containsIP(…)` and `request.headers.join()`.
 */

/** The functions. */
function gatewayFunctions(): CelFunc[] {
  const { celFunc, celMethod, CelScalar, mapType } = celLibrary();
  const object = mapType(CelScalar.STRING, CelScalar.DYN);
  return [
    celFunc('json', [CelScalar.BYTES], CelScalar.DYN, parseBody),
    celFunc('json', [CelScalar.STRING], CelScalar.DYN, text => fromJson(JSON.parse(text))),
    celFunc('toJson', [CelScalar.DYN], CelScalar.STRING, value => JSON.stringify(toJson(value))),
    celFunc('cidr', [CelScalar.STRING], object, cidrValue),
    celMethod('containsIP', object, [CelScalar.STRING], CelScalar.BOOL, function (address) {
      return containsIp(this, address);
    }),
    celMethod('join', object, [], object, function () {
      return joinHeaders(this);
    }),
  ];
}

const bodies = new WeakMap<Uint8Array, CelInput>();

function parseBody(body: Uint8Array): CelInput {
  let parsed = bodies.get(body);
  if (parsed === undefined) {
    parsed = fromJson(JSON.parse(new TextDecoder().decode(body)));
    bodies.set(body, parsed);
  }
  return parsed;
}

/** A parsed range: CEL has no type for it, so it goes through the evaluator as a map that holds its text. */
interface Cidr {
  readonly value: CelMap;
  readonly range: AddressRange;
}

const cidrs = new Map<string, Cidr>();

function cidrValue(text: string): CelMap {
  return knownCidr(text).value;
}

function knownCidr(text: string): Cidr {
  let found = cidrs.get(text);
  if (found === undefined) {
    const range = parseCidr(text);
    if (range === undefined) {
      throw new Error(`"${text}" is no CIDR`);
    }
    found = { value: celLibrary().celMap(new Map([['cidr', text]])), range };
    cidrs.set(text, found);
  }
  return found;
}

function containsIp(value: CelMap, address: string): boolean {
  const text = value.get('cidr');
  if (typeof text !== 'string' || familyOf(address) === undefined) {
    throw new Error(`"${address}" is no IP address`);
  }
  // An IPv4 address within an IPv6 one is an IPv6 address to the gateway.
  return rangeContains(knownCidr(text).range, parseCidr(addressCidr(address))!);
}

/** Headers with the lines of each joined by commas. */
function joinHeaders(headers: CelMap): CelMap {
  const joined = new Map<string, CelInput>();
  headers.forEach((value, name) =>
    joined.set(name as string, typeof value === 'string' ? value : [...(value as Iterable<string>)].join(',')),
  );
  return celLibrary().celMap(joined as ReadonlyMap<string, CelInput>);
}

type Expr = NonNullable<Parsed['expr']>;

/**
 * Rewrites agentgateway's `default(value, otherwise)`, which catches what is missing: an ordinary function is never called
 * with an argument that errs. CEL has an operator of its own for that, which its macros are made of.
 */
function withoutDefault(parsed: Parsed): Parsed {
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

/** Evaluates an expression as agentgateway does. */
export const evaluate = celEvaluator({ functions: gatewayFunctions, rewrite: withoutDefault });

/** What is asked at a stage, ready to be asked. */
export function askedAt<T extends { readonly expression: Predicate }>(
  stage: Stage,
  question: T,
): T & EnforcedExpression {
  return { ...question, holds: request => evaluate(question.expression, variablesAt(stage, request)) };
}
