import { ApiObject } from 'cdk8s';
import { HostedGateway } from './hosted-gateway';
import { mergePodTemplates, podTemplateChanges } from '../backends/kubernetes/pod-template';
import { Diagnostic, errorAt } from '../model/diagnostic';
import { lostChanges } from '../synthesis/detached-objects';
import { canonicalText, Json } from '../values/json';

/**
 * The pod template of a gateway that an operator makes: the user's own, with what was done to the pods of the Deployment that
 * the construct has and does not emit. What the library itself put into that Deployment is left out: the operator's data plane
 * is its own.
 */
export class OperatedTemplate {
  private readonly created: Json;
  private readonly lost: () => Diagnostic[];

  constructor(
    private readonly path: string,
    private readonly hosted: HostedGateway,
    private readonly given: Json | undefined,
  ) {
    this.created = hosted.template.read();
    const { deployment, service, serviceAccount } = hosted;
    this.lost = lostChanges(
      path,
      Object.entries({ deployment, service, serviceAccount }).map(([member, object]) => ({
        member,
        object: ApiObject.of(object),
      })),
    );
  }

  /** As the resource has it; undefined where nothing is said of pods. */
  template(): Json | undefined {
    const changes = this.changes();
    return this.given === undefined || changes === undefined ? this.given : mergePodTemplates(this.given, changes);
  }

  /** What was done to objects that an operator makes, and would reach nothing. */
  findings(): Diagnostic[] {
    const now = this.hosted.template.read();
    const changes = podTemplateChanges(this.created, now);
    const taken = canonicalText(mergePodTemplates(this.created, changes ?? {})) !== canonicalText(now);
    return [
      ...this.lost(),
      ...(changes !== undefined && this.given === undefined
        ? [
            this.error(
              changes,
              'was done to the pods of the gateway, and the resource holds whole pod templates only',
              'Give the template with its containers as podTemplate, over which it is merged, or use Reconciliation.RENDERED',
            ),
          ]
        : []),
      ...(taken
        ? [
            this.error(
              '(given)',
              'takes something out of its pods, and the pods of an operator do not have what this library puts into them',
              'Drop it and say in podTemplate what the pods have, or use Reconciliation.RENDERED',
            ),
          ]
        : []),
    ];
  }

  private error(value: unknown, problem: string, remedy: string): Diagnostic {
    return errorAt(this.path, 'deployment', value, problem, remedy);
  }

  private changes(): Json | undefined {
    return podTemplateChanges(this.created, this.hosted.template.read());
  }
}
