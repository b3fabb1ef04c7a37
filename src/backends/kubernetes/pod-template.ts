import { canonicalText, isObject, Json } from '../../values/json';

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

/** Whether two items of a list are one. A port of TCP and the same of UDP are two, which `kubectl patch` does not know. */
function isSame(a: Json, b: Json, field: string, key: string): boolean {
  return a[key] === b[key] && (field !== 'ports' || (a.protocol ?? 'TCP') === (b.protocol ?? 'TCP'));
}

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
    const at = merged.findIndex(other => isSame(other, item, field, key));
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

/**
 * What was changed and added from one template to another, as a patch: `mergePodTemplates(before, patch)` is `after`. Undefined
 * where nothing was. What was taken away is not in it: objects of cdk8s-plus take nothing back.
 */
export function podTemplateChanges(before: Json, after: Json): Json | undefined {
  return changesOf(before, after);
}

function changesOf(before: unknown, after: unknown, field = ''): any {
  if (isObject(before) && isObject(after)) {
    const changed = Object.entries(after).flatMap(([name, value]) => {
      const change = changesOf(before[name], value, name);
      return change === undefined ? [] : [[name, change]];
    });
    return changed.length === 0 ? undefined : Object.fromEntries(changed);
  }
  const key = MERGE_KEYS[field];
  if (Array.isArray(before) && Array.isArray(after)) {
    if (APPENDED.has(field)) {
      return nothingOf(
        startsWith(after, before) ? after.slice(before.length) : after.filter(item => !holds(before, item)),
      );
    }
    if (key !== undefined && [...before, ...after].every(item => isObject(item) && item[key] !== undefined)) {
      return nothingOf(after.flatMap(item => itemChanges(before, item, field, key)));
    }
  }
  return canonicalText(before ?? null) === canonicalText(after ?? null) ? undefined : after;
}

/** An item as far as it is another than the one of its key. */
function itemChanges(before: readonly Json[], item: Json, field: string, key: string): Json[] {
  const known = before.find(candidate => isSame(candidate, item, field, key));
  const change = known === undefined ? item : changesOf(known, item);
  return change === undefined
    ? []
    : [REPLACED_WHOLE.has(field) || field === 'ports' ? item : { [key]: item[key], ...change }];
}

function startsWith(items: readonly unknown[], first: readonly unknown[]): boolean {
  return first.every((item, i) => canonicalText(item) === canonicalText(items[i] ?? null));
}

function holds(items: readonly unknown[], item: unknown): boolean {
  return items.some(candidate => canonicalText(candidate) === canonicalText(item));
}

function nothingOf<T>(items: readonly T[]): readonly T[] | undefined {
  return items.length === 0 ? undefined : items;
}

/** Secrets that pods read, as `name` or `name/key`, sorted. What pulls images is read by the node and not by the pods. */
export function podSecrets(template: Json): string[] {
  const { containers = [], initContainers = [], volumes = [] } = template.spec ?? {};
  const all: Json[] = [...initContainers, ...containers];
  const sources: Json[] = volumes.flatMap((volume: Json) => [volume, ...(volume.projected?.sources ?? [])]);
  return [
    ...new Set([
      ...all
        .flatMap(container => container.env ?? [])
        .flatMap((variable: Json) => keyOf(variable.valueFrom?.secretKeyRef)),
      ...all.flatMap(container => container.envFrom ?? []).flatMap((source: Json) => source.secretRef?.name ?? []),
      ...sources.flatMap(({ secret }) =>
        secret === undefined ? [] : keysOf(secret.secretName ?? secret.name, secret.items),
      ),
    ]),
  ].sort();
}

function keyOf(reference: Json | undefined): string[] {
  return reference === undefined ? [] : [`${reference.name}/${reference.key}`];
}

function keysOf(name: string, items: readonly Json[] | undefined): string[] {
  return items === undefined ? [name] : items.map(({ key }) => `${name}/${key}`);
}
