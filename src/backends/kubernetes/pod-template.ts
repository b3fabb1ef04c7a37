import { isObject, Json } from '../../values/json';

/** Lists that Kubernetes merges by a key rather than replacing (`x-kubernetes-patch-merge-key`). */
const MERGE_KEYS: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  volumes: 'name',
  env: 'name',
  imagePullSecrets: 'name',
  ports: 'containerPort',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  hostAliases: 'ip',
  topologySpreadConstraints: 'topologyKey',
};

/** Lists whose items are added to the ones there: none of them contradicts another. */
const APPENDED = new Set(['tolerations', 'envFrom']);

/** List items that are one choice of several: half of one and half of another would be invalid. */
const REPLACED_WHOLE = new Set(['volumes', 'env']);

/** Objects that hold one handler of several. */
const HANDLER_HOLDERS = new Set(['livenessProbe', 'readinessProbe', 'startupProbe', 'postStart', 'preStop']);
const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'];

function mergeLists(base: readonly any[], patch: readonly any[], field: string): any[] {
  if (APPENDED.has(field)) {
    return [...base, ...patch.map(withoutNulls)];
  }
  const key = MERGE_KEYS[field];
  if (key === undefined || ![...base, ...patch].every(item => isObject(item) && item[key] !== undefined)) {
    return patch.map(withoutNulls);
  }
  const merged = [...base];
  for (const item of patch) {
    const at = merged.findIndex(other => other[key] === item[key]);
    if (at < 0) {
      merged.push(withoutNulls(item));
    } else {
      merged[at] = REPLACED_WHOLE.has(field) ? withoutNulls(item) : mergeObjects(merged[at], item);
    }
  }
  return merged;
}

function mergeObjects(base: Json, patch: Json): Json {
  const merged: Json = { ...base };
  for (const [field, value] of Object.entries(patch)) {
    if (value === undefined) {
      continue;
    }
    const current = merged[field];
    if (Array.isArray(current) && Array.isArray(value)) {
      merged[field] = mergeLists(current, value, field);
    } else if (isObject(current) && isObject(value)) {
      merged[field] =
        HANDLER_HOLDERS.has(field) && HANDLERS.some(handler => handler in value)
          ? mergeObjects(withoutHandlers(current), value)
          : mergeObjects(current, value);
    } else if (value === null) {
      delete merged[field];
    } else {
      merged[field] = withoutNulls(value);
    }
  }
  return merged;
}

/** What is added to nothing has nothing to remove: a null would reach the API server. */
function withoutNulls(value: unknown): unknown {
  return Array.isArray(value) ? value.map(withoutNulls) : isObject(value) ? mergeObjects({}, value) : value;
}

function withoutHandlers(holder: Json): Json {
  return Object.fromEntries(Object.entries(holder).filter(([field]) => !HANDLERS.includes(field)));
}

/**
 * Merges pod templates the way `kubectl patch` does: objects field by field,
 * containers, volumes and variables by name, null removes, everything else is
 * replaced. Later templates win. The inputs stay as they are.
 */
export function mergePodTemplates(base: Json, ...patches: readonly Json[]): Json {
  return patches.reduce<Json>((merged, patch) => mergeObjects(merged, patch), base);
}
