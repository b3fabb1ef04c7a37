import { ApiObject } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { transformJson } from './api-objects';
import { Synthesis } from './synthesis';
import { hardened } from '../backends/kubernetes/pod-security';
import { mergePodTemplates } from '../backends/kubernetes/pod-template';
import { storedWorkload } from '../backends/kubernetes/stored-form';
import { InputCheck } from '../model/input';
import { labelKeyProblem, labelValueProblem, wholeNumberProblem } from '../model/names';
import { AutoscalingOptions, DisruptionBudgetOptions, PodOptions } from '../server/server-options';
import { compact, Json, sorted } from '../values/json';

/** Security of every container the library emits: what Pod Security `restricted` asks for, and a read-only root. */
export function restrictedContainer(user?: number): kplus.ContainerSecurityContextProps {
  return {
    user,
    group: user,
    ensureNonRoot: true,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: [kplus.Capability.ALL] },
    seccompProfile: { type: kplus.SeccompProfileType.RUNTIME_DEFAULT },
  };
}

/** The pull policy Kubernetes itself would choose; cdk8s-plus would always pull. */
export function defaultPullPolicy(image: string): kplus.ImagePullPolicy {
  const tag = /:([^/:@]+)$/.exec(image)?.[1];
  return image.includes('@') || (tag !== undefined && tag !== 'latest')
    ? kplus.ImagePullPolicy.IF_NOT_PRESENT
    : kplus.ImagePullPolicy.ALWAYS;
}

/** What pod options say beyond what cdk8s-plus has props for, as a template to merge. */
export function podOptionsTemplate(options: PodOptions): Json {
  return compact({
    metadata: compact({ labels: options.podLabels, annotations: options.podAnnotations }),
    spec: compact({
      nodeSelector: options.nodeSelector,
      imagePullSecrets: options.imagePullSecrets?.map(secret => ({ name: secret.name })),
    }),
  });
}

/** Checks labels, and that none of them would detach the pods from what selects them. */
export function checkLabels(
  input: InputCheck,
  property: string,
  labels: { readonly [key: string]: unknown } | undefined,
  reserved: Readonly<Record<string, string>> = {},
): void {
  for (const [key, value] of Object.entries(labels ?? {})) {
    input.check(`${property}[${key}]`, key, labelKeyProblem(key), 'Correct the key');
    input.check(
      `${property}[${key}]`,
      value,
      typeof value === 'string' ? labelValueProblem(value) : 'is not text',
      'Correct the value',
    );
    input.check(
      `${property}[${key}]`,
      value,
      key in reserved && reserved[key] !== value
        ? `is a label that the library sets itself (${reserved[key]})`
        : undefined,
      'Use another key',
    );
  }
}

/** Checks the options of pods. */
export function checkPodOptions(
  input: InputCheck,
  options: PodOptions,
  selector: Readonly<Record<string, string>>,
): void {
  checkLabels(input, 'podLabels', options.podLabels, selector);
  checkLabels(input, 'nodeSelector', options.nodeSelector);
  const template = options.podTemplate;
  if (template !== undefined) {
    const valid = typeof template === 'object' && template !== null && !Array.isArray(template);
    input.check(
      'podTemplate',
      template,
      valid ? undefined : 'is not a pod template',
      'Pass an object such as { spec: { priorityClassName: "high" } }',
    );
    checkLabels(input, 'podTemplate.metadata.labels', template?.metadata?.labels, selector);
  }
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

/** Checks options of a PodDisruptionBudget. */
export function checkDisruptionBudget(input: InputCheck, options: DisruptionBudgetOptions | undefined): void {
  const given = options && { minAvailable: options.minAvailable?.value, maxUnavailable: options.maxUnavailable?.value };
  input.check(
    'disruptionBudget',
    given,
    given?.minAvailable !== undefined && given.maxUnavailable !== undefined
      ? 'has both minAvailable and maxUnavailable'
      : undefined,
    'Give one of the two',
  );
}

/** Applies templates over what cdk8s-plus renders for a workload, the user's last. Functions are asked when the workload is rendered. */
export function overrideTemplate(workload: kplus.Workload, ...templates: readonly (Json | (() => Json))[]): void {
  const effective = templates.filter(template => typeof template === 'function' || Object.keys(template).length > 0);
  if (effective.length === 0) {
    return;
  }
  transformJson(ApiObject.of(workload), json => {
    const patches = effective
      .map(template => (typeof template === 'function' ? template() : template))
      .filter(patch => Object.keys(patch).length > 0);
    return patches.length === 0
      ? json
      : { ...json, spec: { ...json.spec, template: sorted(mergePodTemplates(json.spec.template, ...patches)) } };
  });
}

/** Reads the pod template that a workload renders to, at most once per synthesis pass. */
export class RenderedTemplate {
  private pass = -1;
  private template?: Json;

  constructor(
    private readonly scope: Construct,
    private readonly workload: kplus.Workload,
  ) {
    transformJson(ApiObject.of(workload), json => {
      const stored = storedWorkload({ ...json, spec: { ...json.spec, template: hardened(json.spec.template) } });
      this.remember(stored.spec.template);
      return stored;
    });
  }

  /** The template as it is applied. */
  read(): Json {
    const current = Synthesis.of(this.scope).pass;
    // Pass 0 is no pass: the workload is rendered by hand, or outside the user's tree, where nothing is validated.
    if (this.template === undefined || current === 0 || this.pass !== current) {
      ApiObject.of(this.workload).toJson();
    }
    return this.template!;
  }

  private remember(template: Json): void {
    this.pass = Synthesis.of(this.scope).pass;
    this.template = template;
  }
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
