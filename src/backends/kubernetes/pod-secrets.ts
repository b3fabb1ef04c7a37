import { Json } from '../../values/json';

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
