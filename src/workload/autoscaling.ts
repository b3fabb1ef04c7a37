import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { InputCheck } from '../model/input';
import { wholeNumberProblem } from '../model/names';

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
  input.check('autoscaling.minReplicas', minimum, wholeNumberProblem(minimum, 1), 'Give at least 1');
  input.check(
    'autoscaling.maxReplicas',
    options.maxReplicas,
    wholeNumberProblem(options.maxReplicas, Math.max(1, minimum)),
    'Give at least minReplicas',
  );
  input.optional(
    'autoscaling.cpuUtilization',
    options.cpuUtilization,
    value => wholeNumberProblem(value, 1, 100),
    'Give percent of the CPU request',
  );
  input.check(
    'replicas',
    replicas,
    replicas === undefined ? undefined : 'is fixed, and autoscaling would change it',
    'Drop `replicas`, or `autoscaling`',
  );
}

/** Adds an autoscaler to a workload. */
export function addAutoscaler(
  scope: Construct,
  name: string,
  labels: Record<string, string>,
  target: kplus.Deployment,
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
