import { Json } from '../values/json';

/**
 * Label by which cdk8s-plus selects pods: the address of a construct in its tree. In a document it
 * was written by another tree, and on these pods it would keep their Services from finding them.
 */
const ADDRESS_LABEL = 'cdk8s.io/metadata.addr';

/** A pod template without what only the tree that rendered it could mean. */
export function withoutAddress(template: Json): Json {
  const labels = template.metadata?.labels;
  if (labels?.[ADDRESS_LABEL] === undefined) {
    return template;
  }
  const { [ADDRESS_LABEL]: address, ...rest } = labels;
  return { ...template, metadata: { ...template.metadata, labels: rest } };
}
