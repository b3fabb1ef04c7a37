import { ApiObject } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { hardened } from '../backends/kubernetes/pod-security';
import { mergePodTemplates } from '../backends/kubernetes/pod-template';
import { storedWorkload } from '../backends/kubernetes/stored-form';
import { transformJson } from '../synthesis/api-objects';
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
