import { inOrder } from './stored-form';
import { ClusterProfile } from '../../model/cluster';
import { pulledFrom } from '../../model/images';
import { Json } from '../../values/json';

/** A pod template whose images are pulled as the cluster says: from its registry, with its Secrets. */
export function pulledAs(template: Json, { registry, pullSecrets }: ClusterProfile): Json {
  return registry === undefined && pullSecrets.length === 0
    ? template
    : {
        ...template,
        spec: withPullSecrets(
          withRegistry(template.spec, image => pulledFrom(image, registry)),
          pullSecrets,
        ),
      };
}

function withRegistry(spec: Json, pulled: (image: string) => string): Json {
  const container = (item: Json) => (typeof item.image === 'string' ? { ...item, image: pulled(item.image) } : item);
  // A volume may be an image, too.
  const volume = (item: Json) =>
    typeof item.image?.reference === 'string'
      ? { ...item, image: { ...item.image, reference: pulled(item.image.reference) } }
      : item;
  const lists = { initContainers: container, containers: container, volumes: volume };
  return {
    ...spec,
    ...Object.fromEntries(
      Object.entries(lists).flatMap(([list, map]) => (spec[list] === undefined ? [] : [[list, spec[list].map(map)]])),
    ),
  };
}

function withPullSecrets(spec: Json, names: readonly string[]): Json {
  const own: readonly Json[] = spec.imagePullSecrets ?? [];
  const added = names.filter(name => own.every(secret => secret.name !== name)).map(name => ({ name }));
  return added.length === 0 ? spec : inOrder({ ...spec, imagePullSecrets: [...own, ...added] });
}
