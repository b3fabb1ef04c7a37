import { ApiObject, App, Chart, Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { checkAnnotations, checkLabels, checkWritable } from './metadata';
import { checkPodTemplate } from './pod-check';
import { SpreadOptions } from './spread';
import { mergePodTemplates } from '../backends/kubernetes/pod-template';
import { errorKind, InputCheck } from '../model/findings';
import { isObjectName, OPTION_TYPE } from '../model/validation';
import { bytesOf } from '../synthesis/statement';
import { compact, Json } from '../values/json';
import { formatBytes } from '../values/quantities';

const POD_TEMPLATE_INVALID = errorKind(
  'pod-template-invalid',
  'is not a pod template',
  'Pass an object such as { spec: { priorityClassName: "high" } }',
);

/** What a pod of the library can be given beyond its program. */
export interface PodOptions extends SpreadOptions {
  /**
   * Requests and limits of the main container; a limit that is left out is none. A gateway of Envoy refuses callers before they have filled its memory limit, and
   * has as many connections as it has room for; without one it cannot (a warning).
   *
   * @default - 100m to 1 CPU; 128 to 512 MiB of memory, 256 MiB to 1 GiB for npx and uvx
   */
  readonly resources?: kplus.ContainerResources;

  /**
   * Labels of the pods, besides those that select them.
   *
   * @default - none
   */
  readonly podLabels?: { [key: string]: string };

  /**
   * Annotations of the pods.
   *
   * @default - none
   */
  readonly podAnnotations?: { [key: string]: string };

  /**
   * Labels a node must have.
   *
   * @default - any node
   */
  readonly nodeSelector?: { [key: string]: string };

  /**
   * Taints of nodes that the pods tolerate.
   *
   * @default - none
   */
  readonly tolerations?: kplus.NodeTaintQuery[];

  /**
   * Name of the PriorityClass of the pods.
   *
   * @default - the cluster's own
   */
  readonly priorityClass?: string;

  /**
   * Secrets with credentials for the registries of the images, in the pods' namespace.
   *
   * @default - none
   */
  readonly imagePullSecrets?: kplus.ISecret[];

  /**
   * Time the pods get to end their requests. Pods of a server spend some of it, 12 seconds at most and no more than half, answering as
   * before: their programs are told to end when nobody finds them any more (docs/operations.md).
   *
   * @default Duration.seconds(30)
   */
  readonly terminationGracePeriod?: Duration;

  /**
   * A PodTemplateSpec in Kubernetes' own JSON form, merged over what the library makes as
   * `kubectl patch` would: containers, volumes and variables by name, null removes.
   *
   * @default - nothing is changed
   */
  readonly podTemplate?: any;
}

const PULL_SECRET_TWICE = errorKind(
  'image-pull-secret-twice',
  'is the name of an earlier one',
  'Name each Secret once',
);

const PRIORITY_CLASS_INVALID = errorKind(
  'priority-class-invalid',
  'is not the name of a PriorityClass',
  'Name one, such as "high-priority" (kubectl get priorityclasses)',
);
const SIZE_NOT_WHOLE = errorKind(
  'size-not-whole',
  'is not a whole number of {unit}, which is what cdk8s-plus writes',
  'Round it, or say it in podTemplate',
);
const GRACE_PERIOD_NOT_WHOLE = errorKind(
  'grace-period-not-whole',
  'is not a whole number of seconds',
  'Give a Duration such as Duration.seconds(30)',
);

/** What pods have beyond what cdk8s-plus has props for, as a template to merge. */
export function podOptionsTemplate(options: PodOptions): Json {
  return compact({
    metadata: compact({ labels: options.podLabels, annotations: options.podAnnotations }),
    spec: compact({
      // With them every pod would get variables for each Service of its namespace, and a Service named like a program sets its settings.
      enableServiceLinks: false,
      nodeSelector: options.nodeSelector,
      priorityClassName: options.priorityClass,
      imagePullSecrets: options.imagePullSecrets?.map(secret => ({ name: secret.name })),
    }),
  });
}

/** Fields of a pod's spec by which the pods beside a gateway's are where its own are, and pulled as they are. */
const COMPANION_FIELDS = ['nodeSelector', 'tolerations', 'priorityClassName', 'imagePullSecrets'] as const;

/** What pods beside those of some options have of theirs, as a template; undefined for nothing. */
export function companionTemplate(options: PodOptions, podTemplate: Json | undefined): Json | undefined {
  const { metadata, spec } = mergePodTemplates(
    { metadata: {}, spec: { tolerations: tolerationsOf(options.tolerations) } },
    podOptionsTemplate(options),
    podTemplate ?? {},
  );
  const labels = compact({ labels: metadata.labels });
  const fields = compact(Object.fromEntries(COMPANION_FIELDS.map(field => [field, spec[field]])));
  return Object.keys({ ...labels, ...fields }).length === 0 ? undefined : { metadata: labels, spec: fields };
}

/** Tolerations as Kubernetes writes them, which only pods of cdk8s-plus tell. */
function tolerationsOf(queries: readonly kplus.NodeTaintQuery[] | undefined): readonly Json[] | undefined {
  if (queries === undefined || queries.length === 0) {
    return undefined;
  }
  const pod = new kplus.Pod(new Chart(new App(), 'none'), 'pod', { containers: [{ image: 'none' }] });
  pod.scheduling.tolerate(kplus.Node.tainted(...queries));
  return ApiObject.of(pod).toJson().spec.tolerations;
}

/** Checks the options of pods. */
export function checkPodOptions(
  input: InputCheck,
  options: PodOptions,
  selector: Readonly<Record<string, string>>,
): void {
  checkSizes(input, 'resources', options.resources);
  input.reportGiven(
    GRACE_PERIOD_NOT_WHOLE,
    'terminationGracePeriod',
    options.terminationGracePeriod?.toHumanString(),
    () => !Number.isSafeInteger(options.terminationGracePeriod!.toMilliseconds() / 1000),
  );
  input.reportGiven(PRIORITY_CLASS_INVALID, 'priorityClass', options.priorityClass, value => !isObjectName(value));
  checkLabels(input, 'podLabels', options.podLabels, selector);
  checkAnnotations(input, 'podAnnotations', options.podAnnotations);
  checkLabels(input, 'nodeSelector', options.nodeSelector);
  const pullSecrets = (options.imagePullSecrets ?? []).map(({ name }) => name);
  pullSecrets.forEach((name, i) =>
    input.report(PULL_SECRET_TWICE, `imagePullSecrets[${i}]`, name, pullSecrets.indexOf(name) < i),
  );
  const template = options.podTemplate;
  if (template !== undefined) {
    const valid = typeof template === 'object' && template !== null && !Array.isArray(template);
    input.report(POD_TEMPLATE_INVALID, 'podTemplate', template, !valid);
    checkWritable(input, 'podTemplate', template);
    checkPodTemplate(input, 'podTemplate', template);
    checkLabels(input, 'podTemplate.metadata.labels', template?.metadata?.labels, selector);
    checkAnnotations(input, 'podTemplate.metadata.annotations', template?.metadata?.annotations);
  }
}

/** Sizes that cdk8s-plus cannot write: it would say so without telling where, when the app is synthesized. */
export function checkSizes(
  input: InputCheck,
  place: string,
  { memory, ephemeralStorage }: kplus.ContainerResources = {},
): void {
  const check = (property: string, unit: 'mebibytes' | 'gibibytes', size: Size | undefined): void => {
    const isSize = size === undefined || typeof (size as Partial<Size>).toKibibytes === 'function';
    if (!isSize) {
      const found = { expected: 'a size', example: 'a Size of cdk8s, such as Size.mebibytes(512)' };
      input.report(OPTION_TYPE, `resources.${property}`, size, found);
      return;
    }
    const amount = size === undefined ? 0 : bytesOf(size) / (unit === 'mebibytes' ? 2 ** 20 : 2 ** 30);
    input.report(
      SIZE_NOT_WHOLE,
      `${place}.${property}`,
      size && formatBytes(bytesOf(size)),
      Number.isInteger(amount) ? undefined : { unit },
    );
  };
  for (const bound of ['request', 'limit'] as const) {
    check(`memory.${bound}`, 'mebibytes', memory?.[bound]);
    check(`ephemeralStorage.${bound}`, 'gibibytes', ephemeralStorage?.[bound]);
  }
}
