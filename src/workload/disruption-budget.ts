import { ApiObject } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { errorKind, InputCheck } from '../model/findings';

const DISRUPTION_BUDGET_BOTH = errorKind(
  'disruption-budget-both',
  'has both minAvailable and maxUnavailable',
  'Give one of the two',
);

/** How many pods a voluntary disruption, such as a drained node, may take at once. Give one of the two. */
export interface DisruptionBudgetOptions {
  /**
   * Pods that must stay.
   *
   * @default - none given
   */
  readonly minAvailable?: kplus.PercentOrAbsolute;

  /**
   * Pods that may go.
   *
   * @default - 1 when `minAvailable` is not given
   */
  readonly maxUnavailable?: kplus.PercentOrAbsolute;
}

/** Checks options of a PodDisruptionBudget. */
export function checkDisruptionBudget(input: InputCheck, options: DisruptionBudgetOptions | undefined): void {
  const given = options && { minAvailable: options.minAvailable?.value, maxUnavailable: options.maxUnavailable?.value };
  input.report(
    DISRUPTION_BUDGET_BOTH,
    'disruptionBudget',
    given,
    given?.minAvailable !== undefined && given.maxUnavailable !== undefined,
  );
}

/** Adds a PodDisruptionBudget for the pods that a selector matches. */
export function addDisruptionBudget(
  scope: Construct,
  metadata: { readonly name: string; readonly namespace: string; readonly labels: Record<string, string> },
  selector: Readonly<Record<string, string>>,
  options: DisruptionBudgetOptions,
): ApiObject {
  return new ApiObject(scope, 'PodDisruptionBudget', {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata,
    spec: {
      minAvailable: options.minAvailable?.value,
      maxUnavailable: options.minAvailable === undefined ? (options.maxUnavailable?.value ?? 1) : undefined,
      selector: { matchLabels: selector },
    },
  });
}
