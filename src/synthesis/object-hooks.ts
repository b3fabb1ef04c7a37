import { IConstruct } from 'constructs';
import { Synthesis } from './synthesis';
import { IObjectHook } from './visits';

/**
 * Hooks that see every object before it is written, whoever made it: those that the library makes when the app is synthesized
 * (network policies, roles, the service for rate limits) and those of other libraries. What loops over the objects of a chart
 * before `synth` does not see the former.
 *
 * A hook may add labels and annotations to every object, and change the rest of objects, pods among it, but for what policies
 * and reports are made of. Of objects of this library these stay as they are: their kind, name, namespace and labels; network
 * policies, roles and bindings, ConfigMaps, Ingresses and HTTPRoutes, quotas and resources of `ome.io`, but for labels and
 * annotations; selectors, labels and accounts of pods; selectors and ports of Services. A change of those fails synthesis: the access
 * matrix and the network plan would no longer be what is applied.
 *
 * Each hook is called once for each object. With `McpApp` and `App` alike, it is called when the app is validated, which
 * is before the first file is written, and by `Testing.synth`; in an app without any construct of this library, too.
 *
 * @example
 *
 * import { ApiObject } from 'cdk8s';
 * import { IObjectHook, McpApp, ObjectHooks } from 'cdk8s-mcp';
 *
 * class SyncWave implements IObjectHook {
 *   public visit(object: ApiObject): void {
 *     if (object.kind === 'CustomResourceDefinition') {
 *       object.metadata.addAnnotation('argocd.argoproj.io/sync-wave', '-1');
 *     }
 *   }
 * }
 *
 * const app = new McpApp();
 * ObjectHooks.of(app).add(new SyncWave());
 */
export class ObjectHooks {
  /**
   * The hooks of a scope.
   *
   * @param scope construct whose objects they see, with everything below it: an app, a chart, a server
   */
  public static of(scope: IConstruct): ObjectHooks {
    return new ObjectHooks(scope);
  }

  private constructor(private readonly scope: IConstruct) {}

  /**
   * Adds a hook. Hooks are called in the order in which they were added, object by object.
   *
   * @param hook what sees the objects
   */
  public add(hook: IObjectHook): void {
    Synthesis.of(this.scope).addHook(this.scope, hook);
  }
}
