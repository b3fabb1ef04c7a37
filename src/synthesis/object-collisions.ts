import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { isMaterialized } from './materialize';
import { Diagnostic, errorKind, findingOf } from '../model/findings';
import { compareText } from '../values/text';

const OBJECT_NAME_TWICE = errorKind(
  'object-name-twice',
  '"{other}" emits objects of the same name in the same namespace ({objects})',
  'Give one of them another name or namespace',
);

interface Claim {
  readonly object: ApiObject;
  /** The construct of this library that owns the object; undefined for the user's own objects. */
  readonly owner?: IConstruct;
}

function ownerOf(object: IConstruct, isOurs: (construct: IConstruct) => boolean): IConstruct | undefined {
  for (let scope: IConstruct | undefined = object; scope !== undefined; scope = scope.node.scope) {
    if (isOurs(scope)) {
      return scope;
    }
  }
  return undefined;
}

/**
 * Objects that would overwrite each other when applied, at least one of which
 * this library emits. Names are API here, so they are never made unique by a
 * hash: a collision is the user's to resolve.
 */
export function objectCollisions(
  constructs: readonly IConstruct[],
  isOurs: (construct: IConstruct) => boolean,
): Diagnostic[] {
  const claims = new Map<string, Claim>();
  const kinds = new Map<
    string,
    { readonly first: IConstruct; readonly second: IConstruct; readonly name: string; readonly kinds: string[] }
  >();
  for (const construct of constructs) {
    if (!ApiObject.isApiObject(construct)) {
      continue;
    }
    const object = construct as ApiObject;
    const key = `${object.apiGroup}/${object.kind}/${object.metadata.namespace ?? ''}/${object.name}`;
    // The policy of a client stands below a workload of the user's.
    const claim = {
      object,
      owner: ownerOf(object, isOurs) ?? (isMaterialized(object) ? object.node.scope : undefined),
    };
    const earlier = claims.get(key);
    if (earlier === undefined) {
      claims.set(key, claim);
    } else if (claim.owner !== undefined || earlier.owner !== undefined) {
      const first = earlier.owner ?? earlier.object;
      const second = claim.owner ?? claim.object;
      // One finding a pair: two servers of one name collide in five objects, but that is one mistake.
      const pair = `${first.node.path}\n${second.node.path}\n${object.name}`;
      const known = kinds.get(pair);
      if (known === undefined) {
        kinds.set(pair, { first, second, name: object.name, kinds: [object.kind] });
      } else {
        known.kinds.push(object.kind);
      }
    }
  }
  return [...kinds.values()].map(({ first, second, name, kinds: collided }) => {
    const ours = isOurs(second) ? second : first;
    const other = ours === second ? first : second;
    return findingOf(OBJECT_NAME_TWICE, ours.node.path, 'name', name, {
      other: other.node.path,
      objects: collided.sort(compareText).join(', '),
    });
  });
}
