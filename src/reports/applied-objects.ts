import { createHash } from 'crypto';
import { ApiObject } from 'cdk8s';
import { ReportedObject, SecretToCreate } from './report-parts';
import { Diagnostic, InputError } from '../model/findings';
import { unwritableBecause } from '../synthesis/objects';
import { canonicalText } from '../values/json';
import { compareText } from '../values/text';

/** An object as it is applied, with its construct. */
export interface AppliedObject {
  readonly path: string;
  readonly json: any;
}

/**
 * What stands in each object.
 *
 * @throws when some cannot be written, naming all of them
 */
export function appliedObjects(objects: readonly ApiObject[]): AppliedObject[] {
  const failed: Diagnostic[] = [];
  const applied = objects.flatMap((object): AppliedObject[] => {
    const { path } = object.node;
    try {
      return [{ path, json: object.toJson() }];
    } catch (error) {
      failed.push(unwritableBecause(path, object.kind, object.name, error as Error));
      return [];
    }
  });
  if (failed.length > 0) {
    throw new InputError(failed);
  }
  return applied;
}

/** What there is, sorted by namespace, kind and name. */
export function reportedObjects(objects: readonly AppliedObject[]): ReportedObject[] {
  const keyOf = ({ namespace = '', kind, name }: ReportedObject): string => [namespace, kind, name].join('\0');
  return objects
    .map(({ path, json }): ReportedObject => {
      const { apiVersion, kind, metadata, spec } = json;
      return {
        apiVersion,
        kind,
        name: metadata.name,
        namespace: metadata.namespace,
        path,
        digest: digestOf(kind === 'Secret' ? withoutValues(json) : json),
        podDigest: spec?.template?.spec?.containers === undefined ? undefined : digestOf(spec.template),
      };
    })
    .sort((a, b) => compareText(keyOf(a), keyOf(b)));
}

/** What is in a Secret is nobody's business, not even what it would be equal to. */
function withoutValues({ data, stringData, ...rest }: any): unknown {
  return { ...rest, keys: Object.keys({ ...data, ...stringData }) };
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalText(value)).digest('hex').slice(0, 12);
}

/** Every Secret that a container reads a key of, from its environment or a volume with chosen keys, and that nothing here makes. */
export function secretsToCreate(objects: readonly AppliedObject[]): SecretToCreate[] {
  const made = new Set(
    objects.flatMap(({ json: { kind, metadata, spec } }) =>
      kind === 'Secret'
        ? [`${metadata.namespace}/${metadata.name}`]
        : kind === 'Certificate'
          ? [`${metadata.namespace}/${spec.secretName}`]
          : [],
    ),
  );
  const read = new Map<string, Set<string>>();
  for (const { json } of objects) {
    for (const { name, key } of keysRead(json.spec?.template?.spec)) {
      const id = `${json.metadata.namespace}/${name}`;
      read.set(id, (read.get(id) ?? new Set()).add(key));
    }
  }
  return [...read]
    .filter(([id]) => !made.has(id))
    .sort(([a], [b]) => compareText(a, b))
    .map(([id, keys]) => {
      const [namespace, name] = id.split('/');
      return { namespace, name, keys: [...keys].sort(compareText) };
    });
}

function keysRead({ initContainers = [], containers = [], volumes = [] }: any = {}): { name: string; key: string }[] {
  return [
    ...[...initContainers, ...containers]
      .flatMap(container => container.env ?? [])
      .flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? [])
      .map(({ name, key }) => ({ name, key })),
    ...volumes
      .flatMap((volume: any) => [volume.secret, ...(volume.projected?.sources ?? []).map(({ secret }: any) => secret)])
      .filter((secret: any) => secret !== undefined)
      .flatMap((secret: any) =>
        (secret.items ?? []).map(({ key }: any) => ({ name: secret.secretName ?? secret.name, key })),
      ),
  ];
}
