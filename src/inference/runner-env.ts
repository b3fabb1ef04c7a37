import { mergePodTemplates } from '../backends/kubernetes/pod-template';
import { Json } from '../values/json';

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
