import { IConstruct } from 'constructs';

/** Whether a construct and all above it are still children of their scopes: one that was removed goes on naming its scope. */
export function isInTree({ node }: IConstruct): boolean {
  return node.scope === undefined || (node.scope.node.tryFindChild(node.id)?.node === node && isInTree(node.scope));
}

/** The construct at a path; undefined where there is none. */
export function constructAt(root: IConstruct, path: string): IConstruct | undefined {
  return path.split('/').reduce<IConstruct | undefined>((scope, id) => scope?.node.tryFindChild(id), root);
}
