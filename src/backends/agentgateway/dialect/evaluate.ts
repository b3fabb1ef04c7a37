import { withoutDefault } from './default';
import { gatewayFunctions } from './functions';
import { Stage, variablesAt } from './variables';
import { celEvaluator } from '../../../cel/evaluate';
import { Predicate } from '../../../cel/predicates';
import { EnforcedExpression } from '../../../passes/access/enforcement';

/** Evaluates an expression as agentgateway does. */
export const evaluate = celEvaluator({ functions: gatewayFunctions, rewrite: withoutDefault });

/** What is asked at a stage, ready to be asked. */
export function askedAt<T extends { readonly expression: Predicate }>(
  stage: Stage,
  question: T,
): T & EnforcedExpression {
  return { ...question, holds: request => evaluate(question.expression, variablesAt(stage, request)) };
}
