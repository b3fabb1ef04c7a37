import { mergePodTemplates } from '../backends/kubernetes/pod-template';
import { PolicyOptions } from '../policy/level-policy';
import { IMcpGateway } from '../references';
import { IMcpRoute } from '../route/imported-route';
import { McpBackend, McpMatchOptions } from '../route/route-options';
import { Json } from '../values/json';

/** A model or a runtime of OME, by reference. */
export interface InferenceReference {
  /** Its name. */
  readonly name: string;

  /**
   * Its kind.
   *
   * @default - `ClusterBaseModel` for a model, `ClusterServingRuntime` for a runtime
   */
  readonly kind?: string;
}

/** Properties of {@link McpInferenceService}. */
export interface McpInferenceServiceProps extends PolicyOptions {
  /**
   * Name of the resource.
   *
   * @default - the construct's id as it is
   */
  readonly name?: string;

  /**
   * Its namespace.
   *
   * @default - the chart's namespace
   */
  readonly namespace?: string;

  /** The model that is served. */
  readonly model: InferenceReference;

  /**
   * The runtime that serves it.
   *
   * @default - OME chooses one that fits the model
   */
  readonly runtime?: InferenceReference;

  /**
   * Tool servers of the model, 1 to 32 (simple mode): a route `{name}-route` of their own is made for them. They share its
   * requests by weight, as the backends of any route do; with `matches` they need not.
   *
   * @default - none
   */
  readonly servers?: McpBackend[];

  /**
   * Rules of that route.
   *
   * @default - none; all requests go to `servers`
   */
  readonly matches?: McpMatchOptions[];

  /**
   * The gateway that serves that route.
   *
   * @default - the only gateway of the app
   */
  readonly gateway?: IMcpGateway;

  /**
   * A route that exists (explicit mode), in the same namespace; several services may share one. Not together with `servers`
   * or anything that shapes their route.
   *
   * @default - none
   */
  readonly route?: IMcpRoute;

  /**
   * Name of the container that runs the model, in OME's runtimes.
   *
   * @default 'ome-container'
   */
  readonly runnerContainer?: string;

  /**
   * The rest of the resource's `spec`, in OME's own words: `engine`, `router`, `decoder` and so on. The URL is added to it.
   *
   * @default - nothing
   */
  readonly spec?: any;

  /**
   * Labels of the resource.
   *
   * @default - none besides the library's own
   */
  readonly labels?: { [key: string]: string };

  /**
   * Annotations of the resource.
   *
   * @default - none
   */
  readonly annotations?: { [key: string]: string };
}

/** Parts of a spec that run the model and may call tools: those that are there, else the engine. */
const COMPONENTS = [['engine'], ['engine', 'leader'], ['decoder'], ['decoder', 'leader']] as const;

type Path = readonly string[];

function at(spec: Json, path: Path): Json | undefined {
  return path.reduce<Json | undefined>((value, key) => value?.[key], spec);
}

/** Paths of the runners of a spec. With a leader, it is the one that answers and so the one that calls. */
function runners(spec: Json): Path[] {
  const present = COMPONENTS.filter(path => at(spec, path) !== undefined);
  const answering = present.filter(path => !present.some(other => other.length > path.length && other[0] === path[0]));
  return answering.length === 0 ? [['engine', 'runner']] : answering.map(path => [...path, 'runner']);
}

/** Runners that have a variable already, with another value. */
export function takenBy(spec: Json, variable: string, value: string): string[] {
  return runners(spec)
    .filter(path => (at(spec, path)?.env ?? []).some((entry: Json) => entry.name === variable && entry.value !== value))
    .map(path => `spec.${path.join('.')}.env`);
}

/** A spec with a variable in the runner of each part. OME merges a runner over that of the runtime, by the container's name. */
export function withRunnerVariable(spec: Json, container: string, variable: string, value: string): Json {
  return runners(spec).reduce((changed, path) => {
    const runner = mergePodTemplates({ name: container, ...at(changed, path) }, { env: [{ name: variable, value }] });
    return mergePodTemplates(changed, nested(path, runner));
  }, spec);
}

function nested(path: Path, value: Json): Json {
  return path.reduceRight<Json>((inner, key) => ({ [key]: inner }), value);
}
