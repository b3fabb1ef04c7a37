import { ApiObject } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { errorKind, InputCheck } from '../model/findings';
import { emptyList, LIST_EMPTY, notWhole, WHOLE_NUMBER_INVALID } from '../model/validation';

const REPLICAS_BESIDE_AUTOSCALING = errorKind(
  'replicas-beside-autoscaling',
  'is fixed, and autoscaling would change it',
  'Drop `replicas`, or `autoscaling`',
);

/** How many replicas run, as the load asks for. */
export interface AutoscalingOptions {
  /**
   * Fewest replicas.
   *
   * @default 1
   */
  readonly minReplicas?: number;

  /** Most replicas. */
  readonly maxReplicas: number;

  /**
   * CPU utilisation to keep, in percent of the request. Ignored when `metrics` are given.
   *
   * @default 80
   */
  readonly cpuUtilization?: number;

  /**
   * What to scale by.
   *
   * @default - CPU utilisation
   */
  readonly metrics?: kplus.Metric[];
}

/** Checks options of a HorizontalPodAutoscaler. */
export function checkAutoscaling(
  input: InputCheck,
  options: AutoscalingOptions | undefined,
  replicas: number | undefined,
): void {
  if (options === undefined) {
    return;
  }
  const minimum = options.minReplicas ?? 1;
  input.report(WHOLE_NUMBER_INVALID, 'autoscaling.minReplicas', minimum, notWhole(minimum, 'at least 1', 1));
  input.report(
    WHOLE_NUMBER_INVALID,
    'autoscaling.maxReplicas',
    options.maxReplicas,
    notWhole(options.maxReplicas, 'at least minReplicas', Math.max(1, minimum)),
  );
  input.reportGiven(WHOLE_NUMBER_INVALID, 'autoscaling.cpuUtilization', options.cpuUtilization, value =>
    notWhole(value, 'percent of the CPU request', 1, 100),
  );
  input.report(
    LIST_EMPTY,
    'autoscaling.metrics',
    options.metrics?.length,
    emptyList(options.metrics, 'metric', 'to scale by CPU utilisation'),
  );
  input.report(REPLICAS_BESIDE_AUTOSCALING, 'replicas', replicas, replicas !== undefined);
}

/** Adds an autoscaler to a workload. */
export function addAutoscaler(
  scope: Construct,
  name: string,
  labels: Record<string, string>,
  target: kplus.Deployment | kplus.StatefulSet,
  options: AutoscalingOptions,
): kplus.HorizontalPodAutoscaler {
  return new kplus.HorizontalPodAutoscaler(scope, 'HorizontalPodAutoscaler', {
    metadata: { name, namespace: target.metadata.namespace, labels },
    target,
    minReplicas: options.minReplicas ?? 1,
    maxReplicas: options.maxReplicas,
    metrics: options.metrics ?? [
      kplus.Metric.resourceCpu(kplus.MetricTarget.averageUtilization(options.cpuUtilization ?? 80)),
    ],
  });
}

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
