import { ApiObject } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { withoutPath } from './selection';
import { withClaims } from '../backends/kubernetes/claims';
import { pulledAs } from '../backends/kubernetes/image-registry';
import { hardened } from '../backends/kubernetes/pod-security';
import { mergePodTemplates } from '../backends/kubernetes/pod-template';
import { storedWorkload } from '../backends/kubernetes/stored-form';
import { ClusterProfile } from '../model/cluster';
import { Diagnostic, findingOf, warningKind } from '../model/findings';
import { compiler } from '../synthesis/compiler';
import { transformJson } from '../synthesis/materialize';
import { Synthesis } from '../synthesis/synthesis';
import { Json, sorted } from '../values/json';

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
    profile: ClusterProfile,
  ) {
    transformJson(ApiObject.of(workload), json => {
      const { metadata, ...pods } = json.spec.template;
      const template = hardened({ metadata: { ...metadata, labels: withoutPath(metadata.labels) }, ...pods });
      const { namespace = '' } = json.metadata;
      const stored = storedWorkload(
        withClaims({ ...json, spec: { ...json.spec, template: pulledAs(template, profile) } }, claim =>
          Synthesis.of(scope).claimReach(namespace, claim),
        ),
      );
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

const POD_SECURITY_RESTRICTED = warningKind(
  'pod-security-restricted',
  '{problem}: a namespace that enforces Pod Security restricted refuses the pods',
  'Leave it out, or run it in a namespace that enforces less',
);

/** What the user set in pods of this library that a namespace with Pod Security `restricted` refuses. */
export function podSecurityWarnings(path: string, template: RenderedTemplate): Diagnostic[] {
  return compiler()
    .restrictedFindings(template.read())
    .map(({ field, value, problem }) => findingOf(POD_SECURITY_RESTRICTED, path, `pods.${field}`, value, { problem }));
}

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
